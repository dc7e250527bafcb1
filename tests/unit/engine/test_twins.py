"""Intents that turn out to be about one cluster, or one request: none of them is acted on."""

import pytest

from pairctl.engine.survey import without_twins
from pairctl.pairing import Decision, decide
from pairctl.spec import Desired
from pairing_factory import (
    NOW,
    make_entry,
    make_host,
    make_intent,
    make_observed,
    make_request,
    make_view,
)


def decided(desired: Desired = Desired.PAIRED, *, listed_uid: str) -> Decision:
    """Decide on an intent whose cluster's request Palette lists as that of `listed_uid`."""
    view = make_view(make_entry(local_uid=listed_uid))
    observed = make_observed(make_host(request=make_request()), view)
    return decide(make_intent(desired), observed, now=NOW)


@pytest.mark.parametrize("listed_uid", ["local-42", ""])
def test_a_request_is_not_accepted_for_one_intent_and_rejected_for_another(
    listed_uid: str,
) -> None:
    """Also where Palette does not say which cluster has sent it: the pairing id tells."""
    both = {
        "accepts": decided(listed_uid=listed_uid),
        "rejects": decided(Desired.REJECTED, listed_uid=listed_uid),
    }
    assert all(decision.action for decision in both.values())
    held = without_twins(both)
    assert [one.action for one in held.values()] == [None, None]
    assert {one.verdict.reason for one in held.values()} == {"DuplicateTarget"}


def test_one_intent_for_a_cluster_is_no_twin_of_itself() -> None:
    """It is about its cluster and about its request, and acts."""
    alone = {"store-0042": decided(listed_uid="local-42")}
    assert without_twins(alone) == alone
