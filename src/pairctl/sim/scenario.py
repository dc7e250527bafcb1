"""What a simulation file says: a pydantic model for each part. Nothing is read or started here."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from pairctl.sim.answers import ErrorShape
from pairctl.sim.faults import Fault
from pairctl.sim.limits import Rate
from pairctl.sim.stack import LocalProfile, Pack, ProfileType

NUMBER = re.compile(r"\{n(?::0(\d))?\}")
MAX_HOSTS = 5000
MAX_OFFSET_S = 10 * 365 * 24 * 3600


def _loopback(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    if parts.scheme != "https" or parts.hostname not in {"127.0.0.1", "localhost"}:
        raise ValueError("must be https://127.0.0.1:PORT: the simulator serves loopback only")
    if parts.port is None or parts.path not in {"", "/"} or parts.query or parts.username:
        raise ValueError("must be https://127.0.0.1:PORT, with a port and without a path")
    return endpoint.rstrip("/")


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


Endpoint = Annotated[str, AfterValidator(_loopback)]
Moment = Annotated[datetime, AfterValidator(_in_utc)]
Name = Annotated[str, Field(min_length=1, max_length=253)]


class Part(BaseModel):
    """A part of the file: camelCase, closed to unknown fields, never changed once read."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True
    )


CLUSTER_ADMIN = (
    "cluster.get",
    "cluster.list",
    "clusterPair.create",
    "clusterPair.delete",
    "clusterPair.get",
    "clusterPair.list",
    "clusterPair.update",
    "clusterProfile.get",
    "clusterProfile.list",
)
TENANT_VIEWER = ("edgeToken.get", "edgeToken.list")


class ApiKey(Part):
    """A key of Palette. Without `projects`, it reaches all; `tenant` adds the tenant's scope.

    `permissions` are what it may do in each project, `tenant_permissions` in the tenant; those of
    pairing requests and registration tokens are held. Without `tells_permissions` Palette does not
    serve the call that tells them; `me` is its answer in place of the truth.
    """

    key: str = Field(min_length=8, repr=False)
    projects: tuple[str, ...] | None = None
    tenant: bool = True
    permissions: tuple[str, ...] = CLUSTER_ADMIN
    tenant_permissions: tuple[str, ...] = TENANT_VIEWER
    tells_permissions: bool = True
    me: Any = None


class Project(Part):
    """A project of Palette; without a uid, one is made from the name."""

    name: Name
    uid: str | None = None


class RegistrationToken(Part):
    """A registration token; the requests it lets in land in `default_project`."""

    name: Name
    value: str = Field(min_length=8, repr=False)
    active: bool = True
    expires_at: Moment | None = None
    default_project: str | None = None


class PublishedVersion(Part):
    """One version of a profile; `variables` are names of profile variables.

    Without `shows_packs` Palette does not answer about its packs and their values.
    """

    version: Name
    draft: bool = False
    packs: tuple[Pack, ...]
    variables: tuple[str, ...] = ()
    shows_packs: bool = True


class PaletteProfile(Part):
    """A cluster profile; without a project it is the tenant's. The last published is the latest.

    `disabled_packs` is how many of its packs its registry has disabled; an empty `cloud_type` is
    left out. `says_published` is what its status says; null is the truth. `has_own_draft` shows a
    draft of the latest version beside it.
    """

    name: Name
    type: ProfileType
    project: str | None = None
    cloud_type: str = "edge-native"
    disabled_packs: int = 0
    says_published: bool | None = None
    has_own_draft: bool = False
    versions: tuple[PublishedVersion, ...] = Field(min_length=1)


