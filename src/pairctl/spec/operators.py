"""`Operator`: what a pull request cannot decide."""

import ipaddress
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from pairctl.spec.document import Document
from pairctl.spec.fields import Fingerprint, Name, RepositoryPath, Strict
from pairctl.spec.secret_roles import RolesOf, SecretRole

_DOMAIN_OR_RANGE = r"(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?(/[0-9]{1,2})?"
_ADDRESS_OR_RANGE = r"\[[0-9a-f:.]+\](/[0-9]{1,3})?"


def _host_pattern(value: str) -> str:
    host, port = _split_port(value)
    if port and not 0 < int(port) < 65536:  # noqa: PLR2004 - TCP's own bounds
        raise ValueError(f"{port} is not a port; ports are 1 to 65535")
    if "/" in host:
        ipaddress.ip_network(host.translate({ord("["): None, ord("]"): None}))
    return value


def _split_port(value: str) -> tuple[str, str]:
    host, colon, port = value.rpartition(":")
    return (host, port) if colon and port.isdecimal() and not host.endswith(":") else (value, "")


HostPattern = Annotated[
    str,
    Field(
        pattern=rf"^(\*|{_DOMAIN_OR_RANGE}|{_ADDRESS_OR_RANGE})(:[0-9]{{1,5}})?$",
        description=(
            "A host, `*.domain`, an address, or a range as 10.0.42.0/24; `:port` narrows it."
        ),
        examples=["api.spectrocloud.com", "10.0.42.0/24:5080"],
    ),
    AfterValidator(_host_pattern),
]
RoutePath = Annotated[str, Field(pattern=r"^(/([A-Za-z0-9_-]+|\{pairingUid\}))+$", max_length=200)]


class SecretUse(Strict):
    """Where a secret's value may be sent, and as what."""

    hosts: Annotated[list[HostPattern], Field(min_length=1)]
    use: Annotated[list[SecretRole], Field(min_length=1)] | None = Field(
        default=None,
        description="What it may serve as. Left out: a secret that is an API key or a login "
        "anywhere in the documents is nothing else, and a registration token is no variable.",
    )
    certificates: Annotated[list[Fingerprint], Field(min_length=1)] | None = Field(
        default=None,
        description="Only to servers whose document pins one of these certificates.",
    )


class PairingRoutes(Strict):
    """Palette's paths of pairing requests. They are not published; these defaults are inferred."""

    list_requests: RoutePath = Field(
        default="/v1/dashboard/clusterpairs/metadata", description="Lists pairing requests."
    )
    get_request: RoutePath = Field(
        default="/v1/clusterpairs/{pairingUid}", description="Shows one pairing request."
    )
    accept: RoutePath = Field(
        default="/v1/spectroclusters/edge-native/pair", description="Accepts a pairing request."
    )
    validate_acceptance: RoutePath = Field(
        default="/v1/spectroclusters/edge-native/pair/validate",
        alias="validate",
        description="Says what Palette objects to in an acceptance, and accepts nothing.",
    )
    reject: RoutePath = Field(
        default="/v1/clusterpairs/{pairingUid}", description="Rejects a pairing request."
    )


class Limits(Strict):
    """Caps on acceptances, which cannot be undone."""

    acceptances_at_once: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Clusters that are accepted and not yet paired, at one time."
    )
    acceptances_per_hour: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Clusters accepted within an hour, by all runs together."
    )
    requests_at_once: Annotated[int, Field(ge=1)] = Field(
        default=45,
        description="Requests that are on their way to one Palette at one time, without those that"
        " wait for a person. So many fit into one page of Palette's list.",
    )
    acceptances_per_run: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="For `apply` only: `watch` is one run that never ends."
    )


class Timing(Strict):
    """How long things may take, in seconds. A claim holds for act + request + settle."""

    request_seconds: Annotated[float, Field(ge=0.1, le=300)] = Field(
        default=30, description="The whole of one request, from connecting to the last byte."
    )
    look_seconds: Annotated[float, Field(ge=0.1, le=60)] = Field(
        default=5,
        description="How old the last look may be when an action is sent. A host whose calls take"
        " as long as this may not be acted on: see `LookTooOld`.",
    )
    act_seconds: Annotated[float, Field(ge=0.1, le=600)] = Field(
        default=30, description="How long after its claim an action may still be sent."
    )
    settle_seconds: Annotated[float, Field(ge=0.1, le=3600)] = Field(
        default=60, description="How late an action whose answer was lost may still take effect."
    )
    clock_margin_seconds: Annotated[float, Field(ge=1, le=86400)] = Field(
        default=600,
        description="How far Palette's clock may be off, or jump ahead. A run that does not stay"
        " ends a claim of another by that clock, this much later.",
    )
    adopt_after_seconds: Annotated[float, Field(ge=0, le=86400)] = Field(
        default=120,
        description="How old a request that pairctl did not send itself has to be, by Palette's"
        " own times, before it is accepted: whoever sent it comes first.",
    )


class OperatorSpec(Strict):
    """What a pull request cannot decide."""

    secrets: dict[Name, SecretUse] = Field(default={}, description="Where each secret may be sent.")
    endpoints: list[HostPattern] | None = Field(
        default=None,
        description="Which servers may be called. Left out: those that a secret is bound to.",
    )
    insecure_tls: list[HostPattern] = Field(
        default=[], description="Which servers may be called with `tls: {insecure: true}`."
    )
    require_approval: bool = Field(
        default=False,
        description="Accepting always waits for a committed PairingApproval, whatever the Palettes "
        "of the repository say.",
    )
    require_rollout: bool = Field(
        default=False,
        description="What wants to be paired has to be in a Rollout; what is in none is held back.",
    )
    approvals_folder: RepositoryPath | None = Field(
        default=None,
        description="Only approvals below this folder count, so that a forge can guard it. "
        "Left out: all of them, wherever they stand.",
    )
    adopt_requests: Literal["Always", "Never"] = Field(
        default="Always",
        description="Whether a request that was sent by hand, or whose answer was lost, is accepted"
        " like pairctl's own, where all sources agree. `Never`: only where the intent names it.",
    )
    routes: PairingRoutes = Field(default_factory=PairingRoutes)
    limits: Limits = Field(default_factory=Limits)
    timing: Timing = Field(default_factory=Timing)

    @property
    def secret_roles(self) -> RolesOf:
        """What each secret may serve as, where this file says so."""
        return {name: frozenset(one.use) for name, one in self.secrets.items() if one.use}


class Operator(Document):
    """The file of whoever runs pairctl. It never lies in the reconciled repository."""

    kind: Literal["Operator"]
    spec: OperatorSpec
