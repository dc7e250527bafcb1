"""Actions that come to nothing again and again: the status says why, and tries get rare. Pure.

The last look took too long, or the server refused the key or a limit in its own words. Each try
makes a claim, and closes it again: a host that stays slow is not worth two commits a minute. Where
most of many are too late it is no host's doing, but this machine's, its network's or Palette's:
then fewer are begun at once, and no host is blamed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pairctl.engine.apply.executor import LOOK_TOO_OLD, Ending, Outcome
from pairctl.engine.apply.executors import Report
from pairctl.pairing import Capacity, Decision, Intent, held_unsent
from pairctl.problem import Problem

MOST_IN_VAIN = 3
"""After so many in a row a person has to see to it."""

REST_S = 600.0
"""How long the next try waits from then on."""

MANY = 8
"""More than so many that are too late at once, and most of all, are no host's doing."""

SMALLEST_SHARE = 1 / 16
"""What part of the capacity is used at least."""

PASSING = "RateLimited"
"""The reason of a refusal that nobody has to see to, however often it comes."""


@dataclass(frozen=True, slots=True)
class _Vain:
    generation: str
    count: int
    problem: Problem
    until_s: float

    @property
    def is_for_a_person(self) -> bool:
        return _is_for_a_person(self.problem, self.count)


class VainTries:
    """The memory of one run: which actions came to nothing, why, and how often in a row."""

    def __init__(self) -> None:
        self._vain: dict[str, _Vain] = {}
        self._share = 1.0

    def within(self, capacity: Capacity) -> Capacity:
        """Return how much of a capacity is used now: all, or less where most looks were late."""
        return replace(
            capacity,
            at_hosts=max(1, int(capacity.at_hosts * self._share)),
            at_palette=max(1, int(capacity.at_palette * self._share)),
        )

    def note(self, reports: Mapping[str, Report], now_s: float) -> None:
        """Note what came of actions; a change of the intent begins anew (monotonic seconds)."""
        late = sum(one.outcome.problem == LOOK_TOO_OLD for one in reports.values())
        if late > MANY and 2 * late > len(reports):
            self._share = max(SMALLEST_SHARE, self._share / 2)
            return
        if late < len(reports):
            self._share = min(1.0, self._share * 2)
        for name, report in reports.items():
            before, problem = self._vain.pop(name, None), _why_again(report.outcome)
            if problem is None:
                continue
            generation = report.planned.case.intent.generation
            is_again = (
                before is not None
                and before.generation == generation
                and before.problem.reason == problem.reason
            )
            count = before.count + 1 if before and is_again else 1
            until_s = now_s + REST_S if _is_for_a_person(problem, count) else now_s
            self._vain[name] = _Vain(generation, count, problem, until_s)

    def resting(self, intents: Mapping[str, Intent], now_s: float) -> frozenset[str]:
        """Return the intents whose action is not to be tried yet (monotonic seconds)."""
        return frozenset(
            name
            for name, late in self._vain.items()
            if now_s < late.until_s
            and name in intents
            and intents[name].generation == late.generation
        )

    def held(self, decisions: Mapping[str, Decision]) -> dict[str, Decision]:
        """Return those decisions whose action came to nothing, put off, with why."""
        return {
            name: held_unsent(decision, late.problem, is_for_a_person=late.is_for_a_person)
            for name, decision in decisions.items()
            if (decision.action or decision.waits_for_turn)
            and (late := self._of(decision)) is not None
        }

    def _of(self, decision: Decision) -> _Vain | None:
        intent = decision.case.intent
        late = self._vain.get(intent.name)
        return late if late is not None and late.generation == intent.generation else None


def _why_again(outcome: Outcome) -> Problem | None:
    """Return why an action is tried again, where that is worth telling; None where it is not."""
    is_refused = outcome.ending is Ending.NOT_SENT and outcome.is_answered
    return outcome.problem if is_refused or outcome.problem == LOOK_TOO_OLD else None


def _is_for_a_person(problem: Problem, count: int) -> bool:
    return count >= MOST_IN_VAIN and problem.reason != PASSING
