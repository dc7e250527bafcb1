"""From text to plain data, of a file in which nothing is to be told from another place.

Nearly every file of a fleet is one of these. It is read without the tree that knows where
everything stands, which takes most of what reading costs; whatever is not as usual is left to
`parsing`, which has the words and the places for it. Both read the same: the tests hold them to it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from pairctl.spec.events import event_source
from pairctl.spec.findings import Span
from pairctl.spec.parsing import LONGEST_KEY, MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES, MAX_SCALAR_LENGTH
from pairctl.spec.scalars import Doubtful, Json, is_read_as_text, resolve


class PlainDocument(NamedTuple):
    """A document that is a mapping, as JSON has it, and where its tree would stand."""

    data: dict[str, Json]
    span: Span


def plain_documents(text: str) -> list[PlainDocument] | None:
    """Return the documents of `text`, which `decode` has found fit to be parsed.

    None where `parse` would have anything to say of the text, where a value is empty or doubtful,
    where a document is no mapping, and for a few texts that are merely rare.
    """
    if "\\" in text:  # an escape may stand for what no text may hold
        return None
    try:
        return _Composer(event_source(text), has_properties="&" in text or "!" in text).documents()
    except (_UnusualError, YAMLError, ValueError, OverflowError):
        return None


class _UnusualError(Exception):
    """The text is not one of those that are read here."""


class _Composer:
    """Composes the documents of one file, each event taken where it is expected."""

    def __init__(self, next_event: Callable[[], Any], *, has_properties: bool) -> None:
        self._next = next_event
        self._has_properties = has_properties
        self._nodes = 0
        self._last: Any = None
        """The event with which the latest value ended; a block's own end comes too late."""

    def documents(self) -> list[PlainDocument]:
        self._next()  # the stream's start
        found: list[PlainDocument] = []
        while type(event := self._next()) is not StreamEndEvent:
            _expect(event, DocumentStartEvent)
            event = self._next()
            _expect(event, MappingStartEvent)
            root, start = self._mapping(event, 1), event.start_mark
            self._nodes += 1
            end = self._last.end_mark
            span = Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
            found.append(PlainDocument(root, span))
            _expect(self._next(), DocumentEndEvent)
            if len(found) > MAX_DOCUMENTS or self._nodes > MAX_NODES:
                raise _UnusualError
        return found

    def _mapping(self, start: Any, depth: int) -> dict[str, Json]:
        self._check_start(start, depth)
        found: dict[str, Json] = {}
        while type(event := self._next()) is ScalarEvent:
            key = event.value
            if (
                key in found
                or (not event.style and (len(key) > LONGEST_KEY or not is_read_as_text(key)))
                or (self._has_properties and _has_properties(event))
            ):
                raise _UnusualError
            event = self._next()
            found[key] = (
                self._scalar(event)
                if type(event) is ScalarEvent
                else self._collection(event, depth)
            )
        _expect(event, MappingEndEvent)
        self._nodes += 2 * len(found)
        if start.flow_style:
            self._last = event
        return found

    def _sequence(self, start: Any, depth: int) -> list[Json]:
        self._check_start(start, depth)
        found: list[Json] = []
        while type(event := self._next()) is not SequenceEndEvent:
            found.append(
                self._scalar(event)
                if type(event) is ScalarEvent
                else self._collection(event, depth)
            )
        self._nodes += len(found)
        if start.flow_style:
            self._last = event
        return found

    def _collection(self, start: Any, depth: int) -> Json:
        if type(start) is MappingStartEvent:
            return self._mapping(start, depth + 1)
        _expect(start, SequenceStartEvent)
        return self._sequence(start, depth + 1)

    def _scalar(self, event: Any) -> Json:
        self._last = event
        text: str = event.value
        if len(text) > MAX_SCALAR_LENGTH or (self._has_properties and _has_properties(event)):
            raise _UnusualError
        if event.style:
            return text
        value = resolve(text)
        if value is None or type(value) is Doubtful:
            raise _UnusualError
        return value

    def _check_start(self, start: Any, depth: int) -> None:
        if depth > MAX_DEPTH or (self._has_properties and _has_properties(start)):
            raise _UnusualError


def _has_properties(event: Any) -> bool:
    return event.anchor is not None or event.tag is not None


def _expect(event: Any, kind: type) -> None:
    if type(event) is not kind:
        raise _UnusualError
