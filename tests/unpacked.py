"""Reads the data of a report's page back, as its script does; shares no code with what wrote it."""

from typing import Any


def unpacked(table: dict[str, Any]) -> Any:
    """Return the value that a table of values holds."""
    made: list[Any] = []
    for value in table["values"]:
        if not isinstance(value, list):
            made.append(value)
            continue
        kind, *places = value
        parts = [made[place] for place in places]
        made.append(parts if kind < 0 else dict(zip(table["shapes"][kind], parts, strict=True)))
    return made[-1]
