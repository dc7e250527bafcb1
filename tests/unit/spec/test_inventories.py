"""Inventories as CSV files: what is read, and what is refused at which line and column."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.spec import Code, Severity, SourceFile
from pairctl.spec.sets import MAX_ROWS
from pairctl.spec.tables import MAX_TABLE_BYTES, Table, read_table

CELLS = st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1).filter(
    lambda text: text == text.strip()
)


def table(text: str | bytes) -> Table:
    """Read a CSV file of this text."""
    content = text if isinstance(text, bytes) else text.encode()
    return read_table(SourceFile("sites.csv", content))


def texts(read: Table) -> list[dict[str, str]]:
    """Return the texts of all rows."""
    return [{name: cell.text for name, cell in row.cells.items()} for row in read.rows]


def wrong(read: Table) -> list[tuple[int, int, Code]]:
    """Return the places and codes of all findings, those of rows included."""
    findings = [*read.findings, *(one for row in read.rows for one in row.findings)]
    return [(one.line, one.column, one.code) for one in findings]


@given(st.lists(st.tuples(CELLS, CELLS), max_size=20))
def test_what_another_writer_wrote_is_read_as_it_was(rows: list[tuple[str, str]]) -> None:
    """Quotes, commas and semicolons in cells are those of RFC 4180."""
    text = io.StringIO()
    csv.writer(text).writerows([("store", "address"), *rows])
    assert texts(table(text.getvalue())) == [{"store": a, "address": b} for a, b in rows]


def test_a_cell_knows_where_it_stands() -> None:
    """Columns count characters, quotes included."""
    (row,) = table('store,city,address\ns-1,"Porto, ""N""",10.0.0.1\n').rows
    assert row.cells["city"].text == 'Porto, "N"'
    assert tuple(row.cells["city"].span) == (2, 5, 2, 19)
    assert tuple(row.cells["address"].span) == (2, 20, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["\ufeffstore\r\ns-1\r\n", "store\rs-1\r", "store\ns-1", "store\n\ns-1\n\n\n"],
    ids=["as a spreadsheet saves it", "of old", "without a last line end", "with empty lines"],
)
def test_marks_and_line_ends_change_nothing(text: str) -> None:
    """They are mentioned at most: nothing is refused."""
    read = table(text)
    assert texts(read) == [{"store": "s-1"}]
    assert all(one.severity is not Severity.ERROR for one in read.findings)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("store;address\ns-1;10.0.0.1\n", (1, 1)),
        ("sep=;\nstore;address\n", (1, 1)),
        ("store\taddress\n", (1, 1)),
        ('store,city\ns-1,"Porto\ns-2,Braga\n', (2, 5)),
        ('store,city\ns-1,3" pipe\n', (2, 5)),
        ("store,\ns-1,\n", (1, 7)),
        ("store name\n", (1, 1)),
        ("store,store\n", (1, 7)),
        ("store,Store\n", (1, 7)),
        ("", (1, 1)),
    ],
    ids=[
        "semicolons",
        "a mark of its own",
        "tabs",
        "an open quote",
        "a quote within",
        "a column without a name",
        "a name with a space",
        "a name twice",
        "a name in another case",
        "nothing",
    ],
)
def test_what_is_not_such_csv_is_refused_as_a_whole(text: str, place: tuple[int, int]) -> None:
    """Where nobody can say which cell is which, no row is used."""
    read = table(text)
    assert wrong(read) == [(*place, Code.CSV_SYNTAX)]
    assert (read.is_refused, read.rows) == (True, ())


def test_semicolons_are_called_by_their_name() -> None:
    """A spreadsheet takes the mark from its language, and people do not see it."""
    (one,) = table("store;address\n").findings
    assert "semicolons" in one.message
    assert "commas" in one.hint


def test_a_row_of_another_length_is_refused_alone() -> None:
    """Its cells may be in the wrong columns; the others are not touched."""
    read = table("store,address\ns-1,10.0.0.1\ns-2\ns-3,10.0.0.3,x\n,\n")
    assert wrong(read) == [
        (3, 1, Code.WRONG_CELL_COUNT),
        (4, 1, Code.WRONG_CELL_COUNT),
        (5, 1, Code.EMPTY_CELL),
    ]
    assert texts(read) == [{"store": "s-1", "address": "10.0.0.1"}, {}, {}, {}]


def test_a_space_at_the_end_of_a_cell_is_refused() -> None:
    """Names are compared letter for letter, and nobody sees it."""
    assert wrong(table("store,name\ns-1,Lisbon \n")) == [(2, 5, Code.INVALID_VALUE)]


def test_a_secret_in_a_cell_is_refused_and_not_shown() -> None:
    """Whatever column it is in, used or not."""
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"
    read = table(f"store,note\ns-1,{token}\n")
    assert wrong(read) == [(2, 5, Code.SECRET_LITERAL)]
    assert token not in str(read.rows[0].findings)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("store\ns-1\n".encode("utf-16"), Code.NOT_UTF8),
        ("store\nLaden-Süd\n".encode("cp1252"), Code.NOT_UTF8),
        (b"store\ns-\x001\n", Code.CONTROL_CHARACTER),
        (b"store\n" + b"x" * MAX_TABLE_BYTES, Code.TOO_LARGE),
        (b"version https://git-lfs.github.com/spec/v1\n", Code.LFS_POINTER),
        (b"store\n<<<<<<< HEAD\n", Code.MERGE_CONFLICT),
    ],
    ids=["UTF-16", "another encoding", "a control character", "its size", "LFS", "a conflict"],
)
def test_bytes_that_are_no_text_are_refused(content: bytes, code: Code) -> None:
    """For the same reasons as documents are."""
    assert {one.code for one in table(content).findings} == {code}


def test_there_is_a_bound_for_rows() -> None:
    """At the limit all are read, above it none."""
    assert len(table("store\n" + "s\n" * MAX_ROWS).rows) == MAX_ROWS
    assert wrong(table("store\n" + "s\n" * (MAX_ROWS + 1))) == [
        (MAX_ROWS + 2, 1, Code.TOO_MANY_ROWS)
    ]


@given(st.binary(max_size=200) | st.text('ab ,;"\n\r\t{}\ufeff', max_size=60).map(str.encode))
def test_every_byte_sequence_has_a_table(content: bytes) -> None:
    """Nothing is raised, and what is wrong stands in the file."""
    read = table(content)
    lines = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    count = lines.count("\n") + 1
    findings = [*read.findings, *(one for row in read.rows for one in row.findings)]
    assert all(1 <= one.line <= count and one.column >= 1 and one.message for one in findings)
    assert not (read.is_refused and read.rows)
