"""Pairing requests that no intent names: found, and rejected where a Palette's document says so."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from pairctl.engine.decide.first_reads import Memory
from pairctl.engine.desired.source import Source
from pairctl.pairing import (
    Case,
    Decision,
    Intent,
    Observed,
    PaletteRequest,
    PaletteView,
    Recorded,
    RequestState,
    Status,
    Unrecognized,
    decide,
    name_of,
    rejecting,
    unrecognized,
)
from pairctl.spec import UnrecognizedRequests

NO_TIME = datetime.fromtimestamp(0, UTC)
"""For cases that nothing is decided on."""


def find_unrecognized(
    source: Source,
    decisions: Mapping[str, Decision],
    kept: Mapping[str, Status],
    views: Mapping[str, PaletteView],
) -> dict[str, Unrecognized]:
    """Find the requests that no intent names, in each Palette of the commit.

    Whichever Palette an intent names: two documents may be about one Palette, by two addresses or
    scopes of it, and a host may have sent its request to another than it is meant to.
    """
    cases = [
        decisions[name].case
        if name in decisions
        else _other_case(intent, views[intent.palette_name], kept.get(name))
        for name, intent in source.intents.items()
    ]
    unread = source.unread
    return {name: unrecognized(view, cases, unread) for name, view in views.items()}


def _other_case(intent: Intent, view: PaletteView, status: Status | None) -> Case:
    """Return the case of an intent that is settled, or that nothing was seen of yet."""
    recorded = status.recorded if status else Recorded()
    return Case(intent, Observed(view), recorded, now=NO_TIME)


def reject_unrecognized(
    source: Source,
    unnamed: Mapping[str, Unrecognized],
    views: Mapping[str, PaletteView],
    memory: Memory,
    *,
    now: datetime,
) -> dict[str, Decision]:
    """Decide to reject what nobody recognizes, where the Palette says so and all is certain.

    What was rejected stays on record for as long as Palette lists it.
    """
    decisions = {}
    for name, palette in source.palettes.items():
        if palette.unrecognized_requests is not UnrecognizedRequests.REJECT:
            continue
        found, view = unnamed[name], views[name]
        pending = found.requests if found.is_certain else ()
        for request in (*pending, *_rejected_before(view, memory)):
            intent = rejecting(request, name, palette)
            record = memory.record_of(intent, view)
            decisions[intent.name] = decide(intent, Observed(view), record, now=now)
    return decisions


def _rejected_before(view: PaletteView, memory: Memory) -> Iterator[PaletteRequest]:
    for request in () if view.problem else view.requests or ():
        is_recorded = name_of(request) in memory.ledger.statuses
        if request.state is RequestState.REJECTED and is_recorded:
            yield request
