"""Layers, stacks and profiles: the nouns of the exact-layer rules."""

from collections.abc import Iterable
from dataclasses import dataclass

UNSAID = "(not said)"
"""Stands for a layer's kind, name or version where a server leaves out what it has to be known by.

A manifest has no version: there, and only there, an empty version is one that can be compared.
"""


@dataclass(frozen=True, slots=True, order=True)
class Layer:
    """One pack of a stack: layer kind (`os`, `k8s`, `cni`, `csi`, `addon`...), name and version.

    All three are compared letter for letter: `1.31` is not `1.31.0`. An empty `kind` stands for
    "not said", as in a declared stack.
    """

    kind: str
    name: str
    version: str

    @property
    def is_comparable(self) -> bool:
        """Whether all is said that it is known by; what is not equals nothing."""
        return UNSAID not in (self.kind, self.name, self.version)

    def __str__(self) -> str:
        return f"{self.name} {self.version}" if self.version else self.name


def lacking(layer: Layer) -> str:
    """Say what a layer that cannot be compared lacks: `no version: prometheus`."""
    parts = (("layer", layer.kind), ("name", layer.name), ("version", layer.version))
    unsaid = " and ".join(f"no {what}" for what, value in parts if value == UNSAID)
    known = " ".join(v for v in (layer.name, layer.version) if v and v != UNSAID)
    return f"{unsaid}: {known}" if known else unsaid


Stack = tuple[Layer, ...]
"""The layers of a cluster, sorted; a layer that is there twice stands twice."""


def stack(layers: Iterable[Layer]) -> Stack:
    """Return the layers as a stack: in one stable order, whatever order they came in."""
    return tuple(sorted(layers))


def without_kinds(layers: Iterable[Layer]) -> Stack:
    """Return the stack by name and version only, to compare with one whose kinds are not said."""
    return stack(Layer("", layer.name, layer.version) for layer in layers)


@dataclass(frozen=True, slots=True)
class Profile:
    """The latest published version of a cluster profile, as Palette has it.

    `type` is Palette's word: `infra`, `cluster` (the console's "full"), `add-on` or `system`.
    """

    uid: str
    name: str
    version: str
    type: str
    layers: Stack

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


Selection = tuple[Profile, ...]
"""Profiles to be accepted together."""
