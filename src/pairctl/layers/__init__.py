"""The exact-layer rules: stacks, differences, matches. Pure; no YAML, no HTTP, no Git."""

from typing import TYPE_CHECKING

from pairctl.layers.difference import difference
from pairctl.layers.stack import stack
from pairctl.on_demand import on_demand

if TYPE_CHECKING:
    from pairctl.layers.comparison import Row, Verdict, side_by_side
    from pairctl.layers.configuration import (
        NOTHING,
        Configuration,
        ConfigurationChange,
        ConfigurationDifference,
        Configured,
        Fields,
        Form,
        Items,
        LayerConfiguration,
        Leaf,
        Lines,
        Path,
        Tree,
        canonical,
        configuration_difference,
        unreadable,
    )
    from pairctl.layers.cover import SearchTooLargeError
    from pairctl.layers.difference import (
        Brought,
        Difference,
        Match,
        MatchedTwice,
        OtherType,
        WrongVersion,
        match,
    )
    from pairctl.layers.nearest import Nearest, nearest_selections
    from pairctl.layers.proposal import Proposal, Proposals, propose
    from pairctl.layers.publications import Publication, Publications, fewest_publications
    from pairctl.layers.repair import Change, Repair, repaired_selection, repairs
    from pairctl.layers.resemblance import LookAlike, likeness, look_alikes, resembling, visible
    from pairctl.layers.search import best_first, exact_selections
    from pairctl.layers.stack import (
        PACK_TYPES,
        UNSAID,
        Layer,
        Profile,
        Selection,
        Stack,
        lacking,
        pack_type,
        without_kinds,
    )
else:
    __getattr__ = on_demand(
        __name__,
        {
            "comparison": "Row Verdict side_by_side",
            "configuration": (
                "NOTHING Configuration ConfigurationChange ConfigurationDifference Configured "
                "Fields Form Items LayerConfiguration Leaf Lines Path Tree canonical "
                "configuration_difference unreadable"
            ),
            "cover": "SearchTooLargeError",
            "difference": "Brought Difference Match MatchedTwice OtherType WrongVersion match",
            "nearest": "Nearest nearest_selections",
            "proposal": "Proposal Proposals propose",
            "publications": "Publication Publications fewest_publications",
            "repair": "Change Repair repaired_selection repairs",
            "resemblance": "LookAlike likeness look_alikes resembling visible",
            "search": "best_first exact_selections",
            "stack": (
                "PACK_TYPES UNSAID Layer Profile Selection Stack lacking pack_type without_kinds"
            ),
        },
    )

__all__ = [
    "NOTHING",
    "PACK_TYPES",
    "UNSAID",
    "Brought",
    "Change",
    "Configuration",
    "ConfigurationChange",
    "ConfigurationDifference",
    "Configured",
    "Difference",
    "Fields",
    "Form",
    "Items",
    "Layer",
    "LayerConfiguration",
    "Leaf",
    "Lines",
    "LookAlike",
    "Match",
    "MatchedTwice",
    "Nearest",
    "OtherType",
    "Path",
    "Profile",
    "Proposal",
    "Proposals",
    "Publication",
    "Publications",
    "Repair",
    "Row",
    "SearchTooLargeError",
    "Selection",
    "Stack",
    "Tree",
    "Verdict",
    "WrongVersion",
    "best_first",
    "canonical",
    "configuration_difference",
    "difference",
    "exact_selections",
    "fewest_publications",
    "lacking",
    "likeness",
    "look_alikes",
    "match",
    "nearest_selections",
    "pack_type",
    "propose",
    "repaired_selection",
    "repairs",
    "resembling",
    "side_by_side",
    "stack",
    "unreadable",
    "visible",
    "without_kinds",
]
