"""The texts of a document that is about to be written, one by one."""

from collections.abc import Callable, Collection
from typing import Any

NOTHING: frozenset[str] = frozenset()


def each_text(value: Any, change: Callable[[str], str], own: Collection[str] = NOTHING) -> Any:
    """Return the same data with each text changed: keys, numbers and all structure stay.

    What stands below one of the keys `own` stays as well: values that pairctl chose itself.
    """
    match value:
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
