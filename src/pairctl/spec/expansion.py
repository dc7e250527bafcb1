"""From a set and its inventory to intents: each row is a document like any other. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from pairctl.spec.candidates import Candidate, FileReading, read_file, roots
from pairctl.spec.codes import Code
from pairctl.spec.digests import digest
from pairctl.spec.document_index import IndexEntry, RowPlace, references_of
from pairctl.spec.findings import Finding, Severity, Span, any_refuses, finding
from pairctl.spec.nodes import Node, Scalar, locate, text_at
from pairctl.spec.secret_roles import used_secrets
from pairctl.spec.shape import judge
from pairctl.spec.source import SourceFile
from pairctl.spec.tables import Row, Table, inline_table, read_table
from pairctl.spec.templates import (
    TEMPLATE,
    ColumnUse,
    acknowledging_column,
    as_document,
    column_uses,
    filled,
)
from pairctl.spec.wording import did_you_mean, listed, nearest_word, shown

SET_MARK = b"PairingIntentSet"
"""Bytes that a file with a set holds: the many files without are not read for it."""

_KIND = "PairingIntent"
_CSV = ("spec", "inventory", "csv")
_NAME = ("metadata", "name")
_ROWS = ("spec", "inventory", "rows")
_IGNORE = ("spec", "inventory", "ignore")
_MOST_PER_ROW = 100

ReadTable: TypeAlias = Callable[[str], SourceFile | Finding]
"""Reads a CSV file by its path; a finding about it says why it is not read."""


Expand: TypeAlias = "Callable[[SourceFile, int, SourceFile | Finding | None], Expansion]"
"""Expands the set that is a file's document of this number, with its CSV file."""


class Expansion(NamedTuple):
    """The intents of a set, one a row in their order, and what is wrong with set or inventory."""

    rows: tuple[Candidate, ...]
    findings: tuple[Finding, ...]


def expand(file: SourceFile, number: int, table: SourceFile | Finding | None) -> Expansion:
    """Expand the valid set that is document `number` of a file; `table` is its CSV, if it has one.

    The template has been held against its schema already; each row is held against that of intents.
    """
    root = roots(file)[number]
    if isinstance(table, Finding):
        # What is wrong with a file that is not read is told at the set that names it.
        span = locate(root, _CSV).value_span
        return Expansion((), (finding(file.path, span, table.code, table.message, table.hint),))
    made = _table(file, number, table)
    template = locate(root, TEMPLATE).value
    uses = column_uses(template)
    findings = made.findings
    if not made.is_refused:
        findings = (*findings, *_columns(file.path, root, made, uses))
    if any_refuses(findings):
        return Expansion((), findings)
    place = RowPlace(file.path, number, 0)
    fixed = {used.field for used in used_secrets(template)} - {use.field for use in uses}
    rows = tuple(
        _candidate(made, row, template, uses, place._replace(row=index), fixed)
        for index, row in enumerate(made.rows)
    )
    return Expansion(rows, findings)


def row_root(file: SourceFile, table: SourceFile | Finding | None, place: RowPlace) -> Node:
    """Return the tree of the document that a row becomes, read anew."""
    root = roots(file)[place.number]
    made = _table(file, place.number, table if isinstance(table, SourceFile) else None)
    return as_document(locate(root, TEMPLATE).value, made.rows[place.row])


def with_rows(
    readings: Iterable[FileReading],
    file_of: Callable[[str], SourceFile],
    table_of: ReadTable,
    expand_one: Expand = expand,
) -> Iterator[FileReading]:
    """Yield the readings, with the rows of each set behind the documents of its file."""
    for reading in readings:
        if not any(is_set(entry) for entry in reading.entries):
            yield reading
            continue
        documents: list[Candidate] = []
        rows: list[Candidate] = []
        for candidate in reading.candidates:
            entry = candidate.entry
            if is_set(entry) and entry.references:
                path = entry.references.table
                table = table_of(path) if path else None
                expansion = expand_one(file_of(entry.path), entry.number, table)
                documents.append(candidate._replace(entry=_with(entry, expansion.findings)))
                rows += expansion.rows
            else:
                documents.append(candidate)
        yield reading._replace(candidates=(*documents, *rows))


def row_names(file: SourceFile, table_of: ReadTable) -> Iterator[str]:
    """Yield the names of the intents of a file's sets; nothing but the names is judged."""
    for entry in read_file(file).entries:
        if is_set(entry) and entry.references:
            path = entry.references.table
            table = table_of(path) if path else None
            if not isinstance(table, Finding):
                template = locate(roots(file)[entry.number], TEMPLATE).value
                name = locate(template, _NAME).value
                found = (filled(name, row) for row in _table(file, entry.number, table).rows)
                yield from (one.text for one in found if isinstance(one, Scalar) and one.text)


def named_tables(entries: Iterable[IndexEntry]) -> tuple[str, ...]:
    """Return the CSV files that sets name, each once, sorted."""
    return tuple(sorted({e.references.table for e in entries if e.references} - {""}))


