"""What `decide_all` makes of a fleet: who is held back by whom, who acts now, what is known."""

from dataclasses import replace
from typing import Any

import pytest

from fleet_worlds import Fleet, Member, evidence_of_cluster
from pairctl.pairing import (
    Capacity,
    FleetLimits,
    Pace,
    PlanInForce,
    PlannedStep,
    UnreadableClaim,
    must_see_all_hosts,
    settled_intents,
)
from pairctl.spec import Limits
from pairing_factory import NOW, PROBLEM, make_claim, make_view


def capped(**caps: int) -> FleetLimits:
    """Make the operator's caps."""
    return FleetLimits(Limits().model_copy(update=caps))


def fleet(*members: Member, **changes: Any) -> Fleet:
    """Make a fleet."""
    return Fleet(members, **changes)


A, B = Member("a", "c1"), Member("b", "c2")


def test_each_intent_acts_where_nothing_is_against_it() -> None:
    """By the names of the intents, whatever the order of the documents."""
    assert fleet(B, A).decided().acting == ("a", "b")


@pytest.mark.parametrize("sight", ["now", "earlier", "settled", "unseen", "broken"])
def test_another_intent_counts_wherever_it_is_known_from(sight: str) -> None:
    """Looked at, standing, paired, not selected, or broken: on record it is about the cluster."""
    other = Member("z", "c1", sight=sight, is_recorded=True)
    decided = fleet(A, B, other).decided()
    assert decided.acting == ("b",)
    assert decided.decisions["a"].verdict.reason == "DuplicateTarget"
    assert decided.judged["a"].action


def test_an_intent_whose_look_is_void_still_holds_others_back() -> None:
    """Somebody claimed since: it is not decided on, and what was seen of it is known."""
    claim = make_claim("withdraw", id="n1", cluster="elsewhere", intent="z", pairing_uid="")
    late = fleet(A, B, Member("z", "c1"), claims=(claim,), unknown=frozenset({"n1"}))
    decided = late.decided()
    assert "z" not in decided.decisions
    assert decided.acting == ("b",)
    early = replace(late, members=(A, B, Member("z", "c1", sight="earlier")))
    assert early.decided().acting == ("b",)
    assert "z" not in early.decided().decisions


def test_the_first_by_name_takes_the_last_place_under_a_cap() -> None:
    """The others are told why, and keep their place in the order."""
    three = fleet(Member("c", "c3"), B, A, evidence=(evidence_of_cluster("x", is_complete=False),))
    decided = three.decided(limits=capped(acceptances_at_once=2))
    assert decided.acting == ("a",)
    assert {decided.decisions[n].verdict.reason for n in "bc"} == {"TooManyAtOnce"}


@pytest.mark.parametrize(
    "held",
    [
        fleet(A, unreadable=(UnreadableClaim("claims/x.yaml", ""),)),
        fleet(A, claims=(make_claim("accept", cluster="x", intent="gone", pairing_uid="r-x"),)),
        fleet(A, evidence=(evidence_of_cluster("x", is_complete=True),)),
    ],
)
def test_what_was_or_may_have_been_accepted_takes_a_place(held: Fleet) -> None:
    """By evidence, by a claim to accept, and by a file that nobody can read."""
    assert held.decided(limits=capped(acceptances_per_hour=1)).acting == ()
    assert held.decided(limits=capped(acceptances_per_hour=2)).acting == ("a",)


@pytest.mark.parametrize("cap", ["acceptances_at_once", "acceptances_per_hour"])
def test_a_cap_that_files_nobody_can_read_use_up_says_so(cap: str) -> None:
    """No pairing of another and no hour gives that place back: a person is told what does."""
    held = fleet(A, unreadable=(UnreadableClaim("claims/x.yaml", ""),))
    verdict = held.decided(limits=capped(**{cap: 1})).decisions["a"].verdict
    assert (verdict.reason, verdict.pace) == ("TooManyAtOnce", Pace.LATER)
    assert "claims/x.yaml on the status branch cannot be read" in verdict.message
    assert "delete claims/x.yaml" in verdict.human_action
    other = fleet(A, evidence=(evidence_of_cluster("x", is_complete=False),))
    assert (
        other.decided(limits=capped(**{cap: 1}))
        .decisions["a"]
        .verdict.human_action.startswith("wait for")
    )


@pytest.mark.parametrize(("claims", "files", "cap", "pace"), [
    (1, 0, 1, Pace.LATER), (1, 1, 2, Pace.LATER), (2, 0, 2, Pace.LATER), (1, 0, 2, Pace.SOON),
])  # fmt: skip
def test_a_cap_that_claims_at_lost_palettes_use_up_is_not_waited_for(
    claims: int, files: int, cap: int, pace: Pace
) -> None:
    """Alone or with files that nobody can read: a run that waits for a place would never end."""
    lost = tuple(
        make_claim("accept", id=f"n{n}", cluster=f"x{n}", intent="gone", palette="gone.example")
        for n in range(claims)
    )
    unreadable = tuple(UnreadableClaim(f"claims/{n}.yaml", "") for n in range(files))
    others = (evidence_of_cluster("y", is_complete=False),)
    held = fleet(A, claims=lost, unreadable=unreadable, evidence=others)
    verdict = held.decided(limits=capped(acceptances_at_once=cap)).decisions["a"].verdict
    assert (verdict.reason, verdict.pace) == ("TooManyAtOnce", pace)
    assert "gone.example" in verdict.human_action


