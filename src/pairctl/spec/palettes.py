"""`Palette`: where clusters are handed to."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from pairctl.spec.document import Document, SecretReference, Tls
from pairctl.spec.fields import Endpoint, Strict, Text


class UnrecognizedRequests(StrEnum):
    """What to do with pairing requests that no intent names."""

    REPORT = "Report"
    REJECT = "Reject"


class Acceptance(StrEnum):
    """How pairing requests are accepted: by the API, by a person in the console, or found out."""

    AUTO = "Auto"
    API = "Api"
    CONSOLE = "Console"


class PaletteSpec(Strict):
    """A Palette instance, and the project in it that clusters are handed to."""

    endpoint: Endpoint
    project: Text | None = Field(
        default=None,
        description="A project's name or uid. Left out: the tenant.",
        examples=["edge-retail"],
    )
    api_key: SecretReference
    tls: Tls | None = None
    unrecognized_requests: UnrecognizedRequests = UnrecognizedRequests.REPORT
    acceptance: Acceptance = Acceptance.AUTO
    require_approval: bool = Field(
        default=False,
        description="Accept only what a committed PairingApproval names by its digest.",
    )


class Palette(Document):
    """A Palette instance to pair with."""

    kind: Literal["Palette"]
    spec: PaletteSpec
