"""What a whole simulation file says. Nothing is read or started here."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pairctl.sim.faults import Fault
from pairctl.sim.host_spec import HostSpec
from pairctl.sim.palette_spec import PaletteSpec
from pairctl.sim.scenario_parts import Name, Part


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


def _repeated(names: list[str]) -> str:
    return next((name for index, name in enumerate(names) if name in names[:index]), "")
