"""A line of a file with a caret below what a finding is about."""

from typing import NamedTuple

from rich.cells import cell_len

WIDEST = 120
_IN_FRONT = 40
_TAB = "    "


class Pointed(NamedTuple):
    """A line, and the line below it."""

    line: str
    pad: str
    carets: str


def pointed(line: str, start: int, end: int, widest: int = WIDEST) -> Pointed:
    """Return `line` with carets from column `start` to before `end`, counted from 1.

    A line of more than `widest` characters is cut around `start`. Tabs are spaces, and wide letters
    have wide carets.
    """
    first = max(0, min(start - 1, len(line)))
    last = max(first + 1, min(end - 1, len(line)))
    before = min(_IN_FRONT, widest // 3)
    left = 0 if len(line) <= widest else max(0, min(first - before, len(line) - widest))
    piece = _cut(line, left, widest)
    first, last = first - left, min(last - left, max(first - left + 1, len(piece)))
    width = _width(piece[first:last])
    return Pointed(piece.replace("\t", _TAB), " " * _width(piece[:first]), "^" * max(1, width))


def _cut(line: str, left: int, widest: int) -> str:
    """Return what is shown of the line, as many characters from `left`."""
    right = left + widest
    piece = line[left:right]
    if left:
        piece = "…" + piece[1:]
    return piece if right >= len(line) else piece[:-1] + "…"


def _width(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return len(text.replace("\t", _TAB)) if text.isascii() else cell_len(text.replace("\t", _TAB))
