"""Backing off: how long to wait before something is tried again. Pure: chance is an argument."""

EVEN = 0.5
"""The chance that changes nothing."""


def backoff_s(count: int, *, first_s: float, longest_s: float, chance: float = EVEN) -> float:
    """Return how many seconds to wait before the next try, after `count` earlier waits.

    The pause doubles from `first_s` up to `longest_s`. `chance`, from 0 to 1, spreads it from half
    of that to one and a half: those who failed together do not come back together.
    """
    return min(first_s * 2.0 ** min(count, 60), longest_s) * (0.5 + chance)
