"""Claims: what was about to be done, and when it can be known not to happen any more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pairctl.pairing import (
    Accept,
    Action,
    Case,
    Claim,
    Decision,
    LocalRequestStatus,
    Observed,
    PaletteView,
    Phase,
    Recorded,
    Refused,
    Reject,
    RequestState,
    SendRequest,
    Withdraw,
    claim_for,
    decide,
    held_by_cap,
    is_spent,
)
from pairctl.spec import Desired
from pairing_factory import (
    NOW,
    PALETTE,
    PROBLEM,
    make_central,
    make_claim,
    make_entry,
    make_host,
    make_intent,
    make_observed,
    make_pending,
    make_request,
    make_view,
)


def judged(
    observed: Observed,
    claim: Claim,
    desired: Desired = Desired.PAIRED,
    refused: Refused | None = None,
) -> Decision:
    """Decide while this claim is on record."""
    recorded = Recorded(claim=claim, refused=refused)
    return decide(make_intent(desired), observed, recorded, now=NOW)


@pytest.mark.parametrize(
    ("action", "verb", "pairing_uid"),
    [
        (SendRequest("local-42", PALETTE), "request", ""),
        (SendRequest("local-42", PALETTE, "u0"), "request", "u0"),
        (Accept("local-42", "u1", (), "store"), "accept", "u1"),
        (Withdraw("local-42", "u1"), "withdraw", "u1"),
        (Reject("local-42", "u1"), "reject", "u1"),
    ],
)
def test_a_claim_says_who_is_about_to_do_what(action: Action, verb: str, pairing_uid: str) -> None:
    """Cluster, intent, action, request, attempt, holder, and until when."""
    claim = claim_for(action, "store", 3, "daemon-1", now=NOW, lifetime_s=90)
    assert claim == Claim(
        "local-42", "store", verb, 3, "daemon-1", NOW, NOW + timedelta(seconds=90), pairing_uid
    )
    assert claim.is_open(NOW + timedelta(seconds=89))
    assert not claim.is_open(NOW + timedelta(seconds=90))


@pytest.mark.parametrize("holder", ["daemon-7", "daemon-1"])
def test_an_open_claim_holds_every_action_back(holder: str) -> None:
    """Whoever holds it, its holder included: what was sent may still take effect."""
    decision = judged(make_observed(), make_claim(holder=holder))
    assert (decision.phase, decision.action) == (Phase.BLOCKED, None)
    assert decision.verdict.reason == "OutcomeUnknown"
    assert holder in decision.verdict.message
    assert decision.is_under_way
    assert not decision.closes_claim


def test_a_claim_that_is_over_holds_nothing_back() -> None:
    """After its end one looks first, and then acts."""
    decision = judged(make_observed(), make_claim(until_at=NOW))
    assert isinstance(decision.action, SendRequest)
    assert decision.closes_claim


def test_an_open_claim_does_not_hide_what_is_in_the_way() -> None:
    """Where nothing would be done anyway, the reason for that is told."""
    decision = judged(make_observed(PROBLEM), make_claim())
    assert decision.verdict.reason == PROBLEM.reason
    assert not decision.closes_claim


def test_nothing_is_called_done_while_something_may_still_happen() -> None:
    """`Local` waits for a request that may still arrive."""
    decision = judged(make_observed(), make_claim(), Desired.LOCAL)
    assert decision.verdict.reason == "OutcomeUnknown"
    assert judged(make_observed(), make_claim(until_at=NOW), Desired.LOCAL).phase == "Local"


def test_a_suspended_intent_stays_suspended_under_a_claim() -> None:
    """It only waits, and says so."""
    decision = decide(
        make_intent(suspend=True), make_observed(), Recorded(claim=make_claim()), now=NOW
    )
    assert decision.verdict.reason == "Suspended"


REFUSED_U0 = make_request(LocalRequestStatus.REJECTED, pairing_uid="u0")
SPENT = [
    pytest.param("request", "", make_pending(), id="a request is there"),
    pytest.param("request", "u0", make_pending(), id="another request is there"),
    pytest.param("request", "", make_central(), id="request: central"),
    pytest.param("accept", "u1", make_central(), id="accept: central"),
    pytest.param(
        "accept", "u1", make_observed(view=make_view(make_entry(RequestState.ACCEPTED))), id="taken"
    ),
    pytest.param(
        "accept", "u1", make_observed(view=make_view(make_entry(RequestState.REJECTED))), id="no"
    ),
    pytest.param("withdraw", "u1", make_observed(), id="no request any more"),
    pytest.param(
        "withdraw", "u0", make_observed(make_host(request=REFUSED_U0)), id="shown as rejected"
    ),
    pytest.param("reject", "u1", make_observed(view=make_view()), id="not listed any more"),
    pytest.param(
        "reject", "u1", make_observed(view=make_view(make_entry(RequestState.REJECTED))), id="over"
    ),
]
OPEN = [
    pytest.param("request", "", make_observed(), id="no request yet"),
    pytest.param(
        "request", "u0", make_observed(make_host(request=REFUSED_U0)), id="still the old request"
    ),
    pytest.param("request", "", make_observed(PROBLEM), id="request: dark host"),
    pytest.param("accept", "u1", make_pending(), id="still pending"),
    pytest.param("accept", "u1", make_observed(), id="not listed"),
    pytest.param(
        "accept", "u1", make_observed(view=make_view(make_entry(RequestState.UNKNOWN))), id="word"
    ),
    pytest.param("accept", "u1", make_observed(view=PaletteView(problem=PROBLEM)), id="no view"),
    pytest.param("withdraw", "u1", make_pending(), id="still at the host"),
    pytest.param(
        "withdraw", "u0", make_pending(), id="a new request, which a late withdrawal would take"
    ),
    pytest.param("withdraw", "u1", make_observed(PROBLEM), id="withdraw: dark host"),
    pytest.param(
        "withdraw",
        "u1",
        make_observed(make_host(request=make_request(LocalRequestStatus.UNKNOWN))),
        id="withdraw: unknown word",
    ),
    pytest.param("reject", "u1", make_pending(), id="still listed"),
    pytest.param("reject", "u1", make_observed(view=make_view(requests=None)), id="no list"),
    pytest.param("reject", "u1", make_observed(view=PaletteView(problem=PROBLEM)), id="dark"),
    pytest.param("reboot", "u1", make_observed(), id="a verb of a newer version"),
]


def spent(action: str, pairing_uid: str, observed: Observed) -> bool:
    """Tell whether such a claim is spent."""
    case = Case(make_intent(), observed, now=NOW)
    return is_spent(make_claim(action, pairing_uid=pairing_uid), case)


@pytest.mark.parametrize(("action", "pairing_uid", "observed"), SPENT)
def test_a_claim_is_spent_once_its_effect_is_seen(
    action: str, pairing_uid: str, observed: Observed
) -> None:
    """What has happened, or cannot happen any more, holds nobody back."""
    assert spent(action, pairing_uid, observed)


@pytest.mark.parametrize(("action", "pairing_uid", "observed"), OPEN)
def test_a_claim_is_not_spent_by_what_was_not_seen(
    action: str, pairing_uid: str, observed: Observed
) -> None:
    """Absence, darkness, unknown words and what was there before prove nothing."""
    assert not spent(action, pairing_uid, observed)


@pytest.mark.parametrize(
    ("action", "observed"),
    [
        ("request", make_pending()),
        ("withdraw", make_observed()),
        ("request", make_central()),
        ("accept", make_central()),
    ],
)
def test_a_claim_is_not_spent_by_what_another_cluster_shows(
    action: str, observed: Observed
) -> None:
    """The intent was led to another host meanwhile: the first one's claim binds to its end."""
    case = Case(make_intent(), observed, now=NOW)
    claim = make_claim(action, cluster="local-7", pairing_uid="u7")
    assert not is_spent(claim, case)
    assert is_spent(replace(claim, cluster="local-42"), case)


def test_a_second_request_waits_for_the_first_though_an_old_one_shows() -> None:
    """Tried again after a rejection, the answer lost: the old request is not the new one."""
    observed = make_observed(make_host(request=REFUSED_U0))
    refused = Refused("u0", "older")
    first = decide(make_intent(), observed, Recorded(refused=refused), now=NOW)
    assert isinstance(first.action, SendRequest)
    claim = claim_for(first.action, "store", 2, "me", now=NOW, lifetime_s=90)
    assert judged(observed, claim, refused=refused).action is None
    arrived = judged(make_pending(), claim, refused=refused)
    assert isinstance(arrived.action, Accept)
    assert arrived.closes_claim


def test_an_action_over_the_cap_is_held_back() -> None:
    """Proven and ready, but too many at once: Blocked, with what a person does."""
    held = held_by_cap(decide(make_intent(), make_pending(), now=NOW), 3, "an hour")
    assert (held.phase, held.action) == (Phase.BLOCKED, None)
    assert held.verdict.reason == "TooManyAtOnce"
    assert "3 an hour" in held.verdict.message
    assert held.conditions[-1].reason == "TooManyAtOnce"
