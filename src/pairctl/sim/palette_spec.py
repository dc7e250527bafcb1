"""What a simulation file says of Palette. Nothing is read or started here."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from pairctl.sim.limits import Rate
from pairctl.sim.scenario_parts import Delay, Endpoint, Errors, Moment, Name, Part, Tls, TlsSpec
from pairctl.sim.stack import Pack, ProfileType

MAX_OFFSET_S = 10 * 365 * 24 * 3600
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
    type: ProfileType = Field(
        description="`infra` a base, `add-on` what goes on top, `cluster` both in one."
    )
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
    delay_s: Delay = 0.0
    errors: Errors = "whole"
    tls: Tls = TlsSpec()

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
