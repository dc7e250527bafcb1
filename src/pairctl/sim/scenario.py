"""What a simulation file says: a pydantic model for each part. Nothing is read or started here."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from pairctl.sim.answers import SHAPES, ErrorShape
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
    """A key of Palette."""

    key: str = Field(min_length=8, repr=False, description="The key itself; it is simulated.")
    projects: tuple[str, ...] | None = Field(
        default=None, description="The projects that it reaches. Left out: all."
    )
    tenant: bool = Field(default=True, description="Whether it reaches the tenant's scope too.")
    permissions: tuple[str, ...] = Field(
        default=CLUSTER_ADMIN,
        description="What it may do in each of its projects. What is about pairing requests is"
        " held.",
    )
    tenant_permissions: tuple[str, ...] = Field(
        default=TENANT_VIEWER,
        description="What it may do in the tenant. What is about registration tokens is held.",
    )
    tells_permissions: bool = Field(
        default=True, description="Whether Palette serves the call that tells them."
    )
    me: Any = Field(
        default=None, description="The answer to that call in place of the truth. Left out: none."
    )


class Project(Part):
    """A project of Palette."""

    name: Name = Field(description="Its name, as documents and keys refer to it.")
    uid: str | None = Field(default=None, description="Left out: made from the name.")


class RegistrationToken(Part):
    """A registration token."""

    name: Name = Field(description="Its name, as `registrationToken.fromPalette` refers to it.")
    value: str = Field(min_length=8, repr=False, description="The token itself; it is simulated.")
    active: bool = Field(default=True, description="Whether requests may use it.")
    expires_at: Moment | None = Field(
        default=None, description="When it expires, in UTC. Left out: never."
    )
    default_project: str | None = Field(
        default=None, description="The project that its requests land in. Left out: the tenant."
    )


class PublishedVersion(Part):
    """One version of a profile."""

    version: Name = Field(description="Its version, by SemVer.")
    draft: bool = Field(default=False, description="Whether it is not published yet.")
    packs: tuple[Pack, ...] = Field(description="Its layers.")
    variables: tuple[str, ...] = Field(default=(), description="Names of profile variables.")
    shows_packs: bool = Field(
        default=True, description="Whether Palette answers about its packs and their values."
    )


class PaletteProfile(Part):
    """A cluster profile."""

    name: Name = Field(description="Its name, as a ProfileMatch refers to it.")
    type: ProfileType = Field(description="What it stands for: a base, or an add-on.")
    project: str | None = Field(
        default=None, description="The project it belongs to. Left out: the tenant's."
    )
    cloud_type: str = Field(
        default="edge-native", description="What it is for; an empty one is left out in answers."
    )
    disabled_packs: int = Field(
        default=0, description="How many of its packs its registry has disabled."
    )
    says_published: bool | None = Field(
        default=None, description="What its status says of the latest version. Left out: the truth."
    )
    has_own_draft: bool = Field(
        default=False, description="Whether a draft of the latest version stands beside it."
    )
    versions: tuple[PublishedVersion, ...] = Field(
        min_length=1, description="Its versions; the last that is published is the latest."
    )


class Answers(Part):
    """What Palette answers about pairing requests; by default all of it, and the truth.

    A request is named by its pairing id, or by its cluster's uid or name, and of several the newest
    is meant.
    """

    lists_clusters: bool = Field(
        default=True, description="Whether its list of requests names their clusters by uid."
    )
    lists_names: bool = Field(default=True, description="Whether the list has clusters' names.")
    lists_everybody: bool = Field(
        default=False, description="Whether the list ignores projects and filters."
    )
    shows_cluster_meta: bool = Field(
        default=True, description="Whether a request shows the cluster's uid and name."
    )
    shows_hosts: bool = Field(default=True, description="Whether a request shows its hosts.")
    swap: dict[str, str] = Field(
        default_factory=dict,
        description="Requests that show the snapshot of another in place of their own.",
    )
    lists_uid_of: dict[str, str] = Field(
        default_factory=dict,
        description="Requests that are listed under the uid of another's cluster; a word that names"
        " no request stands for itself.",
    )
    lists_name_of: dict[str, str] = Field(
        default_factory=dict,
        description="Requests that are listed under the name of another's cluster; a word that"
        " names no request stands for itself.",
    )
    gives_pairing_uid_of: dict[str, str] = Field(
        default_factory=dict,
        description="Requests that show another's pairing id, in both answers; a word that names no"
        " request stands for itself.",
    )
    in_capitals: tuple[str, ...] = Field(
        default=(), description="Requests whose cluster's uid is shown in capitals."
    )

    @property
    def subjects(self) -> frozenset[str]:
        """The words that must name a request for these answers to mean anything."""
        keys = (*self.lists_uid_of, *self.lists_name_of, *self.gives_pairing_uid_of)
        return frozenset((*keys, *self.swap, *self.swap.values(), *self.in_capitals))


class HealthStep(Part):
    """What Palette says of a paired cluster's health from some time on."""

    state: Any = Field(
        default="Healthy",
        description="Its word for it; null leaves it out, and anything but text is an odd answer.",
    )
    after_s: float = Field(
        default=0.0,
        ge=0,
        validation_alias="afterSeconds",
        description="From how long after the cluster is registered on.",
    )


