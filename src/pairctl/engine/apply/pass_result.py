"""What a pass came to, and what follows from it for the run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pairctl.engine.apply.executor import Outcome
from pairctl.engine.desired.source import Source
from pairctl.pairing import Decision, RolloutState, Status
from pairctl.problem import Problem


@dataclass(frozen=True, slots=True)
class PassResult:
    """What a pass came to: the status of every intent, and what was done on the way.

    `commit` is the status commit that it made, None where nothing changed. Of a run that carries a
    plan out, `left_alone` are the intents that it has nothing (more) to do for, `undone` those
    whose planned action is still to be done. `unseen_palettes` could not be looked at.
    `earlier` is what was done in earlier passes of the same run, in order. `is_ready` is whether
    the next pass can go on at once: actions only wait for their turn. `unseen` are the intents
    that the first look has not come in for. `selected` are the intents that the run is about, None
    for all; `statuses` are of all. `acting` are the intents whose action is under way. `rollouts`
    are how far rollouts are, by name, of those whose members were all seen.
    """

    source: Source
    statuses: Mapping[str, Status]
    decisions: Mapping[str, Decision]
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    commit: str | None = None
    left_alone: frozenset[str] = frozenset()
    undone: frozenset[str] = frozenset()
    unseen_palettes: Mapping[str, Problem] = field(default_factory=dict)
    earlier: tuple[tuple[str, Outcome], ...] = ()
    is_ready: bool = False
    unseen: frozenset[str] = frozenset()
    selected: frozenset[str] | None = None
    acting: frozenset[str] = frozenset()
    rollouts: Mapping[str, RolloutState] = field(default_factory=dict)

    @property
    def own_statuses(self) -> Mapping[str, Status]:
        """The statuses of the intents that the run is about."""
        if self.selected is None:
            return self.statuses
        return {name: one for name, one in self.statuses.items() if name in self.selected}

    @property
    def all_outcomes(self) -> tuple[tuple[str, Outcome], ...]:
        """What was done in this run, by intents' names, in order."""
        return (*self.earlier, *self.outcomes.items())

    @property
    def holds_back(self) -> bool:
        """Whether an action waits for its turn, as many others went first."""
        return any(one.waits_for_turn for one in self.decisions.values())

    @property
    def is_settled(self) -> bool:
        """Whether looking again soon can show nothing new without anybody's help."""
        mine = (d for name, d in self.decisions.items() if name not in self.left_alone)
        return not (self.unseen or self.acting) and not any(
            decision.is_under_way for decision in mine
        )

    @property
    def is_blocked(self) -> bool:
        """Whether something goes on only if a person, or the world, does something.

        What could not be read counts as that: nobody knows what stands in it.
        """
        mine = (s for name, s in self.own_statuses.items() if name not in self.left_alone)
        is_held = bool(self.undone or self.source.refusals)
        return is_held or any(status.is_blocked for status in mine)
