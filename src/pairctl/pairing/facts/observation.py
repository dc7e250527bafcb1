"""What was seen of the world, as frozen facts. Nothing here is remembered from an earlier pass.

Facts hold no secrets: of a registration token its name and whether it can be used, never its value.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from pairctl.layers import Configured, Stack
from pairctl.pairing.facts.palette import PaletteCluster, PaletteRequest, ProfileListing
from pairctl.pairing.facts.request_index import RequestIndex, index_of
from pairctl.problem import Problem


class ManagementMode(StrEnum):
    """Who manages the host (specification, Local UI settings)."""

    LOCAL = "local"
    CENTRAL = "central"


class LocalRequestStatus(StrEnum):
    """How a host sees its own pairing request (specification); any other word is UNKNOWN."""

    PAIRING = "Pairing"
    PAIRED = "Paired"
    REJECTED = "Rejected"
    FAILED = "Failed"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True)
class LocalRequest:
    """The pairing request that a host holds. `palette_endpoint` is as the host gives it."""

    pairing_uid: str
    palette_endpoint: str
    status: LocalRequestStatus
    message: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the local cluster; `state` is the host's own word, `Running` when all is well."""

    name: str
    state: str
    is_healthy: bool


@dataclass(frozen=True, slots=True)
class PackCondition:
    """A condition of a pack, in the host's own words; `status` is `True`, `False` or another."""

    type: str
    status: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class PackState:
    """How a pack of the local cluster is, in the host's own words; empty where it does not say."""

    name: str
    status: str = ""
    conditions: tuple[PackCondition, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalCluster:
    """The cluster as Local UI shows it. `uid` is its uid on the host, not in Palette.

    `host_count` is how many hosts it is made of; None where it does not say. `packs` are those of
    which something is said beside what they are. `configured` are the values of its layers: they
    may hold secrets, so they are compared and sent, and never shown or written as they are.
    """

    uid: str
    name: str
    state: str
    is_healthy: bool
    nodes: tuple[Node, ...] = ()
    stack: Stack = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    host_count: int | None = None
    packs: tuple[PackState, ...] = ()
    is_reboot_pending: bool = False
    configured: Configured = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class EdgeHost:
    """One look at a host through Local UI. `cluster` is None where the host has none.

    `installation_mode` is only shown: newer hosts leave it out, or say `connected` of a host that
    is managed locally (release notes, 4.8.21). `appliance_type` is empty where it is none.
    """

    uid: str
    management_mode: ManagementMode
    installation_mode: str
    agent_version: str = ""
    cluster: LocalCluster | None = None
    request: LocalRequest | None = None
    appliance_type: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """Whether all hosts of a cluster can reach Palette, by Local UI's own check."""

    is_verified: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A registration token without its value. `expires_at` is None where it never expires.

    `told_at` is when Palette told of it, by Palette's own clock, which judges the expiry.
    `is_active` is None where the token could not be looked up (an API key without tenant scope).
    """

    name: str
    is_active: bool | None
    expires_at: datetime | None = None
    default_project: str = ""
    default_project_name: str = ""
    dated_at: datetime | None = None


@dataclass(frozen=True)
class PaletteView:
    """One look at a Palette, shared by all intents of a pass.

    `requests` is None where Palette's pairing routes do not answer; `problem` tells why nothing
    could be seen at all. `dated_at` is Palette's own clock in an answer of this look, None where it
    does not tell.
    """

    profiles: tuple[ProfileListing, ...] = ()
    requests: tuple[PaletteRequest, ...] | None = ()
    clusters: tuple[PaletteCluster, ...] = ()
    problem: Problem | None = None
    dated_at: datetime | None = None

    @cached_property
    def index(self) -> RequestIndex:
        """The requests, found by their ids; none where Palette could not be seen."""
        return index_of(() if self.problem else self.requests or ())

    @cached_property
    def proven(self) -> dict[Hashable, Any]:
        """What was found with these profiles, by all that it depends on beside them.

        A fleet has few stacks: each is proven once a look. See `Case.proof`, and its
        `configuration`. What is known by its id is held here, so that the id stays its own.
        """
        return {}

    @cached_property
    def clusters_by_uid(self) -> Mapping[str, PaletteCluster]:
        """The registered clusters by their uids in Palette; none where it could not be seen."""
        return {} if self.problem else {cluster.uid: cluster for cluster in self.clusters}

    @cached_property
    def clusters_by_name(self) -> Mapping[str, PaletteCluster]:
        """The same by their names: of several of one name the first that is listed."""
        seen = () if self.problem else reversed(self.clusters)
        return {cluster.name: cluster for cluster in seen}


@dataclass(frozen=True, slots=True)
class RequestSnapshot:
    """What Palette holds in a pairing request: the cluster as it was when the request was sent.

    Local UI does not show the cluster's description; only the request has it. `name`, `local_uid`
    and `host_uids` say whose request it is, as far as Palette tells: its model needs none of them.
    """

    stack: Stack
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    local_uid: str = ""
    host_uids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """All that was seen for one intent in one pass.

    `host` is an EdgeHost, the Problem that kept it from being seen, or None where nobody looked.
    `connection` and `token` are None where they were not asked for or do not matter yet.
    `snapshot` is what Palette holds in the pairing request, `objections` is what its own validation
    finds wrong with the acceptance; `tags` are those of pending requests, by pairing id. `endpoint`
    is where the host answered: what follows is done there; empty where none did. `brought`
    are the values of the layers that the selection brings; None where nobody looked.
    """

    palette: PaletteView
    host: EdgeHost | Problem | None = None
    token: TokenFacts | Problem | None = None
    connection: Connection | Problem | None = None
    snapshot: RequestSnapshot | Problem | None = None
    objections: tuple[str, ...] | Problem | None = None
    tags: Mapping[str, Mapping[str, str]] | Problem | None = None
    endpoint: str = ""
    brought: Configured | None = field(default=None, repr=False)
