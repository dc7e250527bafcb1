"""A request that pairctl did not send is left to whoever sent it, until it is old enough."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pairctl.pairing import Accept, Decision, Observed, Phase, Recorded, Sent, decide
from pairing_factory import NOW, make_entry, make_intent, make_pending

AFTER_S = 120.0


def pending(age_s: float | None, *, is_dated: bool = True) -> Observed:
    """See a pending request that was made so long ago by Palette's times; None: it says nothing."""
    created = "" if age_s is None else (NOW - timedelta(seconds=age_s)).isoformat()
    seen = make_pending()
    entry = make_entry(created_at=created)
    view = replace(seen.palette, requests=(entry,), dated_at=NOW if is_dated else None)
    return replace(seen, palette=view)


def decided(
    observed: Observed, recorded: Recorded | None = None, after_s: float = AFTER_S
) -> Decision:
    """Decide for an operator who lets senders go first."""
    intent = replace(make_intent(), adopts_after_s=after_s)
    return decide(intent, observed, recorded, now=NOW)


@pytest.mark.parametrize("age_s", [0, 1, AFTER_S - 1, -2])
def test_a_young_request_of_others_is_left_alone(age_s: float) -> None:
    """Its sender may be about to accept it, and no claim here tells of that."""
    decision = decided(pending(age_s))
    assert (decision.phase, decision.verdict.reason) == (Phase.REQUESTED, "LeftToItsSender")
    assert decision.action is None
    assert decision.is_under_way


@pytest.mark.parametrize("age_s", [AFTER_S, AFTER_S + 1, 86_400])
def test_an_old_one_is_adopted(age_s: float) -> None:
    """Whoever sent it has had the time to accept it."""
    assert isinstance(decided(pending(age_s)).action, Accept)


@pytest.mark.parametrize("observed", [pending(None), pending(1, is_dated=False)])
def test_where_palette_tells_no_times_it_is_adopted_at_once(observed: Observed) -> None:
    """Its age is a matter of two times of one clock, and of nobody else's."""
    assert isinstance(decided(observed).action, Accept)


def test_ones_own_is_accepted_at_once() -> None:
    """The answer to pairctl's own sending named it."""
    assert isinstance(decided(pending(1), Recorded(sent=Sent("u1", 1))).action, Accept)


def test_so_it_is_for_an_operator_who_waits_for_nobody() -> None:
    """`adoptAfterSeconds: 0`."""
    assert isinstance(decided(pending(0), after_s=0.0).action, Accept)
