"""Foreign text on one line, as it may stand in the log of any CI."""

import re

_COMMAND = re.compile(r"##(\w*)\[")


def printable(text: str) -> str:
    """Return the text with what cannot be printed replaced: line feeds and escapes too."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def harmless(text: str) -> str:
    """Return printable text that no CI takes for a command, and as long as it was.

    Runners obey `##[command]` and `##vso[command]` anywhere in a line.
    """
    return _COMMAND.sub(r"##\1(", printable(text))


def harmless_path(path: str) -> str:
    """Return a path that may begin a line: `::` there is a command to GitHub's runner."""
    shown = harmless(path)
    return f"./{shown}" if shown[:1] in {":", " "} else shown
