"""Files and documents that are not followed, and why, in the words of `validate`."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from pairctl.cli.layout import show_wrapped
from pairctl.cli.screen import Screen

MOST_SHOWN = 4
"""How many findings are shown before the rest is counted: `validate` shows all."""

TITLE = "Refused, and so not followed"


class Refusal(Protocol):
    """A finding about something that is not followed; line and column are 1-based."""

    @property
    def path(self) -> str:
        """The file."""

    @property
    def line(self) -> int:
        """Where in it."""

    @property
    def column(self) -> int:
        """Where in the line."""

    @property
    def code(self) -> str:
        """What is wrong, in one stable word."""

    @property
    def message(self) -> str:
        """What is wrong."""

    @property
    def hint(self) -> str:
        """What to do."""


def show_refusals(screen: Screen, refused: Sequence[Refusal]) -> None:
    """Show what is wrong, a line each and what to do below; nothing where nothing is refused."""
    if refused:
        screen.line(f"{TITLE}:", "bold red")
        for line in refusal_lines(refused):
            show_wrapped(screen, screen.text(line))
        screen.line()


def refusal_lines(refused: Sequence[Refusal]) -> Iterator[str]:
    """Yield a line for each finding, and one for what to do; the rest is counted."""
    for one in refused[:MOST_SHOWN]:
        yield f"{place(one)}: error[{one.code}]: {one.message}"
        if one.hint:
            yield f"  do: {one.hint}"
    if len(refused) > MOST_SHOWN:
        yield f"and {len(refused) - MOST_SHOWN} more: `pairctl validate` shows all"


def place(one: Refusal) -> str:
    """Return where a finding is, as editors and compilers write it."""
    return f"{one.path}:{one.line}:{one.column}"
