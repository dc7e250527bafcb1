"""The actions that are under way: one that takes long costs its own place, and nobody else time."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from pairctl.engine.apply.executor import Ending, Outcome
from pairctl.engine.observe.lookers import SLOW_S, Placed, broken_off
from pairctl.engine.observe.waiting import has_arrived
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
    writes into the repository: what came of it is for the pass to record. `placed` is who has
    a place at a host.
    """

    def __init__(self, *, waits: bool = True, placed: Placed | None = None) -> None:
        self._waits = waits
        self._placed = placed if placed is not None else {}
        self._arrived = asyncio.Event()
        self._running: dict[str, _Running] = {}
        self._left: set[str] = set()

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
        task.add_done_callback(lambda _: self._arrived.set())
        self._running[name] = _Running(planned, claim, is_declared, task)

    def rename(self, names: Mapping[str, str]) -> None:
        """Go on under the names that intents have now; each comes with that of before."""
        for new, old in names.items():
            if old not in self._running or new in self._running:
                continue
            one = self._running.pop(old)
            case = one.planned.case
            case = replace(case, intent=replace(case.intent, name=new))
            self._running[new] = replace(one, planned=replace(one.planned, case=case))
            if old in self._left:
                self._left.remove(old)
                self._left.add(new)

    async def wait(
        self, slow: AbstractSet[str] = frozenset(), *, waits_for_all: bool = False
    ) -> dict[str, Report]:
        """Wait for a while, and return what came of the actions that are over, by intent.

        Where their hosts keep all that are still to come, they are heard of later, and not waited
        for again; nor are those at hosts that are known to be `slow`.
        """
        waits = self._waits or waits_for_all
        late = set() if waits else self._left | slow
        awaited = {name for name in self._running if name not in late}

        def are_kept() -> bool:
            places = (self._placed.get(self._running[name].task) for name in awaited)
            return all(place is not None and place.is_kept(is_new=False) for place in places)

        while True:
            self._arrived.clear()
            awaited = {name for name in awaited if not self._running[name].task.done()}
            if not awaited:
                break
            if waits:
                await self._arrived.wait()
            elif not await has_arrived(self._arrived, are_kept, at_most_s=SLOW_S):
                self._left |= awaited
                break
        over = [name for name, one in self._running.items() if one.task.done()]
        self._left.difference_update(over)
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
