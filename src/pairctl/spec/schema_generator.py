"""How JSON Schemas are made of the models: what YAML may hold, and nothing of pydantic's own."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


class SchemaGenerator(GenerateJsonSchema):
    """Writes what YAML may hold: no nulls, keys with their patterns, titles for models only."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out: a null in YAML is a finding."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave a default of None out; where it is another, null says something else.

        A model that is made only where it is left out is a default like any other.
        """
        made_by = schema.get("default_factory")
        if isinstance(made_by, type) and issubclass(made_by, BaseModel):
            schema = core_schema.with_default_schema(schema["schema"], default=made_by())
        default, inner = schema.get("default", ...), schema["schema"]
        if default is None:
            return self.generate_inner(inner)
        written = super().default_schema(schema)
        if default is ... or inner["type"] != "nullable":
            return written
        default = {"default": written.pop("default")}
        return {"anyOf": [written, {"type": "null"}], **default}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Hold all keys against their pattern."""
        # pydantic's own lets keys that do not match the pattern through with any value
        written = super().dict_schema(schema)
        patterns = written.pop("patternProperties", None)
        if patterns:
            ((pattern, values),) = patterns.items()
            written["propertyNames"] = {**written.get("propertyNames", {}), "pattern": pattern}
            written["additionalProperties"] = values
        return written

    def encode_default(self, dft: object) -> Any:  # JSON is what it is
        """Write a default as a document has it."""
        if isinstance(dft, BaseModel):
            return dft.model_dump(mode="json", by_alias=True, exclude_none=True)
        return super().encode_default(dft)

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - for none
        """Give titles to models only."""
        return False


def inline(value: Any, definitions: Mapping[str, Any]) -> Any:
    """Return a schema with every `$ref` replaced by what it points to."""
    if isinstance(value, list):
        return [inline(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    rest = {key: inline(item, definitions) for key, item in value.items() if key != "$ref"}
    if "$ref" not in value:
        return rest
    return inline(definitions[value["$ref"].rpartition("/")[2]], definitions) | rest
