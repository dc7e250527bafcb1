"""The exact-layer rules: stacks, differences, matches. Pure; no YAML, no HTTP, no Git."""

from pairctl.layers.comparison import Row, Verdict, side_by_side
from pairctl.layers.cover import SearchTooLargeError
from pairctl.layers.difference import (
    Brought,
    Difference,
    Match,
    MatchedTwice,
    WrongVersion,
    difference,
    match,
)
from pairctl.layers.nearest import Nearest, nearest_selections
from pairctl.layers.proposal import Proposal, Proposals, propose
from pairctl.layers.repair import Change, Repair, repaired_selection, repairs
from pairctl.layers.search import best_first, exact_selections
from pairctl.layers.stack import (
    UNSAID,
    Layer,
    Profile,
    Selection,
    Stack,
    lacking,
    stack,
    without_kinds,
)

__all__ = [
    "UNSAID",
    "Brought",
    "Change",
    "Difference",
    "Layer",
    "Match",
    "MatchedTwice",
    "Nearest",
    "Profile",
    "Proposal",
    "Proposals",
    "Repair",
    "Row",
    "SearchTooLargeError",
    "Selection",
    "Stack",
    "Verdict",
    "WrongVersion",
    "best_first",
    "difference",
    "exact_selections",
    "lacking",
    "match",
    "nearest_selections",
    "propose",
    "repaired_selection",
    "repairs",
    "side_by_side",
    "stack",
    "without_kinds",
]
