"""The parse events of a text, one by one: nothing is composed, and who reads them sets limits."""

from collections.abc import Callable, Iterator
from typing import Any

from ruamel.yaml import YAML

from pairctl.spec.findings import Span

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # it has no types
except ImportError:  # the parser written in C is not there on every platform
    CParser = None


_made = tuple.__new__


def events(text: str) -> Iterator[Any]:
    """Yield the parse events of `text` until its end, or until a YAMLError is raised."""
    if CParser is None:
        yield from YAML(typ="safe", pure=True).parse(text)
        return
    next_event = event_source(text)  # YAML.parse asks twice for each event
    while (event := next_event()) is not None:
        yield event


def event_source(text: str) -> Callable[[], Any]:
    """Return what gives the next parse event of `text`, or raises a YAMLError.

    It is not to be asked for more behind the end of the stream.
    """
    if CParser is None:
        return YAML(typ="safe", pure=True).parse(text).__next__  # type: ignore[no-any-return]
    return CParser(text).get_event  # type: ignore[no-any-return]


def span_of(event: Any) -> Span:
    """Return where the event's text stands."""
    start, end = event.start_mark, event.end_mark
    # as a tuple is made: half of what Span(...) takes, for each of a fleet's millions of events
    return _made(Span, (start.line + 1, start.column + 1, end.line + 1, end.column + 1))
