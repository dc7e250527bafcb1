"""The one sink of all that a person sees: nothing is printed without passing the redactor.

It is given values, not finished text: a value is cleaned, and then becomes part of a line, a table
or a document. No text from outside begins a line, and none is a command to a CI's runner.
"""

import codecs
import json
import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from io import TextIOWrapper
from typing import Any, ClassVar, TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from pairctl import spec  # what it offers is loaded when it is used
from pairctl.cli.wrapping import wrapped
from pairctl.pairing import Phase
from pairctl.problem import Problem
from pairctl.secrets import Redactor
from pairctl.text import both_ends, each_text, harmless

PIPE_WIDTH = 140
"""How wide tables are where the output is no terminal: logs and pipes need no narrow columns."""

UNBOUNDED = 1_000_000
"""The width of prose that is no terminal's: each text is one line, for other programs to read."""

LONGEST_TEXT = 4_000
"""How long one text is shown: of a longer one both ends are."""

_THIS_RUN = Redactor()

_IN_ASCII = {
    "→": "->",
    "…": "...",
    "─": "-",
    "═": "=",
    "━": "=",
    "✓": "+",
    "✗": "x",
    "·": "-",
}
"""What pairctl's own signs become where there is no UTF-8; other signs are a question mark."""

_TO_ASCII = "pairctl.ascii"

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


def redactor_of_this_run() -> Redactor:
    """Return the one redactor of the process: what ends a run is told by somebody else."""
    return _THIS_RUN


class Screen:
    """Standard output for results, standard error for everything else.

    Colours follow the terminal, and NO_COLOR and FORCE_COLOR. All screens of a process share one
    redactor, unless they are given another.
    """

    _sink: ClassVar[Callable[[str | Problem], None] | None] = None

    @classmethod
    def divert(cls, sink: Callable[[str | Problem], None] | None) -> None:
        """Let all screens give to `sink` what they say beside results; None: to standard error."""
        cls._sink = sink

    @classmethod
    def is_diverted(cls) -> bool:
        """Whether what is said beside results is given elsewhere."""
        return cls._sink is not None

    def __init__(self, redactor: Redactor | None = None) -> None:
        self.redactor = redactor_of_this_run() if redactor is None else redactor
        self.out = _console(sys.stdout)
        self.err = _console(sys.stderr)
        self.is_ascii = not _has_utf8(sys.stdout)
        self.prose_width = _prose_width(self.out)

    def clean(self, text: str) -> str:
        """Return a value without secrets and what cannot be seen, as documents may hold it."""
        return self.redactor.redact(text)

    def shown(self, text: str) -> str:
        """Return a value as it may be shown: on one line, wherever that is folded."""
        if not text:
            return text
        line = self.clean(text).replace("\n", " ").replace("\t", " ")
        return self.spelled(harmless(both_ends(line, LONGEST_TEXT)))

    def spelled(self, text: str) -> str:
        """Return text in signs that the output has: pairctl's own as ASCII where it has no more."""
        return text.encode("ascii", _TO_ASCII).decode("ascii") if self.is_ascii else text

    def text(self, text: str, style: str = "") -> Text:
        """Return text to be shown as it is: no markup in it means anything."""
        return Text(self.shown(text), style=style)

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

        They are shown as they are: they were made from values that are clean. Plain text does
        without rich, which takes ten times as long.
        """
        if self.out.color_system is None:
            self.out.file.writelines(text for text, _ in pieces)
            return
        for text, style in pieces:
            self.out.print(Text(text, style=style), soft_wrap=True, end="")

    def data(self, kind: str, document: Mapping[str, Any], own: Collection[str] = ()) -> None:
        """Show a result as JSON, each text in it cleaned; like each other it says its kind.

        What pairctl chose itself stays: what is an `Own`, or stands below one of the keys `own`.
        """
        cleaned = each_text(document, self.clean, own)
        named = {"apiVersion": spec.API_VERSION, "kind": kind, **cleaned}
        self.plain(json.dumps(named, indent=2, ensure_ascii=False))

    def plain(self, text: str) -> None:
        """Show a document as it is, in UTF-8: it was made from values that are clean."""
        if self.is_ascii and isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.flush()
            sys.stdout.buffer.write(f"{text}\n".encode())
            sys.stdout.buffer.flush()
            return
        print(text)  # noqa: T201 - the sink

    def note(self, text: str, style: str = "dim") -> None:
        """Tell something beside the result."""
        if sink := Screen._sink:
            sink(text)
            return
        self._tell(self.text(text, style))

    def problem(self, problem: Problem) -> None:
        """Tell what stands in the way, and what to do. Its further lines are set in."""
        if sink := Screen._sink:
            sink(problem)
            return
        first, *more = problem.message.split("\n")
        self._tell(Text.assemble(("error: ", "bold red"), self.shown(first)))
        for line in more:
            self._tell(Text(self.shown(line.strip())), "  ")
        if problem.hint:
            self._tell(Text.assemble(("do: ", "bold"), self.shown(problem.hint)), "  ")

    def _tell(self, text: Text, lead: str = "") -> None:
        """Show prose beside the result; on a terminal it breaks between words."""
        indent = lead + text.plain[: len(text.plain) - len(text.plain.lstrip())]
        for line in wrapped(text, _prose_width(self.err), indent, f"{indent}  "):
            self.err.print(line, soft_wrap=True)


def _prose_width(console: Console) -> int:
    is_pipe = not console.is_terminal and "COLUMNS" not in os.environ
    return UNBOUNDED if is_pipe else console.width


def _has_utf8(file: TextIO) -> bool:
    """Whether UTF-8 is to be had: Python writes it in the C locale too, and its terminal has none.

    `LC_ALL=C` asks for ASCII. Where no locale is named Python takes that of UTF-8.
    """
    if "utf8" not in (getattr(file, "encoding", "") or "").lower().replace("-", ""):
        return False
    names = ("PYTHONIOENCODING", "LC_ALL", "LC_CTYPE", "LANG")
    named = next((found for name in names if (found := os.environ.get(name))), "")
    return named not in ("C", "POSIX")


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_IN_ASCII.get(sign, "?") for sign in signs), error.end


codecs.register_error(_TO_ASCII, _in_ascii)


def _console(file: TextIO) -> Console:
    if isinstance(file, TextIOWrapper):
        # An odd encoding costs a sign, not the result.
        if _has_utf8(file):
            file.reconfigure(errors="replace")
        else:
            file.reconfigure(encoding="ascii", errors=_TO_ASCII)
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = PIPE_WIDTH
    return console
