"""What a run of the model starts from, and what may go wrong in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from model.records import Intent

if TYPE_CHECKING:
    from model.world import World

Event = Callable[["World"], bool]
"""Something that people or hosts do by themselves; False: its time has not come."""

REQUEST_S = 1
"""Assumed: an action leaves at most so long after its last check."""
SETTLE_S = 4
"""Assumed: an action takes effect at most so long after it left."""
LIFETIME_S = 12
"""So long a claim binds, where a process is set up as usual."""


class Fault(Enum):
    """What may become of one request, apart from being answered."""

    CRASH_BEFORE = auto()
    """The process dies, and the request did not arrive."""
    CRASH_AFTER = auto()
    """The process dies, and the request took effect."""
    NOT_APPLIED = auto()
    """There is no answer, and the request did not arrive."""
    ANSWER_LOST = auto()
    """There is no answer, and the request took effect."""
    LATE = auto()
    """There is no answer, and the request takes effect later."""
    LATE_AND_CRASH = auto()
    """The process dies, and the request takes effect later."""

    __hash__ = object.__hash__


EVERY_FAULT = tuple(Fault)
LATE_FAULTS = (Fault.LATE, Fault.LATE_AND_CRASH)


@dataclass(frozen=True, slots=True)
class Setup:
    """One pairctl: it stays, or it is a run that a pipeline starts again and again."""

    stays: bool = True
    lifetime_s: int = LIFETIME_S
    branch: int = 0


STAYS = Setup()
ONE_SHOT = Setup(stays=False)


class Chances(NamedTuple):
    """How often things happen in one run, each from 0 to 1."""

    switches: float
    """Another task goes on."""
    lags: float
    """An answer has arrived, and its task does not go on yet."""
    faulty: float
    """A push is faulty; a look is less often, an action more often."""
    paused: float
    """A process sleeps when a push has arrived; likewise."""
    slow: float
    """Time passes before a request arrives."""
    disturbed: float
    """Something happens by itself."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """What the chances of a run are drawn from: runs that differ find more than one mixture."""

    switches: tuple[float, ...] = (0.05, 0.2, 0.5)
    lags: tuple[float, ...] = (0.0, 0.1, 0.3)
    faulty: tuple[float, ...] = (0.05, 0.15, 0.4)
    paused: tuple[float, ...] = (0.02, 0.1, 0.3)
    slow: tuple[float, ...] = (0.02, 0.1, 0.3)
    disturbed: tuple[float, ...] = (0.01, 0.04, 0.12)

    def drawn(self, rng: Random) -> Chances:
        """Draw the chances of one run."""
        return Chances(
            rng.choice(self.switches),
            rng.choice(self.lags),
            rng.choice(self.faulty),
            rng.choice(self.paused),
            rng.choice(self.slow),
            rng.choice(self.disturbed),
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """The world at the start, the processes, and how much may go wrong in a run.

    `clusters` gives the name of the cluster at each address; its uid is the address.
    """

    clusters: Mapping[str, str] = field(default_factory=lambda: {"c1": "edge1"})
    intents: Mapping[str, Intent] = field(default_factory=lambda: {"k1": Intent("c1", "edge1")})
    processes: tuple[Setup, ...] = (STAYS, STAYS)
    branches: int = 1
    """Each in a repository of its own."""
    per_hour: int = 0
    """The cap, if any."""

    requested: tuple[str, ...] = ()
    """The clusters that a person made requests for, before pairctl came."""
    central: tuple[str, ...] = ()
    """The clusters that were accepted just before, with evidence that has no date."""
    pinned: Mapping[str, str] = field(default_factory=dict)
    """The uid on record of an intent from before."""

    faults: int = 2
    kinds: tuple[Fault, ...] = EVERY_FAULT
    pauses: int = 1
    wall_steps: int = 0
    palette_step: int = 0
    """By how much Palette's clock steps, once."""
    hesitations: int = 14
    """How often time passes while somebody has something to do."""
    rewinds: int = 0
    """How often a branch is rewound, while nothing is on its way."""
    rewinds_any_time: bool = False
    """Whether something may be on its way."""
    may_double: bool = False
    """Whether two requests of a cluster are no violation."""
    leaves_within_s: int = REQUEST_S
    settles_within_s: int = SETTLE_S
    events: tuple[Event, ...] = ()
    """What happens sooner or later, in this order."""

    must_pair: tuple[str, ...] = ("k1", "k2")
    """The intents that must be Paired at the end, where they still exist."""
    until_s: int = 260
    chances: Mixture = Mixture()
