"""The texts of a document that is about to be written, one by one."""

from collections.abc import Callable, Collection
from enum import Enum
from typing import Any

NOTHING: frozenset[str] = frozenset()


class Own(str):
    """A text that pairctl chose, or a document's author: a name, a reason. It is never redacted."""

    __slots__ = ()


def each_text(value: Any, change: Callable[[str], str], own: Collection[str] = NOTHING) -> Any:
    """Return the same data with each text changed: keys, numbers and all structure stay.

    Values that pairctl chose stay too: words of an enumeration, what is an `Own`, and what stands
    below one of the keys `own`.
    """
    if value.__class__ is str:  # nearly all are
        return change(value)
    match value:
        case Own() | Enum():
            return value
        case str():
            return change(value)
        case dict():
            return {
                key: item if key in own else each_text(item, change, own)
                for key, item in value.items()
            }
        case list() | tuple():
            return [each_text(item, change, own) for item in value]
        case _:
            return value
