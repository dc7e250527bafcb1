"""No more actions are claimed at once than can be looked at again in time."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from fleet_worlds import Fleet, Member
from pairctl.pairing import (
    Capacity,
    Claim,
    Decision,
    FleetLimits,
    Intent,
    Phase,
    SendRequest,
    Status,
    UnreadableClaim,
    decide,
)
from pairctl.pairing.fleet.admission import admitted
from pairing_factory import NOW, make_claim, make_host, make_intent, make_observed, make_pending

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
    return set(admitted(acting, every, capacity, {}))


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


NAMES = tuple("abcdefghij")
PALETTE = "api.spectrocloud.com"
WAITS, STOPS, NONE = "on its way", "for a person", "none"


def fleet_of(new: int, *claims: Claim, **more: Any) -> Fleet:
    """Make a fleet in which the last `new` are seen, without a request, and the rest not yet."""
    sights = ["unseen"] * (len(NAMES) - new) + ["now"] * new
    members = (Member(n, f"c-{n}", "new", s) for n, s in zip(NAMES, sights, strict=True))
    return Fleet(tuple(members), claims, **more)


def requested(name: str, stage: str) -> Status:
    """Write the status of an intent whose request was sent."""
    person = "accept it" if stage == STOPS else ""
    generation = fleet_of(0).of(name).intent.generation
    return Status(
        name, Phase.REQUESTED, generation, "c" * 40, local_uid=f"C-{name}", human_action=person
    )


def claimed(name: str, **changes: Any) -> Claim:
    """Write the claim of a request that somebody is about to send."""
    about = {"id": f"claim-{name}", "cluster": f"c-{name}", "intent": name, "palette": PALETTE}
    return make_claim("request", **{**about, "pairing_uid": "", **changes})


def sent(fleet: Fleet, requests: int, **given: Any) -> set[str]:
    """Return the intents that are sent a request now."""
    limits = FleetLimits(capacity=Capacity(at_hosts=9, at_palette=9, requests=requests))
    decided = fleet.decided(limits=limits, **given)
    actions = {name: decided.decisions[name].action for name in decided.acting}
    return {name for name, action in actions.items() if isinstance(action, SendRequest)}


@examples(150)
@given(
    st.integers(1, 5),
    st.integers(1, 10),
    st.lists(st.sampled_from([WAITS, STOPS, NONE]), min_size=5, max_size=5),
    st.sets(st.sampled_from([*NAMES[:5], "gone"])),
    st.integers(0, 1),
)
def test_a_new_process_sends_no_more_than_what_is_on_record_leaves(
    new: int, most: int, stages: list[str], claims: set[str], unreadable: int
) -> None:
    """Claims and statuses count until their hosts are looked at; a cluster counts once."""
    files = tuple(UnreadableClaim(f"claims/{n}.yaml", "?") for n in range(unreadable))
    fleet = fleet_of(new, *map(claimed, sorted(claims)), unreadable=files)
    by_name = {name: stage for name, stage in zip(NAMES, stages, strict=False) if stage != NONE}
    statuses = {name: requested(name, stage) for name, stage in by_name.items()}
    on_their_way = claims | {name for name, stage in by_name.items() if stage == WAITS}
    now = sent(fleet, most, records=replace(fleet.records, statuses=statuses))
    assert len(now) == min(new, max(0, most - len(on_their_way) - unreadable))
    assert now <= sent(fleet_of(new), most)


def test_requests_of_another_palette_take_no_place() -> None:
    """Each Palette has a list of its own."""
    assert sent(fleet_of(1, claimed("a", palette="other.example")), 1) == {"j"}
    assert sent(fleet_of(1, claimed("a")), 1) == set()


def test_a_claim_that_comes_to_nothing_takes_no_place_from_the_next_request() -> None:
    """Its host was looked at after its time: the look shows whether a request is on its way."""
    seen, unseen = claimed("j"), claimed("a")
    assert sent(fleet_of(1, seen, over=frozenset({seen.id})), 1) == {"j"}
    assert sent(fleet_of(1, unseen, over=frozenset({unseen.id})), 1) == set()


def test_a_request_that_waits_for_a_person_takes_no_place_while_its_claim_is_there() -> None:
    """A look that shows the request knows what came of the claim."""
    members = (Member("a", "c-a", "pending"), Member("j", "c-j", "new"))
    fleet = Fleet(members, (claimed("a"),))
    intents = fleet.documents.intents
    person = replace(intents["a"], spec=intents["a"].spec.model_copy(update={"acknowledge": None}))
    documents = replace(fleet.documents, intents={**intents, "a": person})
    assert sent(fleet, 1, documents=documents) == {"j"}


@pytest.mark.parametrize(("files", "most"), [(1, 1), (2, 1), (2, 2)])
def test_files_that_cannot_be_read_and_take_all_places_are_named(files: int, most: int) -> None:
    """No turn comes by itself: the status says which files are in the way, and what to do."""
    unreadable = tuple(UnreadableClaim(f"claims/{n}.yaml", "?") for n in range(files))
    limits = FleetLimits(capacity=Capacity(at_hosts=9, at_palette=9, requests=most))
    verdict = fleet_of(1, unreadable=unreadable).decided(limits=limits).decisions["j"].verdict
    assert (verdict.phase, verdict.reason) == (Phase.BLOCKED, "ClaimUnreadable")
    assert "claims/0.yaml" in verdict.message
    assert "requestsAtOnce" in verdict.message
    assert "delete claims/0.yaml" in verdict.human_action
    assert ("1 more" in verdict.human_action) is (files > 1)


def test_a_place_that_another_request_gives_back_is_only_waited_for() -> None:
    """A file that cannot be read takes one place of two: the other becomes free by itself."""
    unreadable = (UnreadableClaim("claims/0.yaml", "?"),)
    limits = FleetLimits(capacity=Capacity(at_hosts=9, at_palette=9, requests=2))
    decided = fleet_of(1, claimed("a"), unreadable=unreadable).decided(limits=limits)
    assert decided.decisions["j"].waits_for_turn
