"""Partial selections, counted: what is brought, what is still needed, what was brought in vain.

The size of a difference, counted pack by pack, is what is brought in vain or in a wrong version,
plus what is needed and not brought at all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pairctl.layers.difference import pack_of
from pairctl.layers.stack import Profile, Selection, Stack, is_of_type, types_of


@dataclass(frozen=True, slots=True)
class Part:
    """A layer of a profile, whose pack the stack has; `layer` is None in another version."""

    pack: int
    layer: int | None
    times: int


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A profile as parts of a stack; `foreign` counts its layers whose pack the stack lacks."""

    profile: Profile
    parts: tuple[Part, ...]
    foreign: int


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    """Some profiles, base first. `room` is by layer, `need` by pack; `waste` is in vain.

    `need` is negative where a pack is brought too often.
    """

    pieces: tuple[Piece, ...]
    room: tuple[int, ...]
    need: tuple[int, ...]
    waste: int

    @property
    def size(self) -> int:
        """The size of the difference, if nothing is added."""
        return self.waste + sum(need for need in self.need if need > 0)

    @property
    def selection(self) -> Selection:
        """The profiles: the base, then add-ons by name and uid."""
        base, *others = (piece.profile for piece in self.pieces)
        return (base, *sorted(others, key=lambda profile: (profile.name, profile.uid)))

    def useful(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Return the pieces that bring a pack that is still needed, in whatever version."""
        need = self.need
        return [piece for piece in pieces if any(need[part.pack] > 0 for part in piece.parts)]

    def plus(self, piece: Piece) -> "Partial":
        """Return the selection with one more profile."""
        room, need, waste = list(self.room), list(self.need), self.waste + piece.foreign
        for part in piece.parts:
            matched = self._matched(part)
            waste += part.times - matched
            need[part.pack] -= part.times
            if part.layer is not None:
                room[part.layer] -= matched
        return Partial((*self.pieces, piece), tuple(room), tuple(need), waste)

    def prospect(self, piece: Piece) -> tuple[int, int]:
        """Return how many needed layers a piece would match, and its certain cost.

        The cost is by how much the difference gets larger for it, whatever else is chosen.
        """
        gain, cost = 0, piece.foreign
        for part in piece.parts:
            need, matched = self.need[part.pack], self._matched(part)
            if need > 0:
                gain += min(matched, need)
            else:
                cost += part.times - matched
        return gain, cost

    def packs_gained(self, piece: Piece) -> Iterator[int]:
        """Yield the packs of which a piece would match a needed layer."""
        for part in piece.parts:
            if self.need[part.pack] > 0 and self._matched(part):
                yield part.pack

    def scarcest(self, useful: Sequence[Piece]) -> list[Piece]:
        """Return the pieces for the needed pack that the fewest bring, the best ones first."""
        bringing: dict[int, list[Piece]] = {}
        for piece in useful:
            for pack in {part.pack for part in piece.parts if self.need[part.pack] > 0}:
                bringing.setdefault(pack, []).append(piece)
        _, found = min(bringing.items(), key=lambda item: (len(item[1]), item[0]))
        return sorted(found, key=self._regret)

    def needs_all(self) -> bool:
        """Whether each add-on brings a pack that would be brought too seldom without it."""
        return all(self._needs(piece) for piece in self.pieces[1:])

    def _needs(self, piece: Piece) -> bool:
        brought: Counter[int] = Counter()
        for part in piece.parts:
            brought[part.pack] += part.times
        return any(self.need[pack] + times > 0 for pack, times in brought.items())

    def _matched(self, part: Part) -> int:
        return 0 if part.layer is None else min(part.times, self.room[part.layer])

    def _regret(self, piece: Piece) -> int:
        gain, cost = self.prospect(piece)
        return cost - gain


class Numbering:
    """The layers and packs of a stack as numbers."""

    def __init__(self, local: Stack) -> None:
        self._layers = {layer: number for number, layer in enumerate(dict.fromkeys(local))}
        self._types = types_of(local)
        self._packs = {
            pack: number for number, pack in enumerate(dict.fromkeys(map(pack_of, local)))
        }
        self._nothing = Partial(
            (),
            tuple(Counter(local).values()),
            tuple(Counter(map(pack_of, local)).values()),
            0,
        )

    def piece(self, profile: Profile) -> Piece:
        """Return a profile as parts of the stack."""
        # A layer of another type than the stack's is as good as one in another version.
        counts = Counter((layer, is_of_type(layer, self._types)) for layer in profile.layers)
        parts = tuple(
            Part(self._packs[pack_of(layer)], self._layers.get(layer) if is_own else None, times)
            for (layer, is_own), times in counts.items()
            if pack_of(layer) in self._packs
        )
        return Piece(profile, parts, counts.total() - sum(part.times for part in parts))

    def start(self, base: Piece) -> Partial:
        """Return the selection of a base alone."""
        return self._nothing.plus(base)