State = Literal["Provisioning", "Running", "Deleting", "Error"]
PairingCall = Literal["listRequests", "getRequest", "accept", "validate", "reject"]


class PairingRules(Answers):
    """How Palette pairs, and what it answers about pairing requests."""

    routes: bool = Field(
        default=True,
        description="Whether it serves pairing calls. Without them only its console accepts.",
    )
    paths: dict[PairingCall, str] = Field(
        default_factory=dict, description="Other paths than the simulator's own for pairing calls."
    )
    objections: tuple[str, ...] = Field(
        default=(), description="What its own validation says against any acceptance."
    )
    accept_s: float = Field(
        default=1.0,
        ge=0,
        validation_alias="acceptSeconds",
        description="How long after its acceptance a cluster is paired.",
    )
    health: tuple[HealthStep, ...] = Field(
        default=(),
        description="What the list of clusters says of those that are paired, in order of time."
        " Left out: Healthy.",
    )
    arrive_s: float = Field(
        default=0.0,
        ge=0,
        validation_alias="arriveSeconds",
        description="How long after it was sent Palette lists a request.",
    )


class Limits(Part):
    """The rates that Palette allows, for each source address."""

    enabled: bool = Field(default=True, description="Whether calls are limited at all.")
    slow: Rate = Field(default=Rate(10, 50), description="For all calls that `fast` is not for.")
    fast: Rate = Field(
        default=Rate(50, 250), description="For profiles, clusters and cloud configurations."
    )
    retry_after_s: int | None = Field(
        default=None,
        ge=0,
        validation_alias="retryAfterSeconds",
        description="What a refusal says in `Retry-After`. Left out: it has none.",
    )


class ClockSpec(Part):
    """Palette's clock."""

    offset_s: float = Field(
        default=0.0,
        ge=-MAX_OFFSET_S,
        le=MAX_OFFSET_S,
        validation_alias="offsetSeconds",
        description="How far ahead it is.",
    )
    sends_date: bool = Field(default=True, description="Whether its answers have a `Date`.")


class TlsSpec(Part):
    """How a server speaks TLS: in which version, and whether it wants a client certificate."""

    version: Literal["1.2", "1.3"] | None = Field(
        default=None, description="The only version. Left out: both."
    )
    client_certificate: Literal["Required"] | None = Field(
        default=None,
        description="Whether it wants a client certificate; then nobody is let in: there is none"
        " that it would take. Left out: no.",
    )


class PaletteSpec(Part):
    """The simulated Palette."""

    endpoint: Endpoint = Field(description="Where it is served: https://127.0.0.1:PORT.")
    api_keys: tuple[ApiKey, ...] = Field(min_length=1, description="The keys that let somebody in.")
    projects: tuple[Project, ...] = Field(default=(), description="Its projects.")
    registration_tokens: tuple[RegistrationToken, ...] = Field(
        default=(), description="Its registration tokens."
    )
    profiles: tuple[PaletteProfile, ...] = Field(default=(), description="Its cluster profiles.")
    pairing: PairingRules = Field(default=PairingRules(), description="How it pairs.")
    limits: Limits = Field(default=Limits(), description="The rates that it allows.")
    clock: ClockSpec = Field(default=ClockSpec(), description="Its clock.")
    delay_s: float = Field(
        default=0.0,
        ge=0,
        validation_alias="delaySeconds",
        description="How long each of its answers takes.",
    )
    errors: ErrorShape = Field(
        default="whole", description=f"The form that its refusals have: {SHAPES}"
    )
    tls: TlsSpec = Field(default=TlsSpec(), description="How it speaks TLS.")

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

    username: Name = Field(description="Who logs in.")
    password: str = Field(min_length=1, repr=False, description="With what; it is simulated.")


