"""Layers, stacks and profiles: the nouns of the exact-layer rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

UNSAID = "(not said)"
"""Stands for a layer's kind, name or version where a server leaves out what it has to be known by.

A manifest has no version: there, and only there, an empty version is one that can be compared.
"""


PACK_TYPES: Mapping[str, str] = {
    "spectro": "a pack",
    "helm": "a Helm chart",
    "manifest": "a manifest",
}
"""The types of packs that say what a pack is made of, and how people call that.

Another word, such as `oci`, says where it comes from; the same pack may have one on each side.
"""


@dataclass(frozen=True, slots=True, order=True)
class Layer:
    """One pack of a stack: layer kind (`os`, `k8s`, `cni`, `csi`, `addon`...), name and version.

    All three are compared letter for letter: `1.31` is not `1.31.0`. An empty `kind` stands for
    "not said", as in a declared stack. `type` is one of PACK_TYPES, or empty where that is not
    known; `display_name` is what Palette shows people. Neither is part of what the layer is.
    """

    kind: str
    name: str
    version: str
    type: str = field(default="", compare=False)
    display_name: str = field(default="", compare=False)

    @property
    def is_comparable(self) -> bool:
        """Whether all is said that it is known by; what is not equals nothing."""
        return UNSAID not in (self.kind, self.name, self.version)

    def __str__(self) -> str:
        return f"{self.name} {self.version}" if self.version else self.name


def pack_type(word: str) -> str:
    """Return the type that a server's word stands for; empty where it says nothing of that."""
    known = word.strip().casefold()
    return known if known in PACK_TYPES else ""


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
    return tuple(sorted(layers, key=lambda layer: (layer, layer.type, layer.display_name)))


Types = Mapping[Layer, frozenset[str]]
"""The types that each layer of a stack has; none where one of them does not say its type."""


def types_of(layers: Stack) -> Types:
    """Return the types of a stack's layers: a layer that is there twice may have two."""
    found: dict[Layer, set[str]] = {}
    for layer in layers:
        found.setdefault(layer, set()).add(layer.type)
    said = {layer: types for layer, types in found.items() if "" not in types}
    return {layer: frozenset(types) for layer, types in said.items()}


def is_of_type(layer: Layer, types: Types) -> bool:
    """Whether a layer may stand for one of a stack, by what both say of their type."""
    known = types.get(layer)
    return not layer.type or not known or layer.type in known


def without_kinds(layers: Iterable[Layer]) -> Stack:
    """Return the stack by name and version only, to compare with one whose kinds are not said."""
    return stack(replace(layer, kind="") for layer in layers)


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
