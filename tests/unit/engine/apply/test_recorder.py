"""What a pass may conclude from: what it has seen itself, and nothing older."""

from typing import Any

import pytest

from pairctl.engine.apply.recorder import Minutes
from pairctl.pairing import (
    FleetDocuments,
    FleetLimits,
    FleetObservations,
    FleetRecords,
    Looked,
    decide,
    decide_all,
)
from pairing_factory import NOW, make_host, make_intent, make_observed

NAME = "store-0042"


@pytest.mark.parametrize(
    ("is_looked_at", "has_acted", "is_seen_after", "is_seen_now"),
    [
        (True, False, False, True),
        (False, False, False, False),
        (True, True, True, True),
        (False, True, True, True),
        (True, True, False, False),
        (False, True, False, False),
    ],
)
def test_only_a_look_of_this_pass_closes_claims(
    *, is_looked_at: bool, has_acted: bool, is_seen_after: bool, is_seen_now: bool
) -> None:
    """What stands, or whose look after the action is late, is older than other claims may be."""
    observed = make_observed(make_host())
    one = decide(make_intent(), observed, now=NOW)
    observations = FleetObservations(
        looks={NAME: Looked(observed, NOW)} if is_looked_at else {},
        standing={} if is_looked_at else {NAME: one},
    )
    documents = FleetDocuments({NAME: make_intent()})
    first = decide_all(documents, FleetRecords(), observations, FleetLimits(), now=NOW)
    unused: Any = None
    minutes = Minutes(
        unused,
        unused,
        unused,
        unused,
        first,
        {NAME: one},
        outcomes={NAME: unused} if has_acted else {},
        after_s={NAME: 1.0} if is_seen_after else {},
    )
    assert (NAME in minutes.seen_now) is is_seen_now
