"""The block form that pairctl writes, line by line: many times as fast as the YAML library.

It is a part of YAML. A text that is not wholly in it is left to the parser, so that what is read
here is what the parser would read. A document that is not wholly in it is left to the emitter, so
that the bytes written here are those that the emitter would write. Pure.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.nodes import ScalarNode

from pairctl.spec.scalars import resolve

MOST_LINES = 2_000
MOST_LEVELS = 16
LONGEST_LINE = 2_048
LONGEST_TEXT = 2_048
LONGEST_KEY = 100
"""Longer ones are another form: a key has a line of its own, a text is folded."""

_PLAIN_ASCII = b"\n" + bytes(range(ord(" "), ord("~") + 1))
_KEY = r"[A-Za-z][A-Za-z0-9._/-]*"
_SCALAR = r"'(?:[^']|'')*'|[A-Za-z0-9/](?:[^:#]|:(?! |$)|(?<! )#)*"
_PLAIN = re.compile(r"[A-Za-z0-9/](?:[^:#]|:(?! |$)|(?<! )#)*(?<! )")
_IN_QUOTES = re.compile(r"^[ #,\[\]{}&*!|>'\"%@`]|^---|^\.\.\.|: |:$| #| $|^[-?:]( |$)")
"""Where an indicator of YAML stands (YAML 1.2, 7.3.3)."""
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
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


class _NotInTheForm(Exception):
    """A value that the emitter has to write."""


def write_block(document: Mapping[str, Any]) -> str | None:
    """Return a mapping in block form, keys in the order given; None where the emitter has to."""
    if not document:
        return None
    lines: list[str] = []
    try:
        _write_mapping(document, 0, "", lines, set())
    except _NotInTheForm:
        return None
    lines.append("")
    return "\n".join(lines)


def _write_mapping(
    mapping: Mapping[str, Any], indent: int, first: str, lines: list[str], seen: set[int]
) -> None:
    """Write the keys of a mapping, the first one behind what stands on its line already."""
    _note(mapping, indent, seen)
    margin = " " * indent
    lead = first or margin
    for key, value in mapping.items():
        shown = _shown_key(key) if key.__class__ is str else None
        if shown is None:
            raise _NotInTheForm
        begin = f"{lead}{shown}:"
        lead = margin
        kind = value.__class__
        if kind is str:
            lines.append(f"{begin} {_shown(value)}")
        elif kind is dict and value:
            lines.append(begin)
            _write_mapping(value, indent + 2, "", lines, seen)
        elif kind in (list, tuple) and value:
            lines.append(begin)
            _write_items(value, indent, lines, seen)
        else:
            lines.append(f"{begin} {_shown_plainly(value)}")


def _write_items(
    items: list[Any] | tuple[Any, ...], indent: int, lines: list[str], seen: set[int]
) -> None:
    """Write the items of a list: their dashes stand below its key."""
    _note(items, indent, seen)
    dash = " " * indent + "- "
    for item in items:
        kind = item.__class__
        if kind is str:
            lines.append(dash + _shown(item))
        elif kind is dict and item:
            _write_mapping(item, indent + 2, dash, lines, seen)
        elif kind in (list, tuple) and item:
            raise _NotInTheForm
        else:
            lines.append(dash + _shown_plainly(item))


def _note(collection: Any, indent: int, seen: set[int]) -> None:
    """The emitter gives a name to what stands in two places."""
    if id(collection) in seen or indent > 2 * MOST_LEVELS:
        raise _NotInTheForm
    seen.add(id(collection))


def _shown(text: str) -> str:
    shown = _shown_text(text)
    if shown is None:
        raise _NotInTheForm
    return shown


def _shown_plainly(value: Any) -> str:
    kind = value.__class__
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is float and _DECIMAL.fullmatch(shown := repr(value)):
        return shown
    if kind in (list, tuple):
        return "[]"
    if kind is dict:
        return "{}"
    raise _NotInTheForm


@lru_cache(maxsize=1_024)
def _shown_key(key: str) -> str | None:
    """Return a key as it is written; None where the emitter has to say."""
    is_plain = re.fullmatch(_KEY, key) is not None and len(key) <= LONGEST_KEY
    return key if is_plain and _is_text(key) else None


@lru_cache(maxsize=16_384)
def _shown_text(text: str) -> str | None:
    """Return a text as it is written; None where the emitter has to say.

    In quotes stands what would be read as something else than a text.
    """
    if len(text) > LONGEST_TEXT or not (text.isascii() and text.isprintable()):
        return None
    if _PLAIN.fullmatch(text) and _is_text(text):
        return text
    quoted = text.replace("'", "''")
    return f"'{quoted}'" if _needs_quotes(text) else None


def _is_text(plain: str) -> bool:
    """Whether the library reads a text without quotes as a text, by its own resolver."""
    tag = _RESOLVER.resolve(ScalarNode, plain, (True, False))
    return str(tag) == "tag:yaml.org,2002:str"


def _needs_quotes(text: str) -> bool:
    """Whether a text of one line surely stands in single quotes."""
    return not text or bool(_IN_QUOTES.search(text)) or not _is_text(text)


_RESOLVER = YAML(typ="safe", pure=True).resolver
