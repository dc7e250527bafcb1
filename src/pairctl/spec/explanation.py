"""Why a document does not hold against its kind's published JSON Schema, in people's words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from pairctl.spec.codes import Code
from pairctl.spec.fields import (
    ENDPOINT,
    FINGERPRINT,
    FORMS,
    NAME,
    near_endpoint,
    near_fingerprint,
    near_name,
)
from pairctl.spec.findings import Finding
from pairctl.spec.nodes import Node
from pairctl.spec.rules import Broken, broken_rules
from pairctl.spec.scalars import Json
from pairctl.spec.violation import Violation
from pairctl.spec.wording import as_yaml, did_you_mean, listed, look_alike, nearest_word, shown
from pairctl.spec.wrong_types import neither_text_nor_reference, wrong_type


def explain(file: str, kind: str, root: Node, data: Json) -> Iterator[Finding]:
    """Yield a finding for each way in which `data`, the plain form of `root`, is not a `kind`.

    Nulls are left to others: whatever the schema says of them, the field has no value.
    """
    rules = broken_rules(kind, data)
    of_wrong_type = {rule.path for rule in rules if rule.keyword == "type"}
    too_long = {(rule.path, rule.found) for rule in rules if rule.keyword == "maxLength"}

    def is_explained(rule: Broken) -> bool:
        if rule.keyword == "pattern" and (rule.path, rule.found) in too_long:
            return True
        return rule.keyword != "type" and rule.path in of_wrong_type

    telling = [rule for rule in rules if rule.found is not None and not is_explained(rule)]
    yield from _explained(file, root, telling)


def _explained(file: str, root: Node, rules: Sequence[Broken]) -> Iterator[Finding]:
    meant = {r.path: _misspelt(r) for r in rules if r.keyword == "additionalProperties"}
    for rule in rules:
        explained = _BY_KEYWORD.get(rule.keyword, _invalid)
        yield from explained(Violation(file, root, rule, meant.get(rule.path, {})))


def _misspelt(rule: Broken) -> Mapping[str, str]:
    """Return for each unknown field the one it is most like, of those that are not there."""
    known = rule.schema.get("properties", {})
    absent = [name for name in known if name not in rule.found]
    return {name: nearest_word(name, absent) for name in rule.found if name not in known}


# ── one function per keyword of JSON Schema ──────────────────────────────────────────────────────

_Explain: TypeAlias = Callable[[Violation], Iterator[Finding]]


def _unknown_fields(broken: Violation) -> Iterator[Finding]:
    known = broken.rule.schema.get("properties", {})
    for name, meant in broken.meant.items():
        if broken.rule.found[name] is None:  # told as having no value; it may be one itself
            continue
        message = f"`{shown(name)}` is not a field of {broken.field}"
        hint = did_you_mean(meant) or f"the fields here are {listed(known)}"
        yield broken.at_key(Code.UNKNOWN_FIELD, message, hint, name, instead=meant)


def _missing_fields(broken: Violation) -> Iterator[Finding]:
    """Explain the fields that are not there; one that is only misspelt is told as that."""
    given = {*broken.rule.found, *broken.meant.values()}
    for name in broken.rule.wanted:
        if name not in given:
            hint = _to_add(name, broken.rule.schema)
            yield broken.at_key(Code.MISSING_FIELD, f"{broken.field} has no `{name}`", hint)


def _to_add(name: str, schema: Mapping[str, Any]) -> str:
    field = schema.get("properties", {}).get(name, schema)
    if "const" in field:
        return f"add `{name}: {field['const']}`"
    described = _described(field)
    return f"add it: {described}" if described else "add it"


def _described(schema: Mapping[str, Any]) -> str:
    """Return what the schema says of itself, as the end of a sentence; empty where it does not."""
    text = str(schema.get("description", "")).removesuffix(".")
    is_capitalized = text[:1].isupper() and not text[1:2].isupper()
    return text[:1].lower() + text[1:] if is_capitalized else text


def _not_one_of(broken: Violation) -> Iterator[Finding]:
    allowed = broken.rule.wanted if broken.rule.keyword == "enum" else [broken.rule.wanted]
    words = [str(word).lower() if isinstance(word, bool) else str(word) for word in allowed]
    needed = words[0] if len(words) == 1 else f"one of {listed(words)}"
    message = f"{broken.field} is `{broken.written}`; {needed} is needed"
    meant = nearest_word(str(broken.rule.found), words)
    hint = did_you_mean(meant) or f"write {needed}, or leave the field out"
    yield broken.at_value(Code.NOT_ONE_OF, message, hint, meant)


def _needs_one(broken: Violation) -> Iterator[Finding]:
    """Explain an object of which one field at least has to be given, or exactly one."""
    names = list(broken.rule.schema.get("properties", ()))
    if not names or "maxProperties" in broken.rule.schema:
        yield from _needs_exactly_one(broken)
        return
    message = f"{broken.field} needs at least one of {listed(names)}"
    yield broken.at_key(Code.MISSING_FIELD, message, "it has none: add one")


def _needs_exactly_one(broken: Violation) -> Iterator[Finding]:
    if broken.rule.keyword == "oneOf":
        names = [name for branch in broken.rule.wanted for name in branch["required"]]
    else:
        names = list(broken.rule.schema.get("properties", ()))
    if not names:
        yield from _invalid(broken)
        return
    given = [name for name in names if name in broken.rule.found]
    if len(given) != 1:
        message = f"{broken.field} needs exactly one of {listed(names)}"
        hint = f"it has {listed(given)}: keep one of them" if given else "it has none: add one"
        yield broken.at_key(Code.NEEDS_EXACTLY_ONE, message, hint)


def _any_of(broken: Violation) -> Iterator[Finding]:
    """Explain the one branch that the value's type chose; the others are not what was meant."""
    path = broken.rule.path
    fitting = [
        branch
        for branch in broken.rule.branches
        if not any(rule.keyword == "type" and rule.path == path for rule in branch)
    ]
    if len(fitting) == 1:
        yield from _explained(broken.file, broken.root, fitting[0])
    else:
        yield from neither_text_nor_reference(broken)


