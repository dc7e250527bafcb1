"""Intents that turn out to be about one cluster, or one request: none of them is acted on."""

from typing import Any

import pytest

from pairctl.pairing import Decision, Subject, decide
from pairctl.pairing.fleet.duplicates import without_duplicates
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


def decided(desired: Desired = Desired.PAIRED, *, listed_uid: str, **changes: Any) -> Decision:
    """Decide on an intent whose cluster's request Palette lists as that of `listed_uid`."""
    view = make_view(make_entry(local_uid=listed_uid))
    observed = make_observed(make_host(request=make_request()), view)
    return decide(make_intent(desired, **changes), observed, now=NOW)


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
    held = without_duplicates(both)
    assert [one.action for one in held.values()] == [None, None]
    assert {one.verdict.reason for one in held.values()} == {"DuplicateTarget"}


def test_an_intent_that_was_not_seen_in_this_pass_counts_too() -> None:
    """Paired, suspended, dark, broken: it is about what it was about."""
    alone = {"store-0042": decided(listed_uid="local-42")}
    other = Subject("paired-long-ago", frozenset({"local-42"}))
    held = without_duplicates(alone, [other])["store-0042"]
    assert (held.action, held.verdict.reason) == (None, "DuplicateTarget")
    assert "paired-long-ago" in held.verdict.message


def test_the_intent_that_names_the_cluster_keeps_it() -> None:
    """A host that lies about its uid stops nobody whose intent names that uid."""
    named = {"store-0042": decided(listed_uid="local-42", cluster={"uid": "LOCAL-42"})}
    liar = Subject("liar", frozenset({"local-42"}))
    assert without_duplicates(named, [liar]) == named
    both = Subject("another", frozenset({"local-42"}), "local-42")
    assert without_duplicates(named, [liar, both])["store-0042"].action is None


def test_one_intent_for_a_cluster_is_no_twin_of_itself() -> None:
    """It is about its cluster and about its request, and acts."""
    alone = {"store-0042": decided(listed_uid="local-42")}
    assert without_duplicates(alone) == alone
