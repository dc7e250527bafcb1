"""What the rules do not prevent: each is an assumption, or needs something from outside."""

from dataclasses import replace

import pytest

from model.explore import explore
from model.rules import ALL_RULES
from model.scene import LATE_FAULTS, Scene
from model.scenes import (
    BEYOND_MARGIN_S,
    BRIEF_ONE_SHOT,
    BY_ALL,
    EDGE,
    REWOUND,
    TWO_REPOSITORIES,
    lying,
)

LIMITS: dict[str, Scene] = {
    "a pause between the last check and the byte": replace(EDGE, leaves_within_s=30),
    "an effect that comes later than a claim binds": replace(EDGE, settles_within_s=30),
    "Palette's clock jumps forward, and a run does not stay": replace(
        EDGE, processes=BRIEF_ONE_SHOT, palette_step=BEYOND_MARGIN_S
    ),
    "a liar takes all at first contact, and no intent names the uid": lying(BY_ALL, "edge1"),
    "the branch is rewound while an action is on its way": replace(
        REWOUND, rewinds_any_time=True, faults=1, kinds=LATE_FAULTS
    ),
    "two repositories make two requests": replace(TWO_REPOSITORIES, may_double=False),
}
MOST_RUNS = 3000


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_of_the_protocol_is_known(name: str) -> None:
    """With all rules a run finds a violation all the same: users have to know of it."""
    assert explore(LIMITS[name], ALL_RULES, range(MOST_RUNS), name) is not None
