"""A plan for people: its last line says no less than its rows."""

import pytest

from pairctl.cli.plan_view import show_plan
from pairctl.cli.screen import Screen
from pairctl.engine import PlannedIntent
from plan_factory import accepting, make_action, make_document, make_planned

SENDING = make_planned("sent", phase="Waiting", action=make_action(), leadsOneWay=True)
ALONE = make_planned("alone", phase="Waiting", action=make_action())


@pytest.mark.parametrize(
    ("intents", "told"),
    [
        ((ALONE,), "1 to do now (0 of them one way), 0 blocked. Each"),
        ((accepting(),), "1 to do now (1 of them one way), 0 blocked. Each"),
        (
            (SENDING, ALONE),
            "(0 of them one way), 0 blocked. 1 leads to an acceptance, which cannot be undone.",
        ),
        (
            (SENDING, accepting()),
            "(1 of them one way), 0 blocked. 2 lead to an acceptance, which cannot be undone.",
        ),
    ],
)
def test_the_last_line_counts_what_the_rows_mark_as_one_way(
    intents: tuple[PlannedIntent, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A request whose acceptance follows by itself is no harmless step, though not one way yet."""
    show_plan(Screen(), make_document(*intents))
    *_, last = capsys.readouterr().out.splitlines()
    assert told in last
