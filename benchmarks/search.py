"""How long the searches take, and how that grows with the number of profiles: `make bench`.

Times are medians of processor time in milliseconds on this machine; the ratios are to the smallest
catalogue of the same run, and say more than the times.
"""

import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from random import Random
from statistics import median

from catalogues import NASTY, REPEATING, USUAL, Shape, make_local, pairs

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
BOUND = 50.0
"""What an exact search may take in the smallest catalogue, in ms."""
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


def tabulate(search: Search, shapes: Sequence[Shape], sizes: Sequence[int]) -> dict[str, float]:
    """Print a line for each shape and size; return the times for the smallest size."""
    _tell(f"\n{search.__name__} search, {LAYERS} layers, median of {RUNS} runs")
    _tell(f"{'catalogue':16}{'profiles':>9}{'ms':>10}{'ratio':>8}  outcome")
    smallest: dict[str, float] = {}
    for shape in shapes:
        local = make_local(LAYERS, REPEATING.get(shape, 1))
        for size in sizes:
            profiles = list(shape(local, size, Random(SEED)))  # noqa: S311 - same cases each run
            took, told = measure(search, local, profiles)
            first = smallest.setdefault(shape.__name__, took)
            _tell(f"{shape.__name__:16}{size:9}{took:10.1f}{took / first:8.1f}  {told}")
    return smallest


def judge(times: dict[str, float]) -> None:
    """Print what each shape takes of the bound, the most first."""
    _tell(f"\nexact search, {LAYERS} layers, {SIZES[0]} profiles: parts of {BOUND:.0f} ms")
    for name, took in sorted(times.items(), key=lambda item: -item[1]):
        _tell(f"{name:16}{took / BOUND:8.2f}  {'held' if took < BOUND else 'NOT HELD'}")


def main() -> None:
    """Print a table for each search, and whether the exact one held its bound."""
    sizes = SIZES[:1] if "--quick" in sys.argv else SIZES
    times = tabulate(exact, [*USUAL, *NASTY, *REPEATING], sizes)
    tabulate(nearest, [*USUAL, pairs], sizes)
    judge(times)


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program of its own, whose output is the result


if __name__ == "__main__":
    main()
