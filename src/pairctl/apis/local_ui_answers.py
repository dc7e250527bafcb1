"""The fields that are read of Local UI's answers. Secrets in them have no field here."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from pairctl.apis.answers import AnswerModel
from pairctl.layers import Layer, Stack, stack
from pairctl.pairing.observation import LocalCluster, LocalRequestStatus, ManagementMode, Node

HEALTHY = "healthy"


def _only_texts(value: Any) -> Any:
    """Drop what is no text: Local UI's tags may hold objects."""
    if not isinstance(value, dict):
        return value
    return {key: text for key, text in value.items() if isinstance(text, str)}


Texts = Annotated[dict[str, str], BeforeValidator(_only_texts)]


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
    """How the host is installed and managed."""

    installation_mode: str = ""
    management_mode: ManagementMode | None = None


class Metadata(AnswerModel):
    """Name and identity of an object on the host.

    The id names a claim's file on the status branch, so it is one plain word: a host that says
    something else stops nobody but itself.
    """

    id: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$")
    name: str = ""
    labels: Texts = Field(default_factory=dict)
    tags: Texts = Field(default_factory=dict)


class HostSpec(AnswerModel):
    """The part of a host that says who manages it."""

    management_mode: ManagementMode | None = None


class HostStatus(AnswerModel):
    """The part of a host that holds its agentVersion."""

    agent_version: str = ""


class Host(AnswerModel):
    """The edge host itself."""

    metadata: Metadata
    spec: HostSpec = HostSpec()
    status: HostStatus = HostStatus()


class Health(AnswerModel):
    """Whether something is well, and why not."""

    status: str = ""
    reason: str = ""

    @property
    def is_healthy(self) -> bool:
        """Whether the host says so in this word; saying nothing is not healthy."""
        return self.status.casefold() == HEALTHY


class NodeStatus(AnswerModel):
    """A node of the cluster."""

    node_name: str = ""
    node_state: str = ""
    health: Health = Health()

    def fact(self) -> Node:
        """Return the node as a fact."""
        return Node(self.node_name, self.node_state, self.health.is_healthy)


class NodePool(AnswerModel):
    """A pool of nodes."""

    nodes: tuple[NodeStatus, ...] = ()


class ClusterStatus(AnswerModel):
    """How the cluster is."""

    cluster_state: str = ""
    cluster_state_reason: str = ""
    health: Health = Health()
    node_pools: tuple[NodePool, ...] = ()


class Cluster(AnswerModel):
    """The local cluster."""

    metadata: Metadata
    status: ClusterStatus = ClusterStatus()

    def fact(self, layers: Stack) -> LocalCluster:
        """Return the cluster as a fact, with the stack that was read beside it."""
        status = self.status
        return LocalCluster(
            uid=self.metadata.id,
            name=self.metadata.name,
            state=status.cluster_state,
            is_healthy=status.health.is_healthy,
            nodes=tuple(node.fact() for pool in status.node_pools for node in pool.nodes),
            stack=layers,
            tags={**self.metadata.labels, **self.metadata.tags},
            message=status.health.reason or status.cluster_state_reason,
        )


class Pack(AnswerModel):
    """A pack of the local cluster: a layer. Without all three it cannot be compared."""

    layer: str = Field(min_length=1)
    name: str = Field(min_length=1)
    version: str = Field(min_length=1)


class Template(AnswerModel):
    """A profile of the local cluster, in the version that it runs."""

    packs: tuple[Pack, ...] = ()


class Applications(AnswerModel):
    """What runs on the cluster."""

    cluster_profile_templates: tuple[Template, ...] = ()

    def stack(self) -> Stack:
        """Return the layers of all profiles together."""
        packs = (pack for template in self.cluster_profile_templates for pack in template.packs)
        return stack(Layer(pack.layer, pack.name, pack.version) for pack in packs)


class PairDetails(AnswerModel):
    """The host's pairing request, without the registration token that the answer holds."""

    pairing_uid: str = ""
    palette_endpoint: str = ""
    status: str = ""
    message: str = ""

    @property
    def known_status(self) -> LocalRequestStatus:
        """Return the status by its word, without regard to case; UNKNOWN for any other."""
        words = {status.casefold(): status for status in LocalRequestStatus}
        return words.get(self.status.casefold(), LocalRequestStatus.UNKNOWN)


class SentRequest(AnswerModel):
    """The answer to a pairing request that was sent."""

    pairing_uid: str = ""


class VerifiedConnection(AnswerModel):
    """Whether all hosts reach Palette. Saying nothing is no."""

    verified: bool = False
    message: str = ""
