"""A plan for people: its last line says no less than its rows."""

import pytest

from pairctl.cli.plan_view import show_plan
from pairctl.cli.screen import Screen
from pairctl.engine import PlannedIntent
from pairctl.engine.plan.document import UnseenPalette
from plan_factory import accepting, make_action, make_document, make_planned

SENDING = make_planned("sent", phase="Waiting", action=make_action(), leadsOneWay=True)
HELD = make_planned("held", leadsOneWay=True)
ALONE = make_planned("alone", phase="Waiting", action=make_action())


@pytest.mark.parametrize(
    ("intents", "told"),
    [
        ((ALONE,), "1 to do now (0 of them one way). Each"),
        ((accepting(),), "1 to do now (1 of them one way). Each"),
        (
            (SENDING, ALONE),
            "(0 of them one way). 1 leads to an acceptance, which cannot be undone.",
        ),
        (
            (SENDING, accepting()),
            "(1 of them one way). 2 lead to an acceptance, which cannot be undone.",
        ),
        (
            (HELD, SENDING, ALONE),
            "Once nothing is in the way, 2 lead to an acceptance, which cannot be undone. Each",
        ),
        ((HELD,), "Nothing to do now. Once nothing is in the way, 1 leads to an acceptance"),
        ((make_planned(),), "Nothing to do now."),
    ],
)
def test_the_last_line_counts_what_the_rows_mark_as_one_way(
    intents: tuple[PlannedIntent, ...],
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A request whose acceptance follows by itself is no harmless step, though not one way yet."""
    monkeypatch.setenv("COLUMNS", "200")
    show_plan(Screen(), make_document(*intents))
    *_, last = capsys.readouterr().out.splitlines()
    assert told in last


def test_what_is_alike_is_shown_once_and_what_is_settled_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With all names; each by itself, settled ones too, where that is asked for."""
    same = [make_planned(f"store-{n}", message=f"node of store-{n} sick") for n in range(1, 39)]
    paired = make_planned("depot", phase="Paired", reason="Paired", humanAction="", message="held")
    plan = make_document(*same, paired)
    show_plan(Screen(), plan)
    shown = capsys.readouterr().out
    assert "39 intents: 38 Blocked (NodeUnhealthy), 1 Paired.\n" in shown
    assert "38 Blocked, NodeUnhealthy: store-1 to store-38\n  node of … sick\n" in shown
    assert "depot" not in shown
    show_plan(Screen(), plan, with_settled=True)
    assert "1 Paired: depot\n  held\n" in capsys.readouterr().out
    show_plan(Screen(), plan, with_all=True)
    shown = capsys.readouterr().out
    assert all(f"{one.name} " in shown for one in plan.intents)


def test_the_problem_of_a_palette_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    """It is an error of its own; the intents that wait for it only name the Palette."""
    why = {"reason": "Unauthorized", "message": "the key is wrong"}
    unseen = UnseenPalette(name="production", hint="give another", **why)
    intents = [make_planned(f"store-{n}", humanAction="give another", **why) for n in range(1, 41)]
    show_plan(Screen(), make_document(*intents, unseen_palettes=(unseen,)))
    shown = capsys.readouterr().out
    assert "store-1 to store-40\n  Palette production was not looked at\n" in shown
    assert "the key is wrong" not in shown


def test_a_plan_without_intents_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """As right after `pairctl init`: no counts of nothing."""
    show_plan(Screen(), make_document())
    shown = " ".join(capsys.readouterr().out.split())
    assert "No intents yet. Write one" in shown
    assert "0 intents" not in shown
