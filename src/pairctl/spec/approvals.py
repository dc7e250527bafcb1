"""`PairingApproval`: somebody's consent to one acceptance, exactly as it was shown."""

from typing import Literal

from pydantic import Field

from pairctl.spec.document import Document
from pairctl.spec.fields import Digest, Name, Strict, Text, Uid


class PairingApprovalSpec(Strict):
    """Which acceptance is approved. Anything that matters and changes makes another digest."""

    intent: Name = Field(description="The name of the PairingIntent.")
    digest: Digest = Field(
        description="What is approved: the `digest` of the intent's status, or of a plan."
    )
    pairing_uid: Uid | None = Field(
        default=None, description="The pairing request that is approved; another one is not."
    )
    reason: Text | None = Field(default=None, description="For people; nothing is decided by it.")
    approved_by: Text | None = Field(
        default=None, description="For people; who may approve is decided by the forge."
    )


class PairingApproval(Document):
    """The consent to accept one cluster, for a Palette with `requireApproval: true`."""

    kind: Literal["PairingApproval"]
    spec: PairingApprovalSpec
