"""Why a document does not hold against its kind's published JSON Schema, in people's words."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from pairctl.spec.codes import Code
from pairctl.spec.fields import FORMS
from pairctl.spec.findings import Finding, finding
from pairctl.spec.nodes import Node, Scalar, locate
from pairctl.spec.rules import Broken, broken_rules
from pairctl.spec.scalars import Json, older_reading, resolve
from pairctl.spec.wording import (
    is_named_as_secret,
    listed,
    look_alike,
    looks_secret,
    nearest,
    quoted_path,
    shown,
)

_TYPES = {
    "string": "text",
    "object": "a mapping",
    "array": "a list",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}
_SECRET_HOLDERS = frozenset({"SecretReference", "RegistrationToken"})
_HIDDEN = "(hidden)"


def explain(file: str, kind: str, root: Node, data: Json) -> Iterator[Finding]:
    """Yield a finding for each way in which `data`, the plain form of `root`, is not a `kind`.

    Nulls are left to others: whatever the schema says of them, the field has no value.
    """
    rules = broken_rules(kind, data)
    of_wrong_type = {rule.path for rule in rules if rule.keyword == "type"}
    too_long = {(rule.path, rule.found) for rule in rules if rule.keyword == "maxLength"}
    for rule in rules:
        is_told = rule.keyword != "type" and rule.path in of_wrong_type
        is_told = is_told or (rule.keyword == "pattern" and (rule.path, rule.found) in too_long)
        if rule.found is not None and not is_told:
            yield from _explained(_About(file, root, rule))


class _About(NamedTuple):
    """A broken rule and the document it is broken in."""

    file: str
    root: Node
    rule: Broken

    @property
    def field(self) -> str:
        return quoted_path(self.rule.path)

    @property
    def text(self) -> str:
        """The value as it stands in the file; empty for a collection."""
        node = locate(self.root, self.rule.path).value
        return node.text if isinstance(node, Scalar) else ""

    @property
    def written(self) -> str:
        """The value as a message may show it."""
        return _HIDDEN if self.is_hidden else shown(self.text)

    @property
    def is_hidden(self) -> bool:
        return is_named_as_secret(self.rule.path) or looks_secret(self.text)

    def at_value(self, code: Code, message: str, hint: str = "") -> Finding:
        span = locate(self.root, self.rule.path).value_span
        return finding(self.file, span, code, message, hint)

    def at_key(self, code: Code, message: str, hint: str = "", *more: str) -> Finding:
        span = locate(self.root, (*self.rule.path, *more)).key_span
        return finding(self.file, span, code, message, hint)


_Explain: TypeAlias = Callable[[_About], Iterator[Finding]]


def _explained(about: _About) -> Iterator[Finding]:
    yield from _BY_KEYWORD.get(about.rule.keyword, _invalid)(about)


# ── one function per keyword of JSON Schema ──────────────────────────────────────────────────────


def _unknown_fields(about: _About) -> Iterator[Finding]:
    known = about.rule.schema.get("properties", {})
    for name in about.rule.found:
        if name not in known:
            hint = nearest(name, known) or f"the fields here are {listed(known)}"
            message = f"`{shown(name)}` is not a field of {about.field}"
            yield about.at_key(Code.UNKNOWN_FIELD, message, hint, name)


def _missing_fields(about: _About) -> Iterator[Finding]:
    schema = about.rule.schema
    for name in about.rule.wanted:
        if name not in about.rule.found:
            described = schema.get("properties", {}).get(name, schema).get("description", "")
            yield about.at_key(Code.MISSING_FIELD, f"{about.field} has no `{name}`", described)


def _wrong_type(about: _About) -> Iterator[Finding]:
    wanted = about.rule.wanted
    instance = about.rule.found
    is_single = not isinstance(instance, dict | list)
    if is_single and about.rule.schema.get("title") in _SECRET_HOLDERS:
        yield _secret_literal(about)
    elif is_single and wanted == "string":
        yield _not_text(about)
    else:
        found = f"{_named(instance)} `{about.written}`" if is_single else _named(instance)
        message = f"{about.field} is {found}; {_TYPES[wanted]} is needed"
        yield about.at_value(Code.WRONG_TYPE, message)


def _secret_literal(about: _About) -> Finding:
    return about.at_value(
        Code.SECRET_LITERAL,
        f"{about.field} holds a value where the name of a secret belongs",
        "write {secret: NAME}; if the value was real, revoke it: Git keeps its history",
    )


def _not_text(about: _About) -> Finding:
    if about.is_hidden:
        message = f"{about.field} is read as something else than text"
        return about.at_value(Code.NOT_TEXT, message, "quote it")
    message = f"{about.field} is `{about.written}`, {_reading(about.text)}"
    return about.at_value(Code.NOT_TEXT, message, f'quote it: "{about.written}"')


def _reading(text: str) -> str:
    value = resolve(text)
    if isinstance(value, bool):
        return f"read as the truth value {str(value).lower()}"
    if isinstance(value, int | float):
        return f"read as the number {value}"
    return f"which some YAML parsers read as {older_reading(text)}"


def _not_one_of(about: _About) -> Iterator[Finding]:
    allowed = about.rule.wanted if about.rule.keyword == "enum" else [about.rule.wanted]
    words = [str(word).lower() if isinstance(word, bool) else str(word) for word in allowed]
    needed = words[0] if len(words) == 1 else f"one of {listed(words)}"
    message = f"{about.field} is `{about.written}`; {needed} is needed"
    yield about.at_value(Code.NOT_ONE_OF, message, nearest(str(about.rule.found), words))


def _needs_exactly_one(about: _About) -> Iterator[Finding]:
    if about.rule.keyword == "oneOf":
        names = [name for branch in about.rule.wanted for name in branch["required"]]
    else:
        names = list(about.rule.schema.get("properties", ()))
    if not names:
        yield from _invalid(about)
        return
    given = [name for name in names if name in about.rule.found]
    if len(given) != 1:
        message = f"{about.field} needs exactly one of {listed(names)}"
        hint = f"it has {listed(given)}" if given else "it has none"
        yield about.at_key(Code.NEEDS_EXACTLY_ONE, message, hint)


def _any_of(about: _About) -> Iterator[Finding]:
    """Explain the one branch that the value's type chose; the others are not what was meant."""
    path, found = about.rule.path, about.rule.found
    fitting = [
        branch
        for branch in about.rule.branches
        if not any(rule.keyword == "type" and rule.path == path for rule in branch)
    ]
    if len(fitting) == 1:
        for rule in fitting[0]:
            yield from _explained(about._replace(rule=rule))
    elif isinstance(found, dict | list):
        message = f"{about.field} is {_named(found)}; text or {{secret: NAME}} is needed"
        yield about.at_value(Code.WRONG_TYPE, message)
    else:
        yield _not_text(about)


