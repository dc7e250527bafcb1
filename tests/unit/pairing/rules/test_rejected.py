"""The decision table for `desired: Rejected`, row by row."""

from collections.abc import Mapping
from typing import Any

import pytest

from pairctl.pairing import (
    Decision,
    Observed,
    PaletteView,
    Phase,
    Reject,
    RequestState,
    decide,
)
from pairctl.problem import Problem
from pairctl.spec import Desired
from pairing_factory import NOW, PROBLEM, make_entry, make_intent, make_view

Tags = Mapping[str, Mapping[str, str]] | Problem | None
SHOP = {"shop": "42"}
BY_TAGS = {"request": {"tags": SHOP}}


def judged(view: PaletteView, seen: Tags = None, **changes: Any) -> Decision:
    """Decide on an intent that wants request `u1` rejected; there is no host."""
    observed = Observed(view, tags=seen)
    return decide(make_intent(Desired.REJECTED, **changes), observed, now=NOW)


def test_a_suspended_intent_rejects_nothing() -> None:
    """`suspend: true`: nothing is sent."""
    assert judged(make_view(make_entry()), suspend=True).phase is Phase.WAITING


def test_without_palette_nothing_is_rejected() -> None:
    """Palette does not answer: Blocked with why."""
    decision = judged(PaletteView(problem=PROBLEM))
    assert (decision.phase, decision.verdict.reason) == (Phase.BLOCKED, PROBLEM.reason)


def test_silent_routes_are_not_an_empty_list() -> None:
    """Where the list does not answer nothing is called rejected."""
    decision = judged(make_view(requests=None))
    assert (decision.phase, decision.verdict.reason) == (Phase.BLOCKED, "PairingRoutesUnknown")
    assert "console" in decision.verdict.human_action


@pytest.mark.parametrize(("seen", "reason"), [(None, "TagsNotSeen"), (PROBLEM, PROBLEM.reason)])
def test_a_request_whose_tags_were_not_seen_is_not_called_gone(seen: Tags, reason: str) -> None:
    """Absence of a look proves nothing."""
    decision = judged(make_view(make_entry()), seen, **BY_TAGS)
    assert (decision.phase, decision.verdict.reason) == (Phase.BLOCKED, reason)
    assert decision.action is None


def test_the_one_request_with_the_tags_is_rejected() -> None:
    """It has all the tags named, and may have more; others stay."""
    view = make_view(make_entry(pairing_uid="u0"), make_entry())
    seen = {"u0": {"shop": "41"}, "u1": {**SHOP, "region": "emea"}}
    assert judged(view, seen, **BY_TAGS).action == Reject("local-42", "u1")


def test_tags_that_name_several_requests_name_none() -> None:
    """`Blocked`, with the list; nothing is rejected."""
    view = make_view(make_entry(pairing_uid="u0"), make_entry())
    decision = judged(view, {"u0": SHOP, "u1": SHOP}, **BY_TAGS)
    assert (decision.verdict.reason, decision.action) == ("SeveralRequests", None)
    assert "u0" in decision.verdict.message
    assert "u1" in decision.verdict.message


def test_only_pending_requests_are_named_by_tags() -> None:
    """One that is over is nobody's any more."""
    view = make_view(make_entry(RequestState.REJECTED))
    assert judged(view, {"u1": SHOP}, **BY_TAGS).phase is Phase.REJECTED


@pytest.mark.parametrize("state", [RequestState.ACCEPTED, RequestState.PAIRED])
def test_an_accepted_request_is_not_rejected(state: RequestState) -> None:
    """Too late: accepting is one way."""
    decision = judged(make_view(make_entry(state)))
    assert (decision.verdict.reason, decision.action) == ("TooLate", None)


def test_an_unknown_word_leads_to_nothing() -> None:
    """A state that is not known is neither rejected nor called gone."""
    decision = judged(make_view(make_entry(RequestState.UNKNOWN, word="InReview")))
    assert (decision.verdict.reason, decision.action) == ("RequestStateUnknown", None)


def test_the_named_request_is_rejected() -> None:
    """The one of that id, and no other; the claim names its cluster, or the request itself."""
    view = make_view(make_entry(pairing_uid="u0"), make_entry())
    assert judged(view).action == Reject("local-42", "u1")
    assert judged(make_view(make_entry(local_uid=""))).action == Reject("u1", "u1")


@pytest.mark.parametrize(
    "view",
    [
        make_view(),
        make_view(make_entry(pairing_uid="u2")),
        make_view(make_entry(RequestState.REJECTED)),
        make_view(make_entry(RequestState.FAILED)),
    ],
)
def test_a_request_that_is_not_pending_is_done_with(view: PaletteView) -> None:
    """Nothing to do, and Ready; both sides that matter have answered."""
    decision = judged(view)
    assert (decision.phase, decision.action) == (Phase.REJECTED, None)
    states = {condition.type: condition.status for condition in decision.conditions}
    assert (states["Ready"], states["Reachable"]) == ("True", "True")
