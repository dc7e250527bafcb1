"""A simulated edge host's state, and the only ways to change it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pairctl.sim.answers import RefusalError
from pairctl.sim.host import payloads
from pairctl.sim.host.cluster import Node, RunningCluster, State, cluster_from
from pairctl.sim.host.lies import TRUTH, Lie, LieSource
from pairctl.sim.host.logins import Logins, TokenPair
from pairctl.sim.host.pairing import Pairing, PairTarget
from pairctl.sim.host.uplink import Uplink, UplinkError
from pairctl.sim.host_spec import HostSpec
from pairctl.sim.identity import bearer_of, uid_of
from pairctl.sim.journal import EffectKind
from pairctl.sim.stack import LocalProfile
from pairctl.sim.world import World

CONFLICT = 409
NOT_FOUND = 404
ManagementMode = Literal["local", "central"]


@dataclass(slots=True)
class Shared:
    """What all hosts of one cluster answer alike, whichever is asked; `hosts` are they."""

    cluster: RunningCluster | None
    mode: ManagementMode
    pairing: Pairing | None = None
    sent_count: int = 0
    hosts: list["Host"] = field(default_factory=list)


class Host:
    """One edge host with its cluster, its logins and its pairing.

    A member of another host's cluster shares that one's: see `Shared`.

    `outcome` tells what Palette has made of a pairing request, or None while Palette is dark.
    Whoever moves the world may set `reaches_palette`, `cluster` and `pairing` at will, and install
    the host anew. With a `lie`, or a function that gives the lie of each moment, Local UI answers
    something else than what is so: `shown_uid`, `shown_cluster` and `shown_pairing`.
    """

    def __init__(
        self,
        spec: HostSpec,
        world: World,
        uplink: Uplink,
        outcome: Callable[[str], str | None],
        *,
        leader: "Host | None" = None,
    ) -> None:
        self.name = spec.name
        self.installation_mode = spec.installation_mode
        self.appliance_type = spec.appliance_type
        self.agent_version = spec.agent_version
        self.reaches_palette = spec.reaches_palette
        own = cluster_from(spec.cluster, spec.name) if spec.cluster else None
        self._shared: Shared = (
            leader._shared if leader else Shared(own, spec.management_mode)  # noqa: SLF001 - ours
        )
        self._shared.hosts.append(self)
        self._node = spec.member_of.node if spec.member_of else None
        self.lie: LieSource = TRUTH
        self.logins = Logins(spec.name, spec.token_lifetime_s, world.now)
        self._installed_count = 1
        self._passwords = {user.username: user.password for user in spec.users}
        self._world = world
        self._uplink = uplink
        self._outcome = outcome

    @property
    def uid(self) -> str:
        """The host's own uid: its node's in the cluster, else one made from its name."""
        node = self._own_node()
        return node.uid if node else uid_of("host", self.name)

    @property
    def cluster(self) -> RunningCluster | None:
        """The cluster that the host is a part of."""
        return self._shared.cluster

    @cluster.setter
    def cluster(self, cluster: RunningCluster | None) -> None:
        self._shared.cluster = cluster

    @property
    def pairing(self) -> Pairing | None:
        """The cluster's pairing."""
        return self._shared.pairing

    @pairing.setter
    def pairing(self, pairing: Pairing | None) -> None:
        self._shared.pairing = pairing

    @property
    def sent_count(self) -> int:
        """How many pairing requests the cluster has sent."""
        return self._shared.sent_count

    @property
    def is_heard(self) -> bool:
        """Whether the host itself reaches Palette."""
        node = self._own_node()
        return self.reaches_palette and (node is None or node.reaches_palette)

    @property
    def management_mode(self) -> ManagementMode:
        """`central` once a pairing has come through, as far as this host knows."""
        self.learn()
        return self._shared.mode

    def learn(self) -> None:
        """Hear from Palette what became of the request, where a host of the cluster reaches it."""
        pairing = self.pairing
        if (
            pairing is None
            or pairing.status != "Pairing"
            or not any(host.is_heard for host in self._shared.hosts)
        ):
            return
        outcome = self._outcome(pairing.uid)
        if outcome == "Paired":
            self._shared.mode = "central"
            self.pairing = replace(pairing, status="Paired")
        elif outcome == "Rejected":
            message = "the pairing request was rejected in Palette"
            self.pairing = replace(pairing, status="Rejected", message=message)

    def login(self, username: str, password: str, *, is_extended: bool = False) -> TokenPair:
        """Log a user in; refuse with 400."""
        if username not in self._passwords or self._passwords[username] != password:
            self._record("login-refused", {"username": username})
            raise RefusalError(400, "InvalidCredentials", "wrong user name or password")
        self._record("login", {"username": username})
        return self.logins.open(is_extended=is_extended)

    def running_cluster(self) -> RunningCluster:
        """Give the cluster; refuse with 404 where there is none."""
        if self.cluster is None:
            raise RefusalError(NOT_FOUND, "ClusterNotFound", "this host runs no cluster")
        return self.cluster

    def current_pairing(self) -> Pairing:
        """Give the pairing as of now; refuse with 404 where there is none."""
        self.learn()
        if self.pairing is None:
            raise no_pairing()
        return self.pairing

    def shown_uid(self) -> str:
        """Give the host's own uid as Local UI answers it."""
        return self._current_lie().about_host(self.uid)

    def shown_cluster(self) -> RunningCluster:
        """Give the cluster as Local UI answers it; refuse with 404 where there is none."""
        return self._current_lie().about_cluster(self.running_cluster())

    def shown_pairing(self) -> Pairing | None:
        """Give the pairing as Local UI answers it; None where it shows none."""
        self.learn()
        return self._current_lie().about_pairing(self.pairing)

    async def verify(self, target: PairTarget) -> str:
        """Try the way to Palette from all hosts; return what is wrong with it, or nothing."""
        if cut_off := self._cut_off(target):
            return cut_off
        try:
            await self._uplink.ping(target.endpoint, insecure=target.insecure)
        except UplinkError as error:
            return str(error)
        return ""

    async def pair(self, target: PairTarget) -> Pairing:
        """Send a pairing request to Palette; refuse with 500.

        A request that is pending already does not stop this one: Palette gets a second, and the
        host forgets the first. That is the worst case of what is not known.
        """
        payload = self.payload(target)
        try:
            uid = await self._uplink.apply(target.endpoint, payload, insecure=target.insecure)
        except UplinkError as error:
            raise RefusalError(500, "PairingFailed", str(error)) from error
        return self.hold(uid, target)

    def payload(self, target: PairTarget) -> Mapping[str, Any]:
        """Write a pairing request that is about to be sent, lies included; refuse with 500."""
        cluster, lie = self._pairable_cluster(target), self._current_lie()
        self._shared.sent_count += 1
        sent = lie.about_cluster(cluster) if lie.sends_lies else cluster
        return self._payload_of(sent, target.registration_token)

    def true_payload(self, registration_token: str) -> Mapping[str, Any]:
        """Write a pairing request of the cluster as it is, for others to send; refuse with 404."""
        return self._payload_of(self.running_cluster(), registration_token)

    def hold(self, pairing_uid: str, target: PairTarget) -> Pairing:
        """Remember the request that was sent, in place of any other."""
        self.pairing = Pairing(pairing_uid, target)
        return self.pairing

    async def withdraw(self) -> str:
        """Take the pending request back; return what to tell the user; refuse with 404 or 500.

        Where Palette cannot be reached, the request stays there.
        """
        pairing = self.pending_request()
        is_known = await self._tell_palette(pairing)
        self.forget(pairing, is_known=is_known)
        if is_known:
            return "the pairing request was withdrawn"
        return "the pairing request was withdrawn here; Palette could not be told"

    def pending_request(self) -> Pairing:
        """Give the request that can still be withdrawn; refuse with 404."""
        pairing = self.current_pairing()
        if pairing.status != "Pairing":
            message = f"there is no pending pairing request: it is {pairing.status}"
            raise RefusalError(NOT_FOUND, "PairingNotFound", message)
        return pairing

    def forget(self, pairing: Pairing, *, is_known: bool) -> None:
        """Drop a request that was withdrawn; `is_told` is whether Palette knows."""
        self.pairing = None
        self._record("withdraw", {"toldPalette": str(is_known).lower()}, pairing.uid)

    def believe_in_request_to(self, endpoint: str) -> None:
        """Hold a pending request to another Palette, which will never answer for it."""
        target = PairTarget(endpoint, bearer_of("token-of-another-palette", self.name))
        self.pairing = Pairing(uid_of("pairing-elsewhere", self.name), target)

    def reinstall(self) -> str:
        """Put a new cluster in the place of the old; return its uid; refuse with 404.

        It is managed locally and knows nothing of a pairing request that the old one has sent.
        """
        cluster = self.running_cluster()
        self._installed_count += 1
        uid = uid_of("local-cluster", self.name, cluster.name, self._installed_count)
        self.cluster = replace(cluster, uid=uid)
        self.pairing, self._shared.mode = None, "local"
        for host in self._shared.hosts:
            host.logins.expire()
        return uid

    def set_node(self, name: str, *, state: State = "Running", is_healthy: bool = True) -> None:
        """Change a node of the cluster; raises KeyError where there is none."""
        self.cluster = self.running_cluster().with_node(name, state=state, is_healthy=is_healthy)

    def set_reach(self, node: str, *, reaches_palette: bool) -> None:
        """Open or close a node's way to Palette; raises KeyError where there is none."""
        changed = self.running_cluster().with_node(node, reaches_palette=reaches_palette)
        self.cluster = changed

    def set_state(self, state: State) -> None:
        """Change the cluster's state."""
        self.cluster = replace(self.running_cluster(), state=state)

    def set_profiles(self, *profiles: LocalProfile) -> None:
        """Change what the cluster is made of."""
        self.cluster = replace(self.running_cluster(), profiles=profiles)

    def set_values(self, **values: Any) -> None:
        """Change the values of packs, by their names with `_` for `-`."""
        cluster = self.running_cluster()
        named = {name.replace("_", "-"): given for name, given in values.items()}
        self.cluster = replace(cluster, pack_values={**cluster.pack_values, **named})

    def _payload_of(self, cluster: RunningCluster, registration_token: str) -> Mapping[str, Any]:
        return payloads.application(
            cluster, registration_token=registration_token, agent_version=self.agent_version
        )

    def _own_node(self) -> Node | None:
        nodes = self.cluster.nodes if self.cluster else ()
        named = (node for node in nodes if self._node in (None, node.name))
        return next(named, None)

    def _cut_off(self, target: PairTarget) -> str:
        """Say which nodes and hosts of the cluster do not reach Palette; empty where all do."""
        nodes = self.cluster.nodes if self.cluster else ()
        silent = [node.name for node in nodes if not node.reaches_palette]
        silent += [host.name for host in self._shared.hosts if not host.reaches_palette]
        if not silent:
            return ""
        return f"not all hosts of the cluster can reach {target.endpoint}: {', '.join(silent)}"

    def _current_lie(self) -> Lie:
        return self.lie if isinstance(self.lie, Lie) else self.lie()

    async def _tell_palette(self, pairing: Pairing) -> bool:
        if not self.is_heard:
            return False
        target = pairing.target
        try:
            await self._uplink.withdraw(target.endpoint, pairing.uid, insecure=target.insecure)
        except UplinkError as error:
            if error.status == CONFLICT:
                raise RefusalError(500, "PairingFailed", str(error)) from error
            return error.status == NOT_FOUND
        return True

    def _pairable_cluster(self, target: PairTarget) -> RunningCluster:
        cluster = self.cluster
        if cluster is None:
            raise _unpairable("this host runs no cluster")
        if self.management_mode == "central":
            raise _unpairable(f"cluster {cluster.name} is managed centrally already")
        if cluster.state != "Running":
            raise _unpairable(f"cluster {cluster.name} is {cluster.state}, not Running")
        if not cluster.is_healthy:
            raise _unpairable(f"not all nodes of cluster {cluster.name} are healthy")
        if cut_off := self._cut_off(target):
            raise _unpairable(cut_off)
        return cluster

    def _record(self, kind: EffectKind, details: dict[str, str], pairing_uid: str = "") -> None:
        self._world.record(
            kind,
            self.name,
            cluster_uid=self.cluster.uid if self.cluster else "",
            pairing_uid=pairing_uid,
            details=details,
        )


def no_pairing() -> RefusalError:
    """Make the refusal where there is no pairing request to speak of."""
    return RefusalError(NOT_FOUND, "PairingNotFound", "there is no pairing request")


def _unpairable(message: str) -> RefusalError:
    return RefusalError(500, "PairingFailed", message)
