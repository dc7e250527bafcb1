"""No more actions are claimed at once than can be looked at again in time."""

import pytest

from pairctl.engine.apply.capacity import capacity_of
from pairctl.spec import OperatorSpec


@pytest.mark.parametrize(("look_seconds", "at_palette"), [(5, 22), (0.1, 1), (60, 270)])
def test_the_capacity_follows_how_old_a_look_may_be(look_seconds: float, at_palette: int) -> None:
    """Half of that time is for waiting at Palette's limit of nine usual reads a second."""
    operator = OperatorSpec.model_validate({"timing": {"lookSeconds": look_seconds}})
    assert capacity_of(operator).at_palette == at_palette
    assert capacity_of(operator).requests == 45
