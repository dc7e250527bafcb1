"""Bodies of calls as they may be shown to a person, and given away. Pure.

Of an answer, what pairctl reads is shown, cleaned of secrets; of all else only the shape: that a
text is there, and how long it is. What is named like a secret is never shown, whoever sent it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from pairctl.apis import local_ui_answers, palette_answers, profile_answers
from pairctl.apis.answers import AnswerModel
from pairctl.apis.error_bodies import FIELDS
from pairctl.text import MASK, beginning, one_line

MOST_ITEMS = 25
"""How many items of one list are shown; the rest is counted."""

MOST_FIELDS = 200
LONGEST_TEXT = 300
DEEPEST = 24

_SECRET = re.compile(
    r"token|secret|passw|pwd|credential|api-?key|auth|signature|session|jwt|private|kubeconfig"
    r"|username",
    re.IGNORECASE,
)
_PLAIN_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_./-]{0,63}")
_OF_CALLS = frozenset({
    "filter", "sort", "field", "order", "beginsWith", "ignoreCase",
    "metadata", "labels", "annotations", "description", "spec", "profiles", "variables", "value",
    "pairingUid", "paletteEndpoint", "insecure",
})  # fmt: skip
"""Fields of what pairctl sends; a value among them that is a secret is known as one."""
_HIDDEN = frozenset({"values"})
"""Fields that are read, and never shown: values of packs hold secrets that nobody has named."""

Clean = Callable[[str], str]


def sent_body(body: Any, clean: Clean) -> Any:
    """Return what is sent, as it may be shown. Values of packs are told by their length."""
    return _shown(body, clean, _OF_CALLS | _read_fields(), depth=0)


def answered_body(body: bytes, clean: Clean) -> Any:
    """Return an answer's body as it may be shown; what is no JSON is told by its length."""
    if not body:
        return None
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return f"({len(body)} bytes that are not JSON)"
    return _shown(document, clean, _read_fields() | FIELDS, depth=0)


def _shown(value: Any, clean: Clean, fields: frozenset[str], *, depth: int, field: str = "") -> Any:
    if depth > DEEPEST:
        return "(nested too deeply)"
    match value:
        case str():
            return _text(value, clean) if field in fields else _shape(value)
        case Mapping():
            return dict(_fields(value, clean, fields, depth))
        case list() | tuple():
            shown = [
                _shown(item, clean, fields, depth=depth + 1, field=field)
                for item in value[:MOST_ITEMS]
            ]
            rest = len(value) - MOST_ITEMS
            return [*shown, f"(and {rest} more)"] if rest > 0 else shown
        case _:
            return value


def _fields(
    value: Mapping[Any, Any], clean: Clean, fields: frozenset[str], depth: int
) -> Iterator[tuple[str, Any]]:
    for number, (name, item) in enumerate(value.items()):
        if number == MOST_FIELDS:
            yield "…", f"(and {len(value) - MOST_FIELDS} more)"
            return
        text = str(name)
        shown = text if _PLAIN_FIELD.fullmatch(text) else f"(a name of {len(text)} characters)"
        if clean(shown) != shown:
            shown = MASK
        if _SECRET.search(text):
            yield shown, None if item is None else MASK
        else:
            yield shown, _shown(item, clean, _below(text, fields), depth=depth + 1, field=text)


def _below(name: str, fields: frozenset[str]) -> frozenset[str]:
    """Return the fields that are shown below one: the names of tags are their authors' own."""
    return _EVERY if name in ("labels", "tags") else fields


class _Every(frozenset[str]):
    """All names at once."""

    def __contains__(self, name: object) -> bool:
        return True


_EVERY = _Every()


def _text(text: str, clean: Clean) -> str:
    if len(text) > LONGEST_TEXT:
        return _shape(text)
    return beginning(one_line(clean(text)), LONGEST_TEXT)


def _shape(text: str) -> str:
    return f"(a text of {len(text)} character{'s' * (len(text) != 1)})"


@cache
def _read_fields() -> frozenset[str]:
    """Return the names of all fields that pairctl reads of any answer."""
    rooms = {module.__name__ for module in (local_ui_answers, palette_answers, profile_answers)}
    found: set[str] = set()
    for model in _models(AnswerModel):
        if model.__module__ in rooms:
            found |= {field.alias or name for name, field in model.model_fields.items()}
    return frozenset(found - _HIDDEN)


def _models(base: type[AnswerModel]) -> Iterator[type[AnswerModel]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def how_read(model: AnswerModel) -> str:
    """Say in words which fields of an answer were read, and which were not there."""
    items = getattr(model, "items", None)
    if isinstance(items, tuple):
        count = f"a list of {len(items)}"
        fields = _parts(items[0]) if items and isinstance(items[0], AnswerModel) else ""
        return f"{count}, each with {fields}" if fields else count
    return _parts(model)


def _parts(model: AnswerModel) -> str:
    names = {name: field.alias or name for name, field in type(model).model_fields.items()}
    there = [names[name] for name in names if name in model.model_fields_set]
    missing = [names[name] for name in names if name not in model.model_fields_set]
    words = ", ".join(there) or "no field that pairctl reads"
    return f"{words} (without {', '.join(missing)})" if missing else words
