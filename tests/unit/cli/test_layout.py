"""Lines and tables fit a terminal; nothing in them breaks inside a word, a name or an id."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from pairctl.cli.layout import first_lines, shortened, show_noted_rows, show_rows
from pairctl.cli.screen import Screen
from pairctl.cli.wrapping import wrapped
from screen_factory import Mode, screen_in

FINGERPRINT = "sha256:" + "0123456789abcdef" * 4
WORDS = st.lists(st.from_regex(r"[a-z0-9:/.-]{1,20}", fullmatch=True), min_size=1, max_size=30)
TITLES = ("DECLARED", "SERVED AT", "CERTIFICATE")
ROWS = [
    tuple(map(Text, (f"https://10.0.42.{n}:5080", f"https://127.0.0.1:4{n:04}", FINGERPRINT)))
    for n in range(3)
]
PROSE = "a cluster whose layers differ in one pack from those of the selection"


@given(WORDS, st.integers(20, 100))
def test_a_wrapped_text_keeps_its_words_within_the_width(words: list[str], width: int) -> None:
    """In their order, none cut."""
    lines = wrapped(Text(" ".join(words)), width, "", "  ")
    assert " ".join(line.plain for line in lines).split() == words
    assert all(len(line.plain) <= width or len(line.plain.split()) == 1 for line in lines)


@given(WORDS, st.integers(24, 100))
def test_a_shortened_text_ends_behind_a_word(words: list[str], width: int) -> None:
    """With a sign where there was more."""
    shown = shortened(Text(" ".join(words)), width, "…").plain
    assert len(shown) <= width
    kept = shown.removesuffix(" …").split()
    assert kept == words[: len(kept)]
    assert shown.endswith("…") is (kept != words)
    assert first_lines([Text("x"), Text("y z")], 1, width, "…")[0].plain == "x …"


@pytest.mark.parametrize("columns", [30, 60, 80, None, 200])
def test_a_table_that_has_no_room_becomes_blocks(
    columns: int | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Addresses and fingerprints are whole, each with its title."""
    show_rows(screen_in(Mode(columns), monkeypatch, capsys), TITLES, ROWS)
    shown = capsys.readouterr().out
    assert shown.count(FINGERPRINT) == len(ROWS)
    assert all(str(cell) in shown for row in ROWS for cell in row)
    is_table = "DECLARED" in shown
    assert is_table is (columns is None or columns >= 140)
    assert shown.count("certificate:") == (0 if is_table else len(ROWS))


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_a_table_gives_room_to_what_needs_it(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A long text wraps before a name does; in a narrow terminal it is a block."""
    rows = [(Text("store-of-the-north-0001"), Text("Blocked"), Text(PROSE))]
    show_rows(screen_in(Mode(columns), monkeypatch, capsys), ("INTENT", "PHASE", "WHY"), rows)
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert all(len(line) <= columns for line in lines)
    assert ("store-of-the-north-0001  Blocked" in lines[1]) is (columns >= 80)
    assert not re.search(r"layer$|selec$", "\n".join(lines), re.MULTILINE)


def test_a_line_of_a_table_ends_without_spaces(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is copied from a terminal, or compared, has none; lines within cells are kept."""
    monkeypatch.setenv("COLUMNS", "100")
    rows = [(Text("store-1"), Text("Paired"), Text("first\nsecond")), (Text("x"), Text(), Text())]
    show_rows(Screen(), ("INTENT", "PHASE", "WHAT"), rows)
    shown = capsys.readouterr().out.splitlines()
    assert shown == [
        "INTENT   PHASE   WHAT",
        "store-1  Paired  first",
        "                 second",
        "x",
    ]


@pytest.mark.parametrize("width", [60, 80, 100, 160])
def test_a_fingerprint_is_never_cut(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is there to be copied: in its column where that has room, else on a line of its own."""
    monkeypatch.setenv("COLUMNS", str(width))
    cells = ("store-1", "https://10.0.42.10:5080", "not pinned", FINGERPRINT)
    titles = ("name", "endpoint", "certificate", "fingerprint or reason")
    show_noted_rows(Screen(), titles, [tuple(map(Text, cells))])
    shown = capsys.readouterr().out
    assert FINGERPRINT in shown
    assert "not pinned" in shown
    if 72 <= width < 140:
        assert f"\n    {FINGERPRINT}\n" in shown
