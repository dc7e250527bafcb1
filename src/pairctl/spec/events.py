"""The parse events of a text, one by one: nothing is composed, and who reads them sets limits."""

from collections.abc import Iterator
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
    parser = CParser(text)  # YAML.parse asks twice for each event
    while (event := parser.get_event()) is not None:
        yield event


def span_of(event: Any) -> Span:
    """Return where the event's text stands."""
    start, end = event.start_mark, event.end_mark
    # as a tuple is made: half of what Span(...) takes, for each of a fleet's millions of events
    return _made(Span, (start.line + 1, start.column + 1, end.line + 1, end.column + 1))
