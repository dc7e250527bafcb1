"""The selections that come nearest to an exact match, best first, by a bounded search."""

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

from pairctl.layers.cover import SearchTooLargeError
from pairctl.layers.difference import ADD_ON_TYPE, BASE_TYPES, Match, match
from pairctl.layers.partial import Numbering, Partial, Piece
from pairctl.layers.search import MOST_LAYERS, best_first, exact_selections
from pairctl.layers.stack import Profile, Selection, Stack

MOST_NEAREST = 5
MOST_LOOKS = 250_000
"""How often a profile is held against a partial selection; some hundred are a millisecond."""
MOST_EXACT = 50
_LOOKS_A_STEP = 20  # what a step costs, beside holding profiles against it
_ROUNDING = 1e-9

_Found = tuple[int, int, tuple[tuple[str, str], ...], Selection]
"""The rank of a selection (size, profiles, names and uids), and the selection."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest selections, judged, best first.

    Where `is_complete` is False the search was left at its limit: these are the best that were
    seen, and there may be nearer ones.
    """

    matches: tuple[Match, ...] = ()
    is_complete: bool = True


def nearest_selections(
    local: Stack, profiles: Iterable[Profile], most: int = MOST_NEAREST
) -> Nearest:
    """Return the `most` selections with the smallest difference, then fewest profiles, then names.

    Looked at are all selections of one infra or full profile and add-ons of which each is needed:
    without it, some pack of the cluster would be brought less often than the cluster has it, in
    whatever version. Every other selection is no nearer than one of these with fewer profiles.
    Branch and bound, exact up to MOST_LOOKS, and up to MOST_LAYERS layers.
    """
    if not local or len(local) > MOST_LAYERS:
        return Nearest(is_complete=not local)
    numbering = Numbering(local)
    pieces = [
        numbering.piece(profile) for profile in sorted(set(profiles), key=rank_of) if profile.layers
    ]
    search = _Search([piece for piece in pieces if piece.profile.type == ADD_ON_TYPE], most)
    exact, are_all = _exact(local, [piece.profile for piece in pieces])
    if len(exact) >= most:
        return Nearest(tuple(match(local, found) for found in exact[:most]), are_all)
    search.keep(exact)
    search.run([numbering.start(p) for p in pieces if p.profile.type in BASE_TYPES])
    return Nearest(tuple(match(local, found[-1]) for found in search.best), search.is_complete)


def rank_of(profile: Profile) -> tuple[str, str]:
    """Return what profiles are ordered by: name, then uid."""
    return profile.name, profile.uid


class _Search:
    """Branch and bound over partial selections; `best` holds the best ones so far, in order."""

    def __init__(self, add_ons: Sequence[Piece], most: int) -> None:
        self.best: list[_Found] = []
        self.is_complete = True
        self._add_ons = add_ons
        self._most = most
        self._looks = 0
        self._limit = 0

    def keep(self, exact: Iterable[Selection]) -> None:
        """Begin with what is known to match: the search need not look for worse."""
        for chosen in exact:
            self._keep(0, chosen)

    def run(self, starts: Sequence[Partial]) -> None:
        """Search from each base, the most promising first; each has its share of the looks."""
        hopeful = sorted(starts, key=self._hope)
        for position, start in enumerate(hopeful):
            share = (MOST_LOOKS - self._looks) // (len(hopeful) - position)
            self._limit = self._looks + max(share, 1)
            self._descend(start, self._add_ons)

    def _hope(self, start: Partial) -> int:
        return _outlook(start, start.useful(self._add_ons)).least_size

    def _descend(self, at: Partial, candidates: Sequence[Piece]) -> None:
        if self._is_spent(len(candidates)):
            return
        useful = at.useful(candidates)
        if not useful:
            if at.needs_all():
                self._keep(at.size, at.selection)
        elif self._can_improve(at, useful):
            bringing = at.scarcest(useful)
            for position, piece in enumerate(bringing):
                # what stands before `piece` has had its turn: without it no set is found twice
                self._descend(at.plus(piece), _without(useful, bringing[: position + 1]))
            self._descend(at, _without(useful, bringing))

    def _is_spent(self, looks: int) -> bool:
        self._looks += looks + _LOOKS_A_STEP
        if self._looks > self._limit:
            self.is_complete = False
        return self._looks > self._limit

    def _keep(self, size: int, chosen: Selection) -> None:
        names = tuple(rank_of(profile) for profile in chosen)
        found = (size, len(chosen), names, chosen)
        if found not in self.best:
            insort(self.best, found, key=lambda found: found[:3])
            del self.best[self._most :]

    def _can_improve(self, at: Partial, useful: Sequence[Piece]) -> bool:
        """Whether anything that comes of this could be better than the worst that is kept."""
        if len(self.best) < self._most:
            return True
        size, profiles = self.best[-1][:2]
        outlook = _outlook(at, useful)
        if outlook.least_size != size:
            return outlook.least_size < size
        to_match = at.size - size  # so many layers are still to be matched, for the same size
        return len(at.pieces) + ceil(to_match / outlook.most_gained) <= profiles


def _exact(local: Stack, profiles: Iterable[Profile]) -> tuple[list[Selection], bool]:
    """Return what matches exactly, best first, and whether that is all of it."""
    found: list[Selection] = []
    try:
        for selection in islice(exact_selections(local, profiles), MOST_EXACT + 1):
            found.append(selection)  # noqa: PERF402 - what was found before the limit is kept
    except SearchTooLargeError:
        return best_first(found), False
    return best_first(found), len(found) <= MOST_EXACT


@dataclass(frozen=True, slots=True)
class _Outlook:
    """What can come of a partial selection: no smaller size, and no add-on that gains more."""

    least_size: int
    most_gained: int


def _outlook(at: Partial, useful: Sequence[Piece]) -> _Outlook:
    """Return bounds on what can come of a partial selection.

    Each layer that is still needed costs 1, or its share of what a profile that brings it costs
    for certain.
    """
    shares: dict[int, float] = {}
    most_gained = 1
    for piece in useful:
        gain, cost = at.prospect(piece)
        most_gained = max(most_gained, gain)
        if cost < gain:
            for pack in at.packs_gained(piece):
                shares[pack] = min(cost / gain, shares.get(pack, 1.0))
    saved = sum(at.need[pack] * (1 - share) for pack, share in shares.items())
    return _Outlook(ceil(at.size - saved - _ROUNDING), most_gained)


def _without(pieces: Sequence[Piece], gone: Sequence[Piece]) -> list[Piece]:
    barred = frozenset(gone)
    return [piece for piece in pieces if piece not in barred]
