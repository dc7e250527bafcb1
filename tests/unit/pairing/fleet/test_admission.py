"""No more actions are claimed at once than can be looked at again in time."""

from dataclasses import replace
from typing import Any

import pytest

from pairctl.pairing import Capacity, Decision, Intent, decide
from pairctl.pairing.fleet.admission import admitted
from pairing_factory import NOW, make_host, make_intent, make_observed, make_pending

ROOM = Capacity(at_hosts=3, at_palette=2, requests=4)


def named(name: str, **changes: Any) -> Intent:
    """Return an intent of this name."""
    return replace(make_intent(**changes), name=name)


def to_request(name: str) -> Decision:
    """Decide on a host that has sent no request yet."""
    return decide(named(name), make_observed(make_host()), now=NOW)


def to_accept(name: str, **observed: Any) -> Decision:
    """Decide on a host whose request waits in Palette."""
    return decide(named(name), replace(make_pending(), **observed), now=NOW)


def names(*decisions: Decision, capacity: Capacity = ROOM) -> set[str]:
    """Return which of the decisions are acted on."""
    acting = {one.case.intent.name: one for one in decisions if one.action}
    every = {one.case.intent.name: one for one in decisions}
    return set(admitted(acting, every, capacity))


def test_so_many_hosts_are_asked_at_once() -> None:
    """Those that come first by name go first; the others wait for the next pass."""
    assert names(*(to_request(f"store-{n}") for n in range(5))) == {"store-0", "store-1", "store-2"}


def test_so_many_acceptances_are_looked_at_again_in_time() -> None:
    """Each takes a read of Palette's slowest bucket just before it."""
    assert names(*(to_accept(f"store-{n}") for n in range(5))) == {"store-0", "store-1"}


def test_acceptances_and_requests_take_no_place_from_each_other() -> None:
    """They wait for different things: Palette's limit, and the hosts."""
    accepts = [to_accept(f"a-{n}") for n in range(2)]
    assert names(*accepts, to_request("b-1"), to_request("b-2")) == {"a-0", "a-1", "b-1", "b-2"}


@pytest.mark.parametrize(("pending", "sent"), [(0, 3), (2, 2), (4, 0), (9, 0)])
def test_no_more_requests_are_on_their_way_than_fit_into_a_page(pending: int, sent: int) -> None:
    """Requests that Palette lists already count, those that wait for their acceptance too."""
    waiting = [to_accept(f"a-{n}") for n in range(pending)]
    new = {f"b-{n}" for n in range(4)}
    assert len(names(*waiting, *map(to_request, sorted(new))) & new) == sent


def test_a_request_that_waits_for_a_person_holds_up_nobody() -> None:
    """Else 45 requests that nobody looks at would stop a fleet."""
    person = [decide(named(f"a-{n}", acknowledge=None), make_pending(), now=NOW) for n in range(9)]
    assert all(one.action is None and one.verdict.human_action for one in person)
    assert names(*person, to_request("b")) == {"b"}
