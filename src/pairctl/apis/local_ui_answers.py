"""The fields that are read of Local UI's answers. Secrets in them have no field here."""

from collections.abc import Iterator
from typing import Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pairctl.apis.answers import AnswerModel
from pairctl.apis.pack_values import pack_values
from pairctl.apis.texts import (
    MOST_LAYERS,
    Identity,
    Label,
    Name,
    PlaceText,
    Shown,
    Tags,
    Word,
    is_manifest,
)
from pairctl.layers import UNSAID, Configured, Layer, LayerConfiguration, Stack, pack_type, stack
from pairctl.pairing.facts.observation import (
    LocalCluster,
    LocalRequestStatus,
    ManagementMode,
    Node,
    PackCondition,
    PackState,
)

HEALTHY = "healthy"
MOST_NODES = 1_000
MOST_CONDITIONS = 50


class LoginToken(AnswerModel):
    """The two tokens of a login. Both are secrets; the model has no repr."""

    authorization: str = Field("", alias="Authorization", repr=False)
    refresh: str = Field("", alias="RefreshToken", repr=False)


class Login(AnswerModel):
    """The answer to a login."""

    token: LoginToken = Field(
        default_factory=lambda: LoginToken.model_validate({}), alias="Token", repr=False
    )
    is_first: bool = Field(False, alias="IsFirstLogin")


class Settings(AnswerModel):
    """How the host is installed and managed, and which appliance it is, if any."""

    installation_mode: Word = ""
    appliance_type: Word = ""
    management_mode: ManagementMode | None = None


class HostMetadata(AnswerModel):
    """Identity of an object on the host.

    The id names a claim's file on the status branch, so it is one plain word: a host that says
    something else stops nobody but itself.
    """

    id: Identity = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$")


class Metadata(HostMetadata):
    """Identity and name of the cluster. The name is what an acknowledgement says, sign by sign."""

    name: Name = ""
    labels: Tags = Field(default_factory=dict)
    tags: Tags = Field(default_factory=dict)


class HostSpec(AnswerModel):
    """The part of a host that says who manages it."""

    management_mode: ManagementMode | None = None


class HostStatus(AnswerModel):
    """The part of a host that holds its agentVersion."""

    agent_version: Word = ""


class Host(AnswerModel):
    """The edge host itself."""

    metadata: HostMetadata
    spec: HostSpec = HostSpec()
    status: HostStatus = HostStatus()


class Health(AnswerModel):
    """Whether something is well."""

    status: Word = ""

    @property
    def is_healthy(self) -> bool:
        """Whether the host says so in this word; saying nothing is not healthy."""
        return self.status.casefold() == HEALTHY


class ClusterHealth(Health):
    """Whether the cluster is well, and why not."""

    reason: Shown = ""


class NodeStatus(AnswerModel):
    """A node of the cluster."""

    node_name: Label = ""
    node_state: Word = ""
    health: Health = Health()

    def fact(self) -> Node:
        """Return the node as a fact."""
        return Node(self.node_name, self.node_state, self.health.is_healthy)


class NodePool(AnswerModel):
    """A pool of nodes."""

    nodes: tuple[NodeStatus, ...] = Field(default=(), max_length=MOST_NODES)


class ClusterStatus(AnswerModel):
    """How the cluster is."""

    cluster_state: Word = ""
    cluster_state_reason: Shown = ""
    is_reboot_pending: bool = False
    health: ClusterHealth = ClusterHealth()
    node_pools: tuple[NodePool, ...] = Field(default=(), max_length=MOST_NODES)


class ClusterSpec(AnswerModel):
    """Which hosts the cluster is made of, where it says so."""

    host_uids: tuple[Label, ...] | None = Field(None, alias="hostIDs", max_length=MOST_NODES)


