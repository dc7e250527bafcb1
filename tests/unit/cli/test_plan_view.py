"""A plan for people: its last line says no less than its rows."""

import pytest

from pairctl.cli.causes_view import WAITS_FOR_OTHERS
from pairctl.cli.plan_view import show_plan
from pairctl.cli.screen import Screen
from pairctl.engine import PlannedIntent
from pairctl.engine.plan.document import UnseenPalette
from pairctl.glossary import GROUPS
from pairctl.pairing.fleet.rollout_progress import HELD_BY_ROLLOUTS
from pairctl.spec import Limits
from plan_factory import accepting, make_action, make_document, make_planned

SENDING = make_planned("sent", phase="Waiting", action=make_action(), leadsOneWay=True)
HELD = make_planned("held", leadsOneWay=True)
ALONE = make_planned("alone", phase="Waiting", action=make_action())
UNACKNOWLEDGED = tuple(
    make_planned(name, phase="Waiting", action=make_action(), missingConsent="NotAcknowledged")
    for name in ("kiosk-1", "kiosk-2")
)
UNSEEN = make_planned("unseen", phase=None, reason="NotSeenYet")
UNKNOWN_CONSENT = make_planned("odd", action=make_action(), missingConsent="SomethingNew")


@pytest.mark.parametrize(
    ("intents", "told"),
    [
        ((ALONE,), "1 request now, which can be taken back. Each"),
        ((accepting(),), "1 acceptance now, ONE WAY. Each"),
        (
            (SENDING, ALONE),
            "2 requests now, which can be taken back; 1 is then accepted, ONE WAY. Each",
        ),
        (
            (SENDING, accepting()),
            "1 acceptance now, ONE WAY; 1 request now, which can be taken back; 1 is then accepted",
        ),
        (
            (SENDING, *UNACKNOWLEDGED),
            "1 is then accepted, ONE WAY; 2 then wait for an acknowledgement. Each",
        ),
        ((UNKNOWN_CONSENT,), "1 then waits for a person. Each"),
        (
            (HELD, SENDING, ALONE),
            "Once nothing is in the way, 1 more is accepted, ONE WAY. Each",
        ),
        ((HELD,), "Nothing to do now. Once nothing is in the way, 1 is accepted, ONE WAY."),
        ((make_planned(),), "Nothing to do now."),
        (
            (UNSEEN,),
            "What is to do for 1 intent that was not looked at yet is not known.",
        ),
        (
            (SENDING, HELD, UNSEEN),
            "What is to do for 1 intent that was not looked at yet is not known. Once nothing is",
        ),
    ],
)
def test_the_last_line_counts_what_the_rows_mark_as_one_way(
    intents: tuple[PlannedIntent, ...],
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A request whose acceptance follows by itself is no harmless step, though not one way yet."""
    monkeypatch.setenv("COLUMNS", "250")
    show_plan(Screen(), make_document(*intents))
    *_, last = capsys.readouterr().out.splitlines()
    assert told in last


def test_what_is_not_known_is_not_called_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A plan without credentials says of a new site that it does not know."""
    show_plan(Screen(), make_document(UNSEEN))
    assert "Nothing to do" not in capsys.readouterr().out


@pytest.mark.parametrize("count", [20, 90])
def test_what_a_person_does_comes_before_what_goes_on_by_itself(
    count: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many wait for others: what has no room is counted, and it is not what holds all."""
    monkeypatch.setenv("COLUMNS", "80")
    waits = [
        make_planned(f"store-{n}", reason="WaitingForWave", message=f"wave {n}", humanAction="wait")
        for n in range(count)
    ]
    asks = make_planned("canary", reason="WaitingForWaveApproval", humanAction="approve it")
    show_plan(Screen(), make_document(*waits, asks))
    lines = capsys.readouterr().out.splitlines()
    heads = [line for line in lines if " Blocked, " in line]
    assert heads[0] == "1 Blocked, WaitingForWaveApproval: canary"
    assert "WaitingForWave:" in heads[1]


def test_reasons_that_wait_for_others_leave_a_person_nothing_to_do() -> None:
    """The pages say the same: of what holds back for others, `do` begins with nothing."""
    held = {*HELD_BY_ROLLOUTS, "TooManyAtOnce"}
    reasons = {one.word: one.action for group in GROUPS for one in group.reasons}
    idle = {word for word in held if reasons[word].startswith("nothing")}
    assert idle == WAITS_FOR_OTHERS


def test_a_request_that_stops_before_its_acceptance_says_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where another one goes on by itself, whoever reads the plan has to see the difference."""
    show_plan(Screen(), make_document(*UNACKNOWLEDGED))
    assert "→ request it, then wait: not acknowledged\n" in capsys.readouterr().out
    show_plan(Screen(), make_document(*UNACKNOWLEDGED), with_all=True)
    assert "→ request it, then wait: not acknowledged" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("most", "told"), [(1, "The operator's file lets at most 1 at once be accepted."), (2, "")]
)
def test_a_cap_that_will_bind_is_told(
    most: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is why a plan of many acceptances takes longer than one pass."""
    show_plan(Screen(), make_document(SENDING, HELD), Limits(acceptancesAtOnce=most))
    shown = capsys.readouterr().out
    assert ("The operator's file lets" in shown) is bool(told)
    assert told in shown


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
    assert "do: see the error of Palette production\n" in shown


def test_a_plan_without_intents_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """As right after `pairctl init`: no counts of nothing."""
    show_plan(Screen(), make_document())
    shown = " ".join(capsys.readouterr().out.split())
    assert "No intents yet. Write one" in shown
    assert "0 intents" not in shown


def test_what_a_group_leaves_out_is_named_with_what_shows_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Two fingerprints that stand in no text cannot be compared; of one intent both stand there."""
    changed = [
        make_planned(
            f"store-{n}",
            reason="CertificateChanged",
            message=f"{n:064x} was pinned, {n + 5:064x} is served",
            humanAction="find out why it changed",
        )
        for n in (1, 2)
    ]
    show_plan(Screen(), make_document(*changed))
    shown = " ".join(capsys.readouterr().out.split())
    assert "find out why it changed; `pairctl doctor NAME` shows both of each" in shown
    show_plan(Screen(), make_document(changed[0]))
    assert "doctor" not in capsys.readouterr().out
