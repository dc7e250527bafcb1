"""`PairingIntent`: the state that one cluster, or one request, should be in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, JsonValue, model_validator

from pairctl.spec.document import Document, SecretReference, Tls
from pairctl.spec.fields import Endpoint, ExactlyOne, LocalUid, Name, Strict, Text, Uid
from pairctl.spec.overrides import Overrides


class Desired(StrEnum):
    """The state that an operator wants a cluster, or a pairing request, to be in."""

    PAIRED = "Paired"
    LOCAL = "Local"
    REJECTED = "Rejected"


@dataclass(frozen=True, slots=True)
class LocalUIPlace:
    """One place where Local UI of a cluster answers, and what it is called with."""

    endpoint: str
    credentials: SecretReference
    tls: Tls | None = None


class HostEndpoint(Strict):
    """Local UI on one of the cluster's hosts; left out, `tls` is that of `localUI`."""

    endpoint: Endpoint
    tls: Tls | None = None


_ONE_OF_BOTH: dict[str, JsonValue] = {
    "oneOf": [
        {"required": ["endpoint"]},
        {"required": ["endpoints"], "not": {"required": ["hostUid"]}},
    ]
}


class LocalUI(Strict):
    """Local UI of the cluster: on one edge host, or on several of which any may answer."""

    model_config = ConfigDict(json_schema_extra=_ONE_OF_BOTH)

    endpoint: Endpoint | None = None
    endpoints: Annotated[tuple[HostEndpoint, ...], Field(min_length=1, max_length=9)] | None = (
        Field(
            default=None,
            description="Hosts of one cluster's control plane instead of `endpoint`, tried in this "
            "order: the first that answers is looked at, and acted on in the same step.",
        )
    )
    credentials: SecretReference
    tls: Tls | None = None
    host_uid: LocalUid | None = Field(
        default=None, description="The edge host that has to answer at this address, by its uid."
    )

    @model_validator(mode="after")
    def _has_one_of_both(self) -> Self:
        if (self.endpoint is None) == (self.endpoints is None):
            raise ValueError("exactly one of `endpoint` and `endpoints` is needed")
        if self.endpoints and self.host_uid:
            raise ValueError("`hostUid` names one host; beside `endpoints` write `cluster.uid`")
        named = [place.endpoint for place in self.places]
        if len(named) != len(set(named)):
            raise ValueError("`endpoints` names a host twice")
        return self

    @property
    def places(self) -> tuple[LocalUIPlace, ...]:
        """Where Local UI may answer, in the order in which it is tried."""
        if self.endpoint is not None:
            return (LocalUIPlace(self.endpoint, self.credentials, self.tls),)
        return tuple(
            LocalUIPlace(one.endpoint, self.credentials, one.tls or self.tls)
            for one in self.endpoints or ()
        )


class RegistrationToken(ExactlyOne):
    """The edge host registration token that the pairing request is sent with."""

    secret: Name | None = None
    from_palette: Text | None = Field(
        default=None, description="The token of this name in Palette."
    )


class ClusterFields(Strict):
    """Which cluster is meant, and what may be changed of it while accepting.

    Left out: name, description and tags are as the local cluster has them.
    """

    uid: LocalUid | None = Field(
        default=None,
        description="The local cluster's uid on its host. Another cluster is left alone.",
    )
    name: Name | None = Field(
        default=None, description="What Palette is to call the cluster. Left out: its own name."
    )
    description: Annotated[str, Field(max_length=1024)] | None = Field(
        default=None, description="A text for people in Palette. Left out: its own."
    )
    tags: dict[Text, Annotated[str, Field(max_length=1024)]] | None = Field(
        default=None, description="The cluster's tags in Palette. Left out: its own."
    )


class Acknowledge(Strict):
    """Palette's "I understand", said for one cluster by its name."""

    central_management_only: Text = Field(
        description="The local cluster's name: once paired it can only be managed centrally."
    )
    appliance_type: Text | None = Field(
        default=None,
        description="The host's appliance type, as its settings say it: that it is no appliance "
        "whose cluster must stay local, such as the one that hosts Palette itself.",
    )


class PairingRequestReference(ExactlyOne):
    """A pairing request in Palette, by its id or by its tags."""

    pairing_uid: Uid | None = Field(default=None, description="The pairing id, as Palette has it.")
    tags: Annotated[dict[Text, Text], Field(min_length=1)] | None = Field(
        default=None, description="Tags that the one request that is meant has."
    )


_NEEDS = {
    Desired.PAIRED: ("local_ui", "registration_token", "profile_match"),
    Desired.LOCAL: ("local_ui",),
    Desired.REJECTED: ("request",),
}
_YAML_NAMES = {
    "local_ui": "localUI",
    "registration_token": "registrationToken",
    "profile_match": "profileMatch",
    "request": "request",
}


def _needs_as_schema(schema: dict[str, Any]) -> None:
    """Say in the schema, too, which fields each desired state needs."""
    schema["allOf"] = [
        {
            "if": {
                "properties": {"desired": {"const": desired.value}},
                **({} if desired is Desired.PAIRED else {"required": ["desired"]}),
            },
            "then": {
                "description": f"`desired: {desired.value}` needs it.",
                "required": [_YAML_NAMES[field] for field in fields],
            },
        }
        for desired, fields in _NEEDS.items()
    ]


class PairingIntentSpec(Overrides):
    """Where a cluster is, and the state it should be in."""

    model_config = ConfigDict(json_schema_extra=_needs_as_schema)

    desired: Desired = Desired.PAIRED
    palette: Name = Field(
        description="The name of the Palette document to pair with.", examples=["production"]
    )
    local_ui: LocalUI | None = Field(default=None, alias="localUI")
    registration_token: RegistrationToken | None = None
    profile_match: Name | None = Field(
        default=None,
        description="The name of the ProfileMatch that stands for the cluster's stack.",
        examples=["retail-split"],
    )
    cluster: ClusterFields = ClusterFields()
    acknowledge: Acknowledge | None = None
    request: PairingRequestReference | None = Field(
        default=None,
        description="The pairing request that is meant: the one to reject, or for `desired: Paired`"
        " and `Local` the one that the host holds, by its id.",
    )
    replace_request: bool = Field(
        default=False, description="Withdraw a request that is pending towards another Palette."
    )
    attempt: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=1, description="Raise it to try again after a request was rejected or failed."
    )
    suspend: bool = Field(
        default=False, description="Look after nothing; a request under way is left alone."
    )

    @model_validator(mode="after")
    def _has_what_its_state_needs(self) -> Self:
        missing = [_YAML_NAMES[f] for f in _NEEDS[self.desired] if getattr(self, f) is None]
        if missing:
            raise ValueError(f"`desired: {self.desired}` needs {', '.join(missing)}")
        return self


class PairingIntent(Document):
    """The wish that one cluster be paired, stay local, or that a request be rejected."""

    kind: Literal["PairingIntent"]
    spec: PairingIntentSpec