class NodeSpec(Part):
    """A node of a local cluster; each of them has to reach Palette for a pairing."""

    name: Name = Field(description="Its name.")
    state: State = Field(default="Running", description="What Local UI says of it.")
    healthy: bool = Field(default=True, description="Whether its health is said to be good.")
    reaches_palette: bool = Field(
        default=True, description="Whether it reaches Palette; each node has to, for a pairing."
    )


class LocalCluster(Part):
    """The cluster that a host runs."""

    name: Name = Field(description="Its name; `{n}` or `{n:04}` is the number of the host.")
    uid: str | None = Field(default=None, description="Left out: made from the host's name.")
    state: State = Field(default="Running", description="What Local UI says of it.")
    description: str = Field(default="", description="A text for people.")
    tags: dict[str, str] = Field(default_factory=dict, description="Its tags.")
    nodes: tuple[NodeSpec, ...] = Field(
        default=(NodeSpec(name="node-1"),), description="Its nodes. Left out: one that is well."
    )
    shows_nodes: tuple[str, ...] | None = Field(
        default=None, description="The nodes that Local UI shows. Left out: all."
    )
    lists_hosts: bool = Field(
        default=True, description="Whether Local UI says which hosts the cluster is made of."
    )
    pack_status: dict[str, str] = Field(
        default_factory=dict, description="What is said of a pack, by its name. Left out: running."
    )
    pack_conditions: dict[str, tuple[dict[str, str], ...]] = Field(
        default_factory=dict, description="Conditions of a pack, by its name."
    )
    reboot_pending: bool = Field(default=False, description="Whether a reboot is pending.")
    pack_values: dict[str, Any] = Field(
        default_factory=dict,
        repr=False,
        description="Values of packs, by their names, in place of their own; null leaves them out,"
        " and anything but text is an odd answer.",
    )
    profiles: tuple[LocalProfile, ...] = Field(
        default=(), description="The profiles it was made with: their packs are its layers."
    )


LieTopic = Literal["request", "uid", "name", "host", "layers"]


class LiesSpec(Part):
    """The host that another host says it is, as that host is at each moment."""

    about: Name = Field(description="The name of the other host; `{n}` is the number of each.")
    what: tuple[LieTopic, ...] = Field(
        min_length=1,
        description="What it lies about: its pairing request, its cluster's uid or name, its own"
        " uid, its layers.",
    )
    after_requests: int = Field(
        default=0,
        ge=0,
        validation_alias="from",
        description="Lies begin once this many pairing requests were sent.",
    )
    sends_lies: bool = Field(
        default=False,
        description="Whether a pairing request carries them too, beside Local UI's answers.",
    )


class MemberOf(Part):
    """The cluster that a host is a part of: that of another host, and which of its nodes it is."""

    host: Name = Field(description="The name of the other host; `{n}` is the number of each.")
    node: Name = Field(description="The name of its node, as the cluster has it.")


