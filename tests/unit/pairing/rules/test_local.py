"""The decision table for `desired: Local`, row by row."""

from dataclasses import replace
from typing import Any

import pytest

from pairctl.pairing import (
    Decision,
    LocalRequestStatus,
    Observed,
    PaletteRequest,
    PaletteView,
    Phase,
    Recorded,
    Reject,
    RequestState,
    SendRequest,
    Withdraw,
    decide,
)
from pairctl.problem import Problem
from pairctl.spec import Desired
from pairing_factory import (
    ELSEWHERE,
    NOW,
    PROBLEM,
    make_central,
    make_entry,
    make_host,
    make_intent,
    make_observed,
    make_request,
    make_view,
)

DARK = Recorded(pairing_uid="u1", local_uid="local-42")


def judged(observed: Observed, recorded: Recorded | None = None, **changes: Any) -> Decision:
    """Decide on an intent that wants the cluster local."""
    return decide(make_intent(Desired.LOCAL, **changes), observed, recorded, now=NOW)


def test_a_suspended_intent_takes_nothing_back() -> None:
    """`suspend: true` leaves a pending request alone."""
    decision = judged(make_observed(make_host(request=make_request())), suspend=True)
    assert (decision.phase, decision.action) == (Phase.WAITING, None)


@pytest.mark.parametrize(
    "observed",
    [
        make_central(),
        make_observed(make_host(request=make_request(LocalRequestStatus.PAIRED))),
        make_observed(
            make_host(request=make_request()), make_view(make_entry(RequestState.ACCEPTED))
        ),
        make_observed(view=make_view(make_entry(RequestState.PAIRED))),
        make_observed(PROBLEM, make_view(make_entry(RequestState.ACCEPTED))),
    ],
    ids=["central", "paired by the host", "accepted", "the host forgot", "dark host"],
)
def test_what_was_accepted_does_not_become_local(observed: Observed) -> None:
    """That road has no way back: no call is made, and a person is told."""
    decision = judged(observed, DARK)
    assert (decision.phase, decision.action) == (Phase.BLOCKED, None)
    assert decision.verdict.reason == "TooLate"
    assert "delete the intent" in decision.verdict.human_action


def test_the_request_of_a_dark_host_is_rejected_in_palette() -> None:
    """Where the host cannot be told, Palette is (seed, "Reject Pairing Request in Palette")."""
    for named in ({"cluster": {"uid": "LOCAL-42"}}, {"request": {"pairingUid": "u1"}}):
        decision = judged(make_observed(PROBLEM, make_view(make_entry())), DARK, **named)
        assert decision.action == Reject("local-42", "u1")
        assert decision.phase is Phase.BLOCKED


def test_the_line_to_commit_is_said_where_only_the_record_knows_the_request() -> None:
    """What is on record starts nothing: a person names the request in the intent."""
    verdict = judged(make_observed(PROBLEM, make_view(make_entry())), DARK).verdict
    assert (verdict.action, verdict.reason) == (None, PROBLEM.reason)
    assert "`request: {pairingUid: u1}`" in verdict.human_action


@pytest.mark.parametrize(
    ("recorded", "entry"),
    [
        (Recorded(), make_entry()),
        (replace(DARK, pairing_uid="u2"), make_entry()),
        (replace(DARK, local_uid="local-7"), make_entry()),
        (replace(DARK, local_uid=""), make_entry(local_uid="")),
        (DARK, make_entry(RequestState.UNKNOWN, word="InReview")),
        (DARK, make_entry(RequestState.REJECTED)),
    ],
    ids=["no record", "another id", "another cluster", "no cluster", "unknown word", "over"],
)
def test_nothing_is_rejected_by_the_record_alone(recorded: Recorded, entry: PaletteRequest) -> None:
    """Record and Palette must agree on request and cluster: an edited record does nothing."""
    decision = judged(make_observed(PROBLEM, make_view(entry)), recorded)
    assert (decision.phase, decision.action) == (Phase.BLOCKED, None)
    assert decision.verdict.reason == PROBLEM.reason


def test_a_dark_host_is_told_to_believe_in_its_rejected_request() -> None:
    """What was rejected in Palette is told for as long as the host cannot have heard of it."""
    rejected = make_observed(PROBLEM, make_view(make_entry(RequestState.REJECTED)))
    verdict = judged(rejected, DARK).verdict
    assert "request u1 was rejected in Palette" in verdict.message
    assert "still believes" in verdict.message
    assert PROBLEM.message in verdict.message


def test_a_host_that_nobody_looked_at_is_not_dark() -> None:
    """Not looked at is no reason to reject anything."""
    observed = replace(make_observed(view=make_view(make_entry())), host=None)
    decision = judged(observed, DARK)
    assert (decision.verdict.reason, decision.action) == ("HostNotSeen", None)


def test_nothing_is_rejected_by_a_palette_that_was_not_seen() -> None:
    """What an earlier look listed does not count."""
    view = replace(make_view(make_entry()), problem=Problem("Palette", "503"))
    assert judged(make_observed(PROBLEM, view), DARK).action is None


