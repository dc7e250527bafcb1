"""What a kind's fields are, read from its schema: for people who look one up. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pairctl.spec.fields import FORMS
from pairctl.spec.wording import listed, nearest_word

Schema = Mapping[str, Any]

_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "mapping",
    "array": "list",
    "null": "null",
}
_BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} entries",
    "maxItems": "at most {} entries",
}


@dataclass(frozen=True, slots=True)
class FieldGuide:
    """One field of a kind, or the kind itself; `fields` are those below it, in order.

    Below a list or a mapping with free keys they are those of its entries. `rules` are what a value
    has to hold to, in words; `default` is YAML, empty where there is none.
    """

    path: tuple[str, ...]
    type: str
    description: str
    is_required: bool
    default: str
    examples: tuple[str, ...]
    allowed: tuple[str, ...]
    rules: tuple[str, ...]
    fields: tuple["FieldGuide", ...]

    @property
    def name(self) -> str:
        """The last step of the path."""
        return self.path[-1]

    @property
    def dotted(self) -> str:
        """The path as people write it, with the kind in front."""
        return ".".join(self.path)

    def field(self, name: str) -> "FieldGuide | None":
        """Return the field of this name below this one."""
        return next((one for one in self.fields if one.name == name), None)

    def below(self) -> Iterator["FieldGuide"]:
        """Yield all fields below this one, each before its own."""
        for one in self.fields:
            yield one
            yield from one.below()


def guide_of(kind: str, schema: Schema) -> FieldGuide:
    """Return the guide of a kind with all its fields; its schema has no references any more."""
    return _guide((kind,), schema, is_required=True)


def find_field(guide: FieldGuide, steps: Sequence[str]) -> tuple[FieldGuide, str]:
    """Return the field that the steps lead to, and an empty text.

    Where a step leads nowhere, return the last field that is there, and the step. Case does not
    matter where it leaves one field only; `[]` and `[0]` behind a list are nothing.
    """
    for step in steps:
        plain = step.partition("[")[0]
        onward = guide.field(plain) or _in_other_case(guide, plain)
        if onward is None:
            return guide, plain
        guide = onward
    return guide, ""


def near_fields(guide: FieldGuide, step: str) -> tuple[str, ...]:
    """Return the paths that a step below a field may have meant, the likeliest first.

    It may be misspelt, or stand somewhere else: below this field, or in the whole kind.
    """
    names = [one.name for one in guide.fields]
    if meant := nearest_word(step, names):
        return (f"{guide.dotted}.{meant}",)
    return tuple(one.dotted for one in guide.below() if one.name.casefold() == step.casefold())


def _in_other_case(guide: FieldGuide, name: str) -> FieldGuide | None:
    found = [one for one in guide.fields if one.name.casefold() == name.casefold()]
    return found[0] if len(found) == 1 else None


def _guide(path: tuple[str, ...], schema: Schema, *, is_required: bool) -> FieldGuide:
    held = _entries(schema)
    return FieldGuide(
        path=path,
        type=_type(schema),
        description=_description(schema),
        is_required=is_required,
        default=_default(schema),
        examples=tuple(map(_yaml, schema.get("examples") or held.get("examples") or ())),
        allowed=tuple(map(_yaml, _allowed(schema) or _allowed(held))),
        rules=tuple(_rules(schema)),
        fields=tuple(_fields(path, held)),
    )


def _entries(schema: Schema) -> Schema:
    """Return the schema of what a field holds: of a list or a free mapping, that of its entries."""
    items, values = schema.get("items"), schema.get("additionalProperties")
    if isinstance(items, Mapping):
        return _entries(items)
    if isinstance(values, Mapping) and "properties" not in schema:
        return _entries(values)
    return schema


def _fields(path: tuple[str, ...], schema: Schema) -> Iterator[FieldGuide]:
    seen: set[str] = set()
    for one in (schema, *_branches(schema)):
        needed = set(one.get("required", ())) if one is schema else set()
        for name, field in one.get("properties", {}).items():
            if name not in seen:
                seen.add(name)
                yield _guide((*path, name), field, is_required=name in needed)


def _branches(schema: Schema) -> list[Schema]:
    found: list[Schema] = []
    for one in schema.get("anyOf", ()):
        found += [one, *_branches(one)]
    return found


def _type(schema: Schema) -> str:
    branches = schema.get("anyOf") or schema.get("oneOf", ()) if "type" not in schema else ()
    if branches:
        return " or ".join(dict.fromkeys(map(_type, branches)))
    if "const" in schema or "enum" in schema:
        words = schema.get("enum") or [schema["const"]]
        return "text" if all(isinstance(word, str) for word in words) else "true or false"
    word = _TYPES.get(str(schema.get("type", "")), "anything")
    items, values = schema.get("items"), schema.get("additionalProperties")
    if word == "list" and isinstance(items, Mapping):
        return f"list of {_type(items)}"
    if word == "mapping" and isinstance(values, Mapping):
        return f"mapping of names to {_type(values)}"
    return word


def _description(schema: Schema) -> str:
    own = schema.get("description") or _entries(schema).get("description")
    if own or "const" not in schema:
        return " ".join(str(own or "").split())
    return f"Always `{schema['const']}`."


def _default(schema: Schema) -> str:
    """Return the default as YAML; of a mapping its fields have their own."""
    default = schema.get("default")
    return "" if default is None or default == "" or "properties" in schema else _yaml(default)


def _allowed(schema: Schema) -> Sequence[Any]:
    found = list(schema.get("enum") or ([schema["const"]] if "const" in schema else []))
    for branch in schema.get("anyOf", ()):
        found += _allowed(branch)
    return found


def _rules(schema: Schema) -> Iterator[str]:
    entries = _entries(schema)
    for held in [schema] if entries is schema else [schema, entries]:
        if words := FORMS.get(held.get("pattern", "")):
            yield words
        for keyword, wanted in _BOUNDS.items():
            if keyword in held:
                is_one = keyword.startswith("min") and held[keyword] == 1 and "{} " in wanted
                yield "not empty" if is_one else wanted.format(held[keyword])
        yield from _choices(held)


def _choices(schema: Schema) -> Iterator[str]:
    for one in schema.get("allOf", ()):
        then = one.get("then", {})
        if "required" in then:
            state = str(then.get("description", "it")).removesuffix(" needs it.")
            yield f"{state} needs {listed(then['required'])}"
    needed = [branch["required"] for branch in schema.get("oneOf", ()) if "required" in branch]
    if needed:
        yield f"exactly one of {listed(name for names in needed for name in names)} is needed"
    elif schema.get("minProperties") == schema.get("maxProperties") == 1:
        yield f"exactly one of {listed(schema.get('properties', ()))} is needed"


def _yaml(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
