"""An action that is held back: by the same it is held back once, by something else anew."""

from dataclasses import replace

from pairctl.pairing import decide, held_by_cap, held_for_turn
from pairctl.pairing.outcome.conditions import conditions
from pairing_factory import NOW, make_intent, make_pending


def test_what_waits_for_the_same_is_the_same_decision() -> None:
    """A large fleet waits for its turn, pass after pass: what it waits for is told once."""
    ready = decide(make_intent(), make_pending(), now=NOW)
    assert held_for_turn(ready) is held_for_turn(ready)
    assert held_by_cap(ready, 3, "an hour") is held_by_cap(ready, 3, "an hour")


def test_whatever_held_it_before_what_holds_it_now_is_told() -> None:
    """Each time it is what it would be for one that was never held back."""
    ready = decide(make_intent(), make_pending(), now=NOW)
    ways = (
        held_for_turn,
        lambda one: held_by_cap(one, 3, "an hour"),
        lambda one: held_by_cap(one, 4, "an hour"),
        held_for_turn,
        lambda one: held_by_cap(one, 3, "a run"),
    )
    told = [(way(ready), way(replace(ready))) for way in ways]
    assert all(held == fresh for held, fresh in told)
    assert len({held.verdict.message for held, _ in told}) == len(ways) - 1
    assert all(held.action is None for held, _ in told)
    assert all(held.conditions == conditions(held.case, held.verdict) for held, _ in told)
    assert ready.action is not None
