"""What a commit says of rollouts, and which of them selects an intent. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pairctl.pairing.facts.intent import Intent
from pairctl.spec import Desired, RolloutApprovalSpec, RolloutSpec, approval_digest


@dataclass(frozen=True, slots=True)
class RolloutDocuments:
    """What a commit says of rollouts.

    `intents` are the usable ones, `broken` those that have errors and want to be paired; `labels`
    are those of all, by name, None where they cannot be read. `unread` is what may hold intents
    that are not known, and `refused` what may be a rollout, and is not followed. `is_required` is
    the operator's word that all have to be in one.
    """

    rollouts: Mapping[str, RolloutSpec] = field(default_factory=dict)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)
    approvals: tuple[RolloutApprovalSpec, ...] = ()
    unread: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()
    is_required: bool = False

    def wants_pairing(self, name: str) -> bool:
        """Whether an intent is one that a rollout can hold: what is taken back never is."""
        intent = self.intents.get(name)
        return name in self.broken or (intent is not None and intent.spec.desired is Desired.PAIRED)

    def memberships(self, name: str) -> list["Membership"]:
        """Return the rollouts that select an intent, and its wave in each."""
        labels = self.labels.get(name)
        if labels is None or not self.wants_pairing(name):
            return []
        return [
            Membership(rollout, spec.wave_of(labels))
            for rollout, spec in self.rollouts.items()
            if spec.select.selects(labels)
        ]

    def covered(self, rollout: str, wave: str) -> frozenset[str]:
        """Return the intents that approvals of a wave cover, as these are now."""
        found: set[str] = set()
        for one in self.approvals:
            is_meant = (one.rollout, one.wave) == (rollout, wave)
            if is_meant and self.digest(rollout, wave, one.intents) == one.digest:
                found |= set(one.intents)
        return frozenset(found)

    def digest(self, rollout: str, wave: str, names: list[str] | tuple[str, ...]) -> str:
        """Return what an approval of these intents has as its digest; of one that is gone, none."""
        pairs = (
            (name, self.intents[name].generation if name in self.intents else "")
            for name in dict.fromkeys(names)
        )
        return approval_digest(rollout, wave, pairs)


class Membership(NamedTuple):
    """In which rollout and wave an intent is, the wave from 0; None where no wave selects it."""

    rollout: str
    wave: int | None
