"""What a pass may conclude from: what it has seen itself, and nothing older."""

from types import SimpleNamespace
from typing import Any

import pytest

from pairctl.engine.apply.recorder import Minutes
from pairctl.pairing import decide
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
    one = decide(make_intent(), make_observed(make_host()), now=NOW)
    unused: Any = None
    survey: Any = SimpleNamespace(judged={NAME: one}, looks={NAME: unused} if is_looked_at else {})
    source: Any = SimpleNamespace(intents={NAME: make_intent()})
    minutes = Minutes(
        source,
        unused,
        unused,
        survey,
        {NAME: one},
        outcomes={NAME: unused} if has_acted else {},
        after_s={NAME: 1.0} if is_seen_after else {},
    )
    assert (NAME in minutes.seen_now) is is_seen_now
