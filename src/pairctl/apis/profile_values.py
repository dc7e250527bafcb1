"""The fields that are read of a profile's packs: what each of them is, and its values."""

from collections import defaultdict
from typing import Any

from pydantic import Field

from pairctl.apis.answers import AnswerModel
from pairctl.apis.pack_values import pack_values
from pairctl.layers import (
    Configuration,
    Configured,
    Layer,
    LayerConfiguration,
    Profile,
    unreadable,
)


class PackEntity(AnswerModel):
    """Name and layer of a pack, and its values."""

    name: str = ""
    layer: str = ""
    values: Any = Field(None, repr=False)


class PackEntityItem(AnswerModel):
    """A pack of a profile."""

    spec: PackEntity = Field(default_factory=lambda: PackEntity.model_validate({}))


class ProfilePacks(AnswerModel):
    """The packs of one profile version (specification: `v1ClusterProfilePacksEntities`)."""

    items: tuple[PackEntityItem, ...]

    def values_of(self, profile: Profile) -> Configured:
        """Return the values of each layer of the profile, found by its kind and name."""
        found: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
        for item in self.items:
            found[item.spec.layer, item.spec.name].append(item.spec.values)
        return tuple(
            LayerConfiguration(layer, _of(layer, found[layer.kind, layer.name]))
            for layer in profile.layers
        )


def _of(layer: Layer, given: list[Any]) -> Configuration:
    if len(given) == 1:
        return pack_values(given[0])
    how_often = "not" if not given else f"{len(given)} times"
    return unreadable(f"Palette lists pack {layer.name} {how_often} among those of the profile")


def unread(profile: Profile, why: str) -> Configured:
    """Return what stands for the values of a profile that Palette does not show."""
    return tuple(LayerConfiguration(layer, unreadable(why)) for layer in profile.layers)
