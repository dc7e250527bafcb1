"""How many made-up examples a law is held against: part of them in `make test`, or all.

Each run makes up others, so a part a run finds in some runs what all of them find in one.
`LAW_EXAMPLES=all` takes the full number: `make soak` does.
"""

import os

from hypothesis import settings

IS_FULL = os.environ.get("LAW_EXAMPLES") == "all"
PART = 0.4
USUAL = 100
"""How many examples a law has that says nothing of it."""


def examples(most: int) -> settings:
    """Give settings with so many examples, or a part of them."""
    return settings(max_examples=count(most))


def count(most: int) -> int:
    """Tell how many of so many examples are looked at in this run."""
    return most if IS_FULL else round(most * PART)
