"""What the parts of a simulation file share: forms of values, and what each server has."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from pairctl.sim.answers import SHAPES, ErrorShape


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


Delay = Annotated[
    float,
    Field(
        ge=0,
        validation_alias="delaySeconds",
        description="How long each of its answers takes.",
    ),
]
Errors = Annotated[ErrorShape, Field(description=f"The form that its refusals have: {SHAPES}")]
Tls = Annotated[TlsSpec, Field(description="How it speaks TLS.")]
