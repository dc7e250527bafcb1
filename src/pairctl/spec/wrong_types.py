"""Why a value is of another type than its field, and what to write instead."""

import json
import math
from collections.abc import Iterator

from pairctl.spec.codes import Code
from pairctl.spec.findings import Finding
from pairctl.spec.matches import ValuesFrom
from pairctl.spec.nodes import Scalar, locate
from pairctl.spec.scalars import Json, older_reading, resolve
from pairctl.spec.violation import Violation
from pairctl.spec.wording import listed, snippet

_NEEDED = {
    "string": "text",
    "object": "a mapping",
    "array": "a list",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}
_WRITE = {
    "string": "write one text",
    "object": "write its fields as `name: value`",
    "array": "write its items as `- item`",
    "integer": "write a whole number, without quotes",
    "number": "write a number, without quotes",
    "boolean": "write true or false, without quotes",
}
_MOST_NAMED = 4
_SECRET_HOLDERS = frozenset({"SecretReference", "RegistrationToken"})


def wrong_type(broken: Violation) -> Iterator[Finding]:
    """Explain a value that is not of the one type that its field has."""
    wanted, found = broken.rule.wanted, broken.rule.found
    is_single = not isinstance(found, dict | list)
    if is_single and broken.rule.schema.get("title") in _SECRET_HOLDERS:
        yield broken.at_value(
            Code.SECRET_LITERAL,
            f"{broken.field} holds a value where the name of a secret belongs",
            "write `{secret: NAME}` in its place; if the value was real, revoke it: Git keeps its "
            "history",
        )
    elif is_single and wanted == "string":
        yield _not_text(broken)
    else:
        meant = _meant(wanted, broken)
        message = f"{broken.field} is {_shown(broken)}; {_NEEDED[wanted]} is needed"
        hint = f"write {meant}" if meant else _of_another_field(broken) + _to_write(broken)
        yield broken.at_value(Code.WRONG_TYPE, message, hint, meant)


def neither_text_nor_reference(broken: Violation) -> Iterator[Finding]:
    """Explain a value that is neither text nor a reference to a secret, where both may stand."""
    if isinstance(broken.rule.found, dict | list):
        message = (
            f"{broken.field} is {_named(broken.rule.found)}; text or {{secret: NAME}} is needed"
        )
        yield broken.at_value(Code.WRONG_TYPE, message, "write one text, in quotes")
    else:
        yield _not_text(broken)


def _not_text(broken: Violation) -> Finding:
    if broken.is_hidden:
        message = f"{broken.field} is read as something else than text"
        return broken.at_value(Code.NOT_TEXT, message, "quote it")
    message = f"{broken.field} is `{broken.written}`, {_reading(broken.text)}"
    quoted = json.dumps(broken.text, ensure_ascii=False)
    return broken.at_value(Code.NOT_TEXT, message, f'quote it: "{broken.written}"', quoted)


def _reading(text: str) -> str:
    value = resolve(text)
    if isinstance(value, bool):
        return f"read as the truth value {str(value).lower()}"
    if isinstance(value, int | float):
        return f"read as the number {value}" if math.isfinite(value) else "read as a number"
    return f"which some YAML parsers read as {older_reading(text)}"


def _meant(wanted: str, broken: Violation) -> str:
    """Return a text without its quotes, or `yes` as `true`, where that is what is wanted."""
    if not isinstance(broken.rule.found, str):
        return ""
    value, older = resolve(broken.text), older_reading(broken.text)
    if wanted == "boolean" and isinstance(value, bool):
        return str(value).lower()
    if wanted == "boolean" and older.endswith(("true", "false")):
        return older.rpartition(" ")[2]
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return broken.text if wanted == "integer" and is_whole else ""


def _of_another_field(broken: Violation) -> str:
    """Name the field that a word belongs to, where it stands at one with a name like it."""
    kind = locate(broken.root, ("kind",)).value
    is_of_match = isinstance(kind, Scalar) and kind.text == "ProfileMatch"
    word = next((one for one in ValuesFrom if one.casefold() == broken.text.casefold()), None)
    if word is None or not is_of_match or tuple(broken.rule.path) != ("spec", "values"):
        return ""
    whose = snippet({"valuesFrom": word})
    return f"write {whose} to say whose values are kept; for values of single packs, "


def _to_write(broken: Violation) -> str:
    """Return what to write; of a mapping with few fields, which they are."""
    fields = list(broken.rule.schema.get("properties", ()))
    is_short = broken.rule.wanted == "object" and 0 < len(fields) <= _MOST_NAMED
    named = f"; the fields here are {listed(fields)}" if is_short else ""
    return _WRITE[broken.rule.wanted] + named


def _shown(broken: Violation) -> str:
    found = broken.rule.found
    if isinstance(found, dict | list):
        return _named(found)
    is_endless = isinstance(found, float) and not math.isfinite(found)
    return "a number out of range" if is_endless else f"{_named(found)} `{broken.written}`"


def _named(found: Json) -> str:
    match found:
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