class HostSpec(Part):
    """An edge host, or `count` of them."""

    name: Name = Field(
        description="Its name; `{n}` or `{n:04}` is the number of each.", examples=["store-{n:04}"]
    )
    endpoint: Endpoint = Field(
        description="Where its Local UI is served: https://127.0.0.1:PORT; ports count up."
    )
    users: tuple[User, ...] = Field(min_length=1, description="Who may log in.")
    count: int = Field(default=1, ge=1, le=MAX_HOSTS, description="How many hosts it stands for.")
    first: int = Field(default=1, ge=0, description="The number of the first of them.")
    installation_mode: Literal["airgap", "connected"] | None = Field(
        default="airgap", description="What its settings say; null leaves it out."
    )
    management_mode: Literal["local", "central"] = Field(
        default="local", description="Who manages it."
    )
    appliance_type: str = Field(
        default="", description="What appliance it says it is; an empty one is left out."
    )
    agent_version: str = Field(default="v4.9.0", description="The version of its agent.")
    dark: bool = Field(
        default=False,
        description="Whether it is switched off when the simulation begins: `POST"
        " /sim/hosts/NAME/power` at the simulated Palette switches it.",
    )
    reaches_palette: bool = Field(
        default=True, description="Whether its connection check succeeds, and requests arrive."
    )
    sends_request_with: str | None = Field(
        default=None,
        description="The name of a registration token: it has sent a request with it when the"
        " simulation begins.",
    )
    pending_at: Name | None = Field(
        default=None,
        description="Another Palette, which is gone: it has sent a request there when the"
        " simulation begins.",
    )
    token_lifetime_s: float = Field(
        default=7200.0,
        gt=0,
        validation_alias="tokenLifetimeSeconds",
        description="How long a login lasts.",
    )
    delay_s: float = Field(
        default=0.0,
        ge=0,
        validation_alias="delaySeconds",
        description="How long each of its answers takes.",
    )
    errors: ErrorShape = Field(
        default="whole", description=f"The form that its refusals have: {SHAPES}"
    )
    tls: TlsSpec = Field(default=TlsSpec(), description="How it speaks TLS.")
    cluster: LocalCluster | None = Field(
        default=None, description="The cluster that it runs. Left out: none."
    )
    member_of: MemberOf | None = Field(
        default=None,
        description="The cluster of another host, for which it answers as the other does: the"
        " cluster, its pairing request and who manages it are one.",
    )
    lies: LiesSpec | None = Field(
        default=None, description="What it lies about. Left out: nothing."
    )

    @model_validator(mode="after")
    def _shares_all_of_a_cluster(self) -> Self:
        is_own = self.cluster or self.sends_request_with or self.pending_at
        if self.member_of is not None and (is_own or self.management_mode == "central"):
            raise ValueError(
                "a host with `memberOf` has the cluster, the request and the mode of the other: "
                "leave out `cluster`, `sendsRequestWith`, `pendingAt` and `managementMode`"
            )
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
        if self.member_of is not None:
            host = _with_number(self.member_of.host, number)
            changes["member_of"] = self.member_of.model_copy(update={"host": host})
        return self.model_copy(update=changes)


class Metadata(Part):
    """The name of the simulation."""

    name: Name = Field(default="simulation", description="A name for people.")


class ScenarioSpec(Part):
    """A Palette, edge hosts, and faults to come."""

    palette: PaletteSpec = Field(description="The simulated Palette.")
    hosts: tuple[HostSpec, ...] = Field(default=(), description="The edge hosts.")
    faults: tuple[Fault, ...] = Field(
        default=(),
        description="Calls that go wrong; of several faults that fit a call, the first takes it.",
    )

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
    def _victims_are_known(self) -> Self:
        hosts = {host.name: host.lies for entry in self.hosts for host in entry.each()}
        for name, lies in hosts.items():
            if lies is not None and lies.about not in hosts:
                raise ValueError(f"{name} lies about {lies.about}, which is no host of this file")
            if lies is not None and lies.about == name:
                raise ValueError(f"{name} lies about itself: name another host")
        return self

    @model_validator(mode="after")
    def _members_are_nodes(self) -> Self:
        hosts = {host.name: host for entry in self.hosts for host in entry.each()}
        members = [host for host in hosts.values() if host.member_of is not None]
        for host in members:
            assert host.member_of is not None
            leader, node = hosts.get(host.member_of.host), host.member_of.node
            if leader is None or leader.cluster is None:
                raise ValueError(
                    f"{host.name} is member of the cluster of {host.member_of.host}, "
                    "which is no host of this file with a cluster of its own"
                )
            nodes = [one.name for one in leader.cluster.nodes]
            if node not in nodes[1:]:
                raise ValueError(
                    f"{host.name} is node {node} of that cluster: one of its nodes "
                    f"after the first expected ({', '.join(nodes[1:]) or 'none'})"
                )
        taken = [f"{one.member_of.host}/{one.member_of.node}" for one in members if one.member_of]
        if repeated := _repeated(taken):
            raise ValueError(f"two hosts are the node {repeated}")
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
    """A whole simulation file: a Palette and edge hosts for `pairctl sim`."""

    api_version: Literal["pairctl/v1alpha1"] = Field(
        default="pairctl/v1alpha1", description="Always `pairctl/v1alpha1`."
    )
    kind: Literal["Simulation"] = Field(default="Simulation", description="Always `Simulation`.")
    metadata: Metadata = Field(default=Metadata(), description="The name of the simulation.")
    spec: ScenarioSpec = Field(description="A Palette, edge hosts, and faults to come.")

    def hosts(self) -> tuple[HostSpec, ...]:
        """Every single host, counted entries spread out."""
        return tuple(host for entry in self.spec.hosts for host in entry.each())


def _with_number(text: str, number: int) -> str:
    return NUMBER.sub(lambda match: str(number).zfill(int(match[1] or 1)), text)


def _repeated(names: list[str]) -> str:
    return next((name for index, name in enumerate(names) if name in names[:index]), "")
