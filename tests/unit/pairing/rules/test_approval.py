"""Acceptances that wait for an approval: what is asked for, what counts, what stays on record."""

from typing import Any

import pytest

from pairctl.pairing import (
    Accept,
    Decision,
    LocalRequestStatus,
    Observed,
    Phase,
    Recorded,
    RequestState,
    SendRequest,
    Status,
    decide,
    invalid_status,
    open_question,
    status_of,
)
from pairctl.spec import Acceptance, Desired
from pairing_factory import (
    NOW,
    OTHER_DIGEST,
    PROBLEM,
    make_approval,
    make_central,
    make_cluster,
    make_entry,
    make_host,
    make_intent,
    make_observed,
    make_palette,
    make_pending,
    make_request,
    make_snapshot,
    make_view,
)

ASKING = make_palette(requireApproval=True)
ACCEPTED = make_observed(
    make_host(request=make_request()), make_view(make_entry(RequestState.ACCEPTED))
)


def judged(observed: Observed, **changes: Any) -> Decision:
    """Decide on an intent whose Palette asks for approvals."""
    return decide(make_intent(**({"palette": ASKING} | changes)), observed, now=NOW)


def told(observed: Observed, previous: Status | None = None, **changes: Any) -> Status:
    """Tell the status of such an intent."""
    return status_of(judged(observed, **changes), previous, commit="c", now=NOW)


def digest() -> str:
    """Return what has to be approved."""
    return judged(make_pending()).basis.digest


def test_without_an_approval_nothing_is_accepted() -> None:
    """The status says what to commit, with the digest that is to be approved."""
    verdict = judged(make_pending()).verdict
    assert (verdict.phase, verdict.reason) == (Phase.BLOCKED, "ApprovalMissing")
    assert verdict.waiting_for == "an approval for store-0042"
    assert digest() in verdict.human_action
    assert "`pairctl approve store-0042`" in verdict.human_action
    assert told(make_pending()).digest == digest()


def test_an_approval_of_the_very_basis_lets_it_be_accepted() -> None:
    """The digest is all that counts of it."""
    decision = judged(make_pending(), approval=make_approval(digest()))
    assert isinstance(decision.action, Accept)


def test_an_approval_of_something_else_is_outdated() -> None:
    """Both digests are told: what was approved, and what would be accepted now."""
    verdict = judged(make_pending(), approval=make_approval()).verdict
    assert verdict.reason == "ApprovalOutdated"
    assert OTHER_DIGEST in verdict.message
    assert digest() in verdict.message
    assert digest() in verdict.human_action


def test_a_request_is_sent_without_an_approval() -> None:
    """Sending can be undone; the digest can be approved from then on."""
    assert isinstance(judged(make_observed()).action, SendRequest)
    assert told(make_observed()).digest == judged(make_observed()).basis.digest


def test_an_approval_that_was_given_before_the_request_counts_on() -> None:
    """It is of the cluster, its layers and the profiles; the status goes on naming its digest."""
    before = make_approval(judged(make_observed()).basis.digest)
    assert isinstance(judged(make_pending(), approval=before).action, Accept)
    assert told(make_pending(), approval=before).digest == before.digest


def test_an_approval_is_of_one_request() -> None:
    """The same cluster, layers and profiles in another request are another acceptance."""
    other = make_observed(
        make_host(request=make_request(pairing_uid="u2")), make_view(make_entry(pairing_uid="u2"))
    )
    decision = judged(other, approval=make_approval(digest()))
    assert decision.verdict.reason == "ApprovalOutdated"


def test_an_approval_that_names_another_request_is_outdated() -> None:
    """Whatever its digest says: a person has read the pairing id."""
    named = make_approval(digest()).model_copy(update={"pairing_uid": "u2"})
    assert judged(make_pending(), approval=named).verdict.reason == "ApprovalOutdated"
    named = named.model_copy(update={"pairing_uid": "u1"})
    assert isinstance(judged(make_pending(), approval=named).action, Accept)


UNNAMED = make_observed(
    make_host(request=make_request()),
    make_view(make_entry(local_uid="")),
    snapshot=make_snapshot(local_uid=""),
)


def test_a_request_whose_cluster_palette_does_not_name_waits_for_an_approval_of_it() -> None:
    """Though the Palette asks for none: the approval has to name this very pairing id."""
    plain = make_palette()
    found = judged(UNNAMED, palette=plain)
    assert found.verdict.reason == "ApprovalMissing"
    of_this = make_approval(found.basis.digest)
    assert judged(UNNAMED, palette=plain, approval=of_this).action is None
    named = of_this.model_copy(update={"pairing_uid": "u1"})
    assert isinstance(judged(UNNAMED, palette=plain, approval=named).action, Accept)


