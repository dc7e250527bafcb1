"""`ProfileMatch`: which profiles stand for a stack."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from pairctl.spec.document import Document
from pairctl.spec.fields import Digest, Name, PackName, ProfileName, Strict, Version
from pairctl.spec.overrides import Overrides


class ProfileReference(Strict):
    """A cluster profile in Palette. It is always used in its latest version."""

    name: ProfileName = Field(description="The profile's name in Palette.")
    version: Version | None = Field(
        default=None,
        description="A guard: the pairing is blocked unless this is the latest version.",
    )


class LayerDeclaration(Strict):
    """One layer of the stack that a selection is for."""

    name: PackName = Field(description="The pack's name.")
    version: Version
    layer: Literal["kernel", "os", "k8s", "cni", "csi", "addon"] | None = Field(
        default=None, description="Which layer it is. Left out: any."
    )


class Selection(StrEnum):
    """How profiles are found where none are named."""

    AUTO = "Auto"


class OnAmbiguous(StrEnum):
    """What to do where several sets of profiles match exactly."""

    FIRST = "First"
    BLOCK = "Block"


class OnDifference(StrEnum):
    """What to do where the selected profiles have other values than the cluster."""

    SAME = "Same"
    REVIEWED = "Reviewed"
    ANY = "Any"


class ValuesFrom(StrEnum):
    """Whose values of packs a pairing goes on with."""

    PROFILE = "Profile"
    LOCAL = "Local"


class ProfileMatchSpec(Overrides):
    """Which profiles stand for a stack: named, or searched for."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["profiles"]}, {"required": ["select"]}]}
    )

    palette: Name = Field(
        description="The name of the Palette document that has the profiles.",
        examples=["production"],
    )
    profiles: Annotated[list[ProfileReference], Field(min_length=1, max_length=64)] | None = Field(
        default=None, description="The profiles, each in its latest version."
    )
    select: Selection | None = Field(
        default=None, description="`Auto`: search for the exact match."
    )
    on_ambiguous: OnAmbiguous = OnAmbiguous.FIRST
    layers: Annotated[list[LayerDeclaration], Field(min_length=1, max_length=256)] | None = Field(
        default=None,
        description="The stack this selection is for; a cluster with another one is blocked.",
    )
    configuration: OnDifference = Field(
        default=OnDifference.REVIEWED,
        description="Where values of packs would change: `Same` blocks, `Reviewed` blocks unless "
        "the difference is named in `reviewed`, `Any` goes on.",
    )
    reviewed: Annotated[list[Digest], Field(max_length=256)] = Field(
        default=[],
        description="Differences that a person has read, by their digests: `pairctl explain NAME` "
        "prints the line.",
    )
    values_from: ValuesFrom = Field(
        default=ValuesFrom.PROFILE,
        description="`Local`: the cluster's own values are sent along, so that nothing changes; "
        "packs that `values` names have those.",
    )

    @model_validator(mode="after")
    def _names_or_searches(self) -> Self:
        if (self.profiles is None) == (self.select is None):
            raise ValueError("exactly one of `profiles` and `select` is needed")
        return self


class ProfileMatch(Document):
    """A selection of profiles that stands for a stack."""

    kind: Literal["ProfileMatch"]
    spec: ProfileMatchSpec