class Answers(Part):
    """What Palette answers about pairing requests; by default all of it, and the truth.

    A request is named by its pairing id, or by its cluster's uid or name, and of several the newest
    is meant. `swap` shows the snapshot of another in place of a request's own. `lists_uid_of` and
    `lists_name_of` list it under another's cluster; `gives_pairing_uid_of` shows another's pairing
    id in both answers: a word that names no request stands for itself. `in_capitals` are those
    whose cluster's uid is shown in capitals. `lists_everybody` ignores projects and filters.
    """

    lists_clusters: bool = True
    lists_names: bool = True
    lists_everybody: bool = False
    shows_cluster_meta: bool = True
    shows_hosts: bool = True
    swap: dict[str, str] = Field(default_factory=dict)
    lists_uid_of: dict[str, str] = Field(default_factory=dict)
    lists_name_of: dict[str, str] = Field(default_factory=dict)
    gives_pairing_uid_of: dict[str, str] = Field(default_factory=dict)
    in_capitals: tuple[str, ...] = ()

    @property
    def subjects(self) -> frozenset[str]:
        """The words that must name a request for these answers to mean anything."""
        keys = (*self.lists_uid_of, *self.lists_name_of, *self.gives_pairing_uid_of)
        return frozenset((*keys, *self.swap, *self.swap.values(), *self.in_capitals))


class HealthStep(Part):
    """What Palette says of a paired cluster's health from some time after it is registered on.

    A `state` of null leaves the health out; anything but text is an odd answer.
    """

    state: Any = "Healthy"
    after_s: float = Field(default=0.0, ge=0, validation_alias="afterSeconds")


PairingCall = Literal["listRequests", "getRequest", "accept", "validate", "reject"]


class PairingRules(Answers):
    """How Palette pairs. Without `routes` it serves no pairing calls: only its console accepts.

    `objections` are rules of its own: its validation words each of them against any acceptance.
    `paths` are other paths than the simulator's own for some of the pairing calls. `health` is what
    the list of clusters says of those that are paired, in order of time; left out, `Healthy`.
    """

    routes: bool = True
    paths: dict[PairingCall, str] = Field(default_factory=dict)
    objections: tuple[str, ...] = ()
    accept_s: float = Field(default=1.0, ge=0, validation_alias="acceptSeconds")
    health: tuple[HealthStep, ...] = ()
    arrive_s: float = Field(default=0.0, ge=0, validation_alias="arriveSeconds")


class Limits(Part):
    """The rates that Palette allows; `fast` is for profiles, clusters and cloud configurations."""

    enabled: bool = True
    slow: Rate = Rate(10, 50)
    fast: Rate = Rate(50, 250)
    retry_after_s: int | None = Field(default=None, ge=0, validation_alias="retryAfterSeconds")


class ClockSpec(Part):
    """Palette's clock: how far off it is, and whether its answers tell the time at all."""

    offset_s: float = Field(
        default=0.0, ge=-MAX_OFFSET_S, le=MAX_OFFSET_S, validation_alias="offsetSeconds"
    )
    sends_date: bool = True


class TlsSpec(Part):
    """How a server speaks TLS: in which version, and whether it wants a client certificate.

    Where it does, nobody is let in: there is no certificate that it would take.
    """

    version: Literal["1.2", "1.3"] | None = None
    client_certificate: Literal["Required"] | None = None


class PaletteSpec(Part):
    """The simulated Palette; `errors` is the form that its refusals have."""

    endpoint: Endpoint
    api_keys: tuple[ApiKey, ...] = Field(min_length=1)
    projects: tuple[Project, ...] = ()
    registration_tokens: tuple[RegistrationToken, ...] = ()
    profiles: tuple[PaletteProfile, ...] = ()
    pairing: PairingRules = PairingRules()
    limits: Limits = Limits()
    clock: ClockSpec = ClockSpec()
    delay_s: float = Field(default=0.0, ge=0, validation_alias="delaySeconds")
    errors: ErrorShape = "whole"
    tls: TlsSpec = TlsSpec()

    @model_validator(mode="after")
    def _projects_are_known(self) -> Self:
        known = {project.name for project in self.projects}
        asked = {profile.project for profile in self.profiles}
        asked |= {token.default_project for token in self.registration_tokens}
        asked |= {name for key in self.api_keys for name in key.projects or ()}
        unknown = sorted(name for name in asked if name is not None and name not in known)
        if unknown:
            raise ValueError(f"unknown projects: {', '.join(unknown)}; list them under projects")
        return self


class User(Part):
    """A Local UI account."""

    username: Name
    password: str = Field(min_length=1, repr=False)


