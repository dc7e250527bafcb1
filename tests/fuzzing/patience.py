"""How long what a law asks for may take.

By the clock where somebody searches, endless where a case of the corpus stands in the suite:
seconds say as much of the machine as of the code.
"""

import gc
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class SlowError(AssertionError):
    """Something took longer than it may."""


class Patience(Protocol):
    """Does some work that may take so many seconds of processor time; returns what came of it."""

    def __call__(self, seconds: float, what: str, work: Callable[[], T]) -> T: ...


def endless(seconds: float, what: str, work: Callable[[], T]) -> T:
    """Do some work, however long it takes."""
    return work()


def by_the_clock(seconds: float, what: str, work: Callable[[], T]) -> T:
    """Do some work; raise a SlowError where it takes longer, and does so once more.

    What the collector of garbage takes is left out: it goes by the size of the whole process.
    """
    took = 0.0
    for _ in range(2):
        gc.disable()
        try:
            before = time.process_time()
            done = work()
            took = time.process_time() - before
        finally:
            gc.enable()
        if took <= seconds:
            return done
    raise SlowError(f"{what} took {took:.1f} s")
