"""The actions that are under way: one that takes long costs its own place, and nobody else time."""

import asyncio
from collections.abc import Callable, Coroutine
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from pairctl.engine.apply.executor import Ending, Outcome
from pairctl.engine.observe.lookers import SLOW_S, broken_off
from pairctl.pairing import Claim, Decision
from pairctl.problem import defect


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an action: what was decided, the claim that it was done under, its outcome.

    `is_declared` is whether its intent stands in the repository: none does for a request that is
    rejected as nobody's.
    """

    planned: Decision
    claim: Claim
    outcome: Outcome
    is_declared: bool = True


@dataclass(frozen=True, slots=True)
class _Running:
    planned: Decision
    claim: Claim
    is_declared: bool
    task: asyncio.Task[Outcome]


class Executors:
    """The actions of a run that are claimed and not yet recorded, by intent.

    A pass that does not wait for one records it as under way, and hears of it in a later one; where
    this `waits`, it waits for all. Each is bounded by the time of its look and of its request. None
    writes into the repository: what came of it is for the pass to record.
    """

    def __init__(self, *, waits: bool = True) -> None:
        self._waits = waits
        self._running: dict[str, _Running] = {}
        self._slow: set[str] = set()

    @property
    def names(self) -> frozenset[str]:
        """The intents whose action is under way."""
        return frozenset(self._running)

    @property
    def planned(self) -> dict[str, Decision]:
        """What was decided, and is being carried out, by intent."""
        return {name: one.planned for name, one in self._running.items()}

    @property
    def claims(self) -> frozenset[str]:
        """The ids of the claims that actions are under way under: they stay as they are."""
        return frozenset(one.claim.id for one in self._running.values())

    @property
    def acceptances(self) -> int:
        """How many of the actions cannot be undone."""
        actions = (one.planned.action for one in self._running.values())
        return sum(action is not None and action.is_one_way for action in actions)

    def begin(
        self,
        name: str,
        planned: Decision,
        claim: Claim,
        work: Callable[[], Coroutine[Any, Any, Outcome]],
        *,
        is_declared: bool = True,
    ) -> None:
        """Begin an action. One intent has one at a time."""
        assert name not in self._running
        task = asyncio.ensure_future(work())
        self._running[name] = _Running(planned, claim, is_declared, task)

    async def wait(
        self, slow: AbstractSet[str] = frozenset(), *, waits_for_all: bool = False
    ) -> dict[str, Report]:
        """Wait for a while, and return what came of the actions that are over, by intent.

        As long as one comes in after the other the rest is waited for, but for those that were slow
        before, or whose looks are (`slow`).
        """
        waits = self._waits or waits_for_all
        tasks = {one.task: name for name, one in self._running.items()}
        late = set() if waits else self._slow | slow
        awaited = {task for task, name in tasks.items() if name not in late}
        while awaited:
            done, awaited = await asyncio.wait(
                awaited,
                timeout=None if waits else SLOW_S,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not done:
                self._slow |= {tasks[task] for task in awaited}
                break
            self._slow -= {tasks[task] for task in done}
        over = [name for name, one in self._running.items() if one.task.done()]
        return {name: self._report(self._running.pop(name)) for name in over}

    def _report(self, running: _Running) -> Report:
        """Tell what came of an action. One that broke off by a defect may have been sent."""
        error, action = broken_off(running.task), running.planned.action
        if error is not None and action is not None:
            outcome = Outcome(action, Ending.UNKNOWN, defect(error))
        else:
            outcome = running.task.result()
        return Report(running.planned, running.claim, outcome, running.is_declared)

    async def aclose(self) -> None:
        """End all: what an action has come to then is not known, and its claim stays."""
        tasks = [one.task for one in self._running.values()]
        self._running = {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