@pytest.mark.parametrize(("cap", "is_told"), [
    ("acceptances_at_once", False), ("acceptances_per_hour", True),
])  # fmt: skip
def test_only_lost_places_under_the_same_cap_are_told(cap: str, is_told: bool) -> None:
    """What is paired takes none at once, whatever became of its Palette."""
    paired = replace(evidence_of_cluster("x", is_complete=True), palette="gone.example")
    busy = evidence_of_cluster("y", is_complete=False)
    held = fleet(A, evidence=(paired, busy)).decided(limits=capped(**{cap: 1}))
    assert ("gone.example" in held.decisions["a"].verdict.human_action) is is_told


def test_evidence_that_nobody_can_read_uses_up_the_hour() -> None:
    """It has no time that could pass."""
    records = replace(fleet(A).records, unreadable_evidence=("evidence/x.yaml",))
    decided = fleet(A).decided(limits=capped(acceptances_per_hour=1), records=records)
    assert decided.acting == ()
    assert "evidence/x.yaml" in decided.decisions["a"].verdict.human_action


def test_more_than_can_be_looked_at_again_waits_for_its_turn() -> None:
    """It is put off, and not blocked; what rests or is done in this run takes no turn."""
    limits = FleetLimits(capacity=Capacity(at_hosts=1, at_palette=1, requests=9))
    decided = fleet(A, B).decided(limits=limits)
    assert decided.acting == ("a",)
    assert decided.decisions["b"].waits_for_turn
    resting = fleet(A, B).decided(limits=replace(limits, resting=frozenset({"a"})))
    assert resting.acting == ("b",)
    assert resting.decisions["a"].waits_for_turn
    done = fleet(A, B).decided(limits=replace(limits, done=frozenset({"a"})))
    assert done.acting == ("b",)
    assert done.decisions["a"].action


def test_a_plan_with_one_step_that_moved_lets_nothing_through() -> None:
    """And what it does not hold takes no place under a cap that its own steps need."""
    both = fleet(A, B)
    free = both.decided().decisions
    steps = {n: PlannedStep(free[n].action, free[n].basis.digest) for n in "ab"}
    one_place = capped(acceptances_at_once=1)
    assert both.decided(PlanInForce({"b": steps["b"]}), limits=one_place).acting == ("b",)
    moved = both.decided(PlanInForce(steps), limits=one_place)
    assert (moved.moved, moved.acting) == ({"b"}, ())


def test_a_plan_is_held_against_actions_as_it_shows_them() -> None:
    """A secret in it is masked, on both sides."""
    decision = fleet(A).decided().decisions["a"]
    plan = PlanInForce({"a": PlannedStep("masked", decision.basis.digest)}, lambda _: "masked")
    assert fleet(A).decided(plan).acting == ("a",)


def test_what_no_intent_names_is_rejected_only_where_all_were_looked_for() -> None:
    """The document of the Palette says so, and nothing is unknown."""
    alien = fleet(A, rejects=True, alien_request=True)
    assert [one.pairing_uid for one in alien.decided().unrecognized["production"].requests] == [
        "r-alien"
    ]
    assert alien.decided().acting == ("a", "unrecognized-r-alien")
    assert "unrecognized-r-alien" in alien.decided().seen
    some = replace(alien.observations, all_looked_for=False)
    assert alien.decided(observations=some).acting == ("a",)
    broken = replace(alien, members=(A, Member("b", "c2", sight="broken")))
    assert broken.decided().acting == ("a",)


def test_all_hosts_are_looked_at_before_a_request_is_rejected() -> None:
    """A settled intent's cluster is known from the record only; without a request it may rest."""
    settled = (A, Member("b", "c2", sight="settled"))
    for alien, rejects in ((True, True), (True, False), (False, True)):
        known = fleet(*settled, rejects=rejects, alien_request=alien)
        seen = must_see_all_hosts(known.documents, known.records, known.observations)
        assert seen is (alien and rejects)
    looked = fleet(A, B, rejects=True, alien_request=True)
    assert not must_see_all_hosts(looked.documents, looked.records, looked.observations)


def test_nothing_is_rejected_on_an_earlier_look_at_a_host() -> None:
    """Another cluster may be at its address by now; one that the intent names by its uid is not."""
    earlier = Member("b", "c2", sight="earlier")
    known = fleet(A, earlier, rejects=True, alien_request=True)
    assert must_see_all_hosts(known.documents, known.records, known.observations)
    assert known.decided().acting == ("a", "b")
    assert known.decided().unrecognized["production"].unseen == ("b",)
    both = fleet(A, B, rejects=True, alien_request=True)
    late = replace(both.observations.looks["b"], began_s=both.records.read_s - 1)
    seen = replace(both.observations, looks={**both.observations.looks, "b": late})
    assert must_see_all_hosts(both.documents, both.records, seen)
    assert both.decided(observations=seen).acting == ("a", "b")
    named = replace(known, members=(A, replace(earlier, names_cluster=True)))
    assert named.decided().acting == ("a", "b", "unrecognized-r-alien")


def test_a_paired_intent_stays_as_it_is_while_palette_cannot_be_seen() -> None:
    """Pairing cannot be undone; where Palette lists no such cluster, its host is looked at."""
    settled = fleet(Member("a", "c1", sight="settled"))
    intents, records = settled.documents.intents, settled.records
    dark = {"production": make_view(problem=PROBLEM)}
    assert settled_intents(intents, records, dark, now=NOW) == records.statuses
    assert settled_intents(intents, records, {"production": make_view()}, now=NOW) == {}
