"""What a cluster or a profile is made of, in the simulator's own terms."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from pydantic import ConfigDict

Layer = Literal["kernel", "os", "k8s", "cni", "csi", "addon", ""]
PackType = Literal["spectro", "helm", "manifest", "oci"]
ProfileType = Literal["infra", "cluster", "add-on", "system"]


@dataclass(frozen=True, slots=True, order=True)
class Pack:
    """One pack of a stack: two are the same when layer, name and version are.

    What is empty is left out where the pack is shown. The type is no part of what it is.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: str
    version: str
    layer: Layer
    type: PackType = field(default="spectro", compare=False)

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
