"""What a simulation file says of edge hosts. Nothing is read or started here."""

import re
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from pairctl.sim.scenario_parts import Delay, Endpoint, Errors, Name, Part, Tls, TlsSpec
from pairctl.sim.stack import LocalProfile

NUMBER = re.compile(r"\{n(?::0(\d))?\}")
MAX_HOSTS = 5000
State = Literal["Provisioning", "Running", "Deleting", "Error"]


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
    delay_s: Delay = 0.0
    errors: Errors = "whole"
    tls: Tls = TlsSpec()
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


def _with_number(text: str, number: int) -> str:
    return NUMBER.sub(lambda match: str(number).zfill(int(match[1] or 1)), text)
