import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pairctl.spec import KINDS, schemas
from pairctl.spec.schema import inlined_schema, kind_schema
from spec_factory import approval, document, intent, match, palette

SCHEMAS = schemas()
ANY = json.loads(SCHEMAS["pairctl.json"])


def parts(schema: Any) -> list[dict[str, Any]]:
    """Return every mapping within a schema."""
    if isinstance(schema, list):
        return [part for item in schema for part in parts(item)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(part for item in schema.values() for part in parts(item))]


def test_there_is_a_schema_for_each_kind_and_one_for_any() -> None:
    """File names are those of the kinds in lower case."""
    assert list(SCHEMAS) == sorted(
        [
            *("config.json", "operator.json", "pairctl.json", "pairingapproval.json"),
            *("pairingintent.json", "pairingintentset.json", "palette.json", "profilematch.json"),
            *("rollout.json", "rolloutapproval.json"),
        ]
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_are_valid_by_the_metaschema(name: str) -> None:
    """They say which draft they are, and are it."""
    schema = json.loads(SCHEMAS[name])
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert schema["$id"] == f"urn:pairctl:v1alpha1:{name.removesuffix('.json')}"
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_speak_of_no_nulls(name: str) -> None:
    """A field is left out or has a value; editors offer nothing else."""
    every = parts(json.loads(SCHEMAS[name]))
    assert not [part for part in every if part.get("type") == "null"]
    assert not [part for part in every if "default" in part and part["default"] is None]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_mapping_of_fields_is_closed_and_described(name: str) -> None:
    """A misspelt field is marked in the editor, and hovering tells what a kind is for."""
    models = [
        part
        for part in parts(json.loads(SCHEMAS[name]))
        if isinstance(part.get("properties"), dict) and "title" in part and "$schema" not in part
    ]
    assert models
    assert all(part["additionalProperties"] is False and part["description"] for part in models)


def test_the_texts_are_the_same_on_every_run() -> None:
    """Generated files differ only where the models do."""
    assert schemas() == SCHEMAS
    assert all(text.endswith("}\n") for text in SCHEMAS.values())


@pytest.mark.parametrize(
    "good",
    [palette(), match(), intent(), approval(), document("Operator", "retail", {})],
    ids=lambda one: one["kind"],
)
def test_any_document_is_held_against_its_kind(good: dict[str, Any]) -> None:
    """The one schema for all says what the kind's own says."""
    validator = Draft202012Validator(ANY)
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "colour": "green"})
    assert not validator.is_valid({**good, "kind": "ConfigMap"})


@pytest.mark.parametrize("kind", KINDS)
def test_inlining_leaves_no_references(kind: str) -> None:
    """What the loader validates with says the same without looking anything up."""
    assert any("$ref" in part for part in parts(kind_schema(kind)))
    assert not any("$ref" in part for part in parts(inlined_schema(kind)))
