"""Data as small JSON: a value that occurs several times stands once.

A fleet says the same of thousands: conditions, stacks, evidence. The page's script reads it back.
"""

import json
from typing import Any

_LIST = -1


def packed(value: Any) -> dict[str, Any]:
    """Return data of texts, integers, booleans, None, lists and dicts as one table of values.

    `values` holds each distinct one, parts before wholes, the whole last. A list is written as
    `[-1, places of its items...]`, a dict as `[place in shapes, places of its values...]`; `shapes`
    holds the lists of keys. Anything else stands as it is.
    """
    packing = _Packing()
    packing.place(value)
    return {"shapes": [list(shape) for shape in packing.shapes], "values": packing.values}


def script_json(data: Any) -> str:
    """Return JSON that may stand in a script element: nothing in it ends one, or begins one."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


class _Packing:
    """The table of values while it is made."""

    def __init__(self) -> None:
        self.shapes: dict[tuple[str, ...], int] = {}
        self.values: list[Any] = []
        self._places: dict[Any, int] = {}
        self._of_objects: dict[int, int] = {}

    def place(self, value: Any) -> int:
        """Return where a value stands; it is added where it is new.

        All of the data has to stay as it is meanwhile: one object is walked once.
        """
        found = self._of_objects.get(id(value))
        if found is None:
            found = self._of_objects[id(value)] = self._place(value)
        return found

    def _place(self, value: Any) -> int:
        match value:
            case dict():
                shape = self.shapes.setdefault(tuple(value), len(self.shapes))
                key: Any = (shape, *(self.place(item) for item in value.values()))
            case list() | tuple():
                key = (_LIST, *(self.place(item) for item in value))
            case _:
                key = ("plain", type(value), value)
        if key not in self._places:
            is_plain = not isinstance(value, dict | list | tuple)
            self._places[key] = len(self.values)
            self.values.append(value if is_plain else list(key))
        return self._places[key]