class NodeSpec(Part):
    """A node of a local cluster."""

    name: Name
    state: Literal["Provisioning", "Running", "Deleting", "Error"] = "Running"
    healthy: bool = True


class LocalCluster(Part):
    """The cluster that a host runs; without a uid, one is made from the host's name.

    Of its nodes Local UI shows those in `shows_nodes`; left out, all of them. Without
    `lists_hosts` it does not say which hosts the cluster is made of. `pack_status` and
    `pack_conditions` are what is said of a pack, by its name; left out, it is running.
    `pack_values` are the values of packs, by their names, in place of their own; null leaves them
    out, and anything but text is an odd answer.
    """

    name: Name
    uid: str | None = None
    state: Literal["Provisioning", "Running", "Deleting", "Error"] = "Running"
    description: str = ""
    tags: dict[str, str] = Field(default_factory=dict)
    nodes: tuple[NodeSpec, ...] = (NodeSpec(name="node-1"),)
    shows_nodes: tuple[str, ...] | None = None
    lists_hosts: bool = True
    pack_status: dict[str, str] = Field(default_factory=dict)
    pack_conditions: dict[str, tuple[dict[str, str], ...]] = Field(default_factory=dict)
    reboot_pending: bool = False
    pack_values: dict[str, Any] = Field(default_factory=dict, repr=False)
    profiles: tuple[LocalProfile, ...] = ()


LieTopic = Literal["request", "uid", "name", "host", "layers"]


class LiesSpec(Part):
    """The host that another host says it is, as that host is at each moment.

    `what` are the parts of it: its pairing request, its cluster's uid, its cluster's name, its own
    uid, its layers. Lies begin once `from` pairing requests were sent. With `sends_lies`, a pairing
    request carries them too, in place of Local UI's answers alone.
    """

    about: Name
    what: tuple[LieTopic, ...] = Field(min_length=1)
    after_requests: int = Field(default=0, ge=0, validation_alias="from")
    sends_lies: bool = False


class HostSpec(Part):
    """An edge host, or `count` of them: `{n}` or `{n:04}` in a name is the number of each.

    Numbers begin at `first`; ports count up from the endpoint's. With `sends_request_with`, the
    name of a registration token, it has sent a pairing request when the simulation begins; with
    `pending_at` it has sent one to another Palette there, which is gone: nobody answers for it.
    `errors` is the form that its refusals have. An `installation_mode` of null is left out, and so
    is an empty `appliance_type`. With `same_cluster_as`, the name of another host, it is the next
    node of that cluster's control plane, with logins of its own.
    """

    name: Name
    endpoint: Endpoint
    users: tuple[User, ...] = Field(min_length=1)
    count: int = Field(default=1, ge=1, le=MAX_HOSTS)
    first: int = Field(default=1, ge=0)
    installation_mode: Literal["airgap", "connected"] | None = "airgap"
    management_mode: Literal["local", "central"] = "local"
    appliance_type: str = ""
    agent_version: str = "v4.9.0"
    reaches_palette: bool = True
    sends_request_with: str | None = None
    pending_at: Name | None = None
    token_lifetime_s: float = Field(default=7200.0, gt=0, validation_alias="tokenLifetimeSeconds")
    delay_s: float = Field(default=0.0, ge=0, validation_alias="delaySeconds")
    errors: ErrorShape = "whole"
    tls: TlsSpec = TlsSpec()
    cluster: LocalCluster | None = None
    same_cluster_as: Name | None = None
    lies: LiesSpec | None = None

    @model_validator(mode="after")
    def _has_one_cluster(self) -> Self:
        if self.cluster is not None and self.same_cluster_as is not None:
            raise ValueError("a host has one cluster: `cluster` or `sameClusterAs`")
        return self

    @model_validator(mode="after")
    def _has_one_request(self) -> Self:
        if self.sends_request_with is not None and self.pending_at is not None:
            raise ValueError("a host has one request: `sendsRequestWith` or `pendingAt`")
        return self

    def each(self) -> tuple["HostSpec", ...]:
        """Spread this entry out: one entry for each host that it stands for."""
        return tuple(self._numbered(offset) for offset in range(self.count))

    def _numbered(self, offset: int) -> "HostSpec":
        number = self.first + offset
        port = (urlsplit(self.endpoint).port or 0) + offset
        changes: dict[str, object] = {
            "name": _with_number(self.name, number),
            "endpoint": f"https://{urlsplit(self.endpoint).hostname}:{port}",
            "count": 1,
        }
        if self.cluster is not None:
            name, uid = self.cluster.name, self.cluster.uid
            numbered = {
                "name": _with_number(name, number),
                "uid": None if uid is None else _with_number(uid, number),
            }
            changes["cluster"] = self.cluster.model_copy(update=numbered)
        if self.lies is not None:
            about = _with_number(self.lies.about, number)
            changes["lies"] = self.lies.model_copy(update={"about": about})
        return self.model_copy(update=changes)


