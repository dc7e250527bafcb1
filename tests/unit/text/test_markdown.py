"""Text from outside in Markdown: it reads as it was written, and calls and marks up nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from markdown_factory import cells, rendered
from pairctl.text import is_plain, markdown_name, one_line, prose
from pairctl.text.markdown import LONGEST

SIGNS = st.text(alphabet="@#!$%&~^`*_[]()<>|\\{}:/.-+=\"' \n\tabz019é🔴\u200b", max_size=60)
CALLING = re.compile(r"[@#!$%&~^][\w\"']|\bgh-\d|://|\bwww\.", re.IGNORECASE)


def as_read(text: str) -> str:
    """Return text as a reader is to see it: one line, and only so much of it."""
    line = one_line(text)
    assert is_plain(line)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


HOSTILE = (
    "@team",
    "#1",
    "owner/repo#1 and GH-1 and gh-2",
    "https://evil.example/?a=b&c=d www.evil.example a@b.example",
    "<script>alert(1)</script> <!-- --> &lt;b&gt; &copy;",
    "![x](https://evil.example/x.png) [y](javascript:z) <https://evil.example>",
    "`code` ``more`` **bold** _it_ ~~gone~~ ~x~ $math$ [^1] [x]: y",
    "a | b \\| c \\\\| d \\",
    "line\nbreak | --- |\r\n# title\n\n- item\n```\nfence",
    "/close\n/label ~bug",
    "!1 $2 %\"milestone\" ~'label' &3 ^x",
    ":tada: @",
    "",
    "x" * 1000,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_reads_as_it_was_written(text: str) -> None:
    """In a paragraph and in a table: only text comes out, in one cell."""
    assert rendered(prose(text)) == as_read(text)
    assert cells(f"| x | {prose(text)} | y |") == ["x", as_read(text), "y"]


@examples(500)
@given(st.text(max_size=80) | SIGNS)
def test_any_text_reads_as_it_was_written(text: str) -> None:
    """Whatever a host or a pull request says; `rendered` refuses anything but text."""
    assert cells(f"| x | {prose(text)} | y |") == ["x", as_read(text), "y"]


@examples(500)
@given(SIGNS)
def test_nothing_is_called_once_it_is_rendered(text: str) -> None:
    """Forges look for mentions, references and addresses in the text that comes out."""
    assert not CALLING.search(rendered(prose(text), keep=True))


@pytest.mark.parametrize("label", ["store-0042", "x", "a1"])
def test_names_of_documents_are_code(label: str) -> None:
    """They are DNS labels, and have nothing to escape."""
    assert markdown_name(label) == f"`{label}`"


@pytest.mark.parametrize("other", ["Store", "a_b", "a`b", "-a", "unrecognized-@team", ""])
def test_what_is_no_label_is_prose(other: str) -> None:
    """A pairing id can be anything, and so can what is named after it."""
    assert markdown_name(other) == prose(other)
