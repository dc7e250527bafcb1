"""The published JSON Schemas (2020-12), written from the models: one per kind and one for any.

Pure: this module makes texts; who writes them to disk is the command line.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from pairctl.spec.fields import API_VERSION
from pairctl.spec.kinds import KINDS, MODELS
from pairctl.spec.schema_generator import SchemaGenerator, inline

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ANY_KIND = "pairctl"


def schemas() -> Mapping[str, str]:
    """Return each published schema's file name and text: the same bytes on every run."""
    documents = {kind: kind_schema(kind) for kind in MODELS} | {_ANY_KIND: any_schema()}
    texts = {f"{name.lower()}.json": _text(document) for name, document in documents.items()}
    return dict(sorted(texts.items()))


def model_schema(model: type[BaseModel], name: str) -> str:
    """Return the text of the schema of any other model that is published, under a name."""
    return _text(schema_of(model, name))


def kind_schema(kind: str) -> dict[str, Any]:
    """Return the schema of one kind, as it is published."""
    return schema_of(MODELS[kind], kind)


def schema_of(model: type[BaseModel], name: str) -> dict[str, Any]:
    """Return the schema of a model, as it is published under a name."""
    return {
        "$schema": _DIALECT,
        "$id": _identifier(name),
        **model.model_json_schema(schema_generator=SchemaGenerator),
    }


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def any_schema() -> dict[str, Any]:
    """Return the schema of any document: it asks for a kind, then holds that kind's schema."""
    _, definitions = models_json_schema(
        [(model, "validation") for model in KINDS.values()], schema_generator=SchemaGenerator
    )
    return {
        "$schema": _DIALECT,
        "$id": _identifier(_ANY_KIND),
        "title": "A pairctl document",
        "description": "Any document that pairctl reads.",
        "type": "object",
        "required": ["apiVersion", "kind"],
        "properties": {
            "apiVersion": {"const": API_VERSION},
            "kind": {"enum": list(KINDS)},
        },
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{kind}"},
            }
            for kind in KINDS
        ],
        **definitions,
    }


def inlined_schema(kind: str) -> dict[str, Any]:
    """Return the schema of one kind with every `$ref` replaced by what it points to."""
    return inlined(kind_schema(kind))


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with every `$ref` replaced by what it points to."""
    definitions = schema.pop("$defs", {})
    whole = inline(schema, definitions)
    assert isinstance(whole, dict)
    return whole


@cache
def field_names() -> frozenset[str]:
    """Return the names of all fields that documents have, of any kind and at any place."""
    return frozenset(_field_names(any_schema()))


def _field_names(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _field_names(item)
    elif isinstance(schema, dict):
        known = schema.get("properties")
        yield from known if isinstance(known, dict) else ()
        for item in schema.values():
            yield from _field_names(item)


def _identifier(name: str) -> str:
    return f"urn:{API_VERSION.replace('/', ':')}:{name.lower()}"
