"""What a cluster or a profile is made of, in the simulator's own terms."""

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import ConfigDict, Field

Layer = Literal["kernel", "os", "k8s", "cni", "csi", "addon", ""]
PackType = Literal["spectro", "helm", "manifest", "oci"]
MADE: Final = "made"
"""Stands for values that are made from the pack's name and version: the same on both sides."""

ProfileType = Literal["infra", "cluster", "add-on", "system"]


@dataclass(frozen=True, slots=True, order=True)
class Pack:
    """One pack of a stack: two are the same when layer, name and version are.

    What is empty is left out where the pack is shown. Neither type nor values are part of what it
    is.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: Annotated[str, Field(description="Its name.")]
    version: Annotated[str, Field(description="Its version.")]
    layer: Annotated[Layer, Field(description="Which layer it is; an empty one is left out.")]
    type: Annotated[PackType, Field(description="Where it comes from.")] = field(
        default="spectro", compare=False
    )
    values: Annotated[
        Any,
        Field(
            description="Its values. Left out: some made from its name and version, the same on"
            " both sides. Null leaves them out, and anything but text is an odd answer."
        ),
    ] = field(default=MADE, compare=False, repr=False)

    @property
    def shown_values(self) -> Any:
        """What is answered as its values: what is said here, else some made from what it is."""
        if self.values != MADE:
            return self.values
        return f"# {self.name}\npack:\n  name: {self.name}\n  version: '{self.version}'\n"

    def shown(self) -> dict[str, str]:
        """Write what is said of it, under the names of the APIs."""
        said = {"name": self.name, "version": self.version, "layer": self.layer, "type": self.type}
        return {name: value for name, value in said.items() if value}

    def __str__(self) -> str:
        return f"{self.layer} {self.name} {self.version}"


@dataclass(frozen=True, slots=True)
class LocalProfile:
    """A profile as a local cluster runs it."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: Annotated[str, Field(description="Its name.")]
    type: Annotated[
        ProfileType,
        Field(description="`infra` a base, `add-on` what goes on top, `cluster` both in one."),
    ]
    version: Annotated[str, Field(description="Its version.")]
    packs: Annotated[tuple[Pack, ...], Field(description="Its layers.")]
