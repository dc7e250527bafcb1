"""A local cluster as its edge host runs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pairctl.sim.host_spec import LocalCluster, NodeSpec
from pairctl.sim.identity import uid_of
from pairctl.sim.stack import LocalProfile

State = Literal["Provisioning", "Running", "Deleting", "Error"]


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the cluster."""

    name: str
    uid: str
    state: State
    is_healthy: bool
    reaches_palette: bool = True


@dataclass(frozen=True, slots=True)
class RunningCluster:
    """A cluster at one moment; changes make a new one.

    Local UI shows the nodes in `shows_nodes`, all where it is None; and which hosts it is made of
    where it `lists_hosts`.
    """

    uid: str
    name: str
    state: State
    description: str
    tags: Mapping[str, str]
    nodes: tuple[Node, ...]
    profiles: tuple[LocalProfile, ...]
    shows_nodes: tuple[str, ...] | None = None
    lists_hosts: bool = True
    pack_status: Mapping[str, str] = field(default_factory=dict)
    pack_conditions: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    is_reboot_pending: bool = False
    pack_values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def shown_nodes(self) -> tuple[Node, ...]:
        """The nodes that Local UI shows."""
        shown = self.shows_nodes
        return self.nodes if shown is None else tuple(n for n in self.nodes if n.name in shown)

    @property
    def is_healthy(self) -> bool:
        """Whether all nodes run and are healthy."""
        return all(node.is_healthy and node.state == "Running" for node in self.nodes)

    def with_node(self, name: str, **changes: Any) -> "RunningCluster":
        """Make the cluster with one node changed; raises KeyError where there is none."""
        if name not in {node.name for node in self.nodes}:
            raise KeyError(name)
        nodes = (replace(node, **changes) if node.name == name else node for node in self.nodes)
        return replace(self, nodes=tuple(nodes))


def cluster_from(spec: LocalCluster, host_name: str) -> RunningCluster:
    """Make the cluster that a scenario describes, at its beginning."""
    return RunningCluster(
        uid=spec.uid or uid_of("local-cluster", host_name, spec.name),
        name=spec.name,
        state=spec.state,
        description=spec.description,
        tags=dict(spec.tags),
        nodes=tuple(_node(node, host_name) for node in spec.nodes),
        profiles=spec.profiles,
        shows_nodes=spec.shows_nodes,
        lists_hosts=spec.lists_hosts,
        pack_status=spec.pack_status,
        pack_conditions=spec.pack_conditions,
        is_reboot_pending=spec.reboot_pending,
        pack_values=spec.pack_values,
    )


def _node(spec: NodeSpec, host_name: str) -> Node:
    uid = uid_of("edge-host", host_name, spec.name)
    return Node(spec.name, uid, spec.state, spec.healthy, spec.reaches_palette)
