"""The scenes of the model: worlds that the rules hold in, and what happens in them by itself."""

from dataclasses import replace

from model.records import Intent
from model.scene import (
    LATE_FAULTS,
    LIFETIME_S,
    ONE_SHOT,
    STAYS,
    Event,
    Fault,
    Mixture,
    Scene,
    Setup,
)
from model.world import MARGIN_S, Commit, World

BY_ID = ("pairing_uid",)
BY_UID = ("pairing_uid", "uid")
BY_ALL = ("pairing_uid", "uid", "name")
"""What a liar takes from its victim."""

BEYOND_MARGIN_S = LIFETIME_S + MARGIN_S
FAR_BACK_S = -300
"""Steps of Palette's clock."""


# What people and hosts do. Each returns whether its time has come.


def k1_is_deleted(world: World) -> bool:
    """The document of an intent goes."""
    del world.intents["k1"]
    return True


def k1_is_repointed(world: World) -> bool:
    """The document of an intent names another host."""
    world.intents["k1"] = Intent("c3", "edge3")
    return True


def k1_is_repointed_late(world: World) -> bool:
    """It does while something about its first host is on its way."""
    is_time = any(effect.cluster == "c1" for effect in world.late)
    if is_time:
        world.intents["k1"] = Intent("c2", "edge2")
    return is_time


def requests_are_cancelled(world: World) -> bool:
    """A person takes back what is pending, at the hosts and in Palette."""
    for address, host in world.hosts.items():
        request = world.requests.get(host.pairing_uid)
        if request and request.state == "pending":
            world.requests[host.pairing_uid] = request._replace(state="rejected")
            world.hosts[address] = host._replace(pairing_uid="")
    return True


def a_person_commits(world: World) -> bool:
    """Somebody else commits to the status branch."""
    records = world.tip(0).records.copy()
    records.operator += 1
    world.branches[0].append(Commit(world.count(), records))
    return True


def c2_lies(fields: tuple[str, ...]) -> Event:
    """Return the event from which on the host of c2 says of itself what is c1's."""

    def c2_begins_to_lie(world: World) -> bool:
        world.lies["c2"] = ("c1", fields)
        return True

    return c2_begins_to_lie


# What the scenes are made of.

K1, K2 = Intent("c1", "edge1"), Intent("c2", "edge2")
ONE = Scene()
TWO = replace(ONE, clusters={"c1": "edge1", "c2": "edge2"}, intents={"k1": K1, "k2": K2})
THREE = replace(TWO, clusters={**TWO.clusters, "c3": "edge3"})
SAME = replace(ONE, intents={"k1": K1, "k2": K1})
BOTH_ONE_SHOT = (ONE_SHOT, ONE_SHOT)
BOTH_KINDS = (STAYS, ONE_SHOT)
LATE = replace(ONE, faults=1, kinds=LATE_FAULTS, pauses=3, hesitations=10)
"""Actions take effect as late as they may, and processes sleep."""
CAP = replace(THREE, per_hour=1)
FLEET = replace(
    ONE,
    clusters={f"c{n}": f"edge{n}" for n in range(1, 5)},
    intents={f"k{n}": Intent(f"c{n}", f"edge{n}") for n in range(1, 5)},
    requested=("c1", "c2", "c3", "c4"),
    must_pair=("k1", "k2", "k3", "k4"),
    chances=Mixture(switches=(0.5, 0.9), lags=(0.1, 0.3)),
)
"""Many claims go into one commit, as many intents come to their action at the same time."""
FLEET_UNDER_CAP = replace(FLEET, per_hour=2, must_pair=(), until_s=60)
UNSURE = replace(
    CAP,
    kinds=(*LATE_FAULTS, Fault.ANSWER_LOST, Fault.CRASH_AFTER),
    pauses=3,
    wall_steps=3,
    must_pair=(),
    until_s=110,
)
"""There is a cap, and what became of an acceptance is often not known."""
UNDATED = replace(CAP, clusters={**CAP.clusters, "c0": "edge0"}, central=("c0",))
"""One acceptance was just before, and has no date."""
REWOUND = replace(ONE, rewinds=2, requested=("c1",), must_pair=(), until_s=60)
TWO_REPOSITORIES = replace(
    ONE,
    branches=2,
    processes=(STAYS, Setup(branch=1)),
    may_double=True,
    must_pair=(),
    until_s=90,
)
BRIEF = (Setup(lifetime_s=7), Setup(lifetime_s=7))
BRIEF_ONE_SHOT = tuple(replace(setup, stays=False) for setup in BRIEF)
EDGE = replace(
    ONE,
    requested=("c1",),
    processes=BRIEF,
    faults=1,
    kinds=(Fault.LATE_AND_CRASH,),
    pauses=2,
    hesitations=10,
    must_pair=(),
    until_s=40,
    chances=Mixture(faulty=(0.5,), paused=(0.3,)),
)
"""Claims are as brief as they may be, and holders die of what they send: all is about their end."""


