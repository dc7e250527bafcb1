"""Texts in lines that fit a terminal, broken between words only."""

import re

from rich.cells import cell_len
from rich.text import Text

_WORD = re.compile(r"\S+")


def wrapped(text: Text, width: int, first: str = "", indent: str = "") -> list[Text]:
    """Return text in lines of at most so many columns, set in: the first line, and the others.

    A word that is wider stands on a line of its own, whole.
    """
    lines: list[Text] = []
    lead, start, end = first, 0, 0
    for word in _WORD.finditer(text.plain):
        is_first = end == start
        start = word.start() if is_first else start
        if not is_first and len(lead) + cell_len(text.plain[start : word.end()]) > width:
            lines.append(Text(lead) + text[start:end])
            lead, start = indent, word.start()
        end = word.end()
    return [*lines, Text(lead) + text[start:end]]
