"""`PairingIntentSet`: many intents of one form, a row of an inventory each."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonValue,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from pairctl.spec.document import Document, Metadata
from pairctl.spec.fields import ColumnName, Strict, TablePath, Text
from pairctl.spec.intents import PairingIntentSpec
from pairctl.spec.schema_generator import SchemaGenerator, inline

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

MAX_ROWS = 10_000

_ONE_OF_BOTH: dict[str, JsonValue] = {"oneOf": [{"required": ["csv"]}, {"required": ["rows"]}]}
_WITH_A_BRACE = r"^[^{}]*[{}][\s\S]*$"


class Inventory(Strict):
    """The rows, one an intent: in a CSV file whose first line names the columns, or here."""

    model_config = ConfigDict(json_schema_extra=_ONE_OF_BOTH)

    csv: TablePath | None = None
    rows: Annotated[list[dict[ColumnName, Text]], Field(max_length=MAX_ROWS)] | None = Field(
        default=None, description="The rows themselves: the text of each column by its name."
    )
    ignore: Annotated[list[ColumnName], Field(max_length=256)] = Field(
        default=[], description="Columns for people, which the template does not refer to."
    )

    @model_validator(mode="after")
    def _has_one_of_both(self) -> Self:
        if (self.csv is None) == (self.rows is None):
            raise ValueError("exactly one of `csv` and `rows` is needed")
        return self


@cache
def template_schema() -> Mapping[str, Any]:
    """Return the schema of a template: an intent's metadata and spec.

    A text with a brace in it is left to the rows: what it comes to is held against the schema of
    intents once the columns are filled in.
    """
    parts: dict[str, type[Strict]] = {"metadata": Metadata, "spec": PairingIntentSpec}
    return {
        "title": "Template",
        "description": "A PairingIntent without its first two lines; `{column}` in a text stands "
        "for the row's cell of that column.",
        "type": "object",
        "additionalProperties": False,
        "required": list(parts),
        "properties": {name: _with_columns(_whole(model)) for name, model in parts.items()},
    }


def _whole(model: type[Strict]) -> Any:
    schema = model.model_json_schema(schema_generator=SchemaGenerator)
    definitions = schema.pop("$defs", {})
    return inline(schema, definitions)


def _with_columns(schema: Any) -> Any:
    """Return a schema that lets any text with a brace through; keys are as they were."""
    if isinstance(schema, list):
        return [_with_columns(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "string":
        is_filled_in = {"type": "string", "pattern": _WITH_A_BRACE}
        described = {key: schema[key] for key in ("description",) if key in schema}
        return {**described, "if": is_filled_in, "then": {"type": "string"}, "else": schema}
    return {
        key: item if key in _AS_THEY_ARE else _with_columns(item) for key, item in schema.items()
    }


_AS_THEY_ARE = frozenset({"propertyNames", "default", "if", "examples"})


def _checked(template: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if not _validator().is_valid(template):
        raise ValueError("this is no template of a PairingIntent")
    return template


@cache
def _validator() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - for sets alone

    return Draft202012Validator(dict(template_schema()))


class _FitsAnIntent:
    """Holds a template against the schema of intents, in which a text may refer to columns."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(_checked, handler(source))

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, __: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return dict(template_schema())


Template = Annotated[dict[str, JsonValue], _FitsAnIntent()]


class PairingIntentSetSpec(Strict):
    """An inventory, and what each of its rows becomes."""

    inventory: Inventory
    template: Template


class PairingIntentSet(Document):
    """Intents of one form: each row of the inventory is a PairingIntent, in every respect."""

    kind: Literal["PairingIntentSet"]
    spec: PairingIntentSetSpec
