"""Finding every selection of profiles that matches a stack exactly."""

from collections import Counter
from collections.abc import Iterable, Iterator

from pairctl.layers.catalogue import Catalogue
from pairctl.layers.cover import Cover, SearchTooLargeError
from pairctl.layers.difference import ADD_ON_TYPE, BASE_TYPES, difference
from pairctl.layers.stack import Layer, Profile, Selection, Stack, is_of_type, types_of

MOST_LAYERS = 256
"""How many layers a stack may have to be searched for, as many as a ProfileMatch may declare."""


def exact_selections(local: Stack, profiles: Iterable[Profile]) -> Iterator[Selection]:
    """Yield each selection that matches `local` exactly, each once, in no promised order.

    A selection has one infra or full profile and any number of add-ons (seed, step 7). Profiles
    without layers are left out: they would change nothing. Raises SearchTooLargeError where the
    search does not come to an end within its limits.
    """
    if len(local) > MOST_LAYERS:
        raise SearchTooLargeError(
            f"the cluster has {len(local)} layers; "
            f"a search for an exact match takes up to {MOST_LAYERS}"
        )
    counts = Counter(local)
    types = types_of(local)
    within = _within(
        counts, (one for one in profiles if all(is_of_type(layer, types) for layer in one.layers))
    )
    add_ons = [profile for profile in within if profile.type == ADD_ON_TYPE]
    catalogue = Catalogue(counts, [within[add_on] for add_on in add_ons])
    cover = Cover(catalogue)
    for base, brought in within.items():
        if base.type in BASE_TYPES:
            for chosen in cover.filling(catalogue.room(counts - brought)):
                found = (base, *(add_ons[number] for number in sorted(chosen)))
                # Only a layer that is there twice, in two types, may still differ here.
                if not difference(local, found).other_type:
                    yield found


def best_first(selections: Iterable[Selection]) -> list[Selection]:
    """Order answers as stated to operators: fewest profiles, then their names and uids."""
    return sorted(selections, key=lambda found: (len(found), [_rank(p) for p in found]))


def _within(counts: Counter[Layer], profiles: Iterable[Profile]) -> dict[Profile, Counter[Layer]]:
    """Return the profiles that bring nothing which a stack lacks, in order, and what they bring."""
    brought = {profile: Counter(profile.layers) for profile in sorted(set(profiles), key=_rank)}
    return {
        profile: layers
        for profile, layers in brought.items()
        if layers and all(times <= counts[layer] for layer, times in layers.items())
    }


def _rank(profile: Profile) -> tuple[str, str]:
    return profile.name, profile.uid
