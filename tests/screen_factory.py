"""Terminals of a size: what stands on one after a program has written to it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from rich.cells import cell_len

from pairctl.cli.screen import Screen

_CODE = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])")
_PART = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r|\n|[^\x1b\r\n]+")


@dataclass(frozen=True)
class Mode:
    """How a program's output is read: `columns` of a terminal, or a pipe, with a locale."""

    columns: int | None
    locale: str = "C.UTF-8"

    @property
    def environment(self) -> dict[str, str]:
        """What a program is started with."""
        size = {"COLUMNS": str(self.columns), "LINES": "24"} if self.columns else {}
        return {"LC_ALL": self.locale, "TERM": "xterm", "NO_COLOR": "1", **size}


MODES = {
    "80x24": Mode(80),
    "60 columns": Mode(60),
    "a pipe": Mode(None),
    "LC_ALL=C": Mode(80, "C"),
}


def screen_in(
    mode: Mode, monkeypatch: pytest.MonkeyPatch, streams: pytest.CaptureFixture[str]
) -> Screen:
    """Give a screen as a program has it in this mode, on streams of the test's own."""
    del streams  # a screen sets how they are encoded, and no other test is to have that
    for name in ("COLUMNS", "LINES", "LC_CTYPE", "LANG", "PYTHONIOENCODING", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in mode.environment.items():
        monkeypatch.setenv(name, value)
    return Screen()


def lines_on(text: str, columns: int | None) -> list[str]:
    """Give the lines that a text takes: on a terminal a long one takes several."""
    lines = text.removesuffix("\n").split("\n")
    if columns is None:
        return lines
    return [part for line in lines for part in _folded(line, columns)]


def _folded(line: str, columns: int) -> list[str]:
    count = max(1, -(-cell_len(line) // columns))
    return [line[n * columns : (n + 1) * columns] for n in range(count)]


class Terminal:
    """What a terminal shows: it obeys movements and erasures, and knows how high it ever was."""

    def __init__(self) -> None:
        self.rows: list[str] = [""]
        self.highest = 0
        self._at = 0

    def write(self, text: str) -> None:
        """Take what a program writes."""
        for part in _PART.findall(text):
            code = _CODE.fullmatch(part)
            if code is not None:
                self._obey(code[1], code[2])
            elif part == "\n":
                self._at += 1
                if self._at == len(self.rows):
                    self.rows.append("")
            elif part != "\r":
                self.rows[self._at] += part
            live = len([row for row in self.rows if row])
            self.highest = max(self.highest, live)

    def _obey(self, number: str, letter: str) -> None:
        if letter == "A":
            self._at -= int(number or 1)
        elif letter == "K":
            self.rows[self._at] = ""

    @property
    def text(self) -> str:
        """What stands there now."""
        return "\n".join(self.rows).rstrip("\n") + "\n"


def whole_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Give a bare environment for a child, with what is added."""
    return {"PATH": os.environ["PATH"], **extra}
