"""What a cluster or a profile is made of, in the simulator's own terms."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import ConfigDict

Layer = Literal["kernel", "os", "k8s", "cni", "csi", "addon"]
ProfileType = Literal["infra", "cluster", "add-on", "system"]


@dataclass(frozen=True, slots=True, order=True)
class Pack:
    """One pack of a stack: two are the same when layer, name and version are."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    name: str
    version: str
    layer: Layer

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
