"""Pairing requests that no intent names: found, and rejected where a Palette's document says so."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime

from pairctl.engine.ledger import Ledger
from pairctl.engine.source import Source
from pairctl.pairing import (
    Case,
    Decision,
    Intent,
    Observed,
    PaletteView,
    Status,
    Unrecognized,
    decide,
    rejecting,
    unrecognized,
)
from pairctl.spec import UnrecognizedRequests

NO_TIME = datetime.fromtimestamp(0, UTC)
"""For cases that nothing is decided on."""


def find_strangers(
    source: Source,
    decisions: Mapping[str, Decision],
    kept: Mapping[str, Status],
    views: Mapping[str, PaletteView],
) -> dict[str, Unrecognized]:
    """Find the requests that no intent names, in each Palette that was seen."""
    cases: dict[str, list[Case]] = defaultdict(list)
    for name, intent in source.intents.items():
        view = views[intent.palette_name]
        case = decisions[name].case if name in decisions else _kept_case(intent, view, kept[name])
        cases[intent.palette_name].append(case)
    return {name: unrecognized(view, cases[name]) for name, view in views.items()}


def _kept_case(intent: Intent, view: PaletteView, status: Status) -> Case:
    return Case(intent, Observed(view), status.recorded(None), now=NO_TIME)


def reject_strangers(
    source: Source,
    nobodys: Mapping[str, Unrecognized],
    views: Mapping[str, PaletteView],
    ledger: Ledger,
    *,
    now: datetime,
) -> dict[str, Decision]:
    """Decide to reject what nobody recognizes, where the Palette says so and all is certain."""
    palettes = {intent.palette_name: intent.palette for intent in source.intents.values()}
    decisions = {}
    for name, found in nobodys.items():
        wants_it = palettes[name].unrecognized_requests is UnrecognizedRequests.REJECT
        for request in found.requests if wants_it and found.is_certain else ():
            intent = rejecting(request, name, palettes[name])
            record = ledger.record_of(intent)
            decisions[intent.name] = decide(intent, Observed(views[name]), record, now=now)
    return decisions
