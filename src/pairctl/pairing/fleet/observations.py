"""What a fleet is decided on beside its records: the documents of a commit, and what was seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf

from pairctl.pairing.case import canonical_endpoint
from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.facts.observation import Observed, PaletteView
from pairctl.pairing.fleet.rollout_documents import RolloutDocuments
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.outcome.status import Status
from pairctl.spec import PaletteSpec


@dataclass(frozen=True, slots=True)
class FleetDocuments:
    """What a commit declares. `intents` can be used; `names` are all of its intents.

    `unread` are broken intents by name and files by path: what they are about is not known. Where
    the commit `is_partial`, intents may be in what could not be read. `rollouts` is all that it
    says of rollouts, `unread_palettes` are files that may hold a Palette that is not known.
    """

    intents: Mapping[str, Intent]
    palettes: Mapping[str, PaletteSpec] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    is_partial: bool = False
    rollouts: RolloutDocuments = field(default_factory=RolloutDocuments)
    unread_palettes: tuple[str, ...] = ()

    @property
    def endpoints(self) -> frozenset[str]:
        """The Palettes that the commit names, by their canonical endpoints."""
        return frozenset(canonical_endpoint(one.endpoint) for one in self.palettes.values())

    def by_endpoint(self, views: Mapping[str, PaletteView]) -> dict[str, PaletteView]:
        """Return what was seen of each Palette, by its canonical endpoint in place of its name."""
        return {
            canonical_endpoint(self.palettes[name].endpoint): view for name, view in views.items()
        }


@dataclass(frozen=True, slots=True)
class Subject:
    """What one intent is about: uids of clusters and requests, and the cluster that it names."""

    name: str
    uids: frozenset[str]
    named: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """One look at an intent, which began at `at`, when the `claims` of these ids were on record.

    It says nothing of claims that were made later. `began_s` is the same moment by the clock that
    never jumps: a look that took long may have begun before a claim was over. `decision` is what
    was decided when it came in: it is taken again while the same is on record.
    """

    observed: Observed
    at: datetime
    claims: frozenset[str] = frozenset()
    began_s: float = inf
    decision: Decision | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class FleetObservations:
    """What was seen of a fleet: looks of now, and what stands from earlier ones, by intent.

    `kept` are settled intents that Palette's list agrees with, `views` what was seen of each
    Palette, by its name in the commit. Intents in none of these are not decided on. Only where
    `all_looked_for`, requests that no intent names can be known as such. `subjects` are what more
    is known of what intents are about. `under_way` are the decisions that are being carried out:
    their actions keep their places, and nothing else is done for their intents.
    """

    looks: Mapping[str, Looked] = field(default_factory=dict)
    standing: Mapping[str, Decision] = field(default_factory=dict)
    kept: Mapping[str, Status] = field(default_factory=dict)
    views: Mapping[str, PaletteView] = field(default_factory=dict)
    all_looked_for: bool = True
    subjects: tuple[Subject, ...] = ()
    under_way: Mapping[str, Decision] = field(default_factory=dict)

    def looked_at_since(self, since_s: float) -> frozenset[str]:
        """Return the intents whose look began at a moment or later, by the look's clock."""
        return frozenset(name for name, one in self.looks.items() if one.began_s >= since_s)

    def while_acting(self, under_way: Mapping[str, Decision]) -> "FleetObservations":
        """Return the same, while these decisions are being carried out."""
        return replace(self, under_way=under_way)
