"""Progress is of a bounded height, however large the fleet; no name is ever cut."""

import sys

import pytest
from rich.console import Console

from pairctl.cli.progress import MOST_FAILURES, MOST_ROWS, QUIET_S, Progress, counting, is_drawn_on
from pairctl.cli.screen import Screen
from pairctl.engine import Acted, Acting, Decided, Ending, Kept, PassStarted
from pairctl.pairing import Phase, SendRequest, Status, decide
from pairing_factory import NOW, make_host, make_intent, make_observed
from screen_factory import MODES, Mode, screen_in

SENDING = SendRequest("uid", "https://palette.example.com")


def names(size: int) -> tuple[str, ...]:
    """Name a fleet."""
    return tuple(f"store-of-the-north-{number:04}" for number in range(size))


def run_through(progress: Progress, size: int, ending: Ending = Ending.DONE) -> None:
    """Let a fleet go by: each is looked at, acted for, and comes to rest."""
    progress(PassStarted("commit", names(size)))
    for name in names(size):
        progress(Acting(name, SENDING))
        progress(Acted(name, SENDING, ending, ""))
        progress(Kept(name, Status(name, Phase.PAIRED, "g", "c", message="managed centrally")))


def drawn(progress: Progress, screen: Screen) -> list[str]:
    """Give the lines that stand on the terminal now."""
    console = Console(width=screen.err.width, height=24, color_system=None)
    with console.capture() as capture:
        console.print(progress.drawn())
    return [line.rstrip() for line in capture.get().splitlines()]


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
@pytest.mark.parametrize("size", [40, 4_000])
def test_what_is_live_fits_the_terminal(
    size: int,
    mode: Mode,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Counts, a bar, and the clusters that moved last with their whole names; the rest counted."""
    screen = screen_in(mode, monkeypatch, capsys)
    progress = Progress(screen)
    progress(PassStarted("commit", names(size)))
    for name in names(size)[: size // 2]:
        progress(Acting(name, SENDING))
    progress(Kept(names(size)[0], Status(names(size)[0], Phase.PAIRED, "g", "c")))
    lines = drawn(progress, screen)
    assert len(lines) <= MOST_ROWS + 4
    assert all(len(line) <= (mode.columns or 140) for line in lines)
    assert f"1 of {size} at rest" in lines[0]
    shown = [name for name in names(size) if any(name in line.split() for line in lines)]
    assert 5 <= len(shown) <= MOST_ROWS
    assert f"and {size - 1 - len(shown)} more under way" in lines[-1]
    assert "".join(lines).isascii() is (mode.locale == "C")


def test_no_name_is_cut_where_there_is_no_room_beside_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is done for a cluster stands below its name then."""
    screen = screen_in(Mode(34), monkeypatch, capsys)
    progress = Progress(screen)
    progress(PassStarted("commit", names(3)))
    progress(Acting(names(3)[1], SENDING))
    lines = drawn(progress, screen)
    at = next(number for number, line in enumerate(lines) if names(3)[1] in line)
    assert lines[at + 1].strip() == "send a pairing request to …"


@pytest.mark.parametrize(("size", "most"), [(40, 5), (4_000, 5)])
def test_a_log_has_a_line_a_step_of_a_fleet(
    size: int, most: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pipe is not filled by a fleet: counts at the start, and at each quarter."""
    with Progress(Screen(), now=lambda: 0.0) as progress:
        run_through(progress, size)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == most
    assert lines[0] == f"0 of {size} at rest: {size} not looked at yet"
    assert lines[-1] == f"{size} of {size} at rest: {size} Paired"


def test_a_log_has_a_line_a_change_of_a_few(capsys: pytest.CaptureFixture[str]) -> None:
    """As people read it who watch one cluster."""
    with Progress(Screen()) as progress:
        run_through(progress, 2)
    assert len(capsys.readouterr().err.splitlines()) == 2 * 2


def test_a_log_of_a_fleet_has_the_first_failures_and_a_sign_of_life(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was not done is said at once, a few times; and after a quiet minute how far it is."""
    clock = iter(range(0, 10_000_000, int(QUIET_S)))
    with Progress(Screen(), now=lambda: next(clock)) as progress:
        progress(PassStarted("commit", names(40)))
        progress(Acted(names(40)[0], SENDING, Ending.NOT_SENT, "no"))
    assert "0 of 40 at rest" in capsys.readouterr().err
    with Progress(Screen(), now=lambda: 0.0) as progress:
        run_through(progress, 40, Ending.UNKNOWN)
    shown = [line for line in capsys.readouterr().err.splitlines() if Ending.UNKNOWN in line]
    assert len(shown) == MOST_FAILURES


@pytest.mark.parametrize(("live", "lines_a_step"), [(True, 1), (False, 2)])
def test_in_a_pipe_a_step_is_one_line(
    live: bool, lines_a_step: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """That it begins was said before it; only a run without an end says that it is under way."""
    progress = Progress(Screen(), live=live)
    progress(PassStarted("commit", names(1)))
    capsys.readouterr()
    progress(Acting(names(1)[0], SENDING))
    progress(Acted(names(1)[0], SENDING, Ending.DONE, ""))
    assert len(capsys.readouterr().err.splitlines()) == lines_a_step


def test_a_look_that_only_plans_is_done_with_what_it_has_looked_at(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is under way in a plan; whoever is waited for is named once they are few."""
    screen = screen_in(Mode(80), monkeypatch, capsys)
    progress = Progress(screen, lines=False, looks=True)
    assert drawn(progress, screen) == ["reading the repository"]
    decision = decide(make_intent(), make_observed(make_host()), now=NOW)
    progress(PassStarted("commit", names(40)))
    for name in names(40)[:30]:
        progress(Decided(name, decision))
    bar, counts, *rows = drawn(progress, screen)
    assert "30 of 40 looked at" in bar
    assert counts == "30 Waiting, 10 not looked at yet"
    assert [row.split()[1:] for row in rows] == [[name, "looking"] for name in names(40)[30:]]


def test_a_spinner_spins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is the one sign of life between two changes."""
    screen = screen_in(Mode(80), monkeypatch, capsys)
    progress = Progress(screen)
    progress(PassStarted("commit", names(1)))
    progress(Acting(names(1)[0], SENDING))
    now = iter([0.0, 0.5])
    signs = []
    for moment in now:
        console = Console(width=80, height=24, color_system=None, get_time=lambda at=moment: at)
        with console.capture() as capture:
            console.print(progress.drawn())
        signs.append(capture.get().splitlines()[-1][0])
    assert signs[0] != signs[1]


def test_a_terminal_that_draws_nothing_has_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """TERM=dumb can take no line back: without lines nothing would be said until the end."""
    for term, is_drawn in (("xterm", True), ("dumb", False)):
        monkeypatch.setenv("TERM", term)
        assert is_drawn_on(Console(force_terminal=True)) is is_drawn


def test_a_count_is_shown_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One more at a time, or as it is said; a pipe has the result and nothing else."""
    for is_terminal in (False, True):
        screen = screen_in(Mode(80), monkeypatch, capsys)
        screen.err = Console(file=sys.stderr, force_terminal=is_terminal, width=80)
        with counting(screen, "looking at servers") as count:
            count(0, 7)
            count(3)
            count()
        shown = capsys.readouterr().err
        assert ("4/7" in shown, "looking at servers" in shown) == (is_terminal, is_terminal)
