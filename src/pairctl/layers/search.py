"""Finding every selection of profiles that matches a stack exactly: an exact cover, complete."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pairctl.layers.difference import ADD_ON_TYPE, BASE_TYPES
from pairctl.layers.stack import Layer, Profile, Selection, Stack
from pairctl.problem import PairctlError, Problem

MOST_STEPS = 10_000
"""How many open parts of a stack are looked into. Real fleets need a few hundred."""
MOST_LAYERS = 256
"""How many layers a stack may have to be searched for, as many as a ProfileMatch may declare."""

_Room = tuple[int, ...]
"""How often each layer of a stack is still to be brought."""


class SearchTooLargeError(PairctlError):
    """The search was left before its end: what was found so far may not be all there is."""


class _Cover:
    """The search for sets of add-ons that bring exactly what there is room for.

    A set of add-ons is one number, with a bit for each of them, so that all of them are held
    against a layer at once. Rooms without a cover are remembered: no dead end is entered twice.
    """

    def __init__(self, counts: Counter[Layer], add_ons: Sequence[Profile]) -> None:
        numbers = {layer: number for number, layer in enumerate(counts)}
        self._add_ons = add_ons
        self._brought = [
            [(numbers[layer], times) for layer, times in Counter(profile.layers).items()]
            for profile in add_ons
        ]
        self._fitting = [self._by_room(layer, counts[layer]) for layer in counts]
        self._dead: set[tuple[_Room, int]] = set()
        self._steps = 0

    def beside(self, room: _Room) -> Iterator[Selection]:
        """Yield each set of add-ons that brings exactly what there is room for."""
        available = (1 << len(self._add_ons)) - 1
        for layer, left in enumerate(room):
            available &= self._fitting[layer][left]
        return self._of(room, available)

    def _by_room(self, layer: Layer, most: int) -> list[int]:
        """Return, for each room that a layer can have, the add-ons that bring no more of it."""
        times = [profile.layers.count(layer) for profile in self._add_ons]
        return [
            sum(1 << number for number, brought in enumerate(times) if brought <= room)
            for room in range(most + 1)
        ]

    def _of(self, room: _Room, available: int) -> Iterator[Selection]:
        if not any(room):
            yield ()
            return
        if (room, available) in self._dead:
            return
        self._count_step()
        found = False
        for cover in self._through(room, available):
            found = True
            yield cover
        if not found:
            self._dead.add((room, available))

    def _count_step(self) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise SearchTooLargeError(_too_large(len(self._add_ons)))

    def _through(self, room: _Room, available: int) -> Iterator[Selection]:
        candidates = self._scarcest(room, available)
        while candidates:
            lowest = candidates & -candidates
            candidates ^= lowest
            available ^= lowest  # it has its turn now: without it no set is found twice
            chosen = lowest.bit_length() - 1
            for rest in self._of(*self._with(chosen, room, available)):
                yield (self._add_ons[chosen], *rest)

    def _scarcest(self, room: _Room, available: int) -> int:
        """Return the add-ons for the layer that the fewest can bring: dead ends show early."""
        bringing = (available & ~self._fitting[layer][0] for layer, left in enumerate(room) if left)
        return min(bringing, key=int.bit_count)

    def _with(self, chosen: int, room: _Room, available: int) -> tuple[_Room, int]:
        """Return the room that is left beside an add-on, and the add-ons that still fit."""
        left = list(room)
        for layer, times in self._brought[chosen]:
            left[layer] -= times
            available &= self._fitting[layer][left[layer]]
        return tuple(left), available


def exact_selections(local: Stack, profiles: Iterable[Profile]) -> Iterator[Selection]:
    """Yield each selection that matches `local` exactly, each once, in no promised order.

    A selection has one infra or full profile and any number of add-ons (seed, step 7). Profiles
    without layers are left out: they would change nothing. Raises SearchTooLargeError where the
    search does not come to an end within its limits.
    """
    if len(local) > MOST_LAYERS:
        raise SearchTooLargeError(_too_many_layers(len(local)))
    counts = Counter(local)
    fitting = [
        profile
        for profile in sorted(set(profiles), key=_rank)
        if profile.layers and Counter(profile.layers) <= counts
    ]
    cover = _Cover(counts, [profile for profile in fitting if profile.type == ADD_ON_TYPE])
    for base in fitting:
        if base.type in BASE_TYPES:
            brought = Counter(base.layers)
            room = tuple(counts[layer] - brought[layer] for layer in counts)
            for rest in cover.beside(room):
                yield (base, *sorted(rest, key=_rank))


def best_first(selections: Iterable[Selection]) -> list[Selection]:
    """Order answers as stated to operators: fewest profiles, then their names and uids."""
    return sorted(selections, key=lambda found: (len(found), [_rank(p) for p in found]))


def _too_large(profiles: int) -> Problem:
    return Problem(
        "SearchTooLarge",
        f"the search for an exact match was left unfinished after {MOST_STEPS} steps: "
        f"{profiles} add-on profiles share layers with the cluster in too many ways",
        "name the profiles meant in the ProfileMatch, instead of `select: Auto`",
    )


def _too_many_layers(layers: int) -> Problem:
    return Problem(
        "SearchTooLarge",
        f"the cluster has {layers} layers; a search for an exact match takes up to {MOST_LAYERS}",
        "name the profiles meant in the ProfileMatch, instead of `select: Auto`",
    )


def _rank(profile: Profile) -> tuple[str, str]:
    return profile.name, profile.uid