def lying(
    fields: tuple[str, ...],
    name: str = "edge2",
    uid: str = "",
    pinned: str = "",
    victim: Intent | None = None,
) -> Scene:
    """Return a scene in which the host of c2 lies; `victim` is an intent for c1, if there is one.

    `name` is the name of c2, `uid` the one in its intent, `pinned` the one at first contact.
    """
    intents = {"k2": Intent("c2", name, uid)} | ({"k1": victim} if victim else {})
    return Scene(
        clusters={"c1": "edge1", "c2": name},
        intents=intents,
        requested=() if victim else ("c1",),
        pinned={"k2": pinned} if pinned else {},
        events=(c2_lies(fields),),
        must_pair=(),
        until_s=45,
    )


PAIRED_LIAR = replace(
    EDGE,
    clusters=TWO.clusters,
    intents=TWO.intents,
    requested=(),
    central=("c2",),
    pinned={"k1": "c1", "k2": "c2"},
    events=(c2_lies(BY_UID),),
)
"""A host that is paired takes the uid of one whose request is on its way."""

# A victim that was seen before, as one that nobody has seen yet has nothing on record.
VICTIM = replace(lying(BY_ALL, "edge1", victim=K1), pinned={"k1": "c1"})

SAFE = {
    "two clusters, wall clocks step": replace(TWO, wall_steps=3),
    "three processes": replace(TWO, processes=(STAYS, STAYS, ONE_SHOT), faults=3),
    "late effects": LATE,
    "late effects, two clusters": replace(LATE, clusters=TWO.clusters, intents=TWO.intents),
    "one-shot runs": replace(TWO, processes=BOTH_ONE_SHOT, wall_steps=3),
    "one-shot runs, late effects": replace(LATE, processes=BOTH_ONE_SHOT),
    "one stays, one does not": replace(LATE, processes=BOTH_KINDS),
    "lifetimes that differ": replace(LATE, processes=(Setup(lifetime_s=24), STAYS)),
    "brief claims": EDGE,
    "brief claims, one-shot runs": replace(EDGE, processes=BRIEF_ONE_SHOT),
    "a request is cancelled, a person commits": replace(
        ONE, events=(requests_are_cancelled, a_person_commits)
    ),
    "Palette's clock steps forward": replace(LATE, palette_step=BEYOND_MARGIN_S),
    "Palette's clock steps back": replace(LATE, palette_step=FAR_BACK_S, wall_steps=3),
    "Palette's clock steps back, one-shot runs": replace(
        LATE, processes=BOTH_ONE_SHOT, palette_step=FAR_BACK_S, must_pair=(), until_s=90
    ),
    "an intent is re-pointed": replace(THREE, events=(k1_is_repointed,)),
    "an intent is deleted": replace(TWO, events=(k1_is_deleted,)),
    "two intents for one cluster": replace(SAME, must_pair=(), until_s=60),
    "a liar takes the request id": lying(BY_ID),
    "a liar takes the request id, same names": lying(BY_ID, "edge1"),
    "a liar takes id and uid": lying(BY_UID),
    "a liar takes id, uid and name": lying(BY_ALL),
    "a liar takes all, seen before": lying(BY_ALL, "edge1", pinned="c2"),
    "a liar takes all, uid in the intent": lying(BY_ALL, "edge1", uid="c2"),
    "a liar takes all, its victim on record": VICTIM,
    "a liar takes all, its victim on record, late effects": replace(VICTIM, kinds=LATE_FAULTS),
    "a liar takes all, and the mode": replace(VICTIM, events=(c2_lies((*BY_ALL, "is_central")),)),
    "a paired host takes id and uid": PAIRED_LIAR,
    "a paired host takes all": replace(PAIRED_LIAR, events=(c2_lies(BY_ALL),)),
    "a cap, wall clocks step": replace(CAP, wall_steps=3),
    "a cap, one-shot runs": replace(CAP, processes=BOTH_ONE_SHOT),
    "a cap, an intent is re-pointed": replace(UNSURE, events=(k1_is_repointed,)),
    "a cap, an intent is deleted": replace(UNSURE, events=(k1_is_deleted,)),
    "a cap, an acceptance without a date": UNDATED,
    "a cap, an acceptance without a date, one-shot runs": replace(
        UNDATED, processes=BOTH_ONE_SHOT, must_pair=(), until_s=60
    ),
    "a fleet": FLEET,
    "a fleet, one-shot runs": replace(FLEET, processes=BOTH_KINDS),
    "a fleet under a cap": FLEET_UNDER_CAP,
    "a fleet under a cap, an intent is deleted": replace(FLEET_UNDER_CAP, events=(k1_is_deleted,)),
    "the branch is rewound": REWOUND,
    "the branch is rewound, late effects": replace(LATE, rewinds=1, must_pair=(), until_s=60),
    "two repositories": TWO_REPOSITORIES,
    "two repositories, two clusters": replace(
        TWO_REPOSITORIES, clusters=TWO.clusters, intents=TWO.intents
    ),
}
"""Where all rules are kept, none of these has a violation. Where `must_pair` is empty, not all
gets done: somebody has to decide, or has taken away what it takes."""

UNDISTURBED = {
    name: replace(scene, faults=0, pauses=0, wall_steps=0, palette_step=0, hesitations=0, events=())
    for name, scene in SAFE.items()
    if scene.must_pair
}
"""The scenes in which all gets done, without anything that goes wrong."""
