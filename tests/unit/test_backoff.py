"""One backoff for all that is tried again."""

import pytest

from pairctl.backoff import backoff_s


@pytest.mark.parametrize(("count", "pause_s"), [(0, 2), (1, 4), (2, 8), (9, 60), (10_000, 60)])
def test_a_pause_doubles_up_to_its_longest(count: int, pause_s: float) -> None:
    """However often something fails, it is tried again."""
    assert backoff_s(count, first_s=2, longest_s=60) == pause_s


@pytest.mark.parametrize(("chance", "pause_s"), [(0.0, 4), (0.5, 8), (1.0, 12)])
def test_chance_spreads_a_pause_from_half_to_one_and_a_half(chance: float, pause_s: float) -> None:
    """Those who failed together do not come back together."""
    assert backoff_s(2, first_s=2, longest_s=60, chance=chance) == pause_s
