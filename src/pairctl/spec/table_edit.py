"""A column of a CSV file filled in, and every other byte of the file kept."""

import re
from collections.abc import Mapping

from pairctl.spec.source import SourceFile
from pairctl.spec.tables import read_table

_LINE_END = re.compile(r"(\r\n|\r|\n)")
_NEEDS_QUOTES = re.compile(r'[",]')


def with_column(file: SourceFile, column: str, texts: Mapping[int, str]) -> bytes:
    """Return the file with `texts`, by the number of their line, in a column of this name.

    A column that is not there yet becomes the last one. The file is a table without findings.
    """
    table = read_table(file)
    text = file.content.decode("utf-8")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    pieces = _LINE_END.split(text.removeprefix(mark))  # lines, and between them their ends
    is_new = column not in {cell.text for cell in table.columns}
    if is_new:
        pieces[0] += f",{_quoted(column)}"
    for row in table.rows:
        at = 2 * (row.span.line - 1)
        new = texts.get(row.span.line)
        if is_new:
            pieces[at] += f",{_quoted(new or '')}"
        elif new is not None:
            line = pieces[at]
            old = row.cells[column]
            pieces[at] = (
                line[: old.span.column - 1] + _quoted(new) + line[old.span.end_column - 1 :]
            )
    return (mark + "".join(pieces)).encode()


def _quoted(text: str) -> str:
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if _NEEDS_QUOTES.search(text) else text


def csv_line(cells: list[str]) -> str:
    """Return one line of a CSV file, with its line feed."""
    return ",".join(map(_quoted, cells)) + "\n"