class Metadata(Part):
    """The name of the simulation."""

    name: Name = "simulation"


class ScenarioSpec(Part):
    """A Palette, edge hosts, and faults to come."""

    palette: PaletteSpec
    hosts: tuple[HostSpec, ...] = ()
    faults: tuple[Fault, ...] = ()

    @model_validator(mode="after")
    def _hosts_differ(self) -> Self:
        hosts = [host for entry in self.hosts for host in entry.each()]
        repeated = _repeated([host.name for host in hosts])
        if repeated:
            raise ValueError(f"two hosts are called {repeated}; with count, put {{n}} in the name")
        repeated = _repeated([self.palette.endpoint, *(host.endpoint for host in hosts)])
        if repeated:
            raise ValueError(f"two servers have the endpoint {repeated}")
        return self

    @model_validator(mode="after")
    def _leaders_are_known(self) -> Self:
        hosts = {host.name: host for entry in self.hosts for host in entry.each()}
        for host in hosts.values():
            leader = hosts.get(host.same_cluster_as or host.name)
            if leader is None or (host.same_cluster_as and leader.same_cluster_as):
                message = "names no host of this file that has a cluster of its own"
                raise ValueError(f"{host.name}: `sameClusterAs: {host.same_cluster_as}` {message}")
        return self

    @model_validator(mode="after")
    def _victims_are_known(self) -> Self:
        hosts = {host.name: host.lies for entry in self.hosts for host in entry.each()}
        for name, lies in hosts.items():
            if lies is not None and lies.about not in hosts:
                raise ValueError(f"{name} lies about {lies.about}, which is no host of this file")
            if lies is not None and lies.about == name:
                raise ValueError(f"{name} lies about itself: name another host")
        return self

    @model_validator(mode="after")
    def _answers_are_about_known_clusters(self) -> Self:
        clusters = [host.cluster for entry in self.hosts for host in entry.each() if host.cluster]
        known = {cluster.name for cluster in clusters} | {cluster.uid for cluster in clusters}
        if unknown := sorted(self.palette.pairing.subjects - known):
            message = f"palette.pairing speaks of {', '.join(unknown)}"
            raise ValueError(f"{message}: the name or given uid of a cluster of this file expected")
        return self

    @model_validator(mode="after")
    def _tokens_are_known(self) -> Self:
        known = {token.name for token in self.palette.registration_tokens}
        asked = {host.sends_request_with for host in self.hosts} - {None}
        if unknown := sorted(name for name in asked if name and name not in known):
            raise ValueError(f"unknown registration tokens: {', '.join(unknown)}")
        return self


class Scenario(Part):
    """A whole simulation file (`kind: Simulation`)."""

    api_version: Literal["pairctl/v1alpha1"] = "pairctl/v1alpha1"
    kind: Literal["Simulation"] = "Simulation"
    metadata: Metadata = Metadata()
    spec: ScenarioSpec

    def hosts(self) -> tuple[HostSpec, ...]:
        """Every single host, counted entries spread out."""
        return tuple(host for entry in self.spec.hosts for host in entry.each())


def _with_number(text: str, number: int) -> str:
    return NUMBER.sub(lambda match: str(number).zfill(int(match[1] or 1)), text)


def _repeated(names: list[str]) -> str:
    return next((name for index, name in enumerate(names) if name in names[:index]), "")
