"""Claims: what was about to be done, and when it can be known not to happen any more."""

from dataclasses import replace
from typing import Any

import pytest

from pairctl.pairing import (
    Accept,
    Case,
    Claim,
    Decision,
    LocalRequestStatus,
    Observed,
    PaletteView,
    Phase,
    Recorded,
    RequestState,
    SendRequest,
    UnreadableClaim,
    decide,
    held_by_cap,
    is_spent,
)
from pairctl.spec import Desired
from pairing_factory import (
    NOW,
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
    *,
    is_over: bool = False,
    **changes: Any,
) -> Decision:
    """Decide while this claim is on record."""
    over = frozenset({claim.id}) if is_over else frozenset()
    recorded = Recorded(claims=(claim,), over=over)
    return decide(make_intent(desired, **changes), observed, recorded, now=NOW)


@pytest.mark.parametrize("holder", ["daemon-7", "daemon-1"])
def test_an_open_claim_holds_every_action_back(holder: str) -> None:
    """Whoever holds it, its holder included: what was sent may still take effect."""
    decision = judged(make_observed(), make_claim(holder=holder))
    assert (decision.phase, decision.action) == (Phase.BLOCKED, None)
    assert decision.verdict.reason == "OutcomeUnknown"
    assert holder in decision.verdict.message
    assert decision.is_under_way
    assert decision.spent_claims == ()


def test_a_claim_that_is_over_holds_nothing_back() -> None:
    """After its end one looks first, and then acts."""
    decision = judged(make_observed(), make_claim(), is_over=True)
    assert isinstance(decision.action, SendRequest)


def test_an_open_claim_does_not_hide_what_is_in_the_way() -> None:
    """Where nothing would be done anyway, the reason for that is told."""
    decision = judged(make_observed(PROBLEM), make_claim())
    assert decision.verdict.reason == PROBLEM.reason
    assert decision.spent_claims == ()


def test_nothing_is_called_done_while_something_may_still_happen() -> None:
    """`Local` waits for a request that may still arrive."""
    decision = judged(make_observed(), make_claim(), Desired.LOCAL)
    assert decision.verdict.reason == "OutcomeUnknown"
    assert judged(make_observed(), make_claim(), Desired.LOCAL, is_over=True).phase == "Local"


def test_a_suspended_intent_stays_suspended_under_a_claim() -> None:
    """It only waits, and says so."""
    decision = judged(make_observed(), make_claim(), suspend=True)
    assert decision.verdict.reason == "Suspended"


REFUSED_U0 = make_request(LocalRequestStatus.REJECTED, pairing_uid="u0")
SPENT = [
    pytest.param("request", "", make_pending(), id="a request is there"),
    pytest.param("request", "u0", make_pending(), id="another request is there"),
    pytest.param("request", "", make_central(), id="request: central"),
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
    pytest.param("accept", "u1", make_central(), id="accept: a host's word"),
    pytest.param("reject", "u1", make_central(make_entry()), id="reject: a host's word"),
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
        ("withdraw", make_central()),
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
    first = decide(make_intent(attempt=2), observed, now=NOW)
    assert isinstance(first.action, SendRequest)
    claim = make_claim(pairing_uid=first.action.pairing_uid)
    assert judged(observed, claim, attempt=2).action is None
    arrived = judged(make_pending(), claim, attempt=2)
    assert isinstance(arrived.action, Accept)
    assert arrived.spent_claims == (claim,)


@pytest.mark.parametrize("action", ["request", "accept", "withdraw"])
def test_a_host_ends_no_claim_of_another_intent(action: str) -> None:
    """A host that speaks of another's cluster, and is managed centrally, frees that one of nothing.

    Palette's own word does, whoever asks for it.
    """
    case = Case(make_intent(), make_central(), now=NOW)
    claim = make_claim(action, intent="another")
    assert not is_spent(claim, case)
    assert is_spent(replace(claim, intent="store-0042"), case) is (action != "accept")
    listed = make_observed(view=make_view(make_entry(RequestState.ACCEPTED)))
    by_palette = Case(make_intent(), listed, now=NOW)
    assert is_spent(claim, by_palette) is (action == "accept")


@pytest.mark.parametrize(
    ("path", "text", "is_bound"),
    [
        ("claims/local-42.yaml", "", True),
        ("claims/LOCAL-42.yaml", "", True),
        ("claims/odd.yaml", "cluster: local-42", True),
        ("claims/odd.yaml", "{ pairinguid: u1", True),
        ("claims/odd.yaml", "intent: store-0042\n", True),
        ("claims/odd.yaml", "intent: store-0042-b\n", False),
        ("claims/other.yaml", "nothing", False),
    ],
)
def test_what_cannot_be_read_binds_whoever_it_names(path: str, text: str, is_bound: bool) -> None:
    """By its name or by a word in it; a person looks, and deletes it."""
    unreadable = UnreadableClaim(path, text)
    recorded = Recorded(unreadable=(unreadable,))
    verdict = decide(make_intent(), make_pending(), recorded, now=NOW).verdict
    assert (verdict.reason == "ClaimUnreadable") is is_bound
    assert (verdict.action is None) is is_bound
    assert (path in verdict.human_action) is is_bound


def test_an_action_over_the_cap_is_held_back() -> None:
    """Proven and ready, but too many at once: Blocked, with what a person does."""
    held = held_by_cap(decide(make_intent(), make_pending(), now=NOW), 3, "an hour")
    assert (held.phase, held.action) == (Phase.BLOCKED, None)
    assert held.verdict.reason == "TooManyAtOnce"
    assert "3 an hour" in held.verdict.message
    assert held.conditions[-1].reason == "TooManyAtOnce"
