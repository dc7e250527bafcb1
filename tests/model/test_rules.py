"""Each rule of the claim protocol is needed: without it, some run finds a violation."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from model.decision import ACCEPT, Decision, Observation, Reader, decide
from model.explore import RUNS_EACH, explore, story
from model.records import Claim, Close, Intent, Prove, Records, Status
from model.rules import ALL_RULES, Rule
from model.scene import LATE_FAULTS, LIFETIME_S, STAYS, Fault, Mixture, Scene, Setup
from model.scenes import (
    BEYOND_MARGIN_S,
    BOTH_ONE_SHOT,
    BRIEF_ONE_SHOT,
    BY_ALL,
    BY_ID,
    BY_UID,
    CAP,
    EDGE,
    FAR_BACK_S,
    FLEET_UNDER_CAP,
    K1,
    ONE,
    PAIRED_LIAR,
    REWOUND,
    SAME,
    THREE,
    TWO,
    TWO_REPOSITORIES,
    UNDATED,
    UNSURE,
    VICTIM,
    a_person_commits,
    k1_is_deleted,
    k1_is_repointed,
    k1_is_repointed_late,
    lying,
)
from model.world import Host, PairingRequest

MOST_RUNS = 5000
"""So many runs find a violation, at the latest; most rules need a few dozen."""


class Without(NamedTuple):
    """Rules that are taken away together, and the scene that shows what they are for."""

    rules: tuple[Rule, ...]
    scene: Scene

    @property
    def name(self) -> str:
        """What is taken away."""
        return " and ".join(rule.name for rule in self.rules)


REQUESTED = replace(ONE, requested=("c1",))
BOTH_REQUESTED = replace(TWO, requested=("c1", "c2"))
OFTEN_LOST = replace(
    EDGE,
    kinds=(Fault.LATE_AND_CRASH, Fault.NOT_APPLIED),
    faults=3,
    pauses=3,
    chances=Mixture(faulty=(0.5,), paused=(0.6,)),
)
"""Pushes are lost as well, so that claims are tried again."""
ONE_SHOT_EDGE = replace(EDGE, processes=BRIEF_ONE_SHOT)
OVERTAKEN = replace(
    EDGE,
    clusters=TWO.clusters,
    requested=("c1", "c2"),
    per_hour=1,
    processes=(Setup(lifetime_s=5), Setup(lifetime_s=5)),
    events=(k1_is_repointed_late,),
    hesitations=30,
    until_s=25,
    chances=Mixture(faulty=(0.5,), paused=(0.3,), slow=(0.1,), lags=(0.3, 0.6), disturbed=(0.5,)),
)
"""An acceptance takes effect between a look and what is decided on it."""

CAUGHT = [
    Without((Rule.CLAIM_FIRST,), ONE),
    Without((Rule.FRESH_ID,), EDGE),
    Without((Rule.FIRST_READ_BY_ID,), EDGE),
    Without((Rule.CLOSED_BY_ID,), EDGE),
    Without((Rule.BINDS_HOLDER,), ONE),
    Without((Rule.DEADLINE_FROM_DATE,), ONE_SHOT_EDGE),
    Without((Rule.DEADLINE_ONCE,), replace(OFTEN_LOST, processes=BRIEF_ONE_SHOT)),
    Without((Rule.DEADLINE,), EDGE),
    Without((Rule.TIME_TO_SETTLE,), EDGE),
    Without((Rule.DEADLINE_NOT_BY_WALL,), replace(EDGE, wall_steps=3)),
    Without((Rule.DEADLINE_IN_SLEEP,), EDGE),
    Without((Rule.COMPARE_AND_SWAP,), ONE),
    Without((Rule.COMPARE_AND_SWAP,), replace(ONE, events=(a_person_commits,))),
    Without((Rule.DECIDE_AGAIN,), REQUESTED),
    Without((Rule.DECIDE_AGAIN,), CAP),
    Without((Rule.DECIDE_AGAIN,), FLEET_UNDER_CAP),
    Without((Rule.DECIDE_ALL_AGAIN, Rule.BRANCH_LAST), CAP),
    Without((Rule.DECIDE_ALL_AGAIN, Rule.BRANCH_LAST), FLEET_UNDER_CAP),
    Without((Rule.DECIDE_IN_TURN, Rule.BRANCH_LAST), CAP),
    Without((Rule.DECIDE_IN_TURN, Rule.BRANCH_LAST), FLEET_UNDER_CAP),
    Without((Rule.DECIDE_IN_TURN, Rule.BRANCH_LAST, Rule.DUPLICATES), replace(SAME, must_pair=())),
    Without((Rule.OWN_GENERATION,), replace(THREE, events=(k1_is_repointed,), until_s=150)),
    Without(
        (Rule.ACTION_NAMES_CLUSTER,),
        replace(
            EDGE,
            clusters=THREE.clusters,
            intents=THREE.intents,
            requested=("c1", "c3"),
            events=(k1_is_repointed,),
        ),
    ),
    Without(
        (Rule.OWN_PUSH_FOUND,),
        replace(
            ONE,
            processes=(STAYS,),
            kinds=(Fault.ANSWER_LOST,),
            pauses=0,
            hesitations=0,
            until_s=25,
        ),
    ),
    Without((Rule.LOOK_AGAIN,), REQUESTED),
    Without(
        (Rule.LIST_AFTER_TIP, Rule.LIST_AFTER_CLAIM),
        replace(BOTH_REQUESTED, faults=1, pauses=0, hesitations=0),
    ),
    Without((Rule.LIST_AFTER_CLAIM,), REWOUND),
    Without((Rule.BRANCH_LAST,), REWOUND),
    Without((Rule.SEND_ONCE,), ONE),
    Without((Rule.OWN_CLOCK,), replace(EDGE, palette_step=BEYOND_MARGIN_S)),
    Without((Rule.NOT_BY_WALL,), replace(EDGE, wall_steps=4)),
    Without((Rule.DATE_ENDS_CLAIM,), replace(TWO, processes=BOTH_ONE_SHOT)),
    Without((Rule.DATE_AFTER_CLAIM,), replace(ONE_SHOT_EDGE, palette_step=FAR_BACK_S, pauses=1)),
    Without((Rule.MARGIN,), ONE_SHOT_EDGE),
    Without((Rule.OVER_AT_BEGINNING,), OVERTAKEN),
    Without((Rule.LARGER_LIFETIME,), replace(EDGE, processes=(STAYS, Setup(lifetime_s=7)))),
    Without((Rule.LIST_CLUSTER,), lying(BY_ID, "edge1")),
    Without((Rule.LIST_NAME,), lying(BY_UID)),
    Without((Rule.HOST_NAME, Rule.LIST_NAME), lying(BY_ALL)),
    Without(
        (Rule.REQUEST_BY_ID,),
        replace(ONE, clusters={"c1": "edge1", "c2": "edge1"}, requested=("c2",)),
    ),
    Without((Rule.PINNED_UID,), lying(BY_ALL, "edge1", pinned="c2")),
    Without((Rule.INTENT_UID,), lying(BY_ALL, "edge1", uid="c2")),
    Without((Rule.DUPLICATES,), VICTIM),
    Without(
        (Rule.UID_KEEPS_CLUSTER,),
        replace(
            lying(BY_ALL, "edge1", victim=Intent("c1", "edge1", "c1")),
            must_pair=("k1",),
            until_s=80,
        ),
    ),
    Without((Rule.COUNT_BY_CLUSTER,), replace(UNSURE, events=(k1_is_repointed,))),
    Without((Rule.COUNT_BY_CLUSTER,), replace(UNSURE, events=(k1_is_deleted,))),
    Without((Rule.COUNT_CLAIMS,), UNSURE),
    Without((Rule.CLOSED_WITH_EVIDENCE,), UNSURE),
    Without((Rule.LIST_SHOWS_EFFECT,), PAIRED_LIAR),
    Without((Rule.LIST_BEFORE_CLOSING,), replace(UNSURE, events=(k1_is_deleted,))),
    Without(
        (Rule.HOUR_FROM_EFFECT,),
        replace(CAP, processes=BOTH_ONE_SHOT, kinds=LATE_FAULTS, requested=("c1", "c2")),
    ),
    Without((Rule.HOUR_NOT_BY_WALL,), replace(CAP, wall_steps=4, must_pair=(), until_s=100)),
    Without(
        (Rule.UNDATED_COUNTS,),
        replace(UNDATED, processes=BOTH_ONE_SHOT, must_pair=(), until_s=60),
    ),
    Without((Rule.OWN_BY_ANSWER,), TWO_REPOSITORIES),
]

HELD_BY_OTHERS = [
    Without((Rule.TIP_ONLY_FORWARD,), TWO),  # what is decided on an older tip loses its push
    Without((Rule.BINDS_REQUEST,), lying(BY_ID, "edge1", victim=K1)),  # Palette lists the cluster
    Without((Rule.BINDS_REQUEST,), EDGE),
    Without((Rule.DECIDE_IN_TURN,), CAP),  # the last look reads the branch
    Without((Rule.DECIDE_ALL_AGAIN,), FLEET_UNDER_CAP),  # likewise
    Without((Rule.BRANCH_LAST,), CAP),  # decided in turn, and nobody rewinds
    Without((Rule.DUPLICATES,), replace(SAME, must_pair=(), until_s=60)),  # claims bind by cluster
    Without((Rule.HOST_NAME,), lying(BY_ALL)),  # Palette lists the name
    Without((Rule.LIST_AFTER_CLAIM,), BOTH_REQUESTED),  # the tip was read before
    Without((Rule.OWN_BY_ANSWER,), TWO),  # with one branch a request may be adopted
]
"""Where others make up for what is taken away."""
SECOND_LINES = {Rule.TIP_ONLY_FORWARD, Rule.BINDS_REQUEST}
"""Others make up for these in every scene there is."""


@pytest.mark.parametrize("case", CAUGHT, ids=lambda case: case.name)
def test_a_rule_that_is_taken_away_is_missed(case: Without) -> None:
    """Some run finds a violation; with all rules the same runs find none."""
    less = ALL_RULES - set(case.rules)
    found = explore(case.scene, less, range(MOST_RUNS), case.name)
    assert found is not None
    kept = explore(case.scene, ALL_RULES, range(found.run + 1), case.name)
    assert kept is None, story(case.scene, ALL_RULES, kept)


@pytest.mark.parametrize("case", HELD_BY_OTHERS, ids=lambda case: case.name)
def test_other_rules_hold_where_one_is_taken_away(case: Without) -> None:
    """No run finds a violation: the comments of the table say what makes up for it."""
    less = ALL_RULES - set(case.rules)
    found = explore(case.scene, less, range(RUNS_EACH), case.name)
    assert found is None, story(case.scene, less, found)


def test_each_rule_is_taken_away() -> None:
    """A rule that is added needs a scene that misses it; the numbers have no gap."""
    missed = {rule for case in CAUGHT for rule in case.rules}
    assert missed | SECOND_LINES == ALL_RULES
    assert not missed & SECOND_LINES
    assert {rule.number for rule in Rule} == set(range(19))


def test_a_list_that_is_older_than_the_look_at_the_host_dates_nothing() -> None:
    """An acceptance that the host shows and the list does not is dated by the next list."""
    reader = Reader("P0", ALL_RULES, {"k1": K1}, True, LIFETIME_S, 1, True, {}, 50, 50)
    claim = Claim("n1", "c1", "p1", ACCEPT, "P1", "branch-0", LIFETIME_S, "palette", 40)
    records = Records({"c1": claim}, {}, {"k1": Status("c1", "c1")})
    host = Host("c1", "edge1", "p1", is_central=True)

    def decided(state: str) -> Decision:
        requests = {"p1": PairingRequest("c1", "edge1", state)}
        return decide("k1", Observation(K1, host, requests, 45, 49, 49, 1), records, reader)

    assert decided("pending").edits == ()
    assert decided("accepted").edits[:2] == (Close("c1", "n1"), Prove("c1", "c1", 45))


def test_a_seed_plays_the_same_run() -> None:
    """What a run found can be looked at again."""
    less = ALL_RULES - {Rule.BINDS_HOLDER}
    found = explore(ONE, less, range(MOST_RUNS))
    assert found is not None
    once, again = story(ONE, less, found), story(ONE, less, found)
    assert once == again
    assert once.endswith(found.what)