def no_table(path: str) -> Finding:
    """Say that a CSV file is not where a set names it; the place is the set's."""
    message = f"there is no file `{shown(path)}` in the folder that documents are read from"
    hint = (
        "name a file of the repository from its root; it stands below that folder, and is no link"
    )
    return Finding(path, 1, 1, Code.UNREADABLE_FILE, message, hint)


def tables_in(tables: Mapping[str, SourceFile | Finding]) -> ReadTable:
    """Return a function that finds a CSV file, or says that it is not there."""
    return lambda path: tables.get(path) or no_table(path)


def is_set(entry: IndexEntry) -> bool:
    """Whether an entry is of a set that is valid so far, so that it can be expanded."""
    return entry.kind == "PairingIntentSet" and entry.references is not None


def _with(entry: IndexEntry, findings: Sequence[Finding]) -> IndexEntry:
    return entry._replace(findings=(*entry.findings, *findings)) if findings else entry


@lru_cache(maxsize=2)
def _inline(file: SourceFile, number: int) -> Table:
    return inline_table(file.path, locate(roots(file)[number], _ROWS).value)


def _table(file: SourceFile, number: int, table: SourceFile | None) -> Table:
    return _inline(file, number) if table is None else read_table(table)


# ── columns ──────────────────────────────────────────────────────────────────────────────────────


def _columns(path: str, root: Node, table: Table, uses: Sequence[ColumnUse]) -> Iterator[Finding]:
    """Yield columns that are referred to and not there, and those that are there for nothing."""
    names = {cell.text for cell in table.columns}
    if not table.rows and not names:  # a set without rows has no columns to miss
        return
    first_uses = {use.column: use for use in reversed(uses)}
    for column, use in first_uses.items():
        if column not in names:
            message = f"the inventory has no column `{column}`"
            meant = nearest_word(column, names)
            hint = did_you_mean(meant) or f"the columns are {listed(sorted(names))}"
            yield finding(path, use.span, Code.UNKNOWN_COLUMN, message, hint)
    ignored = _ignored(root)
    known = {use.column for use in uses} | set(ignored)
    for cell in table.columns if names.issuperset(first_uses) else ():
        if cell.text not in known:
            message = f"the template does not refer to the column `{cell.text}`"
            hint = "refer to it, or name it in `inventory.ignore`: it is for people then"
            yield finding(
                table.path,
                cell.span,
                Code.UNUSED_COLUMN,
                message,
                hint,
                severity=Severity.WARNING,
            )
    for name, node in ignored.items():
        if name not in names:
            message = f"the inventory has no column `{name}` that could be ignored"
            hint = f"the columns are {listed(sorted(names))}"
            yield finding(path, node.span, Code.UNKNOWN_COLUMN, message, hint)


def _ignored(root: Node) -> Mapping[str, Scalar]:
    place = locate(root, _IGNORE)
    items = getattr(place.value, "items", ()) if place.key and place.key.text == "ignore" else ()
    return {item.text: item for item in items if isinstance(item, Scalar)}


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────


def _candidate(
    table: Table,
    row: Row,
    template: Node,
    uses: Sequence[ColumnUse],
    place: RowPlace,
    fixed: set[tuple[str, ...]],
) -> Candidate:
    """Judge one row. What the template names by itself is judged once, at the set."""
    findings = (*row.findings, *_empty_cells(table.path, row, template, uses))[:_MOST_PER_ROW]
    blank = IndexEntry(table.path, place.number, row.span, _KIND, None, findings, row_of=place)
    if any_refuses(findings):
        return Candidate(blank._replace(name=_name_of(template, row, uses)), None)
    root = as_document(template, row)
    document, found = judge(table.path, _KIND, root)
    secrets = tuple(used for used in used_secrets(root) if used.field not in fixed)
    entry = blank._replace(
        name=text_at(root, "metadata", "name"), findings=found[:_MOST_PER_ROW], secrets=secrets
    )
    if document is None:
        return Candidate(entry, None)
    return Candidate(
        entry._replace(references=references_of(document), digest=digest(document)), document
    )


def _name_of(template: Node, row: Row, uses: Sequence[ColumnUse]) -> str | None:
    """Return the name of a row that is refused, where its cells tell one."""
    needed = {use.column for use in uses if use.field == _NAME}
    if not all(column in row.cells and row.cells[column].text for column in needed):
        return None
    return text_at(as_document(template, row), "metadata", "name")


def _empty_cells(
    path: str, row: Row, template: Node, uses: Sequence[ColumnUse]
) -> Iterator[Finding]:
    if row.findings and not row.cells:
        return
    may_be_empty = acknowledging_column(template)
    for column in dict.fromkeys(use.column for use in uses):
        cell = row.cells.get(column)
        if column == may_be_empty or (cell is not None and cell.text):
            continue
        span = row.span if cell is None else _visible(cell)
        message = f"the cell of `{column}` is empty"
        hint = "fill it in; rows without it stand in a set of their own, whose template has none"
        yield finding(path, span, Code.EMPTY_CELL, message, hint)


def _visible(cell: Scalar) -> Span:
    return cell.span._replace(end_column=max(cell.span.end_column, cell.span.column + 1))
