"""Refused requests: failed until the intent changes, and then tried again once."""

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
    Status,
    decide,
    status_of,
)
from pairctl.spec import Desired
from pairing_factory import (
    NOW,
    PALETTE,
    PROBLEM,
    make_claim,
    make_entry,
    make_host,
    make_intent,
    make_observed,
    make_pending,
    make_request,
    make_view,
)

REJECTED = make_observed(make_host(request=make_request(LocalRequestStatus.REJECTED)))


class History:
    """Passes over one intent, with the status branch in between."""

    def __init__(self) -> None:
        self.status: Status | None = None

    def run(
        self, generation: str, observed: Observed, desired: Desired = Desired.PAIRED
    ) -> Decision:
        """Decide, and write the status."""
        decision = self.crashed(generation, observed, desired)
        self.status = status_of(decision, self.status, commit="c", now=NOW)
        return decision

    def crashed(
        self, generation: str, observed: Observed, desired: Desired = Desired.PAIRED
    ) -> Decision:
        """Decide, and die before anything is written."""
        recorded = self.status.recorded(None) if self.status else None
        return decide(make_intent(desired, generation=generation), observed, recorded, now=NOW)


def test_a_refusal_stays_failed_under_its_generation() -> None:
    """However often it is looked at, and whatever died in between."""
    history = History()
    history.run("one", make_pending())
    for _ in range(3):
        assert history.crashed("one", REJECTED).phase is Phase.FAILED
        assert history.run("one", REJECTED).phase is Phase.FAILED
    assert history.status is not None
    assert history.status.refused == Refused("u1", "one")


def test_a_new_generation_sends_one_new_request() -> None:
    """The refused request is named by the action, so that the new one can be told from it."""
    history = History()
    history.run("one", REJECTED)
    assert history.crashed("two", REJECTED).action == SendRequest("local-42", PALETTE, "u1")
    assert history.run("two", REJECTED).action == SendRequest("local-42", PALETTE, "u1")
    sent = make_observed(
        make_host(request=make_request(pairing_uid="u2")),
        make_view(make_entry(pairing_uid="u2"), make_entry(RequestState.REJECTED)),
    )
    after = history.run("two", sent)
    assert isinstance(after.action, Accept)
    assert after.action.pairing_uid == "u2"


def test_a_second_refusal_counts_against_the_new_generation() -> None:
    """One change of the intent is one try."""
    history = History()
    history.run("one", REJECTED)
    again = make_observed(
        make_host(request=make_request(LocalRequestStatus.FAILED, pairing_uid="u2"))
    )
    history.run("two", REJECTED)
    assert history.run("two", again).phase is Phase.FAILED
    assert history.run("two", again).phase is Phase.FAILED
    assert isinstance(history.run("three", again).action, SendRequest)


def test_a_refusal_in_palette_counts_before_the_host_knows() -> None:
    """The change of the intent is not lost when the host learns of the refusal after it."""
    history = History()
    early = make_observed(
        make_host(request=make_request()), make_view(make_entry(RequestState.REJECTED))
    )
    assert history.run("one", early).phase is Phase.FAILED
    assert history.run("two", early).verdict.reason == "HostStillWaits"
    assert isinstance(history.run("two", REJECTED).action, SendRequest)


def test_the_record_survives_darkness() -> None:
    """A host that does not answer, or shows nothing, for a while loses nothing of the record."""
    history = History()
    history.run("one", REJECTED)
    history.run("one", make_observed(PROBLEM))
    history.run("one", make_observed())
    assert history.run("one", REJECTED).phase is Phase.FAILED


@pytest.mark.parametrize("last", ["one", "other"])
def test_pairing_again_after_local_works(last: str) -> None:
    """Rejected, then Local, then Paired: tried anew, under the old generation too."""
    history = History()
    history.run("one", REJECTED)
    assert history.run("local", REJECTED, Desired.LOCAL).phase is Phase.LOCAL
    assert isinstance(history.run(last, REJECTED).action, SendRequest)


def test_our_own_withdrawal_is_no_refusal() -> None:
    """Withdrawn, and wanted again before anybody looked: sent anew, not called refused."""
    claim = make_claim("withdraw", until_at=NOW)
    decision = decide(make_intent(), REJECTED, Recorded(claim=claim), now=NOW)
    assert isinstance(decision.action, SendRequest)
    assert decision.refused is not None
    later = decide(make_intent(), REJECTED, Recorded(refused=decision.refused), now=NOW)
    assert isinstance(later.action, SendRequest)


def test_a_withdrawal_of_another_request_excuses_nothing() -> None:
    """Only the claim on this very request counts."""
    claim = make_claim("withdraw", until_at=NOW, pairing_uid="u0")
    assert decide(make_intent(), REJECTED, Recorded(claim=claim), now=NOW).phase is Phase.FAILED
