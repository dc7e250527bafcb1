"""Laws of `decide_all` that hold for every fleet, whoever was seen, and whatever is on record."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from fleet_worlds import CLUSTERS, Fleet, Member, acting, claim_of, fleets
from pairctl.pairing import (
    Accept,
    Capacity,
    Decision,
    FleetLimits,
    FleetRecords,
    PlanInForce,
    PlannedStep,
    Reject,
)
from pairctl.spec import Limits

LAWS = examples(150)
CAPS = st.integers(0, 4) | st.none()


def caps(**fields: int | None) -> Limits:
    """Make the operator's caps."""
    return Limits().model_copy(update=fields)


def steps_of(decisions: dict[str, Decision]) -> dict[str, PlannedStep]:
    """Return what a plan says of these decisions."""
    return {name: PlannedStep(one.action, one.basis.digest) for name, one in decisions.items()}


def turned(mapping: Mapping[str, Any], by: int) -> dict[str, Any]:
    """Return the same mapping in another order: the other way round, and turned by so many."""
    items = list(mapping.items())[::-1]
    return dict(items[by:] + items[:by])


@LAWS
@given(fleets())
def test_no_two_intents_act_on_one_cluster_or_request(fleet: Fleet) -> None:
    """Whatever their names, and whoever was seen now, earlier, or not at all.

    An intent that names the cluster keeps it against those that do not, and they never act.
    """
    done = acting(fleet.decided())
    actions = [one.action for one in done.values() if one.action]
    assert len({one.local_uid for one in actions}) == len(actions)
    requests = [one.pairing_uid for one in actions if one.pairing_uid]
    assert len(set(requests)) == len(requests)
    for name in done.keys() & fleet.documents.intents.keys():
        own = fleet.of(name)
        for other in fleet.members:
            is_known = other.sight in ("now", "earlier") and other.stage != "dark"
            is_known |= other.is_recorded or other.sight == "settled"
            if other.name != name and other.cluster == own.cluster and is_known:
                assert own.names_cluster
                assert not other.names_cluster or other.sight == "broken"


@LAWS
@given(
    fleets(stages=("pending",), sights=("now", "earlier"), is_apart=True),
    CAPS,
    CAPS,
    CAPS,
    st.integers(0, 2),
)
def test_no_cap_is_ever_exceeded(
    fleet: Fleet, at_once: int | None, per_hour: int | None, per_run: int | None, accepted: int
) -> None:
    """Clusters count: by claims to accept, by evidence, and by files that cannot be read."""
    limits = FleetLimits(
        caps(
            acceptances_at_once=at_once,
            acceptances_per_hour=per_hour,
            acceptances_per_run=per_run,
        ),
        accepted=accepted,
    )
    done = acting(fleet.decided(limits=limits))
    count = sum(isinstance(one.action, Accept) for one in done.values())
    claimed = {claim.cluster for claim in fleet.claims if claim.action == "accept"}
    claimed |= {one.path for one in fleet.unreadable}
    proven = {one.cluster for one in fleet.evidence}
    open_ones = {one.cluster for one in fleet.evidence if not one.is_complete}
    for cap, used in (
        (at_once, len(claimed | open_ones)),
        (per_hour, len(claimed | proven)),
        (per_run, accepted),
    ):
        assert cap is None or count <= max(0, cap - used)


@LAWS
@given(fleets())
def test_what_was_decided_earlier_is_evidence_of_nothing(fleet: Fleet) -> None:
    """Only what was looked at now, and rejections by the list of now, close claims."""
    decided, observations = fleet.decided(), fleet.observations
    earlier = observations.standing.keys() | observations.kept.keys()
    assert not decided.seen & earlier
    assert decided.seen & fleet.documents.intents.keys() <= observations.looks.keys()
    assert decided.seen <= decided.judged.keys()


@LAWS
@given(fleets(), st.sampled_from(CLUSTERS), st.sampled_from(["new", "pending", "dark"]))
def test_an_intent_more_lets_nobody_act_on_a_claimed_cluster(
    fleet: Fleet, cluster: str, stage: str
) -> None:
    """It may free a place under a cap for another; never what is claimed."""
    more = replace(fleet, members=(*fleet.members, Member("z", cluster, stage)))
    before, after = fleet.decided(), more.decided()
    binding = {one.cluster for one in fleet.claims if one.id not in fleet.over}
    for name, one in acting(after).items():
        assert one.action
        assert one.action.local_uid not in binding
        if name != "z":
            assert name in before.judged
            assert before.judged[name].action == one.action or fleet.view != more.view