def test_a_person_is_not_sent_to_the_console_before_it_is_approved() -> None:
    """The click accepts as well as the API does."""
    console = make_palette(requireApproval=True, acceptance="Console")
    assert judged(make_pending(), palette=console).verdict.reason == "ApprovalMissing"


def test_the_acknowledgement_comes_first() -> None:
    """It changes the intent, and the digest with it: no digest is told before."""
    status = told(make_pending(), acknowledge=None)
    assert (status.reason, status.digest) == ("NotAcknowledged", "")


@pytest.mark.parametrize(
    "observed",
    [
        make_observed(PROBLEM),
        make_observed(make_host(cluster=make_cluster(stack=()))),
        make_observed(make_host(request=make_request(LocalRequestStatus.REJECTED))),
    ],
    ids=["dark", "no match", "refused"],
)
def test_what_cannot_be_accepted_has_no_digest(observed: Observed) -> None:
    """Nothing is shown to be approved that is not proven."""
    assert told(observed).digest == ""


def test_other_palettes_have_no_digests() -> None:
    """A status of a Palette that asks for no approvals is as it always was."""
    assert told(make_pending(), palette=make_palette()).digest == ""
    assert told(make_pending(), desired=Desired.LOCAL).digest == ""


def test_what_was_approved_stays_on_record() -> None:
    """Accepted, paired, and not valid any more: the digest is the one that was accepted."""
    before = told(make_pending(), approval=make_approval(digest()))
    accepted = told(ACCEPTED, before, generation="sha256:two")
    paired = told(make_central(), accepted, generation="sha256:two")
    invalid = invalid_status("store-0042", PROBLEM, paired, commit="c", now=NOW)
    assert {accepted.digest, paired.digest, invalid.digest} == {digest()}
    assert told(make_central()).digest == ""


def test_palette_is_not_asked_about_what_is_not_approved() -> None:
    """Its own validation comes when everything else stands."""
    bare = make_pending(snapshot=None, objections=None)
    assert open_question(judged(bare).case) is None
    assert open_question(judged(bare, approval=make_approval(digest())).case) is not None


LEADING: dict[str, tuple[Observed, dict[str, Any], bool]] = {
    "acknowledged and approved": (make_observed(), {"approval": "of this"}, True),
    "not approved": (make_observed(), {}, False),
    "approved otherwise": (make_observed(), {"approval": make_approval()}, False),
    "approved before the request": (make_pending(), {"approval": "before"}, True),
    "no approval is asked for": (make_observed(), {"palette": make_palette()}, True),
    "not acknowledged": (
        make_observed(),
        {"approval": "of this", "acknowledge": None},
        False,
    ),
    "acknowledged for another": (
        make_observed(),
        {"palette": make_palette(), "acknowledge": {"centralManagementOnly": "other"}},
        False,
    ),
    "a person accepts": (
        make_observed(),
        {"palette": make_palette(acceptance=Acceptance.CONSOLE)},
        False,
    ),
    "suspended": (make_observed(), {"palette": make_palette(), "suspend": True}, False),
    "to stay local": (
        make_observed(),
        {"palette": make_palette(), "desired": Desired.LOCAL},
        False,
    ),
    "refused": (
        make_observed(make_host(request=make_request(LocalRequestStatus.REJECTED))),
        {"palette": make_palette()},
        False,
    ),
    "accepted": (ACCEPTED, {"palette": make_palette()}, False),
    "paired": (make_central(), {"palette": make_palette()}, False),
    "blocked by the world": (
        make_observed(make_host(cluster=make_cluster(state="Error"))),
        {"palette": make_palette()},
        True,
    ),
    "the host is dark": (make_observed(PROBLEM), {"palette": make_palette()}, True),
    "dark, and an approval is there": (
        make_observed(PROBLEM),
        {"approval": make_approval()},
        True,
    ),
    "dark, and no approval is there": (make_observed(PROBLEM), {}, False),
}


@pytest.mark.parametrize("what", LEADING)
def test_a_decision_tells_whether_it_leads_one_way(what: str) -> None:
    """True where no more consent is needed, and nobody knows better: then only the world waits."""
    observed, changes, expected = LEADING[what]
    if changes.get("approval") == "of this":
        changes = {**changes, "approval": make_approval(judged(observed).basis.digest)}
    if changes.get("approval") == "before":
        changes = {**changes, "approval": make_approval(judged(make_observed()).basis.digest)}
    assert judged(observed, **changes).leads_one_way is expected


def test_the_record_alone_approves_nothing() -> None:
    """A digest on the status branch is what was shown, not what somebody consented to."""
    status = told(make_pending())
    recorded: Recorded = status.recorded
    intent = make_intent(palette=ASKING)
    assert decide(intent, make_pending(), recorded, now=NOW).action is None
