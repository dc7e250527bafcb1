"""A line, and the caret below it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pairctl.cli.formats.caret import WIDEST, pointed


@pytest.mark.parametrize(
    ("line", "start", "end", "shown"),
    [
        ("a: bcd", 4, 7, ["a: bcd", "   ^^^"]),
        ("a: bcd", 1, 2, ["a: bcd", "^"]),
        ("a: {", 5, 6, ["a: {", "    ^"]),
        ("a: bcd", 4, 99, ["a: bcd", "   ^^^"]),
        ("a: bcd", 4, 4, ["a: bcd", "   ^"]),
        ("", 1, 2, ["", "^"]),
        ("\ta: b", 5, 6, ["    a: b", "       ^"]),
        ("\ta", 1, 2, ["    a", "^^^^"]),
        ("漢字: b", 5, 6, ["漢字: b", "      ^"]),
        ("a: 漢字", 4, 6, ["a: 漢字", "   ^^^^"]),
        ("e\u0301: b", 5, 6, ["e\u0301: b", "   ^"]),
    ],
)
def test_the_caret_stands_below_what_is_meant(
    line: str, start: int, end: int, shown: list[str]
) -> None:
    """Behind tabs, wide letters and accents too; what is beyond the line has one caret."""
    found = pointed(line, start, end)
    assert [found.line, found.pad + found.carets] == shown


@pytest.mark.parametrize("start", [1, 2, 41, 42, 500, 960, 999, 1000])
def test_a_long_line_is_cut_around_the_caret(start: int) -> None:
    """What is meant is always to be seen, and where something is left out there is a mark."""
    line = "".join(chr(ord("a") + n % 26) for n in range(1000))
    found = pointed(line, start, start + 3)
    at = len(found.pad)
    assert len(found.line) == WIDEST
    assert found.line[at] == line[start - 1]
    assert found.line.startswith("…") == (start > 41)
    assert found.line.endswith("…") == (start < 900)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=300), st.data())
def test_carets_stay_below_the_line(line: str, data: st.DataObject) -> None:
    """Wherever they start and end, there is one at least, and none is beyond what is shown."""
    start = data.draw(st.integers(1, len(line) + 1))
    found = pointed(line, start, data.draw(st.integers(start, len(line) + 50)))
    width = cell_len(found.line)
    assert found.carets
    assert len(found.pad) <= width
    assert len(found.pad + found.carets) <= max(width, len(found.pad) + 1)
