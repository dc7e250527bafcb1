"""The rules of the published JSON Schemas that a document breaks, as plain data."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pairctl.spec.scalars import Doubtful, Json
from pairctl.spec.schema import inlined_schema

if TYPE_CHECKING:
    from jsonschema import ValidationError


class Broken(NamedTuple):
    """A rule of a schema that a value breaks.

    `path` leads to the value, `keyword` is the rule's, `wanted` what it asks for, `schema` the one
    it stands in, `is_key` says that a key breaks it; `branches` are the ways an `anyOf` had.
    """

    path: tuple[str | int, ...]
    found: Any
    keyword: str
    wanted: Any
    schema: Mapping[str, Any]
    is_key: bool
    branches: tuple[tuple["Broken", ...], ...]


def broken_rules(kind: str, data: Json) -> tuple[Broken, ...]:
    """Return all rules of the kind's schema that `data` breaks.

    Text is text for them only where every YAML parser reads it so; 1.0 is no whole number.
    """
    return tuple(_broken(error) for error in _validator(kind).iter_errors(data))


def _broken(error: "ValidationError") -> Broken:
    branches: dict[Any, list[Broken]] = {}
    for one in error.context or ():
        branches.setdefault(one.relative_schema_path[0], []).append(_broken(one))
    return Broken(
        path=tuple(error.absolute_path),
        found=error.instance,
        keyword=str(error.validator),
        wanted=error.validator_value,
        schema=error.schema if isinstance(error.schema, Mapping) else {},
        is_key="propertyNames" in error.absolute_schema_path,
        branches=tuple(tuple(branch) for branch in branches.values()),
    )


@cache
def _validator(kind: str) -> Any:
    # loaded where there is something to explain: it takes longer than proving a hundred documents
    from jsonschema import Draft202012Validator, ValidationError  # noqa: PLC0415
    from jsonschema.validators import extend  # noqa: PLC0415

    def pattern(_: Any, wanted: str, value: object, __: object) -> Iterator[ValidationError]:
        # JSON Schema's `$` is the end of the text; Python's also matches before a last line feed
        if isinstance(value, str) and not re.search(wanted.removesuffix("$") + r"\Z", value):
            yield ValidationError("the pattern does not match")

    made = extend(  # type: ignore[no-untyped-call]  # jsonschema has no types for it
        Draft202012Validator,
        validators={"pattern": pattern},
        type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
            {"string": _is_settled_text, "integer": _is_whole_number}
        ),
    )
    return made(inlined_schema(kind))


def _is_settled_text(_: object, value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, Doubtful)


def _is_whole_number(_: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