class Cluster(AnswerModel):
    """The local cluster."""

    metadata: Metadata
    spec: ClusterSpec = Field(default_factory=lambda: ClusterSpec.model_validate({}))
    status: ClusterStatus = ClusterStatus()

    def fact(self, applications: "Applications") -> LocalCluster:
        """Return the cluster as a fact, with what was read beside it of what runs there."""
        status, hosts = self.status, self.spec.host_uids
        return LocalCluster(
            uid=self.metadata.id,
            name=self.metadata.name,
            state=status.cluster_state,
            is_healthy=status.health.is_healthy,
            nodes=tuple(node.fact() for pool in status.node_pools for node in pool.nodes),
            stack=applications.stack(),
            packs=applications.states(),
            configured=applications.configured(),
            is_reboot_pending=status.is_reboot_pending,
            tags={**self.metadata.labels, **self.metadata.tags},
            message=status.health.reason or status.cluster_state_reason,
            host_count=None if hosts is None else len({uid.casefold() for uid in hosts}),
        )


class PackConditionItem(AnswerModel):
    """A condition of a pack."""

    type: Word = ""
    status: Word = ""
    reason: Shown = ""
    message: Shown = ""

    def fact(self) -> PackCondition:
        """Return the condition as a fact."""
        return PackCondition(self.type, self.status, self.message or self.reason)


class Pack(AnswerModel):
    """A pack of the local cluster: a layer. What it leaves out keeps it from being compared."""

    layer: Name = ""
    name: Name = ""
    version: Name = ""
    type: Word = ""
    status: Word = ""
    values: Any = Field(None, repr=False)
    conditions: tuple[PackConditionItem, ...] = Field(default=(), max_length=MOST_CONDITIONS)

    def state(self) -> PackState:
        """Return how the pack is, as a fact."""
        conditions = tuple(item.fact() for item in self.conditions)
        return PackState(self.name or UNSAID, self.status, conditions)

    def fact(self) -> Layer:
        """Return the pack as a layer; a manifest has no version."""
        no_version = "" if is_manifest(self.type) else UNSAID
        version = self.version or no_version
        return Layer(self.layer or UNSAID, self.name or UNSAID, version, pack_type(self.type))


class Template(AnswerModel):
    """A profile of the local cluster, in the version that it runs."""

    packs: tuple[Pack, ...] = ()


class Applications(AnswerModel):
    """What runs on the cluster."""

    cluster_profile_templates: tuple[Template, ...] = ()

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if sum(len(template.packs) for template in self.cluster_profile_templates) > MOST_LAYERS:
            raise PydanticCustomError("too_many_layers", "more layers than a cluster has")
        return self

    def stack(self) -> Stack:
        """Return the layers of all profiles together."""
        return stack(pack.fact() for pack in self._packs())

    def states(self) -> tuple[PackState, ...]:
        """Return how the packs are, as far as that is said."""
        said = (pack.state() for pack in self._packs() if pack.status or pack.conditions)
        return tuple(sorted(said, key=lambda state: (state.name, state.status)))

    def configured(self) -> Configured:
        """Return the values of the packs, in the order of the layers; they may hold secrets."""
        found = (
            LayerConfiguration(pack.fact(), pack_values(pack.values)) for pack in self._packs()
        )
        return tuple(sorted(found, key=lambda one: one.layer))

    def _packs(self) -> Iterator[Pack]:
        for template in self.cluster_profile_templates:
            yield from template.packs


class PairDetails(AnswerModel):
    """The host's pairing request, without the registration token that the answer holds."""

    pairing_uid: Identity = ""
    palette_endpoint: PlaceText = ""
    status: Word = ""
    message: Shown = ""

    @property
    def known_status(self) -> LocalRequestStatus:
        """Return the status by its word, without regard to case; UNKNOWN for any other."""
        words = {status.casefold(): status for status in LocalRequestStatus}
        return words.get(self.status.casefold(), LocalRequestStatus.UNKNOWN)


class SentRequest(AnswerModel):
    """The answer to a pairing request that was sent."""

    pairing_uid: Identity = ""


class VerifiedConnection(AnswerModel):
    """Whether all hosts reach Palette. Saying nothing is no."""

    verified: bool = False
    message: Shown = ""