def _invalid(about: _About) -> Iterator[Finding]:
    rule = about.rule
    expected = _LIMITS.get(rule.keyword, "{} is needed").format(rule.wanted)
    if rule.keyword == "pattern":
        expected = FORMS.get(rule.wanted, "that is not its form")
    hint = look_alike(str(rule.found)) or _example(rule.schema)
    if rule.is_key:
        message = f"the key `{shown(rule.found)}` of {about.field}: {expected}"
        yield about.at_key(Code.INVALID_VALUE, message, hint, rule.found)
    else:
        value = f" is `{about.written}`" if isinstance(rule.found, str | int) else ""
        yield about.at_value(Code.INVALID_VALUE, f"{about.field}{value}: {expected}", hint)


def _example(schema: Mapping[str, Any]) -> str:
    examples = schema.get("examples")
    return f"for example {examples[0]}" if examples else str(schema.get("description", ""))


_LIMITS = {
    "minLength": "at least {} character is needed",
    "maxLength": "at most {} characters are allowed",
    "minItems": "at least {} item is needed",
    "maxItems": "at most {} items are allowed",
    "minProperties": "at least {} entry is needed",
    "maxProperties": "at most {} entries are allowed",
    "minimum": "at least {} is needed",
    "maximum": "at most {} is allowed",
}

_BY_KEYWORD: Mapping[str, _Explain] = {
    "additionalProperties": _unknown_fields,
    "required": _missing_fields,
    "type": _wrong_type,
    "enum": _not_one_of,
    "const": _not_one_of,
    "oneOf": _needs_exactly_one,
    "minProperties": _needs_exactly_one,
    "maxProperties": _needs_exactly_one,
    "anyOf": _any_of,
}


def _named(instance: Json) -> str:
    match instance:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case bool():
            return "the truth value"
        case int() | float():
            return "the number"
        case _:
            return "the text"
