"""What follows from a fact is worked out once for each: a case stands for many passes. Pure."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

FactT = TypeVar("FactT")
FoundT = TypeVar("FoundT")


def once(function: Callable[[FactT], FoundT]) -> Callable[[FactT], FoundT]:
    """Let a pure function of one frozen fact be asked again: what it gave is kept with the fact.

    As `cached_property` does for what stands in the fact's own room.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def known(fact: FactT) -> FoundT:
        kept = vars(fact)
        if name not in kept:
            kept[name] = function(fact)
        found: FoundT = kept[name]
        return found

    return known
