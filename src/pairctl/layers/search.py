"""Finding every selection of profiles that matches a stack exactly: an exact cover, complete."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pairctl.layers.difference import ADD_ON_TYPE, BASE_TYPES
from pairctl.layers.stack import Layer, Profile, Stack
from pairctl.problem import PairctlError, Problem

Selection = tuple[Profile, ...]

MOST_STEPS = 10_000
"""How many open parts of a stack are looked into. Real fleets need a few hundred."""
MOST_LAYERS = 256
"""How many layers a stack may have to be searched for, as many as a ProfileMatch may declare."""


class SearchTooLargeError(PairctlError):
    """The search was left before its end: what was found so far may not be all there is."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A profile that fits into the stack; `weight` is its layers as one number."""

    profile: Profile
    weight: int


class _Numbering:
    """Layers as numbers: a few bits for each layer of a stack, one more than its count needs.

    The spare bit turns "is contained in" into one subtraction, for repeated layers too.
    """

    def __init__(self, counts: Counter[Layer]) -> None:
        width = max(counts.values(), default=0).bit_length() + 1
        self._units = {layer: 1 << position * width for position, layer in enumerate(counts)}
        self._spare = sum(unit << (width - 1) for unit in self._units.values())
        self._counts = counts

    def weight(self, layers: Iterable[Layer]) -> int | None:
        """Return the layers as a number, or None where the stack does not contain them."""
        counts = Counter(layers)
        if counts <= self._counts:
            return sum(self._units[layer] * count for layer, count in counts.items())
        return None

    def fits(self, part: int, whole: int) -> bool:
        return ((whole | self._spare) - part) & self._spare == self._spare

    def layers_of(self, weight: int) -> list[Layer]:
        return [layer for layer, unit in self._units.items() if self.fits(unit, weight)]


class _Cover:
    """The search for sets of add-ons that cover an open part of the stack.

    Parts that were found to have no cover are remembered, so that no dead end is entered twice.
    """

    def __init__(self, numbering: _Numbering, pieces: Sequence[_Piece]) -> None:
        self._numbering = numbering
        self._pieces = pieces
        self._dead: set[tuple[int, frozenset[_Piece]]] = set()
        self._steps = 0

    def of(self, part: int, tried: Collection[_Piece] = ()) -> Iterator[tuple[_Piece, ...]]:
        """Yield each set of pieces, none of them in `tried`, that covers exactly this part."""
        if not part:
            yield ()
            return
        fits = self._numbering.fits
        barred = frozenset(piece for piece in tried if fits(piece.weight, part))
        if (part, barred) in self._dead:
            return
        self._count_step()
        fitting = [p for p in self._pieces if fits(p.weight, part) and p not in barred]
        found = False
        for cover in self._through(self._scarcest(part, fitting), part, barred):
            found = True
            yield cover
        if not found:
            self._dead.add((part, barred))

    def _count_step(self) -> None:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise SearchTooLargeError(_too_large(len(self._pieces)))

    def _through(
        self, candidates: Sequence[_Piece], part: int, barred: frozenset[_Piece]
    ) -> Iterator[tuple[_Piece, ...]]:
        for position, chosen in enumerate(candidates):
            # what stands before `chosen` has had its turn: without it no set is found twice
            tried = barred.union(candidates[: position + 1])
            for rest in self.of(part - chosen.weight, tried):
                yield (chosen, *rest)

    def _scarcest(self, part: int, fitting: Sequence[_Piece]) -> list[_Piece]:
        """Return the pieces for the layer that the fewest can bring: dead ends show early."""
        bringing: dict[Layer, list[_Piece]] = {
            layer: [] for layer in self._numbering.layers_of(part)
        }
        for piece in fitting:
            for layer in dict.fromkeys(piece.profile.layers):
                bringing[layer].append(piece)
        return min(bringing.values(), key=len)


def exact_selections(local: Stack, profiles: Iterable[Profile]) -> Iterator[Selection]:
    """Yield each selection that matches `local` exactly, each once, in no promised order.

    A selection has one infra or full profile and any number of add-ons (seed, step 7). Profiles
    without layers are left out: they would change nothing. Raises SearchTooLargeError where the
    search does not come to an end within its limits.
    """
    if len(local) > MOST_LAYERS:
        raise SearchTooLargeError(_too_many_layers(len(local)))
    counts = Counter(local)
    numbering = _Numbering(counts)
    ranked = sorted(set(profiles), key=_rank)
    usable = [
        _Piece(profile, weight)
        for profile in ranked
        if profile.layers and (weight := numbering.weight(profile.layers)) is not None
    ]
    cover = _Cover(numbering, [piece for piece in usable if piece.profile.type == ADD_ON_TYPE])
    whole = numbering.weight(local) or 0
    for base in usable:
        if base.profile.type in BASE_TYPES:
            for rest in cover.of(whole - base.weight):
                yield (base.profile, *sorted((piece.profile for piece in rest), key=_rank))


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
