"""What a rule comes to: a phase, at most one action, and what is waited for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from pairctl.pairing.action import Action
from pairctl.pairing.case import Case
from pairctl.pairing.facts.phase import Phase
from pairctl.problem import Problem


class Pace(StrEnum):
    """When to look again: SOON while something is under way, LATER while somebody must act."""

    SOON = "soon"
    LATER = "later"
    SETTLED = "settled"


def is_blocked(phase: Phase | None, human_action: str) -> bool:
    """Whether an intent goes on only if a person, or the world, does something.

    The one definition: for plans, exit codes, STATUS.md and machines.
    """
    return phase in (Phase.BLOCKED, Phase.FAILED) or bool(human_action)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one rule. `human_action` says what a person does, where one must."""

    phase: Phase
    reason: str
    message: str
    pace: Pace
    action: Action | None = None
    waiting_for: str = ""
    human_action: str = ""

    @property
    def is_blocked(self) -> bool:
        """Whether it goes on only if a person, or the world, does something."""
        return self.action is None and is_blocked(self.phase, self.human_action)

    @property
    def is_done(self) -> bool:
        """Whether what is desired holds; an intent that is suspended only waits."""
        return self.pace is Pace.SETTLED and self.phase is not Phase.WAITING


Judge = Callable[[Case], Verdict | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the decision table: what it is about, what follows, and the code of both.

    `judge` returns None where the row does not apply; the first row that applies decides.
    """

    observed: str
    decision: str
    judge: Judge


def settled(phase: Phase, reason: str, message: str) -> Verdict:
    """Return the verdict that there is nothing left to do."""
    return Verdict(phase, reason, message, Pace.SETTLED)


def under_way(phase: Phase, reason: str, message: str, waiting_for: str) -> Verdict:
    """Return the verdict that something is under way that needs nobody: look again soon."""
    return Verdict(phase, reason, message, Pace.SOON, waiting_for=waiting_for)


def act(phase: Phase, action: Action, reason: str) -> Verdict:
    """Return the verdict to do one thing now. `phase` is what holds until it is done."""
    return Verdict(phase, reason, str(action), Pace.SOON, action, waiting_for="pairctl's next step")


def blocked(problem: Problem, waiting_for: str = "") -> Verdict:
    """Return the verdict to do nothing until a person, or the world, removes the problem."""
    return Verdict(
        Phase.BLOCKED,
        problem.reason,
        problem.message,
        Pace.LATER,
        waiting_for=waiting_for or problem.message,
        human_action=problem.hint,
    )


def failed(problem: Problem) -> Verdict:
    """Return the verdict that the other side said no: only a change of the intent helps."""
    return replace(blocked(problem, "a change of the intent"), phase=Phase.FAILED)
