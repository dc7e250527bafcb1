"""Progress of a run, live on a terminal, line by line elsewhere."""

from types import TracebackType
from typing import Self

from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from pairctl.cli.screen import Screen
from pairctl.engine import Acted, Acting, Decided, Event, Kept, PassStarted, Recorded
from pairctl.pairing import Decision, Phase


class Progress:
    """Shows every cluster of a run as it moves. Call it with the engine's events.

    Where standard error is no terminal, or not `live`, each change is a line, if `lines` are
    wanted at all.
    """

    def __init__(self, screen: Screen, *, live: bool = True, lines: bool = True) -> None:
        self._screen = screen
        self._lines = lines
        self._rows: dict[str, tuple[Phase | None, str, bool]] = {}
        self._live: Live | None = None
        if live and screen.err.is_terminal:
            self._live = Live(console=screen.err, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live:
            self._live.stop()

    def __call__(self, event: Event) -> None:
        """Take note of what the engine tells."""
        match event:
            case PassStarted(_, names):
                self._begin(names)
            case Decided(name, decision):
                self._set(name, decision.phase, _shown(decision), is_busy=decision.is_under_way)
            case Kept(name, status):
                self._set(name, status.phase, status.message)
            case Acting(name, action):
                self._set(name, self._phase(name), f"{action} …", is_busy=True)
            case Acted(name, action, outcome, message):
                words = f"{action}: {outcome}" + (f", {message}" if message else "")
                self._set(name, self._phase(name), words, is_busy=True)
            case Recorded():
                pass

    def _begin(self, names: tuple[str, ...]) -> None:
        for name in names:
            self._rows.setdefault(name, (None, "looking …", True))
        self._refresh()

    def _set(self, name: str, phase: Phase | None, words: str, *, is_busy: bool = False) -> None:
        is_news = self._rows.get(name, (None, "", False))[:2] != (phase, words)
        self._rows[name] = (phase, words, is_busy)
        if self._live is None and self._lines and is_news:
            self._screen.note(f"{name}  {phase or ''}  {words}", style="")
        self._refresh()

    def _phase(self, name: str) -> Phase | None:
        return self._rows[name][0] if name in self._rows else None

    def _refresh(self) -> None:
        if self._live:
            self._live.update(self._table())

    def _table(self) -> Table:
        """Draw the clusters, as many as fit; those that move come first where they do not."""
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(width=2)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis")
        room = max(self._screen.err.height - 3, 5)
        rows = sorted(self._rows.items())
        if len(rows) > room:
            rows = sorted(rows, key=lambda row: (not row[1][2], row[0]))
        for name, (phase, words, is_busy) in rows[:room]:
            sign = Spinner("dots", style="cyan") if is_busy else Text("")
            shown = self._screen.phase(phase) if phase else Text("")
            table.add_row(sign, self._screen.text(name, "bold"), shown, self._screen.text(words))
        if len(rows) > room:
            table.add_row("", f"and {len(rows) - room} more", "", "")
        return table


def _shown(decision: Decision) -> str:
    verdict = decision.verdict
    return f"next: {verdict.action}" if verdict.action else verdict.message
