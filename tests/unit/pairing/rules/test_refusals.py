"""Refused requests: failed until the intent allows another attempt, and then tried once."""

from dataclasses import replace

import pytest

from pairctl.pairing import (
    Accept,
    Decision,
    LocalRequestStatus,
    Observed,
    Phase,
    Recorded,
    Refused,
    RequestState,
    SendRequest,
    Sent,
    Status,
    decide,
    status_of,
)
from pairctl.spec import Desired
from pairing_factory import (
    NOW,
    PALETTE,
    PROBLEM,
    make_entry,
    make_host,
    make_intent,
    make_observed,
    make_pending,
    make_request,
    make_view,
)

REJECTED = make_observed(make_host(request=make_request(LocalRequestStatus.REJECTED)))
LISTED = replace(REJECTED, palette=make_view(make_entry(RequestState.REJECTED)))


class History:
    """Passes over one intent, with the status branch in between."""

    def __init__(self) -> None:
        self.status: Status | None = None

    def run(self, attempt: int, observed: Observed, desired: Desired = Desired.PAIRED) -> Decision:
        """Decide, and write the status."""
        decision = self.crashed(attempt, observed, desired)
        self.status = status_of(decision, self.status, commit="c", now=NOW)
        return decision

    def crashed(
        self, attempt: int, observed: Observed, desired: Desired = Desired.PAIRED
    ) -> Decision:
        """Decide, and die before anything is written."""
        recorded = self.status.recorded if self.status else None
        intent = make_intent(desired, generation=f"{desired}-{attempt}", attempt=attempt)
        return decide(intent, observed, recorded, now=NOW)


def test_a_refusal_stays_failed_in_its_attempt() -> None:
    """However often it is looked at, and whatever died in between."""
    history = History()
    history.run(1, make_pending())
    for _ in range(3):
        assert history.crashed(1, REJECTED).phase is Phase.FAILED
        assert history.run(1, REJECTED).phase is Phase.FAILED
    assert history.status is not None
    assert history.status.refused == Refused("u1", "Paired-1")


@pytest.mark.parametrize("observed", [REJECTED, LISTED])
def test_another_attempt_sends_one_new_request(observed: Observed) -> None:
    """The refused request is named by the action, so that the new one can be told from it."""
    history = History()
    history.run(1, observed)
    assert history.crashed(2, observed).action == SendRequest("local-42", PALETTE, "u1")
    assert history.run(2, observed).action == SendRequest("local-42", PALETTE, "u1")
    sent = make_observed(
        make_host(request=make_request(pairing_uid="u2")),
        make_view(make_entry(pairing_uid="u2"), make_entry(RequestState.REJECTED)),
    )
    after = history.run(2, sent)
    assert isinstance(after.action, Accept)
    assert after.action.pairing_uid == "u2"


def test_another_generation_is_not_another_attempt() -> None:
    """That an intent was changed since the refusal is known by the record, which starts nothing."""
    recorded = Recorded(refused=Refused("u1", "older"))
    decision = decide(make_intent(), REJECTED, recorded, now=NOW)
    assert (decision.phase, decision.action) == (Phase.FAILED, None)
    assert "`attempt: 2`" in decision.verdict.human_action


def test_a_second_refusal_needs_a_third_attempt() -> None:
    """What Palette lists as refused counts; so does what is on record, where it lists nothing."""
    history = History()
    history.run(1, REJECTED)
    again = make_observed(
        make_host(request=make_request(LocalRequestStatus.FAILED, pairing_uid="u2"))
    )
    history.run(2, REJECTED)
    assert history.run(2, replace(again, palette=LISTED.palette)).phase is Phase.FAILED
    assert history.run(2, again).phase is Phase.FAILED
    assert isinstance(history.run(3, again).action, SendRequest)


def test_a_request_that_was_sent_in_this_attempt_is_not_followed_by_another() -> None:
    """Though the number of attempts was raised before there was one that was refused."""
    recorded = Recorded(sent=Sent("u1", 2))
    decision = decide(make_intent(attempt=2), REJECTED, recorded, now=NOW)
    assert decision.phase is Phase.FAILED
    assert "`attempt: 3`" in decision.verdict.human_action


def test_a_refusal_in_palette_counts_before_the_host_knows() -> None:
    """Another attempt is not lost when the host learns of the refusal after it."""
    history = History()
    early = make_observed(
        make_host(request=make_request()), make_view(make_entry(RequestState.REJECTED))
    )
    assert history.run(1, early).phase is Phase.FAILED
    assert history.run(2, early).verdict.reason == "HostStillWaits"
    assert isinstance(history.run(2, LISTED).action, SendRequest)


def test_the_record_survives_darkness() -> None:
    """A host that does not answer, or shows nothing, for a while loses nothing of the record."""
    history = History()
    history.run(1, REJECTED)
    history.run(1, make_observed(PROBLEM))
    history.run(1, make_observed())
    assert history.run(1, REJECTED).phase is Phase.FAILED


def test_pairing_again_after_local_needs_another_attempt() -> None:
    """Where a refused request still shows, nothing but the intent says that one more is meant."""
    history = History()
    history.run(1, REJECTED)
    assert history.run(1, REJECTED, Desired.LOCAL).phase is Phase.LOCAL
    assert history.run(1, REJECTED).phase is Phase.FAILED
    assert isinstance(history.run(2, REJECTED).action, SendRequest)


def test_pairing_again_after_a_withdrawal_needs_none() -> None:
    """A request that was taken back, and shows nowhere, was not refused."""
    history = History()
    history.run(1, make_pending())
    assert history.run(1, make_observed(), Desired.LOCAL).phase is Phase.LOCAL
    assert isinstance(history.run(1, make_observed()).action, SendRequest)
