"""How much some work takes, in calls of functions: the same on any machine, however busy it is.

Seconds are for `benchmarks/`: a test that counts them fails where the machine hesitates.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


def calls(work: Callable[[], object]) -> int:
    """Do some work, and return how many functions were called for it, those in C included."""
    with counted_calls() as count:
        work()
    return count()


@contextmanager
def counted_calls() -> Iterator[Callable[[], int]]:
    """Count how many functions this thread calls in the block, those in C included."""
    count = 0

    def profile(_: FrameType, event: str, __: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before, was_collecting = sys.getprofile(), gc.isenabled()
    gc.disable()
    sys.setprofile(profile)
    try:
        yield lambda: count
    finally:
        sys.setprofile(before)
        if was_collecting:
            gc.enable()