def test_a_pending_request_is_withdrawn_through_local_ui() -> None:
    """It takes no look at Palette: the host tells Palette itself."""
    host = make_host(request=make_request())
    for view in (make_view(make_entry()), make_view(), PaletteView(problem=PROBLEM)):
        decision = judged(make_observed(host, view))
        assert decision.action == Withdraw("local-42", "u1")
        assert decision.is_under_way


def test_the_claim_of_a_withdrawal_names_the_host_where_no_cluster_is_seen() -> None:
    """A claim always has a subject."""
    decision = judged(make_observed(make_host(request=make_request(), cluster=None)))
    assert decision.action == Withdraw("host-1", "u1")


def test_a_request_to_another_palette_is_withdrawn_only_if_the_intent_says_so() -> None:
    """A request that this intent did not send is left alone, unless `replaceRequest: true`."""
    observed = make_observed(make_host(request=make_request(palette_endpoint=ELSEWHERE)))
    decision = judged(observed)
    assert (decision.verdict.reason, decision.action) == ("PendingElsewhere", None)
    assert judged(observed, replaceRequest=True).action == Withdraw("local-42", "u1")


def test_an_unknown_word_of_the_host_leads_to_nothing() -> None:
    """A request in a state that is not known is neither withdrawn nor called gone."""
    observed = make_observed(make_host(request=make_request(LocalRequestStatus.UNKNOWN)))
    decision = judged(observed)
    assert (decision.phase, decision.verdict.reason) == (Phase.BLOCKED, "RequestStateUnknown")
    assert decision.action is None


def test_without_palette_the_request_is_not_called_gone() -> None:
    """The host has none, but Palette may: Blocked until it can be asked."""
    decision = judged(make_observed(view=PaletteView(problem=PROBLEM)))
    assert (decision.phase, decision.verdict.reason) == (Phase.BLOCKED, PROBLEM.reason)


@pytest.mark.parametrize(
    "entry", [make_entry(), make_entry(pairing_uid="u7"), make_entry(local_uid="")]
)
def test_what_stayed_in_palette_is_rejected_there(entry: PaletteRequest) -> None:
    """The host took it back and could not tell Palette: the cluster's request is rejected."""
    host = make_host(request=make_request(LocalRequestStatus.REJECTED))
    decision = judged(make_observed(host, make_view(entry)))
    assert decision.action == Reject("local-42", entry.pairing_uid)


def test_a_request_that_palette_lists_for_another_cluster_is_not_rejected() -> None:
    """Whatever the host says of it: a person looks."""
    host = make_host(request=make_request(LocalRequestStatus.REJECTED))
    decision = judged(make_observed(host, make_view(make_entry(local_uid="other"))))
    assert (decision.phase, decision.action) == (Phase.BLOCKED, None)
    assert decision.verdict.reason == "RequestOfAnotherCluster"


def test_an_unknown_word_in_palette_leads_to_nothing() -> None:
    """What may still be accepted is not called gone, and not rejected either."""
    entry = make_entry(RequestState.UNKNOWN, word="InReview")
    decision = judged(make_observed(view=make_view(entry)))
    assert (decision.phase, decision.verdict.reason) == (Phase.BLOCKED, "RequestStateUnknown")
    assert "`InReview`" in decision.verdict.message


def test_requests_of_other_clusters_are_left_alone() -> None:
    """A request in the same name from another cluster is not this intent's."""
    view = make_view(make_entry(local_uid="other", pairing_uid="u9"))
    assert judged(make_observed(view=view)).phase is Phase.LOCAL


@pytest.mark.parametrize(
    "request_", [None, make_request(LocalRequestStatus.REJECTED)], ids=["none", "rejected"]
)
def test_without_a_request_on_either_side_it_is_local(request_: Any) -> None:
    """Done and Ready; a withdrawn request that shows as Rejected is no request."""
    view = make_view(make_entry(RequestState.REJECTED))
    decision = judged(make_observed(make_host(request=request_), view))
    assert (decision.phase, decision.action) == (Phase.LOCAL, None)
    assert decision.conditions[-1].status == "True"


def test_silent_routes_are_told_of_and_do_not_block() -> None:
    """The host is local; what Palette lists cannot be read, and a person is told to look."""
    decision = judged(make_observed(view=make_view(requests=None)))
    assert decision.phase is Phase.LOCAL
    assert "does not answer" in decision.verdict.message
    assert decision.verdict.human_action


def test_pairing_again_after_a_withdrawal_that_still_shows_needs_another_attempt() -> None:
    """Paired, Local, and Paired again: by the record alone nothing is sent a second time."""
    host = make_host(request=make_request(LocalRequestStatus.REJECTED))
    observed = make_observed(host)
    taken_back = decide(make_intent(Desired.LOCAL, generation="local"), observed, now=NOW)
    recorded = Recorded(refused=taken_back.refused)
    assert decide(make_intent(), observed, recorded, now=NOW).phase is Phase.FAILED
    again = decide(make_intent(attempt=2), observed, recorded, now=NOW)
    assert isinstance(again.action, SendRequest)