@LAWS
@given(fleets(), st.integers(0, 4))
def test_the_order_of_what_is_given_changes_nothing(fleet: Fleet, by: int) -> None:
    """Of equals the first by name goes first, however the documents and looks are ordered."""
    limits = FleetLimits(caps(acceptances_at_once=3), Capacity(1, 1, 2))
    documents, seen, records = fleet.documents, fleet.observations, fleet.records
    usual = fleet.decided(limits=limits)
    other = fleet.decided(
        limits=limits,
        documents=replace(documents, intents=turned(documents.intents, by)),
        records=replace(records, statuses=turned(records.statuses, by)),
        observations=replace(
            seen,
            looks=turned(seen.looks, by),
            standing=turned(seen.standing, by),
            kept=turned(seen.kept, by),
        ),
    )
    assert other.acting == usual.acting
    assert dict(other.decisions) == dict(usual.decisions)
    assert list(usual.acting) == sorted(usual.acting)


@LAWS
@given(fleets(stages=("new", "pending"), sights=("now", "earlier"), is_apart=True), st.data())
def test_a_saved_plan_lets_nothing_through_that_it_does_not_hold(
    fleet: Fleet, data: st.DataObject
) -> None:
    """And nothing at all where one of its steps is not what is decided now."""
    free = acting(fleet.decided())
    names = sorted({*free, "gone"})
    chosen = data.draw(st.sets(st.sampled_from(names), min_size=1))
    odd = data.draw(st.sets(st.sampled_from(sorted(chosen))))
    steps = steps_of({name: one for name, one in free.items() if name in chosen})
    for name in odd & steps.keys():
        is_basis = data.draw(st.booleans())
        changed = {"digest": "sha256:other"} if is_basis else {"action": "another"}
        steps[name] = replace(steps[name], **changed)
    if "gone" in chosen:
        steps["gone"] = PlannedStep("an action", "sha256:gone")
    planned = fleet.decided(PlanInForce(steps))
    assert planned.moved == odd & free.keys() | ({"gone"} & chosen)
    assert set(planned.acting) == (set() if planned.moved else set(steps))


@LAWS
@given(
    fleets(sights=("now",)) | fleets(stages=("pending",), sights=("now",), is_apart=True),
    CAPS,
    CAPS,
)
def test_one_after_the_other_is_as_all_at_once(
    fleet: Fleet, at_once: int | None, per_hour: int | None
) -> None:
    """With the claims of those before in the batch counted as on record.

    Only rejecting what no intent names is not done after a claim: it takes a new look at all. And
    who accepts a cluster again takes a place in a batch, where on record the cluster counts once.
    """
    limits = caps(acceptances_at_once=at_once, acceptances_per_hour=per_hour)
    at_once_done = set(fleet.decided(limits=FleetLimits(limits)).acting)
    records, done = fleet.records, set()
    for _ in range(len(fleet.members) + 2):
        first = fleet.decided(records=records, limits=FleetLimits(limits, done=frozenset(done)))
        if not first.acting:
            break
        name = first.acting[0]
        done.add(name)
        claim = claim_of(first.decisions[name])
        assert claim.cluster not in {
            one.cluster for one in records.claims if one.id not in fleet.over
        }
        records = replace(
            records,
            claims=(*records.claims, claim),
            first_s={**records.first_s, claim.id: records.read_s},
        )
    intents = fleet.documents.intents.keys()
    counted = {one.cluster for one in (*fleet.claims, *fleet.evidence)}
    assert done & intents >= at_once_done & intents
    if counted.isdisjoint(CLUSTERS):
        assert done & intents == at_once_done & intents
        assert done <= at_once_done


@LAWS
@given(fleets(sights=("now", "now", "unseen")))
def test_what_is_on_record_lets_nobody_act(fleet: Fleet) -> None:
    """For every status branch, the actions are among those with an empty one."""
    with_it, without = fleet.decided(), fleet.decided(records=FleetRecords())
    for name, one in acting(with_it).items():
        assert name in without.acting
        assert without.decisions[name].action == one.action


@LAWS
@given(fleets(), st.data())
def test_what_is_under_way_keeps_its_place_and_is_not_done_again(
    fleet: Fleet, data: st.DataObject
) -> None:
    """Whether it was looked at meanwhile or not: nothing is begun that did not fit beside it."""
    limits = FleetLimits(capacity=Capacity(1, 1, 45))
    free = acting(fleet.decided(limits=limits))
    begun = data.draw(st.sets(st.sampled_from(sorted(free)))) if free else set()
    observations = fleet.observations.while_acting({name: free[name] for name in begun})
    is_seen = data.draw(st.booleans())
    if not is_seen:
        looks = {name: one for name, one in observations.looks.items() if name not in begun}
        observations = replace(observations, looks=looks)
    after = fleet.decided(limits=limits, observations=observations)
    assert not begun & set(after.acting)
    both = [*(free[name] for name in begun), *(after.decisions[name] for name in after.acting)]
    at_palette = [isinstance(one.action, Accept | Reject) for one in both]
    assert at_palette.count(True) <= 1
    assert at_palette.count(False) <= 1
    if not is_seen:
        own = begun & fleet.documents.intents.keys()
        assert {after.decisions[name].verdict.reason for name in own} <= {"ActionUnderWay"}
        assert not after.seen & own
