"""The exact-layer rules: stacks, differences, matches. Pure; no YAML, no HTTP, no Git."""

from pairctl.layers.comparison import Row, Verdict, side_by_side
from pairctl.layers.difference import (
    Brought,
    Difference,
    Match,
    MatchedTwice,
    WrongVersion,
    difference,
    match,
)
from pairctl.layers.search import SearchTooLargeError, Selection, best_first, exact_selections
from pairctl.layers.stack import Layer, Profile, Stack, stack, without_kinds

__all__ = [
    "Brought",
    "Difference",
    "Layer",
    "Match",
    "MatchedTwice",
    "Profile",
    "Row",
    "SearchTooLargeError",
    "Selection",
    "Stack",
    "Verdict",
    "WrongVersion",
    "best_first",
    "difference",
    "exact_selections",
    "match",
    "side_by_side",
    "stack",
    "without_kinds",
]
