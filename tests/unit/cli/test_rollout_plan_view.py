"""What a plan says of rollouts: what cannot be undone first, in as many lines as there are."""

from datetime import UTC, datetime
from typing import Any

import pytest

from markdown_factory import html, rows
from pairctl.cli.plan_markdown import MOST_CHARACTERS, cost, plan_markdown
from pairctl.cli.plan_view import show_plan
from pairctl.cli.rollout_plan_view import MOST_LINES, MOST_WAVES, lasting, rollout_lines
from pairctl.engine import PlannedRollout
from plan_factory import make_document, make_planned
from screen_factory import Mode, lines_on, screen_in

AT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)


def make_rollout(waves: int = 2, **changes: Any) -> PlannedRollout:
    """Make a rollout of which nothing has begun; changes are fields by their YAML names."""
    found = [
        {
            "name": f"wave-{number}",
            "intents": 30,
            "paired": 0,
            "leadsOneWay": 30,
            "unapproved": 30 * (number == 0),
            "beginsAt": AT,
            "endsAt": AT,
        }
        for number in range(waves)
    ]
    fields = {
        "name": "emea",
        "phase": "Waiting",
        "waitsFor": "no window of rollout `emea` is open",
        "intents": 30 * waves,
        "paired": 0,
        "leadsOneWay": 30 * waves,
        "calls": 30 * waves * 29,
        "lastsSeconds": 3_700,
        "endsAt": AT,
        "waves": found,
    }
    return PlannedRollout.model_validate(fields | changes, strict=False)


def test_what_cannot_be_undone_comes_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Then what it takes at the least, what it waits for, and each wave."""
    screen = screen_in(Mode(80), monkeypatch, capsys)
    show_plan(screen, make_document(make_planned(), rollouts=(make_rollout(),)))
    _, _, _, *lines = capsys.readouterr().out.splitlines()
    assert lines[:5] == [
        "rollout emea Waiting: 60 of 60 to accept for good",
        "  at least 1,740 calls and 1 h 1 min: not done before 2026-03-03 02:00Z",
        "  waits for: no window of rollout `emea` is open",
        "  wave wave-0: 30 of 30, 30 not approved; earliest 2026-03-03 02:00Z to 02:00Z",
        "  wave wave-1: 30 of 30; earliest 2026-03-03 02:00Z to 02:00Z",
    ]


@pytest.mark.parametrize("columns", [80, 60, 40])
@pytest.mark.parametrize(("count", "waves"), [(1, 64), (3, 3), (2, 64), (50, 2)])
def test_rollouts_take_no_more_lines_than_they_have(
    columns: int,
    count: int,
    waves: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Waves are left out before rollouts are, and what is left out is counted."""
    screen = screen_in(Mode(columns), monkeypatch, capsys)
    rollouts = [make_rollout(waves, name=f"rollout-{number}") for number in range(count)]
    lines = rollout_lines(screen, rollouts, MOST_LINES)
    shown = lines_on("\n".join(line.plain for line in lines), columns)
    assert len(shown) <= MOST_LINES
    assert any("more" in line for line in shown)


def test_a_comment_has_a_table_of_waves() -> None:
    """It fits, whatever a person wrote, and says so where there are more waves or rollouts."""
    many = tuple(
        make_rollout(64, name=f"rollout-{n}", waitsFor="@team <b>|" * 900) for n in range(9)
    )
    text = plan_markdown(make_document(make_planned(), rollouts=many))
    assert cost(text) <= MOST_CHARACTERS
    assert "And 3 more rollouts." in text
    assert f"and {64 - MOST_WAVES} more waves" in text
    assert "<b>" not in html(text)
    one = plan_markdown(make_document(make_planned(), rollouts=(make_rollout(),)))
    assert "**Rollout `emea` is Waiting: 60 of 60 to accept for good, once" in one
    assert ["wave-1", "30", "0", "30", "2026-03-03 02:00Z", "2026-03-03 02:00Z"] in rows(one)
    assert one.index("Rollout `emea`") < one.index("| | intents |")


def test_lengths_of_time_are_told_in_two_units() -> None:
    """The largest ones, and none that is nothing."""
    told = [lasting(seconds) for seconds in (0, 13, 60, 3_599, 3_600, 7_265, 90_061)]
    assert told == ["0 s", "13 s", "1 min", "59 min 59 s", "1 h", "2 h 1 min", "1 d 1 h"]


def test_what_the_one_rollout_waits_for_is_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be what a person has to do, and stands at the end of a sentence."""
    waits = (
        "wave `canary` of rollout `emea` asks for an approval, and none is committed that covers it"
    )
    screen = screen_in(Mode(80), monkeypatch, capsys)
    lines = [line.plain for line in rollout_lines(screen, [make_rollout(3, waitsFor=waits)], 7)]
    assert " ".join(line.strip() for line in lines[2:4]) == f"waits for: {waits}"
    assert len(lines) == MOST_LINES
