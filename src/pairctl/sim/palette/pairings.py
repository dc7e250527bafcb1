"""Pairing requests and the clusters that come of them, as the simulated Palette keeps them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pairctl.sim.stack import LocalProfile, Pack

PENDING = "Pending"
ACCEPTED = "Accepted"
PAIRED = "Paired"
REJECTED = "Rejected"


@dataclass(frozen=True, slots=True)
class EdgeHostRef:
    """A host of the cluster that asks to be paired."""

    uid: str
    name: str


@dataclass(frozen=True, slots=True)
class Application:
    """What a host sends to ask for a pairing: a snapshot of its cluster."""

    name: str
    cluster_name: str
    local_cluster_uid: str
    local_cluster_token: str = field(repr=False)
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    registration_token: str = field(repr=False)
    profiles: tuple[LocalProfile, ...]
    hosts: tuple[EdgeHostRef, ...]
    agent_version: str

    @property
    def packs(self) -> tuple[Pack, ...]:
        """All packs of the cluster, whichever profile they stand in."""
        return tuple(pack for profile in self.profiles for pack in profile.packs)


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """A request as Palette sees it; Palette shows it from `visible_at` on.

    `project_uid` None means that its registration token has no default project: every scope
    shows it.
    """

    uid: str
    application: Application
    project_uid: str | None
    created_at: datetime
    visible_at: datetime
    is_rejected: bool = False
    accepted_at: datetime | None = None
    cluster_uid: str = ""

    def state_at(self, now: datetime, accept_s: float) -> str:
        """Tell the state's word, where a pairing takes `accept_s` after its acceptance."""
        if self.is_rejected:
            return REJECTED
        if self.accepted_at is None:
            return PENDING
        return PAIRED if now >= self.accepted_at + timedelta(seconds=accept_s) else ACCEPTED


@dataclass(frozen=True, slots=True)
class Choice:
    """A profile chosen while accepting, with the values that were given for variables and packs."""

    uid: str
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    pack_values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def pack_names(self) -> tuple[str, ...]:
        """The packs that values were given for."""
        return tuple(self.pack_values)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that was paired; Palette shows it from `registered_at` on."""

    uid: str
    name: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    project_uid: str | None
    choices: tuple[Choice, ...]
    pairing_uid: str
    local_cluster_uid: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What is sent to accept a request. A name, labels or annotations of None stay as they are."""

    pairing_uid: str
    choices: tuple[Choice, ...]
    name: str | None = None
    labels: Mapping[str, str] | None = None
    annotations: Mapping[str, str] | None = None
