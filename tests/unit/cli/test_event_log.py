"""Every change of an intent's state is a line of the log, and none is written without one."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pairctl.cli.event_log import EventLog, PassLog
from pairctl.engine import Concluded, OutageBegan, OutageEnded, PassResult
from pairctl.pairing import Phase, RolloutPhase, RolloutState, Status, Wait, invalid_status
from pairctl.problem import Problem

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def status(name: str, phase: Phase = Phase.WAITING, **changes: str) -> Status:
    """Make a status."""
    made = invalid_status(name, Problem("Reason", "words"), None, commit="c" * 40, now=NOW)
    return replace(made, phase=phase, reason="Reason", **changes)  # type: ignore[arg-type]


def by_name(*statuses: Status) -> dict[str, Status]:
    """Give statuses by their names."""
    return {one.name: one for one in statuses}


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[tuple[str, str, dict[str, object]]]]:
    """Give what is written: level, event, fields."""
    caplog.set_level(logging.DEBUG, "pairctl")
    found: list[tuple[str, str, dict[str, object]]] = []

    class Noting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append((record.levelname, record.msg, record.__dict__["fields"]))

    noting = Noting()
    logging.getLogger("pairctl").addHandler(noting)
    yield found
    logging.getLogger("pairctl").removeHandler(noting)


Lines = list[tuple[str, str, dict[str, object]]]


def test_what_was_so_on_record_is_no_change(lines: Lines) -> None:
    """A restart of a fleet of thousands writes nothing of those that are as they were."""
    log = EventLog()
    same, other = status("a"), status("b")
    log(Concluded(by_name(same, other), by_name(same, replace(other, phase=Phase.REQUESTED))))
    ((_, event, fields),) = lines
    assert (event, fields["intent"], fields["phase"]) == ("StatusChanged", "b", "Requested")
    assert fields["before"] == "Waiting/Reason"


def test_a_change_is_one_line_however_often_it_is_seen(lines: Lines) -> None:
    """Also while what is on record stays behind, as it does when nothing can be written."""
    log, before = EventLog(), by_name(status("a"))
    for _ in range(5):
        log(Concluded(before, by_name(status("a", message="three of five nodes"))))
    log(Concluded(before, {}))
    assert [event for _, event, _ in lines] == ["StatusChanged", "StatusRemoved"]


def test_what_a_person_has_to_see_to_is_a_warning(lines: Lines) -> None:
    """Invalid, blocked, failed; all other changes are for information."""
    log = EventLog()
    log(Concluded({}, by_name(status("a", Phase.BLOCKED), status("b", Phase.ACCEPTED))))
    assert {str(f["intent"]): level for level, _, f in lines} == {"a": "WARNING", "b": "INFO"}


def test_an_outage_is_two_lines(lines: Lines) -> None:
    """With what to do, how many passes failed, and for how long."""
    log = EventLog()
    log(OutageBegan(Problem("RefusedByHook", "no", "ask")))
    log(OutageEnded(17, 301.26))
    assert [(event, fields) for _, event, fields in lines] == [
        ("OutageBegan", {"reason": "RefusedByHook", "message": "no", "hint": "ask"}),
        ("OutageEnded", {"passes": 17, "lasted_s": 301.3}),
    ]


def came_to(**changes: Any) -> PassResult:
    """Make what a pass came to, of one Palette."""
    source = SimpleNamespace(commit="c" * 40, refusals=(), palettes={"production": None})
    made = {"source": source, "unseen_palettes": {}, "rollouts": {}, **changes}
    return cast("PassResult", SimpleNamespace(**made))


def test_a_palette_that_is_seen_again_is_a_line(lines: Lines) -> None:
    """In a settled fleet nothing else tells that it is over."""
    log, problem = PassLog(), Problem("Unreachable", "no answer")
    for unseen in ({}, {"production": problem}, {"production": problem}, {}, {}):
        log(came_to(unseen_palettes=unseen))
    assert [event for _, event, _ in lines] == ["PaletteUnseen", "PaletteSeen"]


def test_a_rollout_is_a_line_where_its_phase_wave_or_wait_is_another(lines: Lines) -> None:
    """What the next of its members waits for while it goes on is none; a halt is a warning."""
    going = RolloutState("emea", RolloutPhase.PROGRESSING, (), current="first")
    closed = Wait("OutsideWindow", "until 02:00")
    log = PassLog()
    for state in (
        going,
        replace(going, waits_for=Wait("AtPace", "20 are under way")),
        replace(going, phase=RolloutPhase.WAITING, waits_for=closed),
        replace(going, phase=RolloutPhase.WAITING, waits_for=replace(closed, message="soon")),
        replace(going, phase=RolloutPhase.HALTED, halted="2 failed"),
        replace(going, phase=RolloutPhase.HALTED, halted="3 failed"),
    ):
        log(came_to(rollouts={"emea": state}))
    log(came_to())  # its members were not all seen
    log(came_to(rollouts={"emea": replace(going, phase=RolloutPhase.COMPLETE, current=None)}))
    told = [(level, fields["phase"], fields.get("message", "")) for level, _, fields in lines]
    assert told == [
        ("INFO", "Progressing", ""),
        ("INFO", "Waiting", "until 02:00"),
        ("WARNING", "Halted", "2 failed"),
        ("INFO", "Complete", ""),
    ]
    assert lines[1][2]["before"] == "Progressing/first"
