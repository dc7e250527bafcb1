"""Progress of a run: live on a terminal, in few lines elsewhere; of a bounded height in both."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from rich.console import Group
from rich.text import Text

from pairctl.cli.causes_view import FEW
from pairctl.cli.layout import shortened
from pairctl.cli.screen import Screen
from pairctl.cli.wrapping import wrapped
from pairctl.engine import (
    Acted,
    Acting,
    Decided,
    Ending,
    Event,
    Kept,
    OutageBegan,
    PassStarted,
    Recorded,
)
from pairctl.pairing import Phase

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner
    from rich.table import Table

MOST_ROWS = 12
"""How many clusters are shown live, whatever the height of the terminal."""

STEPS = 4
"""In so many steps a larger fleet is shown there."""

MOST_FAILURES = 3
"""So many actions that were not done are shown there as they come; the result says them all."""

QUIET_S = 60.0
"""After so many seconds a line is shown in any case."""

_BAR = 24
_HEAD_LINES = 5
_LEAST_ROOM = len("send a pairing request")
_SPINNERS = {False: "dots", True: "line"}


def is_drawn_on(console: "Console") -> bool:
    """Whether what is live can be shown: it is a terminal, and one that can go back in a line."""
    return console.is_terminal and not console.is_dumb_terminal


class Count:
    """How many are done, of how many: each is one more, unless the number itself is given."""

    def __init__(self, total: int, shown: Callable[[int, int], object]) -> None:
        self._done, self._total, self._shown = 0, total, shown

    def __call__(self, done: int | None = None, total: int | None = None) -> None:
        """Note that one more is done, or so many of so many."""
        self._done = self._done + 1 if done is None else done
        self._total = self._total if total is None else total
        self._shown(self._done, self._total)


@contextmanager
def counting(screen: Screen, words: str, total: int = 0) -> Iterator[Count]:
    """Show how many of `total` are done, live on a terminal and nowhere else."""
    if not is_drawn_on(screen.err):
        yield Count(total, lambda _done, _of: None)
        return
    from rich import progress  # noqa: PLC0415 - for terminals alone

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
    )
    with progress.Progress(*columns, console=screen.err, transient=True) as drawn:
        task = drawn.add_task(words, total=total or None)
        yield Count(total, lambda done, of: drawn.update(task, completed=done, total=of))


class _Row(NamedTuple):
    phase: Phase | None
    words: str
    is_busy: bool


class Progress:
    """Shows how far a run is, and the clusters that move. Call it with the engine's events.

    Where standard error is no terminal each change of few intents is a line, and of more each
    step of the whole; if `lines` are wanted at all. Where it is not `live`, as for a run without an
    end, each change is a line. Of what only `looks` nothing is under way: an intent is done with
    once it was looked at. `now` is a clock, in seconds.
    """

    def __init__(
        self,
        screen: Screen,
        *,
        live: bool = True,
        lines: bool = True,
        looks: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._screen = screen
        self._lines = lines
        self._looks = looks
        self._is_endless = not live
        self._now = now
        self._rows: dict[str, _Row] = {}
        self._moved: dict[str, None] = {}
        self._done = self._failures = 0
        self._shown_step, self._shown_s = 0, now()
        self._live: Live | None = None
        self._spinner: Spinner | None = None
        if live and is_drawn_on(screen.err):
            from rich.live import Live as Display  # noqa: PLC0415 - for terminals alone

            self._live = Display(
                console=screen.err,
                refresh_per_second=8,
                transient=True,
                vertical_overflow="crop",
                get_renderable=self.drawn,
            )

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
                is_first = not self._rows
                for name in names:
                    self._rows.setdefault(name, _Row(None, "", is_busy=True))
                if is_first:
                    self._tell_counts()  # the first looks at a large fleet take their time
            case Decided(name, decision):
                verdict = decision.verdict
                self._set(
                    name,
                    decision.phase,
                    f"next: {verdict.action}" if verdict.action else verdict.message,
                    is_busy=decision.is_under_way and not self._looks,
                )
            case Kept(name, status):
                self._set(name, status.phase, status.message)
            case Acting(name, action):
                # "next: …" was said before, and what comes of it is said behind: a line each.
                words = f"{action} …"
                self._set(name, self._phase(name), words, is_busy=True, is_shown=self._is_endless)
            case Acted(name, action, outcome, message):
                words = f"{action}: {outcome}" + (f", {message}" if message else "")
                self._set(name, self._phase(name), words, is_busy=True)
                self._tell_failure(name, words, is_done=outcome == Ending.DONE)
            case Recorded():
                self._tell_step()
            case OutageBegan(problem):
                self._screen.note(
                    f"not on record yet, tried again for a while: {problem.message}", "yellow"
                )
            case _:
                pass

    def drawn(self) -> Group:
        """Draw the counts, a bar, and the clusters that moved last, as many as fit."""
        # Another thread draws: it works on copies, while events go on to come.
        rows, moved = dict(self._rows), list(self._moved)
        if not rows:
            return Group(Text("reading the repository", style="dim"))
        if self._looks:
            moved = _if_few(name for name, row in rows.items() if row.is_busy)
        width = self._screen.err.width - 1
        lines = wrapped(self._counts(rows.values()), width, indent="  ")
        room = min(MOST_ROWS, max(self._screen.err.height - len(lines) - _HEAD_LINES, 1))
        names = [name for name in reversed(moved) if rows[name].is_busy]
        has_room = self._room(names[:room], width) >= _LEAST_ROOM
        shown = sorted(names[: room if has_room else max(room // 2, 1)])
        more = 0 if self._looks else sum(row.is_busy for row in rows.values()) - len(shown)
        rest = [Text(f"and {more} more under way", style="dim")] if more > 0 else []
        drawn = self._drawn_rows({name: rows[name] for name in shown}, width)
        title = f" {self._done} of {len(self._rows)} {self._done_words}"
        length = max(min(_BAR, width - len(title) - 2), 1)
        full = length * self._done // len(rows)
        signs = self._screen.spelled("━")
        return Group(
            Text.assemble((signs * full, "green"), ("-" * (length - full), "dim"), title),
            *lines,
            *drawn,
            *rest,
        )

    # ── what is counted ──────────────────────────────────────────────────────────────────────────

    def _counts(self, rows: Iterable[_Row]) -> Text:
        counts = Counter(row.phase for row in rows)
        line = Text()
        for phase in Phase:
            if counts[phase]:
                line.append_text(Text.assemble(", " if line else "", f"{counts[phase]} "))
                line.append_text(self._screen.phase(phase))
        if counts[None]:
            line.append(f"{', ' if line else ''}{counts[None]} not looked at yet", "dim")
        return line

    def _set(
        self,
        name: str,
        phase: Phase | None,
        words: str,
        *,
        is_busy: bool = False,
        is_shown: bool = True,
    ) -> None:
        row, before = _Row(phase, words, is_busy), self._rows.get(name)
        self._rows[name] = row
        self._done += (not is_busy) - (before is not None and not before.is_busy)
        if before is None or before[:2] != row[:2]:
            self._moved.pop(name, None)
            self._moved[name] = None
            if self._tells_each and is_shown:
                self._note(f"{name}  {phase or ''}  {words}")
        self._tell_step()

    def _phase(self, name: str) -> Phase | None:
        return self._rows[name].phase if name in self._rows else None

    @property
    def _done_words(self) -> str:
        return "looked at" if self._looks else "at rest"

    @property
    def _tells_each(self) -> bool:
        """Whether each change is a line."""
        return self._is_endless or len(self._rows) <= FEW

    # ── lines, where there is no terminal ────────────────────────────────────────────────────────

    def _note(self, text: str) -> None:
        if self._live is None and self._lines:
            self._screen.note(text, style="")

    def _tell_failure(self, name: str, words: str, *, is_done: bool) -> None:
        if not is_done and not self._tells_each and self._failures < MOST_FAILURES:
            self._failures += 1
            self._note(f"{name}  {words}")

    def _tell_step(self) -> None:
        """Show how far the whole is: at each step, and when it was quiet for long."""
        if self._live or not self._lines or self._tells_each:
            return
        step, now = self._done * STEPS // len(self._rows), self._now()
        if step > self._shown_step or now - self._shown_s >= QUIET_S:
            self._shown_step, self._shown_s = max(step, self._shown_step), now
            self._tell_counts()

    def _tell_counts(self) -> None:
        if not self._tells_each:
            counts = self._counts(self._rows.values())
            self._note(f"{self._done} of {len(self._rows)} {self._done_words}: {counts.plain}")

    # ── drawing ──────────────────────────────────────────────────────────────────────────────────

    def _room(self, names: Iterable[str], width: int) -> int:
        """Return how much room is left in a row, beside names and phases."""
        return width - max(map(len, names), default=0) - len(Phase.REQUESTED) - 6

    def _drawn_rows(self, rows: Mapping[str, _Row], width: int) -> Iterator["Table | Text"]:
        """Draw a row for each cluster; where there is no room beside a name, one below it."""
        longest, room = max(map(len, rows), default=0), self._room(rows, width)
        for name, row in rows.items():
            words = self._screen.text(row.words)
            head = Text.assemble((f"{name:{longest}}", "bold"), "  ")
            head.append_text(self._screen.phase(row.phase) if row.phase else Text("looking"))
            cut = self._screen.spelled("…")
            if room < _LEAST_ROOM:
                yield self._spun(head, width)
                yield Text("    ") + shortened(words, width - 4, cut)
                continue
            head.pad_right(longest + len(Phase.REQUESTED) + 4 - head.cell_len)
            yield self._spun(head + shortened(words, room, cut), width)

    def _spun(self, line: Text, width: int) -> "Table":
        from rich.spinner import Spinner  # noqa: PLC0415 - for terminals alone
        from rich.table import Table  # noqa: PLC0415

        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(width=1)
        table.add_column(width=width - 2, no_wrap=True, overflow="ignore")
        if self._spinner is None:  # one for all rows and drawings: it counts from when it began
            self._spinner = Spinner(_SPINNERS[self._screen.is_ascii], style="cyan")
        table.add_row(self._spinner, line)
        return table


def _if_few(names: Iterable[str]) -> list[str]:
    """Return the names of those that are waited for, once they can be shown by name."""
    found = list(names)
    return found if len(found) <= MOST_ROWS else []
