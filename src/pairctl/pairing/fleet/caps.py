"""The operator's caps on acceptances: what counts under them, and what is held back by them. Pure.

Clusters count, by evidence and by claims, and not intents: re-pointing, renaming, deleting,
breaking or suspending an intent frees no place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pairctl.pairing.action import Accept
from pairctl.pairing.facts.claim import NONE_UNREADABLE, UnreadableFiles
from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.lost_places import NONE_LOST, LostPlaces
from pairctl.pairing.facts.observation import PaletteView
from pairctl.pairing.fleet.records import FleetRecords
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.outcome.holds import held_by_cap
from pairctl.spec import Limits


@dataclass(frozen=True, slots=True)
class Taken:
    """The clusters that take a place: accepted within the hour, or accepted and not yet paired.

    So do files that cannot be read, and they are `unreadable` of each. `lost` are those at Palettes
    that no document names.
    """

    within_hour: frozenset[str]
    at_once: frozenset[str]
    unreadable_within_hour: UnreadableFiles
    unreadable_at_once: UnreadableFiles
    lost: LostPlaces = NONE_LOST


class _Cap(NamedTuple):
    """So many acceptances `per` what; None is no cap. `used` are the places that are taken."""

    most: int | None
    used: int
    per: str
    unreadable: UnreadableFiles = NONE_UNREADABLE
    lost: LostPlaces = NONE_LOST

    def is_full(self, more: int) -> bool:
        """Whether there is no place after so many more."""
        return self.most is not None and self.used + more >= self.most

    def hold(self, decision: Decision) -> Decision:
        """Hold back what is beyond it."""
        return held_by_cap(decision, self.most or 0, self.per, self.unreadable, self.lost)


def taken_places(
    records: FleetRecords, views: Mapping[str, PaletteView], lost: LostPlaces
) -> Taken:
    """Return the places taken by what is on the status branch; views by Palettes' endpoints.

    `lost` are those of them at Palettes that no document names.

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
        lost=lost,
    )


def capped(
    decisions: Mapping[str, Decision], limits: Limits, taken: Taken, *, this_run: int = 0
) -> dict[str, Decision]:
    """Hold back one-way actions beyond the caps of the operator's file, in the order of names."""
    in_hour, at_once = len(taken.within_hour), len(taken.at_once)
    unread, lost = taken.unreadable_within_hour, taken.lost
    possible = (
        _Cap(limits.acceptances_per_run, this_run, "a run"),
        _Cap(limits.acceptances_per_hour, in_hour, "an hour", unread, lost),
        _Cap(
            limits.acceptances_at_once, at_once, "at once", taken.unreadable_at_once, lost.at_once
        ),
    )
    held = {}
    more = 0
    for name, decision in sorted(decisions.items()):
        if decision.action is None or not decision.action.is_one_way:
            held[name] = decision
            continue
        full = next((one for one in possible if one.is_full(more)), None)
        held[name] = full.hold(decision) if full else decision
        more += full is None
    return held
