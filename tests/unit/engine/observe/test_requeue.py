"""What was decided stands until something is new, or the pause is over; then it is looked again."""

from dataclasses import replace
from typing import Any

import pytest

from effort import calls
from pairctl.engine.observe.requeue import LONGEST_S, STANDS_S, Requeue, Retries
from pairctl.pairing import Decision, FleetRecords, PaletteView, Patience, decide, status_of
from pairctl.problem import Problem
from pairing_factory import (
    NOW,
    make_claim,
    make_host,
    make_intent,
    make_observed,
    make_view,
)

NAME = "store-0042"
EVERY_S = 2.0


def decision(**changes: Any) -> Decision:
    """Decide on an intent whose request can be sent, or which waits for something."""
    return decide(make_intent(**changes), make_observed(make_host()), now=NOW)


def on_record(**records: Any) -> FleetRecords:
    """Read a status branch."""
    return FleetRecords(patience=Patience(120, 600, stays=True), **records)


def noted(one: Decision, times: int = 1) -> Requeue:
    """Note the same decision, looked at each time at second 0."""
    requeue = Requeue()
    for _ in range(times):
        requeue.note({NAME: (one, 0.0)}, frozenset({NAME}), EVERY_S)
    return requeue


def stands(requeue: Requeue, one: Decision, now_s: float, **given: Any) -> bool:
    """Whether the decision stands at a second."""
    view: PaletteView = given.get("view", one.case.observed.palette)
    intents = {NAME: given.get("intent", one.case.intent)}
    known = given.get("records", on_record())
    found = requeue.standing(intents, known, {one.case.intent.palette_name: view}, now_s)
    return NAME in found


def test_an_action_waits_for_its_turn_without_another_look() -> None:
    """It is looked at in full before it is sent; long after it is looked at again anyway."""
    one = decision()
    assert one.action
    assert stands(noted(one), one, STANDS_S - 1)
    assert not stands(noted(one), one, STANDS_S + 1)


def test_an_action_that_is_under_way_waits_for_no_turn() -> None:
    """A pass does not hurry for it: it was claimed by an earlier one."""
    one = decision()
    requeue = noted(one)
    assert not requeue.has_ready({NAME: one})
    requeue.await_turn({NAME})
    assert requeue.has_ready({NAME: one})
    assert not requeue.has_ready({NAME: decision(suspend=True)})
    requeue.hold({NAME: one})
    assert not requeue.has_ready({NAME: one})


@pytest.mark.parametrize(("times", "pause_s"), [(1, 2), (2, 4), (3, 8), (9, LONGEST_S)])
def test_what_does_not_change_is_looked_at_less_often(times: int, pause_s: float) -> None:
    """A dark host is not asked every two seconds for hours."""
    dark = make_observed(Problem("Unreachable", "no route"))
    one = decide(make_intent(), dark, now=NOW)
    assert one.action is None
    requeue = noted(one, times)
    assert stands(requeue, one, pause_s - 0.1)
    assert not stands(requeue, one, pause_s + 0.1)


def test_another_commit_never_waits() -> None:
    """The intent is another by now."""
    one = decision()
    other = make_intent(attempt=2)
    assert not stands(noted(one), one, 1, intent=other)


def test_other_profiles_in_palette_never_wait() -> None:
    """Somebody published what was missing; or Palette cannot be seen any more."""
    one = decision()
    dark = make_view(problem=Problem("Unreachable", "no route"))
    assert stands(noted(one), one, 1, view=replace(one.case.observed.palette))
    assert not stands(noted(one), one, 1, view=replace(one.case.observed.palette, profiles=()))
    assert not stands(noted(one), one, 1, view=dark)


@pytest.mark.parametrize(
    ("claimed", "is_standing"),
    [
        ({"intent": NAME, "cluster": "elsewhere"}, False),
        ({"intent": "other", "cluster": "LOCAL-42"}, False),
        ({"intent": "other", "cluster": "elsewhere"}, True),
    ],
)
def test_a_look_says_nothing_of_a_claim_made_after_it(
    claimed: dict[str, str], *, is_standing: bool
) -> None:
    """Whoever made it may have acted since."""
    one = decision()
    known = on_record(claims=(make_claim("request", **claimed),))
    assert stands(noted(one), one, 1, records=known) is is_standing


def recorded_since(one: Decision) -> FleetRecords:
    """Read a status branch that has what the decision led to, and a claim on another cluster."""
    status = status_of(one, None, commit="c0ffee", now=NOW)
    other = make_claim("request", intent="other", cluster="elsewhere")
    return on_record(statuses={NAME: status}, claims=(other,))


def test_what_is_on_record_since_is_judged_once() -> None:
    """A fleet waits for its turn for a hundred passes: each judges what is new, not all again."""
    one = decision()
    requeue, records = noted(one), recorded_since(one)
    first = calls(lambda: stands(requeue, one, 1, records=records))
    assert 3 * calls(lambda: stands(requeue, one, 1, records=records)) < first


def test_a_claim_made_after_a_look_is_new_to_it_however_often_it_was_judged() -> None:
    """What was judged again was not looked at again: the same file may be about it by now."""
    one = decision()
    requeue, records = noted(one), recorded_since(one)
    assert stands(requeue, one, 1, records=records)
    claim = replace(records.claims[0], cluster="local-42")
    assert not stands(requeue, one, 1, records=replace(records, claims=(claim,)))


def test_what_was_decided_before_an_action_does_not_stand_after_it() -> None:
    """Else a slow look after it would have the same action done, again and again."""
    requeue, one = noted(decision()), decision()
    assert stands(requeue, one, 1)
    requeue.forget([NAME])
    assert not stands(requeue, one, 1)
    assert requeue.last([NAME], {NAME: one.case.intent}, on_record()) == {}


def test_an_action_that_cannot_be_sent_is_tried_less_often() -> None:
    """At first at once, then after longer and longer pauses; what was sent starts anew."""
    retries = Retries()
    pauses = []
    for _ in range(4):
        retries.note({NAME}, set())
        retries.pause(100.0, EVERY_S)
        pauses.append(next(s for s in range(99) if NAME not in retries.resting(100.0 + s)))
    assert pauses == [0, 4, 8, 16]
    retries.note(set(), {NAME})
    assert NAME not in retries.resting(100.0)
