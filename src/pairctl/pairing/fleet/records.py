"""What is on record of a fleet at one tip of the status branch, and how old it is to this process.

A claim's end, and the hour of the cap, are never judged by comparing two machines' wall clocks.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from pairctl.pairing.case import Recorded, canonical_endpoint
from pairctl.pairing.facts.claim import (
    Claim,
    DatedLook,
    Patience,
    UnreadableClaim,
    UnreadableFiles,
    is_over,
    is_past,
)
from pairctl.pairing.facts.evidence import Evidence
from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.facts.lost_places import LostPlaces, lost_places
from pairctl.pairing.facts.observation import PaletteView
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.outcome.status import Status

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class FleetRecords:
    """Statuses by intent, claims and evidence; `unreadable` ones are files that bind as they are.

    `read_s` is when they were read, by a clock that never jumps: the looks of the pass began
    later, and one that took long counts as of when it began (`as_of`). `first_s` is when this
    process first read each id; `patience` how long it waits.
    """

    statuses: Mapping[str, Status] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    unreadable: tuple[UnreadableClaim, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unreadable_evidence: tuple[str, ...] = ()
    read_s: float = 0.0
    first_s: Mapping[str, float] = field(default_factory=dict)
    patience: Patience = field(default_factory=lambda: Patience(0.0, 0.0, stays=True))

    @property
    def unreadable_claims(self) -> UnreadableFiles:
        """The files among the claims that cannot be read, as they take places."""
        return UnreadableFiles(frozenset(one.path for one in self.unreadable))

    @property
    def unreadable_files(self) -> UnreadableFiles:
        """The files among claims and evidence that cannot be read, as they take places."""
        return UnreadableFiles(self.unreadable_claims.paths.union(self.unreadable_evidence))

    @property
    def claim_ids(self) -> frozenset[str]:
        """The ids of the claims that can be read."""
        return frozenset(claim.id for claim in self.claims)

    def as_of(self, looked_s: float) -> "FleetRecords":
        """Return the same, with claims over only where they were by then, if that was before."""
        return self if looked_s >= self.read_s else replace(self, read_s=looked_s)

    def of_intent(self, name: str) -> Recorded:
        """Return what is on record of one intent alone: nothing of claims."""
        status = self.statuses.get(name)
        return status.recorded if status else Recorded()

    def record_of(self, intent: Intent, view: PaletteView) -> Recorded:
        """Return what is on record for an intent, with the claims that were over when looking."""
        return replace(
            self.of_intent(intent.name),
            claims=self.claims,
            over=self.over({canonical_endpoint(intent.palette.endpoint): view}),
            unreadable=self.unreadable,
        )

    def requested(self, unseen: Collection[str]) -> dict[str, str]:
        """Return the clusters of these intents whose request is on its way by their status.

        One that waits for a person takes no place.
        """
        statuses = {name: self.statuses[name] for name in unseen if name in self.statuses}
        return {
            name: canonical_uid(status.local_uid) or f"intent {name}"
            for name, status in statuses.items()
            if status.phase is Phase.REQUESTED and not status.is_blocked
        }

    def over(self, views: Mapping[str, PaletteView]) -> frozenset[str]:
        """Return the ids of the claims whose time is over; views by their Palette's endpoint."""
        return frozenset(
            claim.id
            for claim in self.claims
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

    def lost_places(
        self,
        palettes: Collection[str],
        views: Mapping[str, PaletteView],
        unread: tuple[str, ...] = (),
    ) -> LostPlaces:
        """Return what takes places at Palettes that are none of these, named by their endpoints.

        In files that are `unread` may be documents that name others.
        """
        recent = (one for one in self.evidence if self.is_recent(one, views))
        found = lost_places(self.claims, recent, palettes)
        return replace(found, unread=unread)

    def _dated(self, view: PaletteView | None) -> DatedLook | None:
        return DatedLook(self.read_s, view.dated_at) if view else None
