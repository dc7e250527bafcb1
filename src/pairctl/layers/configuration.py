"""The values of packs as frozen data, and what differs between those of two sides. Pure.

Values are compared by their meaning: order of keys, comments and quoting are gone before they come
here. Where one side is not YAML, both are compared line by line.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest
from typing import Literal, TypeAlias

from pairctl.layers.stack import Layer, Stack

LeafKind: TypeAlias = Literal["null", "bool", "int", "float", "text", "other", "line", "unreadable"]


@dataclass(frozen=True, slots=True, order=True)
class Leaf:
    """One value in canonical form: its type as YAML has it, and its text.

    `other` is what parsers of YAML read differently, or what has a tag: it is compared as it is
    written. `line` is a line of a text, `unreadable` stands for values that cannot be read.
    """

    kind: LeafKind
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Items:
    """A list; its order matters."""

    items: tuple["Tree", ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping, sorted by its keys, each of them once."""

    entries: tuple[tuple[Leaf, "Tree"], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lines:
    """A text as lines, without blanks at their ends."""

    lines: tuple[str, ...] = field(repr=False)


Tree: TypeAlias = Leaf | Items | Fields | Lines


class Form(StrEnum):
    """How the values of a pack can be compared."""

    VALUES = "values"
    TEXT = "text"
    NOTHING = "nothing"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Configuration:
    """The values of one pack on one side. They may hold secrets: nothing of them is in the repr.

    `tree` is there where the form is VALUES, `lines` also where it is TEXT; `text` is what was
    given, sign by sign. `why` says why it is text only, or why it is unreadable.
    """

    form: Form
    tree: Tree | None = field(default=None, repr=False)
    lines: Lines = field(default=Lines(()), repr=False)
    text: str = field(default="", repr=False)
    why: str = ""

    @property
    def is_given(self) -> bool:
        """Whether there are values, and they can be read."""
        return self.form in (Form.VALUES, Form.TEXT)


NOTHING = Configuration(Form.NOTHING)
"""No values at all: empty, left out, or comments only."""


def unreadable(why: str) -> Configuration:
    """Return what stands for values that cannot be read."""
    return Configuration(Form.UNREADABLE, why=why)


@dataclass(frozen=True, slots=True)
class LayerConfiguration:
    """A layer with its values on one side."""

    layer: Layer
    configuration: Configuration


Configured: TypeAlias = tuple[LayerConfiguration, ...]

Path: TypeAlias = tuple[Leaf | int, ...]


@dataclass(frozen=True, slots=True)
class ConfigurationChange:
    """One thing that differs: where, and what both sides have there; None where one has nothing.

    `near` is what stands beside it or above it: names that may say what the value is.
    """

    layer: Layer
    path: Path
    local: Tree | None
    brought: Tree | None
    near: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ConfigurationDifference:
    """All that differs, in canonical order. `notes` say what could not be compared as YAML."""

    changes: tuple[ConfigurationChange, ...] = ()
    notes: tuple[str, ...] = ()


def configuration_difference(
    layers: Stack,
    local: Iterable[LayerConfiguration],
    brought: Iterable[LayerConfiguration],
    kept: frozenset[Layer] = frozenset(),
) -> ConfigurationDifference:
    """Compare the values of a cluster's layers with those that a selection brings.

    Of layers that are `kept` the cluster's own values are sent along, so nothing of them differs
    where they are known.
    """
    here, there = _by_layer(local), _by_layer(brought)
    changes: list[ConfigurationChange] = []
    notes: list[str] = []
    for layer in sorted(set(layers)):
        for mine, theirs in _pairs(here.get(layer, []), there.get(layer, [])):
            if layer in kept and mine.is_given:
                continue
            found = tuple(_compared(layer, mine, theirs))
            changes += found
            notes += _notes(layer, mine, theirs) if found else ()
    return ConfigurationDifference(tuple(changes), tuple(dict.fromkeys(notes)))


def canonical(tree: Tree | None) -> object:
    """Return plain lists and texts that are equal where the values are."""
    match tree:
        case None:
            return None
        case Leaf(kind, text):
            return [kind, text]
        case Items(items):
            return ["list", [canonical(item) for item in items]]
        case Lines(lines):
            return ["lines", list(lines)]
        case Fields(entries):
            return ["fields", [[canonical(key), canonical(value)] for key, value in entries]]


def _by_layer(found: Iterable[LayerConfiguration]) -> Mapping[Layer, list[LayerConfiguration]]:
    grouped: defaultdict[Layer, list[LayerConfiguration]] = defaultdict(list)
    for one in found:
        grouped[one.layer].append(one)
    return grouped


def _pairs(
    ours: list[LayerConfiguration], theirs: list[LayerConfiguration]
) -> Iterator[tuple[Configuration, Configuration]]:
    """Pair the values of one layer: where it is there several times, with its own counterpart.

    Those of one type belong together. Of the rest, one that says its type is held against one that
    does not, so that a chart is never compared with a manifest.
    """
    if len(ours) > 1 or len(theirs) > 1:
        ours, theirs = sorted(ours, key=_by_type), sorted(theirs, key=_by_type)
        for one in [one for one in ours if one.layer.type]:
            same = next((it for it in theirs if it.layer.type == one.layer.type), None)
            if same:
                ours, theirs = _without(ours, one), _without(theirs, same)
                yield one.configuration, same.configuration
        theirs = sorted(theirs, key=lambda it: bool(it.layer.type))
    mine = [one.configuration for one in ours]
    yield from zip_longest(mine, [one.configuration for one in theirs], fillvalue=NOTHING)


def _without(
    found: list[LayerConfiguration], left_out: LayerConfiguration
) -> list[LayerConfiguration]:
    return [one for one in found if one is not left_out]


def _by_type(one: LayerConfiguration) -> tuple[bool, str, tuple[str, tuple[str, ...], str]]:
    values = one.configuration
    return not one.layer.type, one.layer.type, (values.form, values.lines.lines, values.why)


def _notes(layer: Layer, mine: Configuration, theirs: Configuration) -> Iterator[str]:
    for side, one in (("of the cluster", mine), ("of the profile", theirs)):
        if one.form is Form.UNREADABLE:
            yield f"{layer}: the values {side} could not be read: {one.why}"
        elif one.form is Form.TEXT:
            yield f"{layer}: the values {side} were compared as text: {one.why}"


def _compared(
    layer: Layer, mine: Configuration, theirs: Configuration
) -> Iterator[ConfigurationChange]:
    forms = {mine.form, theirs.form}
    if Form.UNREADABLE in forms or Form.NOTHING in forms:
        if forms != {Form.NOTHING}:
            yield ConfigurationChange(layer, (), _whole(mine), _whole(theirs))
    elif forms == {Form.VALUES}:
        yield from _differing(layer, (), mine.tree, theirs.tree, ())
    else:
        yield from _differing_lines(layer, mine.lines.lines, theirs.lines.lines)


def _whole(one: Configuration) -> Tree | None:
    match one.form:
        case Form.UNREADABLE:
            return Leaf("unreadable", "")
        case Form.NOTHING:
            return None
        case Form.VALUES:
            return one.tree
        case Form.TEXT:
            return one.lines


def _differing(
    layer: Layer, path: Path, mine: Tree | None, theirs: Tree | None, near: tuple[str, ...]
) -> Iterator[ConfigurationChange]:
    if mine == theirs:
        return
    match mine, theirs:
        case Fields(left), Fields(right):
            here, there = dict(left), dict(right)
            near = (*near, *_siblings(here), *_siblings(there))
            for key in sorted(here.keys() | there.keys()):
                below = (*near, key.text)
                step = (*path, key)
                yield from _differing(layer, step, here.get(key), there.get(key), below)
        case Items(left), Items(right):
            for index, (one, other) in enumerate(zip_longest(left, right)):
                yield from _differing(layer, (*path, index), one, other, near)
        case _:
            yield ConfigurationChange(layer, path, mine, theirs, near)


def _siblings(entries: Mapping[Leaf, Tree]) -> Iterator[str]:
    """Yield what names the value beside it, as `name: PASSWORD` does in a list of variables."""
    for name in ("name", "key", "id"):
        found = entries.get(Leaf("text", name))
        if isinstance(found, Leaf):
            yield found.text


def _differing_lines(
    layer: Layer, mine: tuple[str, ...], theirs: tuple[str, ...]
) -> Iterator[ConfigurationChange]:
    """Yield lines that differ, by their number; what is equal at both ends is left out first.

    The lines between are held against each other one by one: linear, whatever the texts are.
    """
    start, most = 0, min(len(mine), len(theirs))
    while start < most and mine[start] == theirs[start]:
        start += 1
    end = 0
    while end < most - start and mine[-1 - end] == theirs[-1 - end]:
        end += 1
    left, right = mine[start : len(mine) - end], theirs[start : len(theirs) - end]
    for offset, (one, other) in enumerate(zip_longest(left, right)):
        if one != other:
            at = start + offset
            near = (*_around(mine, at), *_around(theirs, at))
            path = (at + 1,)
            yield ConfigurationChange(layer, path, _line(one), _line(other), near)


def _line(text: str | None) -> Leaf | None:
    return None if text is None else Leaf("line", text)


def _around(lines: tuple[str, ...], at: int) -> Iterator[str]:
    """Yield a line, its neighbours, and the lines above it that it is indented below."""
    yield from lines[max(0, at - 1) : at + 2]
    depth = _indent(lines[at]) if at < len(lines) else 0
    for line in reversed(lines[max(0, at - 200) : at]):
        if line and _indent(line) < depth:
            depth = _indent(line)
            yield line
        if not depth:
            return


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
