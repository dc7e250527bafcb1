"""The profiles that a Palette had when it was last seen, asked about for many matches and clusters.

A fleet has far fewer stacks than clusters: the same question is answered once.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pairctl.layers import Row, Stack, match, side_by_side, without_kinds
from pairctl.pairing import ProfileListing, Proof, prove, resolve_profile
from pairctl.problem import Problem
from pairctl.records import ObservedPalette
from pairctl.spec import ProfileMatchSpec

MOST_GUESSES = 10
"""For so many names that no profile has, the nearest are looked for: it is slow among thousands."""

Listings = Sequence[ProfileListing]


@dataclass(frozen=True, slots=True)
class Judged:
    """A proof, with the layers of both sides in rows."""

    proof: Proof
    rows: tuple[Row, ...]


class Catalogue:
    """The profiles of one Palette; `seen_at` is None where it is not said."""

    def __init__(self, palette: ObservedPalette) -> None:
        self.seen_at = palette.seen_at
        self._listings = palette.profiles
        self._judged: dict[tuple[Stack, str], Judged] = {}
        self._guesses = 0

    def judge(self, local: Stack, wanted: ProfileMatchSpec) -> Judged:
        """Judge what `wanted` selects against layers; kinds count only where all are said."""
        question = local, sys.intern(wanted.model_dump_json())
        if question not in self._judged:
            proof = prove(local, wanted, self._meant(local, wanted))
            rows = side_by_side(local, proof.match or match(local, ()))
            self._judged[question] = Judged(proof, rows)
        return self._judged[question]

    def unusable(self, wanted: ProfileMatchSpec) -> Iterator[tuple[int, Problem]]:
        """Yield what keeps profiles that are named from being used, with their index."""
        for index, reference in enumerate(wanted.profiles or ()):
            listings: Listings = self._by_name.get(reference.name, ())
            if not listings and self._guesses < MOST_GUESSES:
                self._guesses += 1
                listings = self._listings
            resolved = resolve_profile(reference, listings)
            if isinstance(resolved, Problem):
                yield index, resolved

    def _meant(self, local: Stack, wanted: ProfileMatchSpec) -> Listings:
        """Return the profiles that are named, or all where they are searched."""
        is_kind_said = all(layer.kind for layer in local)
        if wanted.profiles is None:
            return self._listings if is_kind_said else self._without_kinds
        by_name = self._by_name if is_kind_said else self._by_name_without_kinds
        names = dict.fromkeys(reference.name for reference in wanted.profiles)
        return [one for name in names for one in by_name.get(name, ())]

    @cached_property
    def _by_name(self) -> Mapping[str, Listings]:
        return _by_name(self._listings)

    @cached_property
    def _by_name_without_kinds(self) -> Mapping[str, Listings]:
        return _by_name(self._without_kinds)

    @cached_property
    def _without_kinds(self) -> Listings:
        return [
            replace(one, latest=replace(one.latest, layers=without_kinds(one.latest.layers)))
            if one.latest
            else one
            for one in self._listings
        ]


def _by_name(listings: Listings) -> Mapping[str, Listings]:
    found: dict[str, list[ProfileListing]] = defaultdict(list)
    for one in listings:
        found[one.name].append(one)
    return dict(found)
