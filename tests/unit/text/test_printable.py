"""Which characters are shown, and what becomes of the others."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.text import UNSEEN, escaped, is_plain, marked, one_line, printable
from pairctl.text.printable import REPLACEMENT

ODD = ("\x00", "\x1b", "\x9b", "\xad", "\u034f", "\u061c", "\u115f", "\u200b", "\u200d", "\u202e",
       "\u2066", "\u3164", "\ud800", "\ufe0f", "\ufeff", "\U000e0020", "\U000e0101")  # fmt: skip
BREAKS = ("\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


def test_all_that_unicode_lets_nobody_see_is_unseen() -> None:
    """Controls, formats, halves of pairs and separators, of the Unicode version of this Python."""
    unseen = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    points = (p for p in range(sys.maxunicode + 1) if unicodedata.category(chr(p)) in unseen)
    left = [f"U+{p:04X}" for p in points if chr(p) not in "\n\t" and not UNSEEN.match(chr(p))]
    assert left == []


@pytest.mark.parametrize("odd", ODD, ids=lambda char: f"U+{ord(char):04X}")
def test_what_cannot_be_seen_is_taken_out_marked_or_escaped(odd: str) -> None:
    """Whichever way, it is not there any more."""
    text = f"a{odd}b"
    assert not is_plain(text)
    assert printable(text) == one_line(text) == "ab"
    assert marked(text) == f"a{REPLACEMENT}b"
    assert escaped(text).isascii()
    assert escaped(text) != "ab"


@pytest.mark.parametrize("end", BREAKS, ids=ascii)
def test_no_text_makes_a_line(end: str) -> None:
    """What begins a line for anybody is a space, or is marked."""
    text = f"a{end}::stop-commands::x"
    assert one_line(text) == "a ::stop-commands::x"
    for shown in (one_line(text), marked(text), escaped(text)):
        assert len(shown.splitlines()) == 1
        assert is_plain(shown)


@pytest.mark.parametrize(
    "code",
    ["\x1b[31m", "\x1b[2J", "\x1b[?25l", "\x1b]0;title\x07", "\x1b]8;;https://evil.example\x1b\\",
     "\x1bPq#0\x1b\\", "\x1b]8;;x\x9c"],
)  # fmt: skip
def test_a_terminals_codes_are_taken_out_whole(code: str) -> None:
    """No part of a colour, a title or a link is left over as text."""
    assert printable(f"a{code}b") == "ab"


@given(st.text())
def test_shown_text_is_plain_and_stays_as_it_is(text: str) -> None:
    """Once is enough, and what is marked keeps its length."""
    for change in (one_line, marked):
        once = change(text)
        assert change(once) == once
    assert is_plain(marked(text))
    assert len(marked(text)) == len(text)
    assert not UNSEEN.search(printable(text))


def test_bytes_are_escaped() -> None:
    """A path that is no text can be shown."""
    assert escaped(b"a\x1b\n\xff") == "a\\x1b\\n\\xff"
