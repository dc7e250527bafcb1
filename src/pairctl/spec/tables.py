"""An inventory as rows of cells that know where they stand: from a CSV file, or from a set."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from pairctl.spec.codes import Code
from pairctl.spec.decoding import decode
from pairctl.spec.fields import COLUMN
from pairctl.spec.findings import Finding, Span, any_refuses, finding
from pairctl.spec.nodes import ListNode, MapNode, Node, Scalar
from pairctl.spec.secret_shapes import looks_secret
from pairctl.spec.sets import MAX_ROWS
from pairctl.spec.source import SourceFile
from pairctl.spec.wording import shown

MAX_TABLE_BYTES = 4 * 1024 * 1024
_MOST_FINDINGS = 100
_MOST_COLUMNS = 256
_COLUMN = re.compile(COLUMN)
_CELL = re.compile(r'"((?:[^"]|"")*)"(?=,|$)|([^",]*)(?=,|$)')


class Row(NamedTuple):
    """One row: its cells by column, and what is wrong with it whatever refers to it.

    Of a row with `findings` that refuse it the cells are not to be trusted.
    """

    span: Span
    cells: Mapping[str, Scalar]
    findings: tuple[Finding, ...] = ()


class Table(NamedTuple):
    """An inventory: columns as their names stand, rows in order, empty lines left out.

    Where `findings` refuse it there are no rows. `path` is the file that all places are in.
    """

    path: str
    columns: tuple[Scalar, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether nothing of it can be used."""
        return any_refuses(self.findings)


@lru_cache(maxsize=2)
def read_table(file: SourceFile) -> Table:
    """Read a CSV file (RFC 4180 without line breaks in cells). Every byte sequence has a table."""
    decoded = decode(file, MAX_TABLE_BYTES, is_yaml=False)
    if decoded.text is None:
        return Table(file.path, (), (), decoded.findings)
    lines = decoded.text.split("\n")
    if problem := _not_commas(file.path, lines[0]):
        return Table(file.path, (), (), (*decoded.findings, problem))
    scanned = [
        (number, line, _scan(file.path, number, line))
        for number, line in enumerate(lines, start=1)
        if number == 1 or line
    ]
    wrong = [cells for _, _, cells in scanned if isinstance(cells, Finding)]
    header = scanned[0][2]
    if wrong or isinstance(header, Finding):
        return Table(file.path, (), (), (*decoded.findings, *wrong[:_MOST_FINDINGS]))
    findings = (*_wrong_header(file.path, header), *_too_many(file.path, scanned[1:]))
    if findings:
        return Table(file.path, header, (), (*decoded.findings, *findings))
    names = [cell.text for cell in header]
    rows = tuple(
        _row(file.path, names, _line_span(number, line), cells)
        for number, line, cells in scanned[1:]
        if not isinstance(cells, Finding)
    )
    return Table(file.path, header, rows, decoded.findings)


def inline_table(path: str, rows: Node) -> Table:
    """Return the rows that stand in a set itself; `rows` is valid."""
    columns: dict[str, Scalar] = {}
    made = []
    for item in rows.items if isinstance(rows, ListNode) else ():
        entries = item.entries if isinstance(item, MapNode) else ()
        cells = {key.text: value for key, value in entries if isinstance(value, Scalar)}
        for key, _ in entries:
            columns.setdefault(key.text, key)
        made.append(Row(item.span, cells, tuple(_unfit_cells(path, cells))))
    return Table(path, tuple(columns.values()), tuple(made))


# ── lines ────────────────────────────────────────────────────────────────────────────────────────


def _not_commas(path: str, first: str) -> Finding | None:
    """Say which other mark stands between the cells, as some spreadsheets write it."""
    is_named = re.match(r"sep=(.)$", first)  # a line of Excel's own
    marks = {";": "semicolons", "\t": "tabs", "|": "bars"}
    mark = is_named[1] if is_named else next((m for m in marks if m in first), "")
    if not mark or ("," in first and not is_named):
        return None
    found = marks.get(mark, f"`{shown(mark)}`")
    message = f"the cells are separated by {found}; commas are needed"
    hint = "save it again as CSV with commas: a spreadsheet takes the mark from its language"
    return finding(path, _line_span(1, first), Code.CSV_SYNTAX, message, hint)


def _scan(path: str, number: int, line: str) -> tuple[Scalar, ...] | Finding:
    """Cut a line into cells; their spans include the quotes."""
    if '"' not in line:
        return tuple(_plain_cells(number, line))
    cells, at = [], 0
    while True:
        found = _CELL.match(line, at)
        if found is None:
            return _odd_quotes(path, number, line, at)
        quoted, plain = found.groups()
        text = plain if quoted is None else quoted.replace('""', '"')
        span = Span(number, at + 1, number, found.end() + 1)
        cells.append(Scalar(text, is_plain=False, span=span))
        at = found.end() + 1
        if at > len(line):
            return tuple(cells)


