"""The closed set of things that pairctl may do to the world. `plan` prints the very same ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pairctl.layers import Profile
from pairctl.pairing.case import Case
from pairctl.pairing.facts.observation import RequestSnapshot
from pairctl.pairing.proof.kept import KeptValues, kept_values


@dataclass(frozen=True, slots=True)
class SendRequest:
    """Send a pairing request through Local UI (seed, "Send Pairing Request from Local Cluster").

    `replaced_uid` is the refused request that the host still shows: only another one is ours.
    """

    local_uid: str
    palette_endpoint: str
    replaced_uid: str = ""
    verb: ClassVar[Literal["request"]] = "request"
    is_one_way = False

    @property
    def pairing_uid(self) -> str:
        """The pairing id that the host shows before the request is sent; empty where none."""
        return self.replaced_uid

    def __str__(self) -> str:
        return f"send a pairing request to {self.palette_endpoint}"


@dataclass(frozen=True, slots=True)
class Accept:
    """Accept the pairing request in Palette with an exact selection. There is no way back.

    `kept` are the cluster's own values that are sent along (`valuesFrom: Local`).
    """

    local_uid: str
    pairing_uid: str
    profiles: tuple[Profile, ...]
    name: str
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    kept: KeptValues = field(default_factory=dict, repr=False)
    verb: ClassVar[Literal["accept"]] = "accept"
    is_one_way = True

    def __str__(self) -> str:
        chosen = " + ".join(map(str, self.profiles))
        return f"accept pairing request {self.pairing_uid} with {chosen}"


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the pending request back through Local UI (seed, "Withdraw Pairing Request")."""

    local_uid: str
    pairing_uid: str
    verb: ClassVar[Literal["withdraw"]] = "withdraw"
    is_one_way = False

    def __str__(self) -> str:
        return f"withdraw pairing request {self.pairing_uid} at the host"


@dataclass(frozen=True, slots=True)
class Reject:
    """Reject a pending request in Palette (seed, "Reject Pairing Request in Palette")."""

    local_uid: str
    pairing_uid: str
    verb: ClassVar[Literal["reject"]] = "reject"
    is_one_way = False

    def __str__(self) -> str:
        return f"reject pairing request {self.pairing_uid} in Palette"


Action = SendRequest | Accept | Withdraw | Reject


def acceptance_of(case: Case) -> Accept:
    """Return the acceptance that the case calls for, if it is proven."""
    wanted, cluster, sent = case.intent.spec.cluster, case.cluster, case.observed.snapshot
    description = sent.description if isinstance(sent, RequestSnapshot) else ""
    tags = cluster.tags if cluster else {}
    return Accept(
        local_uid=case.subject,
        pairing_uid=case.request_uid,
        profiles=case.selection,
        name=case.palette_name,
        description=description if wanted.description is None else wanted.description,
        tags=dict(tags if wanted.tags is None else wanted.tags),
        kept=kept_values(cluster, case.selection, case.intent),
    )
