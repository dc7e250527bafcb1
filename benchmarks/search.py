"""How long the searches take, and how that grows with the number of profiles: `make bench`.

Times are medians of processor time in milliseconds on this machine; the ratios are to the smallest
catalogue of the same run, and say more than the times.
"""

import sys
import time
from collections.abc import Callable
from itertools import islice
from random import Random
from statistics import median

from catalogues import SHAPES, make_local

from pairctl.layers import (
    Profile,
    SearchTooLargeError,
    Stack,
    best_first,
    exact_selections,
    nearest_selections,
)

LAYERS = 30
SIZES = (200, 500, 1000, 2000)
RUNS = 5
MOST_ANSWERS = 51
SEED = 20240607

Search = Callable[[Stack, list[Profile]], str]


def exact(local: Stack, profiles: list[Profile]) -> str:
    """Search as the proof does: up to 51 answers, put in order."""
    try:
        found = best_first(islice(exact_selections(local, profiles), MOST_ANSWERS))
    except SearchTooLargeError:
        return "left at its limit"
    return f"{len(found)} answers" if len(found) < MOST_ANSWERS else f"{len(found)} and more"


def nearest(local: Stack, profiles: list[Profile]) -> str:
    """Search as `explain` does."""
    found = nearest_selections(local, profiles)
    sizes = ", ".join(str(one.difference.size) for one in found.matches)
    return f"at {sizes}{'' if found.is_complete else '; left at its limit'}"


def measure(search: Search, local: Stack, profiles: list[Profile]) -> tuple[float, str]:
    """Return the median time in ms, and what came of it."""
    times, told = [], ""
    for _ in range(RUNS):
        began = time.process_time()
        told = search(local, profiles)
        times.append((time.process_time() - began) * 1000)
    return median(times), told


def main() -> None:
    """Print a table for each search."""
    local = make_local(LAYERS)
    sizes = SIZES[:1] if "--quick" in sys.argv else SIZES
    for search in (exact, nearest):
        _tell(f"\n{search.__name__} search, {LAYERS} layers, median of {RUNS} runs")
        _tell(f"{'catalogue':16}{'profiles':>9}{'ms':>10}{'ratio':>8}  outcome")
        for shape in SHAPES:
            first = 0.0
            for size in sizes:
                profiles = list(shape(local, size, Random(SEED)))  # noqa: S311 - same cases each run
                took, told = measure(search, local, profiles)
                first = first or took
                _tell(f"{shape.__name__:16}{size:9}{took:10.1f}{took / first:8.1f}  {told}")


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program of its own, whose output is the result


if __name__ == "__main__":
    main()