def _plain_cells(number: int, line: str) -> Iterator[Scalar]:
    column = 1
    for text in line.split(","):
        end = column + len(text)
        yield Scalar(text, is_plain=False, span=Span(number, column, number, end))
        column = end + 1


def _odd_quotes(path: str, number: int, line: str, at: int) -> Finding:
    span = Span(number, at + 1, number, len(line) + 1)
    if line[at] == '"' and line.count('"', at) % 2:
        message = "a cell begins with a quote that is not closed in its line"
        hint = (
            'close it; a quote within a cell is written twice (`""`), and a cell has no line ends'
        )
    else:
        message = "a cell has a quote in it, and is not in quotes as a whole"
        hint = 'put the cell in quotes, and write each quote within twice: `"3"" pipe"`'
    return finding(path, span, Code.CSV_SYNTAX, message, hint)


def _line_span(number: int, line: str) -> Span:
    return Span(number, 1, number, max(len(line), 1) + 1)


# ── the header ───────────────────────────────────────────────────────────────────────────────────


def _wrong_header(path: str, header: Sequence[Scalar]) -> Iterator[Finding]:
    if len(header) > _MOST_COLUMNS:
        message = f"the file has {len(header)} columns; {_MOST_COLUMNS} are allowed"
        yield finding(path, header[0].span, Code.CSV_SYNTAX, message, "leave some out")
        return
    seen: dict[str, str] = {}
    for position, cell in enumerate(header, start=1):
        span = cell.span if cell.text else cell.span._replace(end_column=cell.span.column + 1)
        if not _COLUMN.fullmatch(cell.text):
            is_empty = not cell.text.strip()
            message = (
                f"column {position} has no name in the first line"
                if is_empty
                else f"`{shown(cell.text)}` is not the name of a column"
            )
            near = re.sub(r"[^0-9A-Za-z_-]+", "-", cell.text.strip()).strip("-")
            fits = near if _COLUMN.fullmatch(near) else ""
            hint = "a name begins with a letter, and has letters, digits, `_` and `-`"
            yield finding(path, span, Code.CSV_SYNTAX, message, hint, replacement=fits)
        elif other := seen.get(cell.text.casefold()):
            only = "" if other == cell.text else ", but for the case of its letters"
            message = f"two columns are called `{shown(cell.text)}`{only}"
            yield finding(path, span, Code.CSV_SYNTAX, message, "rename one of the two")
        seen.setdefault(cell.text.casefold(), cell.text)


def _too_many(path: str, lines: Sequence[tuple[int, str, object]]) -> Iterator[Finding]:
    if len(lines) > MAX_ROWS:
        number, line, _ = lines[MAX_ROWS]
        message = f"the file holds {len(lines)} rows; {MAX_ROWS} are allowed"
        hint = "split it into several files, with a set each"
        yield finding(path, _line_span(number, line), Code.TOO_MANY_ROWS, message, hint)


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────


def _row(path: str, names: Sequence[str], span: Span, found: Sequence[Scalar]) -> Row:
    cells = dict(zip(names, found, strict=False))
    if not any(cell.text for cell in found):
        message, hint = "the row has no text in any cell", "remove the line"
        return Row(span, {}, (finding(path, span, Code.EMPTY_CELL, message, hint),))
    if len(found) != len(names):
        message = f"the row has {len(found)} cells, and there are {len(names)} columns"
        hint = "add or remove commas; a text with a comma in it is put in quotes"
        return Row(span, {}, (finding(path, span, Code.WRONG_CELL_COUNT, message, hint),))
    return Row(span, cells, tuple(_unfit_cells(path, cells)))


def _unfit_cells(path: str, cells: Mapping[str, Scalar]) -> Iterator[Finding]:
    """Yield cells that are refused whatever they are for; no message shows a secret."""
    for name, cell in islice(cells.items(), _MOST_COLUMNS):
        if cell.text != cell.text.strip():
            message = f"the cell of `{name}` begins or ends with a space"
            hint = "remove the space: names and fingerprints are compared letter for letter"
            yield finding(path, cell.span, Code.INVALID_VALUE, message, hint)
        elif looks_secret(cell.text, hex_too=False):
            message = f"the cell of `{name}` looks like the value of a secret"
            hint = "name a secret instead; if this one was real, revoke it: Git keeps its history"
            yield finding(path, cell.span, Code.SECRET_LITERAL, message, hint)
