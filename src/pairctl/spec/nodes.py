"""A YAML document as a tree that knows where everything stands.

Named tuples rather than dataclasses: a fleet's documents are some 700,000 nodes.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from pairctl.spec.findings import Span


class Scalar(NamedTuple):
    """One value or key: the text as written; `is_plain` where it stands without quotes."""

    text: str
    is_plain: bool
    span: Span


class ListNode(NamedTuple):
    """A sequence."""

    items: tuple["Node", ...]
    span: Span


class Entry(NamedTuple):
    """A key and its value."""

    key: Scalar
    value: "Node"


class MapNode(NamedTuple):
    """A mapping; keys are in the order of the file, none twice in a document without findings."""

    entries: tuple[Entry, ...]
    span: Span

    def entry(self, key: str) -> Entry | None:
        """Return the entry of this key, if there is one."""
        return next((entry for entry in self.entries if entry.key.text == key), None)


Node: TypeAlias = Scalar | ListNode | MapNode
Path: TypeAlias = Sequence[str | int]


class Place(NamedTuple):
    """A value, and its key where it is a mapping's."""

    key: Scalar | None
    value: Node

    @property
    def key_span(self) -> Span:
        """Where the key stands; for a document or an item of a list, where it begins."""
        if self.key is not None:
            return self.key.span
        if isinstance(self.value, MapNode) and self.value.entries:
            return self.value.entries[0].key.span
        return self.value.span

    @property
    def value_span(self) -> Span:
        """Where the value stands; for one that is empty, where its key does."""
        is_empty = isinstance(self.value, Scalar) and self.value.is_plain and not self.value.text
        return self.key_span if is_empty else self.value.span


def locate(root: Node, path: Path) -> Place:
    """Return the place that `path` leads to, or the nearest one on the way to it."""
    place = Place(None, root)
    for step in path:
        onward = _step(place.value, step)
        if onward is None:
            break
        place = onward
    return place


def _step(node: Node, step: str | int) -> Place | None:
    match node, step:
        case MapNode(), str():
            entry = node.entry(step)
            return entry and Place(entry.key, entry.value)
        case ListNode(items), int() if step < len(items):
            return Place(None, items[step])
        case _:
            return None


def places(
    node: Node, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Place]]:
    """Yield each value below `node` with its path, in the order of the file."""
    match node:
        case MapNode(entries):
            for key, value in entries:
                yield (*path, key.text), Place(key, value)
                yield from places(value, (*path, key.text))
        case ListNode(items):
            for index, item in enumerate(items):
                yield (*path, index), Place(None, item)
                yield from places(item, (*path, index))
        case Scalar():
            return


def text_at(root: Node, *path: str) -> str | None:
    """Return the text that stands exactly at `path`, if a single value stands there."""
    node: Node = root
    for step in path:
        onward = _step(node, step)
        if onward is None:
            return None
        node = onward.value
    return node.text if isinstance(node, Scalar) else None
