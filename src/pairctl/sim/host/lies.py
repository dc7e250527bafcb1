"""What a host's Local UI says in place of the truth. Pure functions over a host's state."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from pairctl.sim.host.cluster import RunningCluster
from pairctl.sim.host.pairing import Pairing, PairingStatus, PairTarget
from pairctl.sim.host_spec import LieTopic
from pairctl.sim.stack import LocalProfile

NOWHERE = PairTarget("", "")


@dataclass(frozen=True, slots=True)
class Lie:
    """What Local UI answers; a field of None is the truth.

    It changes the answers about the pairing, the cluster, its applications and the host itself.
    What the host sends to Palette stays the truth, unless it `sends_lies`. A pairing id makes up
    a request where the host has none.
    """

    pairing_uid: str | None = None
    pairing_status: PairingStatus | None = None
    pairing_target: PairTarget | None = None
    cluster_uid: str | None = None
    cluster_name: str | None = None
    host_uid: str | None = None
    profiles: tuple[LocalProfile, ...] | None = None
    sends_lies: bool = False

    def about_host(self, uid: str) -> str:
        """Give the host's own uid as it is answered."""
        return uid if self.host_uid is None else self.host_uid

    def about_cluster(self, cluster: RunningCluster) -> RunningCluster:
        """Give a cluster as it is answered; its first node is the host itself."""
        nodes = cluster.nodes
        if self.host_uid is not None and nodes:
            nodes = (replace(nodes[0], uid=self.host_uid), *nodes[1:])
        return replace(
            cluster,
            uid=cluster.uid if self.cluster_uid is None else self.cluster_uid,
            name=cluster.name if self.cluster_name is None else self.cluster_name,
            profiles=cluster.profiles if self.profiles is None else self.profiles,
            nodes=nodes,
        )

    def about_pairing(self, pairing: Pairing | None) -> Pairing | None:
        """Give a pairing request as it is answered; None where there is none to speak of."""
        if pairing is None:
            if self.pairing_uid is None:
                return None
            pairing = Pairing(self.pairing_uid, NOWHERE)
        return replace(
            pairing,
            uid=pairing.uid if self.pairing_uid is None else self.pairing_uid,
            status=self.pairing_status or pairing.status,
            target=self.pairing_target or pairing.target,
        )


TRUTH = Lie()
LieSource = Lie | Callable[[], Lie]


class Victim(Protocol):
    """The host whose words a lie copies, as it really is."""

    @property
    def uid(self) -> str:
        """Its own uid."""

    @property
    def cluster(self) -> RunningCluster | None:
        """Its cluster."""

    @property
    def pairing(self) -> Pairing | None:
        """Its pairing request."""


def lie_about(victim: Victim, *what: LieTopic, sends_lies: bool = False) -> Lie:
    """Make the lie that copies what another host truly is at this moment.

    `request` is its pairing id with status and target, `uid` and `name` are its cluster's, `host`
    is its own uid, `layers` are its profiles. What the victim does not have stays the truth.
    """
    lie = Lie(sends_lies=sends_lies)
    if "host" in what:
        lie = replace(lie, host_uid=victim.uid)
    if "request" in what and (pairing := victim.pairing) is not None:
        lie = replace(
            lie,
            pairing_uid=pairing.uid,
            pairing_status=pairing.status,
            pairing_target=pairing.target,
        )
    if (cluster := victim.cluster) is not None:
        lie = replace(
            lie,
            cluster_uid=cluster.uid if "uid" in what else None,
            cluster_name=cluster.name if "name" in what else None,
            profiles=cluster.profiles if "layers" in what else None,
        )
    return lie
