"""Actions whose last look took too long, again and again: the status says so, tries get rare. Pure.

Each try makes a claim, and closes it again: a host that stays slow is not worth two commits a
minute. Where most of many are too late it is no host's doing, but this machine's, its network's or
Palette's: then fewer are begun at once, and no host is blamed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pairctl.engine.apply.executor import LOOK_TOO_OLD
from pairctl.engine.apply.executors import Report
from pairctl.pairing import Capacity, Decision, Intent, held_unsent

MOST_LATE = 3
"""After so many in a row a person has to see to it."""

LATE_S = 600.0
"""How long the next try waits from then on."""

MANY = 8
"""More than so many that are too late at once, and most of all, are no host's doing."""

SMALLEST_SHARE = 1 / 16
"""What part of the capacity is used at least."""


@dataclass(frozen=True, slots=True)
class _Late:
    generation: str
    count: int
    until_s: float


class LateLooks:
    """The memory of one run: which actions were too late for their look, and how often in a row."""

    def __init__(self) -> None:
        self._late: dict[str, _Late] = {}
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
            before = self._late.pop(name, None)
            if report.outcome.problem != LOOK_TOO_OLD:
                continue
            generation = report.planned.case.intent.generation
            is_again = before is not None and before.generation == generation
            count = before.count + 1 if before and is_again else 1
            until_s = now_s + LATE_S if count >= MOST_LATE else now_s
            self._late[name] = _Late(generation, count, until_s)

    def resting(self, intents: Mapping[str, Intent], now_s: float) -> frozenset[str]:
        """Return the intents whose action is not to be tried yet (monotonic seconds)."""
        return frozenset(
            name
            for name, late in self._late.items()
            if now_s < late.until_s
            and name in intents
            and intents[name].generation == late.generation
        )

    def held(self, decisions: Mapping[str, Decision]) -> dict[str, Decision]:
        """Return those decisions whose action was too late for its look, put off, with why."""
        return {
            name: held_unsent(decision, LOOK_TOO_OLD, is_for_a_person=late.count >= MOST_LATE)
            for name, decision in decisions.items()
            if (decision.action or decision.waits_for_turn)
            and (late := self._of(decision)) is not None
        }

    def _of(self, decision: Decision) -> _Late | None:
        intent = decision.case.intent
        late = self._late.get(intent.name)
        return late if late is not None and late.generation == intent.generation else None
