"""How far a rollout is: what views and the status branch show of it. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class MemberState(StrEnum):
    """Where one intent of a rollout is.

    BLOCKED waits for a person or the world, by its own status; DARK is one whose Local UI does not
    answer, and that was never accepted; HELD is ready, and the rollout holds it back; WAITING is
    suspended, or was not looked at in this pass. FAILED has met a no, or was given up after its
    acceptance.
    """

    PAIRED = "paired"
    UNDER_WAY = "underWay"
    HELD = "held"
    WAITING = "waiting"
    BLOCKED = "blocked"
    DARK = "dark"
    FAILED = "failed"


class RolloutPhase(StrEnum):
    """Where a rollout is: PROGRESSING while something is under way, or may begin."""

    PROGRESSING = "Progressing"
    WAITING = "Waiting"
    SUSPENDED = "Suspended"
    HALTED = "Halted"
    COMPLETE = "Complete"


@dataclass(frozen=True, slots=True)
class Wait:
    """The one thing that a rollout, or one of its members, waits for: a reason, and words."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class WaveState:
    """One wave. `members` are its intents by their state, sorted; a state of none is left out.

    `is_open` is whether the waves before are complete; its gate is apart: `unapproved` are the
    members that no approval covers, of a wave with a gate, and `digest` is what an approval of just
    these has to say. `unhealthy` are members that are paired, and that Palette does not show as
    healthy now.
    """

    name: str
    members: Mapping[MemberState, tuple[str, ...]]
    is_open: bool
    is_complete: bool
    has_gate: bool = False
    unapproved: tuple[str, ...] = ()
    digest: str = ""
    unhealthy: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many intents are in the wave."""
        return sum(map(len, self.members.values()))

    def count(self, state: MemberState) -> int:
        """How many of its intents are in a state."""
        return len(self.members.get(state, ()))


@dataclass(frozen=True, slots=True)
class RolloutState:
    """One rollout, as it stands by one pass. Instants are UTC.

    `current` is the first wave that is not complete, None where all are. `waits_for` is why nothing
    more begins now; None where something may. `goes_on_at` is when it may at the earliest, where
    that is known: the next window's beginning. `pace_left` is how many may begin now, None where
    there is no pace. `ends_at` is when all that can be paired are, at this pace and in these
    windows; None where there is no pace of an hour, or nothing left. `halted` is the cause of a
    halt, else empty. `untouched` are members that nothing was sent for; `in_no_wave` are those that
    no wave selects, and `unread` what may hold members that are not known.
    """

    name: str
    phase: RolloutPhase
    waves: tuple[WaveState, ...]
    current: str | None = None
    waits_for: Wait | None = None
    goes_on_at: datetime | None = None
    pace_left: int | None = None
    ends_at: datetime | None = None
    halted: str = ""
    untouched: tuple[str, ...] = ()
    in_no_wave: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    members: Mapping[str, str] = field(default_factory=dict)
    """The wave of each member, by its name."""

    @property
    def size(self) -> int:
        """How many intents are in its waves."""
        return sum(wave.size for wave in self.waves)

    def count(self, state: MemberState) -> int:
        """How many of its intents are in a state."""
        return sum(wave.count(state) for wave in self.waves)
