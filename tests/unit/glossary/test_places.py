"""Where a reason can stand, by the table, is where the decisions put it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from hypothesis import given

from campaign_factory import rolled, spec, wave
from layers_factory import make_profile
from pairctl.glossary import REASONS
from pairctl.pairing import (
    ConditionType,
    Decision,
    LocalRequestStatus,
    Phase,
    RequestState,
    TokenFacts,
    Truth,
    held_as_duplicate,
    held_by_cap,
    held_for_turn,
    held_while_acting,
)
from pairctl.spec import Desired
from pairctl.spec.kinds import PairingRequestReference
from pairing_factory import (
    ADD_ON,
    ELSEWHERE,
    INFRA_PROFILE,
    NOW,
    PROBLEM,
    make_entry,
    make_listing,
    make_match,
    make_snapshot,
)
from pairing_worlds import ODD, PENDING, STAGES, Facts, World, make_world, worlds
from reason_words import words_of_source

Place = tuple[str, Phase | ConditionType, Truth]
"""A word, the phase or condition that it is the reason of, and the status that goes with it."""

PAIRING, REJECTED = LocalRequestStatus.PAIRING, LocalRequestStatus.REJECTED
LONG_AGO = NOW - timedelta(days=1)
AUTO = make_match(profiles=None, select="Auto", onAmbiguous="Block")
TWIN = make_listing(make_profile("retail-twin", *ADD_ON.layers))
BASE, MORE = make_listing(INFRA_PROFILE), make_listing(ADD_ON)
BY_TAGS = PairingRequestReference(tags={"shop": "42"})

# Worlds with more than one odd thing, for words that no single one leads to.
RARE: list[Facts] = [
    {"status": PAIRING, "endpoint": ELSEWHERE, "replace_request": True},
    {"status": LocalRequestStatus.PAIRED, "endpoint": ELSEWHERE},
    {"status": PAIRING, "pairing_uid": "u1", "requested_at": LONG_AGO},
    {"status": LocalRequestStatus.PAIRED, "accepted_at": LONG_AGO},
    {
        "status": PAIRING,
        "entry": make_entry(RequestState.REJECTED),
        "attempt": 2,
    },
    {"desired": Desired.LOCAL, "status": REJECTED, "entry": make_entry(local_uid="other")},
    {
        "desired": Desired.LOCAL,
        "status": REJECTED,
        "entry": make_entry(local_uid=""),
        "snapshot": make_snapshot(local_uid=""),
    },
    {
        "desired": Desired.REJECTED,
        "request": BY_TAGS,
        "entry": make_entry(),
        "other_entry": make_entry(pairing_uid="u2"),
        "tags": {"u1": {"shop": "42"}, "u2": {"shop": "42"}},
    },
    {
        "status": LocalRequestStatus.PAIRED,
        "entry": make_entry(RequestState.ACCEPTED),
        "accepted_at": NOW - timedelta(days=1),
    },
    {"routes_answer": False, "pairing_uid": "u1"},
    {"match": make_match(profiles=[{"name": ADD_ON.name}])},
    {"match": make_match(profiles=[{"name": ADD_ON.name, "version": "0.9.0"}])},
    {"match": AUTO, "profiles": ()},
    {"match": AUTO, "profiles": (BASE, MORE, TWIN)},
    {"profiles": (BASE, MORE, MORE)},
    {"profiles": (BASE, make_listing(ADD_ON, latest=None, why_not="only a draft"))},
    {"token": TokenFacts("edge-retail", is_active=True, default_project="another")},
]
# The schema asks for a match, and a cluster that was not seen is told as NoCluster first.
NEVER_REACHED = {(word, Phase.BLOCKED, Truth.FALSE) for word in ("NoProfileMatch", "LayersNotSeen")}


def places_of(decision: Decision) -> Iterator[Place]:
    """Yield each word of a decision where it stands; Ready has that of the phase."""
    for condition in decision.conditions:
        is_ready = condition.type is ConditionType.READY
        place = decision.phase if is_ready else condition.type
        yield condition.reason, place, condition.status


def told() -> set[Place]:
    """Return all places of the table."""
    return {
        (word, place, reason.truth)
        for word, reason in REASONS.items()
        for place in (*reason.phases, *reason.conditions)
    }


def all_worlds() -> Iterator[Facts]:
    """Yield every stage of a pairing with every single odd thing, and the rare ones."""
    yield from STAGES
    for stage in STAGES:
        yield from ({**stage, name: value} for name, values in ODD.items() for value in values)
    yield from RARE


def held_decisions(decisions: Iterable[Decision]) -> Iterator[Decision]:
    """Yield the decisions that are held back from outside of the tables."""
    yield from (held_for_turn(one) for one in decisions if one.action)
    yield from (held_while_acting(one) for one in decisions if one.action)
    ready = make_world(PENDING).decided()
    yield held_as_duplicate(ready, ["store-0042", "store-0043"])
    yield held_by_cap(ready, 1, "a run")
    yield from held_by_rollouts()


def held_by_rollouts() -> Iterator[Decision]:
    """Yield one decision for each reason why a rollout holds a member back."""
    night = {"days": ["mon"], "from": "02:00", "to": "03:00", "timeZone": "UTC"}
    gated, first = wave("canary", gate="Approval"), wave("canary")
    for one in (
        spec(suspend={"reason": "holidays", "by": "ops"}),
        spec(first, wave("rest")),
        spec(gated),
        spec(windows=[night]),
        spec(pace={"atOnce": 1}),
        spec(haltWhen={"failed": 1}),
    ):
        waves = {"a": "canary", "b": "canary", "c": "rest", "d": "nowhere"}
        states = dict.fromkeys(waves, "pending") | {"c": "failed"}
        yield from rolled(waves, states, one).decisions.values()
    now = {"from": f"{NOW:%H}:00", "to": f"{NOW:%H}:59", "timeZone": "UTC"}
    late, only = timedelta(hours=5), {"a": "canary"}
    yield from rolled(only, {"a": "ready"}, spec(windows=[now]), ahead=late).decisions.values()
    labels = {"a": {"fleet": "emea", "wave": "rest"}}
    yield from rolled({"a": "rest"}, {"a": "ready"}, spec(first)).decisions.values()
    yield from rolled({"a": "rest"}, {"a": "ready"}, spec()).decisions.values()
    several = {"emea": spec(), "apac": spec()}
    for more in (
        {"rollouts": several, "labels": labels},
        {"rollouts": {}, "refused": ("rollout.yaml",)},
        {"rollouts": {}, "is_required": True},
    ):
        yield from rolled({"a": "rest"}, {"a": "ready"}, spec(), **more).decisions.values()


@given(worlds())
def test_no_word_stands_where_the_table_has_none(world: World) -> None:
    """Whatever is seen: phase and conditions have only words that are told for them."""
    seen = {place for place in places_of(world.decided()) if place[0] != PROBLEM.reason}
    assert seen <= told()


def test_every_place_in_the_table_is_reached() -> None:
    """Each word of the decisions can really stand where the table says that it can."""
    decisions = [make_world(facts).decided() for facts in all_worlds()]
    seen = {place for one in (*decisions, *held_decisions(decisions)) for place in places_of(one)}
    files = words_of_source()
    own = {word for word in REASONS if any(f.startswith("pairing/") for f in files[word])}
    promised = {place for place in told() if place[0] in own}
    assert promised - seen == NEVER_REACHED
