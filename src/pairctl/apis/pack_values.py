"""The values of packs, from text to frozen data. They come from hosts: everything is bounded.

A text that is YAML comes out by its meaning. One that is not, because it holds macros such as
`{{ .spectro.system.cluster.name }}` or more than is allowed, comes out as lines.
"""

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from pairctl.layers import (
    NOTHING,
    Configuration,
    Fields,
    Form,
    Items,
    Leaf,
    Lines,
    Tree,
    unreadable,
)
from pairctl.spec.events import events
from pairctl.spec.scalars import Doubtful, older_reading, resolve

LONGEST_TEXT = 256 * 1024
MAX_DEPTH = 32
MAX_NODES = 20_000
"""How many values and keys a text may hold, those that aliases stand for counted each time."""

_LONGEST_SHARED = 32 * 1024
_MOST_SHARED = 256
_STANDARD = "tag:yaml.org,2002:"


class _NotValuesError(Exception):
    """The text is no YAML that can be compared by its meaning."""


def pack_values(given: object) -> Configuration:
    """Return the values of a pack as they can be compared; raises nothing.

    `given` is what a server says: text, or nothing where it leaves them out.
    """
    if given is None or given == "":
        return NOTHING
    if not isinstance(given, str):
        return unreadable("they are not text")
    if len(given) > LONGEST_TEXT:
        return unreadable(f"they are longer than {LONGEST_TEXT:,} characters")
    try:
        given.encode()
    except UnicodeEncodeError:
        return unreadable("they hold what is no character")
    # Most clusters of a fleet have the same values: a text that was read is not read again.
    return _shared(given) if len(given) <= _LONGEST_SHARED else _read(given)


def _read(text: str) -> Configuration:
    lines = _lines(text)
    try:
        tree = _Reader().read(text)
    except _NotValuesError as error:
        return Configuration(Form.TEXT, lines=lines, text=text, why=str(error))
    except (YAMLError, ValueError, OverflowError):
        why = "they are not YAML; they may hold macros"
        return Configuration(Form.TEXT, lines=lines, text=text, why=why)
    if tree is None:
        return NOTHING
    return Configuration(Form.VALUES, tree, lines, text)


_shared = lru_cache(maxsize=_MOST_SHARED)(_read)


def _lines(text: str) -> Lines:
    """Return a text without blanks at the ends of lines, and without empty lines at its end."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return Lines(tuple(lines))


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet; of a mapping keys and values in turn."""

    is_mapping: bool
    anchor: str | None
    parts: list[Tree] = field(default_factory=list)
    size: int = 1


class _Reader:
    """Takes the parse events of one text; nothing is composed beyond the limits."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._documents: list[Tree | None] = []
        self._anchors: dict[str, tuple[Tree, int]] = {}
        self._nodes = 0

    def read(self, text: str) -> Tree | None:
        """Return what a text says; None where it says nothing. Several documents are a list."""
        for event in events(text):
            self._take(event)
        said = [one for one in self._documents if one not in (None, Leaf("null", ""))]
        if not said:
            return None
        return said[0] if len(self._documents) == 1 else Items(tuple(map(_or_null, said)))

    def _take(self, event: Any) -> None:
        match event:
            case DocumentStartEvent():
                self._documents.append(None)
                self._anchors.clear()
            case MappingStartEvent() | SequenceStartEvent():
                if len(self._open) >= MAX_DEPTH:
                    raise _NotValuesError(f"they are nested more than {MAX_DEPTH} deep")
                if event.tag and not event.tag.startswith(_STANDARD):
                    raise _NotValuesError("a collection in them has a tag")
                self._open.append(_Open(isinstance(event, MappingStartEvent), event.anchor))
                self._count(1)
            case MappingEndEvent() | SequenceEndEvent():
                closed = self._open.pop()
                tree = _fields(closed.parts) if closed.is_mapping else Items(tuple(closed.parts))
                self._place(tree, closed.size, closed.anchor)
            case ScalarEvent():
                leaf = _leaf(event)
                self._add(leaf, 1, event.anchor)
            case AliasEvent():
                self._add(*self._anchored(event.anchor), None)

    def _add(self, tree: Tree, size: int, anchor: str | None) -> None:
        self._count(size)
        self._place(tree, size, anchor)

    def _place(self, tree: Tree, size: int, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = (tree, size)
        if self._open:
            self._open[-1].parts.append(tree)
            self._open[-1].size += size
        else:
            self._documents[-1] = tree

    def _anchored(self, name: str) -> tuple[Tree, int]:
        if name not in self._anchors:
            raise _NotValuesError("an alias in them has no anchor")
        tree, size = self._anchors[name]
        if len(self._open) + _depth(tree) > MAX_DEPTH:
            raise _NotValuesError(f"they are nested more than {MAX_DEPTH} deep")
        return tree, size

    def _count(self, more: int) -> None:
        self._nodes += more
        if self._nodes > MAX_NODES:
            raise _NotValuesError(f"they hold more than {MAX_NODES:,} values and keys")


def _or_null(tree: Tree | None) -> Tree:
    return Leaf("null", "") if tree is None else tree


def _depth(tree: Tree) -> int:
    match tree:
        case Items(items):
            return 1 + max(map(_depth, items), default=0)
        case Fields(entries):
            return 1 + max((_depth(value) for _, value in entries), default=0)
        case _:
            return 0


def _fields(parts: list[Tree]) -> Fields:
    entries: dict[Leaf, Tree] = {}
    for key, value in zip(parts[::2], parts[1::2], strict=True):
        if not isinstance(key, Leaf):
            raise _NotValuesError("a key in them is no plain value; they may hold macros")
        if key in entries:
            raise _NotValuesError("a mapping in them has the same key twice")
        entries[key] = value
    return Fields(tuple(sorted(entries.items(), key=lambda entry: entry[0])))


def _leaf(event: Any) -> Leaf:
    """Return a value in canonical form; what parsers read differently stays as it is written."""
    text: str = event.value
    if event.tag and event.tag not in ("!", f"{_STANDARD}str"):
        return Leaf("other", f"{event.tag} {text}")
    if event.tag or event.style or not event.implicit[0]:
        return Leaf("text", text)
    return _plain(text)


def _plain(text: str) -> Leaf:
    value = resolve(text)
    match value:
        case Doubtful():
            return Leaf("other", text)
        case None:
            return Leaf("null", "")
        case bool():
            return Leaf("bool", str(value).lower())
        case int():
            # YAML 1.1 reads a number that begins with 0 by eight, and does not know `0o`
            is_plain = text.lstrip("+-")[:1] != "0" or text.lstrip("+-") == "0"
            return Leaf("int", str(value)) if is_plain else Leaf("other", text)
        case float():
            # `1e3` is text for YAML 1.1
            is_plain = older_reading(text) != "" or not math.isfinite(value)
            return Leaf("float", repr(value)) if is_plain else Leaf("other", text)
        case _:
            return Leaf("text", value)
