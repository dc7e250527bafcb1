"""What a cluster or a profile is made of, in the simulator's own terms."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal

from pydantic import ConfigDict

Layer = Literal["kernel", "os", "k8s", "cni", "csi", "addon", ""]
PackType = Literal["spectro", "helm", "manifest", "oci"]
MADE: Final = "made"
"""Stands for values that are made from the pack's name and version: the same on both sides."""

ProfileType = Literal["infra", "cluster", "add-on", "system"]


@dataclass(frozen=True, slots=True, order=True)
class Pack:
    """One pack of a stack: two are the same when layer, name and version are.

    What is empty is left out where the pack is shown. Neither type nor values are part of what it
    is. Values that are null are left out; others than text are odd, and shown as they are.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: str
    version: str
    layer: Layer
    type: PackType = field(default="spectro", compare=False)
    values: Any = field(default=MADE, compare=False, repr=False)

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

    name: str
    type: ProfileType
    version: str
    packs: tuple[Pack, ...]
