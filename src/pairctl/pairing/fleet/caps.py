"""The operator's caps on acceptances: what counts under them, and what is held back by them. Pure.

Clusters count, by evidence and by claims, and not intents: re-pointing, renaming, deleting,
breaking or suspending an intent frees no place.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pairctl.pairing.action import Accept
from pairctl.pairing.facts.claim import NONE_UNREADABLE, UnreadableFiles
from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.observation import PaletteView
from pairctl.pairing.fleet.records import FleetRecords
from pairctl.pairing.outcome.decision import Decision, held_by_cap
from pairctl.spec import Limits


@dataclass(frozen=True, slots=True)
class Taken:
    """The clusters that take a place: accepted within the hour, or accepted and not yet paired.

    So do files that cannot be read, and they are `unreadable` of each. `stays` says which places do
    not get free by themselves, if any.
    """

    within_hour: frozenset[str]
    at_once: frozenset[str]
    unreadable_within_hour: UnreadableFiles
    unreadable_at_once: UnreadableFiles
    stays: str = ""


def taken_places(
    records: FleetRecords, views: Mapping[str, PaletteView], palettes: Collection[str]
) -> Taken:
    """Return the places taken by what is on the status branch; views by Palettes' endpoints.

    `palettes` are the endpoints that documents name.

    Every claim to accept counts until it is closed, and so does a file that cannot be read.
    """
    claimed = {canonical_uid(c.cluster) for c in records.claims if c.action == Accept.verb}
    claimed |= records.unreadable_claims.paths
    recent = [one for one in records.evidence if records.is_recent(one, views)]
    return Taken(
        within_hour=frozenset(
            {*claimed, *(one.cluster for one in recent), *records.unreadable_evidence}
        ),
        at_once=frozenset({*claimed, *(one.cluster for one in recent if not one.is_complete)}),
        unreadable_within_hour=records.unreadable_files,
        unreadable_at_once=records.unreadable_claims,
        stays=records.stays_of(palettes, views),
    )


def capped(
    decisions: Mapping[str, Decision], limits: Limits, taken: Taken, *, this_run: int = 0
) -> dict[str, Decision]:
    """Hold back one-way actions beyond the caps of the operator's file, in the order of names."""
    in_hour, at_once = taken.within_hour, taken.at_once
    caps = [
        (cap, used, per, unreadable)
        for cap, used, per, unreadable in (
            (limits.acceptances_per_run, this_run, "a run", NONE_UNREADABLE),
            (limits.acceptances_per_hour, len(in_hour), "an hour", taken.unreadable_within_hour),
            (limits.acceptances_at_once, len(at_once), "at once", taken.unreadable_at_once),
        )
        if cap is not None
    ]
    held = {}
    more = 0
    for name, decision in decisions.items():
        if decision.action is None or not decision.action.is_one_way:
            held[name] = decision
            continue
        full = next(((cap, per, of) for cap, used, per, of in caps if used + more >= cap), None)
        held[name] = held_by_cap(decision, *full, stays=taken.stays) if full else decision
        more += full is None
    return held
