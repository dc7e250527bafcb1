"""Layers, stacks and profiles: the nouns of the exact-layer rules."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Layer:
    """One pack of a stack: layer kind (`os`, `k8s`, `cni`, `csi`, `addon`...), name and version.

    All three are compared letter for letter: `1.31` is not `1.31.0`. An empty `kind` stands for
    "not said", as in a declared stack.
    """

    kind: str
    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


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
