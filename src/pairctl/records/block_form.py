"""The block form that pairctl writes, read line by line: many times as fast as the YAML parser.

It is a part of YAML. A text that is not wholly in it is left to the parser, so that what is read
here is what the parser would read. Pure.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

from pairctl.spec.scalars import resolve

MOST_LINES = 2_000
MOST_LEVELS = 16
LONGEST_LINE = 2_048

_PLAIN_ASCII = b"\n" + bytes(range(ord(" "), ord("~") + 1))
_KEY = r"[A-Za-z][A-Za-z0-9._/-]*"
_SCALAR = r"'(?:[^']|'')*'|[A-Za-z0-9/](?:[^:#]|:(?! |$)|(?<! )#)*"
_LINE = re.compile(rf"( *)(- )?(?:({_KEY}):(?: ({_SCALAR}|\[\]|\{{\}}))?|({_SCALAR}))")


class _Mark:
    """Stands for a value that is not on its line, or is made anew each time the line is read."""


_BELOW, _EMPTY_LIST, _EMPTY_MAPPING = _Mark(), _Mark(), _Mark()

_Place: TypeAlias = tuple[int, bool]
"""The column that the items of a list, or the keys of a mapping, begin at; whether it is a list."""

_Open: TypeAlias = tuple[_Place, Any]
"""A list or mapping that is open, and where."""

_Line: TypeAlias = tuple[_Place, str, Any]
"""A line: the place of the collection that it goes on with, its key, and its value.

The key of an item that is a plain value is empty. The value of a key that stands below is `_BELOW`.
"""


def read_block(content: bytes, rename: Callable[[str], str] = str) -> dict[str, Any] | None:
    """Return the mapping that a file in block form holds; None where the parser has to read it.

    Keys are renamed on every level. Whatever has to be decoded with care is left to the parser,
    and two keys that come to the same.
    """
    if content.translate(None, _PLAIN_ASCII) or content.count(b"\n") > MOST_LINES:
        return None
    lines = content.decode().split("\n")
    return _read(lines, rename) if lines.pop() == "" else None


def _read(lines: list[str], rename: Callable[[str], str]) -> dict[str, Any] | None:
    root: dict[str, Any] = {}
    place: _Place = (0, False)
    inside: Any = root
    outer: list[_Open] = []
    waiting = ""  # a key of the mapping `inside`, whose value stands below it
    for text in lines:
        line = _read_line(text)
        if line is None:
            return None
        wanted, key, value = line
        if waiting or place != wanted:
            found = _collection_at(wanted, (place, inside), waiting, outer)
            if found is None:
                return None
            place, inside = found
        if wanted[1]:
            if not key:
                inside.append(_made(value) if value.__class__ is _Mark else value)
                waiting = ""
                continue
            outer.append((place, inside))
            item: dict[str, Any] = {}
            inside.append(item)
            place, inside = (wanted[0] + 2, False), item
        key = rename(key)
        if key in inside:
            return None
        inside[key] = _made(value) if value.__class__ is _Mark else value
        waiting = key if value is _BELOW else ""
    return None if waiting else root


def _collection_at(wanted: _Place, now: _Open, waiting: str, outer: list[_Open]) -> _Open | None:
    """Return the collection at a place: what a key waits for, or one that was left open."""
    place, inside = now
    if not waiting:
        while place != wanted and outer:
            place, inside = outer.pop()
        return (place, inside) if place == wanted else None
    # a list begins at its key's column, a mapping two columns beyond
    if wanted[0] != place[0] + (0 if wanted[1] else 2) or len(outer) == MOST_LEVELS:
        return None
    outer.append(now)
    inside[waiting] = [] if wanted[1] else {}
    return wanted, inside[waiting]


def _made(mark: _Mark) -> Any:
    return {_EMPTY_LIST: list, _EMPTY_MAPPING: dict, _BELOW: str}[mark]()


@lru_cache(maxsize=16_384)
def _read_line(line: str) -> _Line | None:
    """Read one line, None where it is not in the form; a fleet's files share most of theirs."""
    found = _LINE.fullmatch(line) if len(line) <= LONGEST_LINE else None
    if found is None:
        return None
    indent, dash, key, value, item = found.groups()
    place = len(indent), bool(dash)
    if key is None:
        read = _scalar(item) if dash else None  # without a dash it goes on with the line before
        return None if read is None else (place, "", read)
    if type(resolve(key)) is not str:
        return None
    read = _BELOW if value is None else _scalar(value)
    return None if read is None else (place, key, read)


def _scalar(text: str) -> Any:
    """Return a value as the parser has it; None where the parser has to be asked."""
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    if text[0] in "[{":
        return _EMPTY_LIST if text[0] == "[" else _EMPTY_MAPPING
    value = resolve(text)
    is_certain = type(value) in (str, int, float, bool)
    return value if is_certain and not text.endswith(" ") else None
