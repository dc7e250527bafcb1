"""Where in a file the values of secrets may stand, by the names of their keys."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from pairctl.spec.events import events, span_of
from pairctl.spec.findings import Span
from pairctl.spec.parsing import MAX_DEPTH, MAX_NODES
from pairctl.spec.secret_shapes import names_a_secret

_MOST_EVENTS = 3 * MAX_NODES


class SecretPlaces(NamedTuple):
    """Where each value stands whose key, or the key of what it is in, is named like a secret.

    After the first `known_lines` lines nothing is known: the text is no YAML from there on.
    """

    spans: tuple[Span, ...]
    known_lines: float


def secret_places(text: str, lines: int) -> SecretPlaces:
    """Return the places in the first `lines` lines. Duplicate and refused keys count as well."""
    walk = _Walk()
    spans: list[Span] = []
    reached = 0
    try:
        for count, event in enumerate(events(text)):
            span = span_of(event)
            if count > _MOST_EVENTS or len(walk.open) > MAX_DEPTH:
                return SecretPlaces(tuple(spans), reached - 1)
            reached = span.line
            spans.extend(walk.take(event, span))
            if span.line > lines:
                break
    except (YAMLError, ValueError, OverflowError):
        return SecretPlaces(tuple(spans), reached - 1)
    return SecretPlaces(tuple(spans), float("inf"))


@dataclass(slots=True)
class _Level:
    """A collection that is open; `is_secret` is inherited by all that is in it.

    `key` is where the key stands whose value comes next; `names_secret` says that it is one's name.
    """

    is_mapping: bool
    is_secret: bool
    key: Span | None = None
    names_secret: bool = False


@dataclass(slots=True)
class _Walk:
    """Follows the events of a file as far as keys are concerned."""

    open: list[_Level] = field(default_factory=list)

    def take(self, event: Any, span: Span) -> Iterator[Span]:
        """Yield the place of the event if it is a value that may be secret."""
        match event:
            case ScalarEvent():
                if self._is_secret():
                    yield span
                    # `password: {VALUE}` makes a key of a value: it is the key of one that is not
                    # there.
                    level = self.open[-1]
                    if level.is_secret and level.key and span[:2] == span[2:]:
                        yield level.key
                elif span.line < span.end_line and names_a_secret(event.value):
                    yield span  # of several lines, only one has the name on it
                self._pass(span, event.value)
            case MappingStartEvent() | SequenceStartEvent():
                is_mapping = isinstance(event, MappingStartEvent)
                is_within = bool(self.open) and self.open[-1].is_secret  # even as a key
                is_secret = is_within or self._is_secret()
                if is_secret and (event.anchor is not None or event.tag is not None):
                    yield span  # `password: &VALUE`, or with `!` for its first character
                self.open.append(_Level(is_mapping, is_secret))
            case MappingEndEvent() | SequenceEndEvent():
                self.open.pop()
                self._pass(span)
            case AliasEvent():
                if self._is_secret():
                    yield span
                self._pass(span)

    def _is_secret(self) -> bool:
        """Whether a value that comes now is secret; a key is not."""
        if not self.open:
            return False
        level = self.open[-1]
        if not level.is_mapping:
            return level.is_secret
        return level.key is not None and (level.is_secret or level.names_secret)

    def _pass(self, span: Span, text: str = "") -> None:
        """Go on behind a key, or a value."""
        if self.open and self.open[-1].is_mapping:
            level = self.open[-1]
            level.names_secret = level.key is None and names_a_secret(text)
            level.key = span if level.key is None else None
