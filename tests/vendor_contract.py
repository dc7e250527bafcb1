"""The vendor's OpenAPI 2.0 specifications as JSON Schema, where they are at hand."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

FOLDER = Path(__file__).parents[2] / "shared" / "api"
MISSING = "the vendor's specifications do not lie beside the project (shared/api)"
Schema = dict[str, Any]

formats = jsonschema.FormatChecker(formats=())
formats.checks("date-time", ValueError)(
    lambda text: isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None
)


@dataclass(frozen=True)
class Specification:
    """One specification; objects are closed, so that no field is made up."""

    paths: Schema
    definitions: Schema

    def declares(self, method: str, path: str) -> bool:
        """Whether the specification has this verb at this path."""
        return method.lower() in self.paths.get(path, {})

    def response_model(self, method: str, path: str, status: int) -> Schema | None:
        """Find the schema of a declared response; None where it is declared without a body."""
        response = self.paths[path][method.lower()]["responses"][str(status)]
        return response.get("schema")

    def declared_statuses(self, method: str, path: str) -> set[int]:
        """List the statuses that the specification names for a call."""
        responses = self.paths[path][method.lower()]["responses"]
        return {int(status) for status in responses if status.isdigit()}

    def check(self, document: Any, schema: Schema | str) -> None:
        """Validate a document against a schema, or against the model of a name."""
        if isinstance(schema, str):
            schema = {"$ref": f"#/definitions/{schema}"}
        whole = _closed(schema) | {"definitions": self.definitions}
        jsonschema.Draft4Validator(whole, format_checker=formats).validate(document)


@cache
def specification(name: str) -> Specification:
    """Read one of the two specifications, by its file's name without the ending."""
    document = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return Specification(document["paths"], _closed(document["definitions"]))


def is_at_hand() -> bool:
    """Whether the specifications are there at all."""
    return FOLDER.is_dir()


def _closed(node: Any) -> Any:
    """Turn OpenAPI's words into JSON Schema's, and close objects that list their properties."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and "$ref" not in node:
        closed.setdefault("additionalProperties", False)
        # One model requires a property that it does not describe.
        undescribed = {name: {} for name in node.get("required", [])}
        closed["properties"] = undescribed | closed["properties"]
    if node.get("x-nullable") is True and isinstance(node.get("type"), str):
        closed["type"] = [node["type"], "null"]
    return closed
