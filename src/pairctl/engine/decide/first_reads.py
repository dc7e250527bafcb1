"""When this process first read each claim and each evidence: what its waiting is counted from.

A claim's end, and the hour of the cap, are never judged by comparing two machines' wall clocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.pairing import (
    DatedLook,
    Evidence,
    Intent,
    PaletteView,
    Patience,
    Recorded,
    canonical_endpoint,
    is_over,
    is_past,
)
from pairctl.records import Ledger
from pairctl.spec import PaletteSpec

HOUR_S = 3600.0


class FirstReads:
    """The memory of one process, by ids; what is gone from the status branch is forgotten."""

    def __init__(self) -> None:
        self._first: dict[str, float] = {}

    def note(self, ledger: Ledger, read_s: float) -> Mapping[str, float]:
        """Note when the branch was read, by the clock that never jumps; gives all first reads."""
        ids = {claim.id for claim in ledger.claims.values()}
        ids |= {evidence.id for evidence in ledger.evidence.values()}
        self._first = {one: self._first.get(one, read_s) for one in ids}
        return self._first


@dataclass(frozen=True, slots=True)
class Memory:
    """The status branch as a pass found it, and what this process knows of its age.

    `read_s` is when it was read: every look of the pass began later. `first_s` is when each id on
    it was first read.
    """

    ledger: Ledger
    read_s: float
    first_s: Mapping[str, float]
    patience: Patience

    def record_of(self, intent: Intent, view: PaletteView) -> Recorded:
        """Return what is on record of an intent, with the claims that were over when looking."""
        return self.ledger.record_of(
            intent, self.over({canonical_endpoint(intent.palette.endpoint): view})
        )

    def over(self, views: Mapping[str, PaletteView]) -> frozenset[str]:
        """Return the ids of the claims whose time is over; views by their Palette's endpoint."""
        return frozenset(
            claim.id
            for claim in self.ledger.claims.values()
            if is_over(
                claim,
                self.first_s.get(claim.id, self.read_s),
                self.read_s,
                self._dated(views.get(claim.palette)),
                self.patience,
            )
        )

    def is_recent(self, evidence: Evidence, views: Mapping[str, PaletteView]) -> bool:
        """Whether an acceptance may be of the last hour: what cannot be dated may be."""
        return not is_past(
            evidence.dated_at,
            HOUR_S,
            self.first_s.get(evidence.id, self.read_s),
            self.read_s,
            self._dated(views.get(evidence.palette)),
            self.patience.margin_s,
        )

    def _dated(self, view: PaletteView | None) -> DatedLook | None:
        return DatedLook(self.read_s, view.dated_at) if view else None


def by_endpoint(
    palettes: Mapping[str, PaletteSpec], views: Mapping[str, PaletteView]
) -> dict[str, PaletteView]:
    """Return what was seen of each Palette, by its canonical endpoint."""
    return {canonical_endpoint(palettes[name].endpoint): view for name, view in views.items()}
