"""Where a person writes what a row of a set says: there is no file with its fields."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pairctl.spec.declared import Declared, Loaded
from pairctl.spec.kinds import PairingIntent, PairingIntentSet
from pairctl.spec.templates import columns_in


class RowColumns(NamedTuple):
    """The file that holds an intent as a row, and the columns of two of its fields, if it has them.

    A row's line is none of it: that changes with every other row.
    """

    path: str
    acknowledgement: str = ""
    fingerprint: str = ""

    def place_of(self, column: str) -> str:
        """Say where the cell of a column stands."""
        return f"the column `{column}` of its row in {self.path}"


_Files = tuple[str, ...]


def columns_of_rows(declared: Declared) -> Mapping[_Files, RowColumns]:
    """Return the columns of the rows of each set, by the files that its rows are written in.

    Of several sets that share both files, which is which is not known: no column is told.
    """
    found: dict[_Files, RowColumns] = {}
    for one in declared.sets.values():
        table = one.document.spec.inventory.csv or one.path
        files = (table, one.path)
        found[files] = RowColumns(table) if files in found else _columns(table, one)
    return found


def columns_of(
    intent: Loaded[PairingIntent], found: Mapping[_Files, RowColumns]
) -> RowColumns | None:
    """Return the columns of an intent's row; None where it is a document of its own."""
    return found.get(intent.row_files) if intent.row_files else None


def _columns(path: str, one: Loaded[PairingIntentSet]) -> RowColumns:
    spec = one.document.spec.template.get("spec")
    acknowledgement = _column(spec, "acknowledge", "centralManagementOnly")
    return RowColumns(path, acknowledgement, _column(spec, "localUI", "tls", "fingerprint"))


def _column(value: Any, *steps: str) -> str:
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    columns = columns_in(value) if isinstance(value, str) else ()
    return columns[0] if len(columns) == 1 else ""