def _invalid(broken: Violation) -> Iterator[Finding]:
    rule = broken.rule
    expected = _LIMITS.get(rule.keyword, "{} is needed").format(rule.wanted)
    if rule.keyword == "pattern":
        expected = FORMS.get(rule.wanted, "that is not its form")
    meant = "" if broken.is_hidden else _near(rule)
    hint = did_you_mean(meant) or _what_fits(rule)
    if rule.is_key:
        message = f"the key `{shown(rule.found)}` of {broken.field}: {expected}"
        yield broken.at_key(Code.INVALID_VALUE, message, hint, rule.found, instead=meant)
    else:
        value = f" is `{broken.written}`" if isinstance(rule.found, str | int) else ""
        message = f"{broken.field}{value}: {expected}"
        yield broken.at_value(Code.INVALID_VALUE, message, hint, as_yaml(meant))


def _near(rule: Broken) -> str:
    """Return what was meant, where another spelling of it fits; else empty."""
    near = _NEAR.get(rule.wanted) if rule.keyword == "pattern" else None
    return near(str(rule.found)) if near else ""


def _what_fits(rule: Broken) -> str:
    """Return what to do about a value that its rule does not let through."""
    match rule.keyword:
        case "maxLength" | "maxItems" | "maxProperties":
            return f"it has {len(rule.found)}: shorten it"
        case "minItems" | "minProperties":
            return "add one, or leave the field out"
        case "minLength":
            return "write something, or leave the field out"
    examples = rule.schema.get("examples")
    example = f"for example {examples[0]}" if examples else ""
    return look_alike(str(rule.found)) or example or _described(rule.schema)


_NEAR: Mapping[str, Callable[[str], str]] = {
    NAME: near_name,
    ENDPOINT: near_endpoint,
    FINGERPRINT: near_fingerprint,
}
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
    "type": wrong_type,
    "enum": _not_one_of,
    "const": _not_one_of,
    "oneOf": _needs_exactly_one,
    "minProperties": _needs_one,
    "maxProperties": _needs_exactly_one,
    "anyOf": _any_of,
}
