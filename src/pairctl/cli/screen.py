"""The one sink of all that a person sees: nothing is printed without passing the redactor."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from io import TextIOWrapper
from typing import Any, TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from pairctl.pairing import Phase
from pairctl.problem import Problem
from pairctl.secrets import Redactor

PIPE_WIDTH = 140
"""How wide tables are where the output is no terminal: logs and pipes need no narrow columns."""

STYLES: Mapping[Phase, str] = {
    Phase.PAIRED: "green",
    Phase.LOCAL: "green",
    Phase.REJECTED: "green",
    Phase.REQUESTED: "cyan",
    Phase.ACCEPTED: "cyan",
    Phase.WAITING: "yellow",
    Phase.BLOCKED: "red",
    Phase.FAILED: "bold red",
}


class Screen:
    """Standard output for results, standard error for everything else.

    Colours follow the terminal, and NO_COLOR and FORCE_COLOR. Foreign text is told to `clean`,
    which redacts it and takes out control characters.
    """

    def __init__(self, redactor: Redactor | None = None) -> None:
        self.redactor = redactor or Redactor()
        self.out = _console(sys.stdout)
        self.err = _console(sys.stderr)

    def clean(self, text: str) -> str:
        """Return text as it may be shown."""
        return self.redactor.redact(text)

    def text(self, text: str, style: str = "") -> Text:
        """Return text to be shown as it is: no markup in it means anything."""
        return Text(self.clean(text), style=style)

    def phase(self, phase: Phase) -> Text:
        """Return a phase in its colour."""
        return Text(phase.value, style=STYLES[phase])

    def show(self, *renderables: RenderableType) -> None:
        """Show a result."""
        self.out.print(*renderables, soft_wrap=all(isinstance(r, Text) for r in renderables))

    def line(self, text: str = "", style: str = "") -> None:
        """Show one line of a result, never wrapped."""
        self.out.print(self.text(text, style), soft_wrap=True)

    def pieces(self, pieces: Iterable[tuple[str, str]]) -> None:
        """Show a result of pieces, each with its style; as plain text where there are no colours.

        Plain text does without rich, which takes ten times as long.
        """
        cleaned = ((self.clean(text), style) for text, style in pieces)
        if self.out.color_system is None:
            self.out.file.writelines(text for text, _ in cleaned)
            return
        for text, style in cleaned:
            self.out.print(Text(text, style=style), soft_wrap=True, end="")

    def data(self, document: Any) -> None:
        """Show a result as JSON."""
        self.plain(json.dumps(document, indent=2, ensure_ascii=False))

    def plain(self, text: str) -> None:
        """Show a result that is to be read by other programs."""
        print(self.clean(text))  # noqa: T201 - the sink

    def note(self, text: str, style: str = "dim") -> None:
        """Tell something beside the result."""
        self.err.print(self.text(text, style), soft_wrap=True)

    def problem(self, problem: Problem) -> None:
        """Tell what stands in the way, and what to do."""
        told = Text.assemble(("error: ", "bold red"), self.clean(problem.message))
        if problem.hint:
            told.append_text(Text.assemble(("\n  do: ", "bold"), self.clean(problem.hint)))
        self.err.print(told, soft_wrap=True)


def _console(file: TextIO) -> Console:
    if isinstance(file, TextIOWrapper):
        file.reconfigure(errors="replace")  # an odd encoding costs a sign, not the result
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = PIPE_WIDTH
    return console
