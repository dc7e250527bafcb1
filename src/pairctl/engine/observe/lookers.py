"""Looks at many hosts at a time: a dark or slow one costs its own place, and nobody else time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from pairctl.apis import SLOW_CALL_S
from pairctl.engine.observe.look import Look
from pairctl.engine.observe.waiting import has_arrived
from pairctl.pairing import Intent

HOSTS_AT_ONCE = 32
"""How many edge hosts are talked to at the same time."""

SLOW_S = 3.0
"""After this a look keeps no place, and a pass goes on without it when no other comes in."""

SLOW_FOR_S = 60.0
"""For so long a host is known to be slow: what is quiet can wait for it to show what it is now."""

MANY = 8
"""Where more are slow, and most of all intents, it is this machine or its network, and no host."""

BUSY_S = 0.2
"""Where a timer comes this late it is this machine that is slow, and no host."""

Seen = Callable[[Intent, Look, frozenset[str]], None]
"""Hears of an intent, the look at it, and the ids of the claims on record when the look began."""


class BrokenOffError(RuntimeError):
    """A task was cancelled, and not by whom it belongs to: a defect, and no wish to stop."""


def broken_off(task: asyncio.Future[Any]) -> Exception | None:
    """Return the error that a task ended with, None where it has a result.

    As an error of another kind a cancellation would end the pass as if the run was asked to stop.
    """
    if task.cancelled():
        return BrokenOffError("a task was cancelled from outside")
    error = task.exception()
    if error is None or isinstance(error, Exception):
        return error
    raise error


class Host(Protocol):
    """Who is asked in a place."""

    @property
    def waits_s(self) -> float:
        """How long its oldest call that is not answered is under way; 0 where there is none."""


class Place:
    """One place, left once: at the end, or when that is slow in coming.

    `host` is who was asked in it last, None before.
    """

    def __init__(self, free: asyncio.Semaphore) -> None:
        self.host: Host | None = None
        self._free = free
        self._is_left = False
        self._wait()

    def is_kept(self, *, is_new: bool) -> bool:
        """Whether its host keeps it: by one call, or, where it `is_new`, for all of its time."""
        waits_s = self.host.waits_s if self.host else 0.0
        if is_new:
            return self._is_left and waits_s > 0
        return waits_s >= SLOW_CALL_S

    def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        self._due_s = loop.time() + SLOW_S
        self._timer = loop.call_at(self._due_s, self._leave_if_slow)

    def _leave_if_slow(self) -> None:
        if asyncio.get_running_loop().time() - self._due_s > BUSY_S:
            self._wait()
        else:
            self.leave()

    def leave(self) -> None:
        """Give the place to another, unless that was done before."""
        self._timer.cancel()
        if not self._is_left:
            self._is_left = True
            self._free.release()


Placed = dict[asyncio.Future[Any] | None, Place]
"""The place of each task that has, or had, one, until it is through."""


class Places:
    """So many hosts are talked to at once; one that takes long gives its place to others.

    On a busy machine each look takes long, and keeps its place: the more were begun, the longer
    each would take. Who has a place is among the `placed`.
    """

    def __init__(self, placed: Placed | None = None) -> None:
        self._free = asyncio.Semaphore(HOSTS_AT_ONCE)
        self._placed = placed if placed is not None else {}

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Place]:
        """Wait for a place, and keep it for as long as the block lasts, or until that is slow."""
        await self._free.acquire()
        task, place = asyncio.current_task(), Place(self._free)
        self._placed[task] = place
        try:
            yield place
        finally:
            place.leave()
            self._placed.pop(task, None)


@dataclass(frozen=True, slots=True)
class _Running:
    intent: Intent
    task: asyncio.Future[Look]
    claims: frozenset[str]
    is_given: bool = False


class Lookers:
    """The looks that are under way. A pass that does not wait for one hears of it in a later one.

    Where it `waits`, it waits for all, slow ones too. `placed` is who has a place at a host.
    """

    def __init__(self, *, waits: bool = True) -> None:
        self.placed: Placed = {}
        self._waits = waits
        self._arrived = asyncio.Event()
        self._running: dict[str, _Running] = {}
        self._slow: dict[str, tuple[Intent, float]] = {}
        self._wanted = 0
        self._done: asyncio.Queue[_Running] = asyncio.Queue()

    @property
    def names(self) -> frozenset[str]:
        """The intents that are being looked at."""
        return frozenset(self._running)

    @property
    def slow(self) -> frozenset[str]:
        """The intents at whose hosts the last look was slow, just now: they are not waited for.

        None where that is said of most: nobody is held up by the others then.
        """
        now_s = asyncio.get_running_loop().time()
        slow = frozenset(n for n, (_, at_s) in self._slow.items() if now_s - at_s < SLOW_FOR_S)
        is_no_hosts = len(slow) > max(MANY, self._wanted / 2)
        return frozenset() if is_no_hosts else slow

    def begin(
        self, intent: Intent, look: Callable[[], Coroutine[Any, Any, Look]], claims: frozenset[str]
    ) -> None:
        """Begin a look, unless one at the very same intent is under way."""
        before = self._running.get(intent.name)
        if before is None or before.intent != intent:
            self.begin_again(intent, look, claims)

    def begin_again(
        self, intent: Intent, look: Callable[[], Coroutine[Any, Any, Look]], claims: frozenset[str]
    ) -> None:
        """Begin a look, and end the one that is under way: what it sees is of no use any more."""
        self.end(intent.name)
        running = _Running(intent, asyncio.ensure_future(look()), claims)
        running.task.add_done_callback(lambda _: self._put(running))
        self._running[intent.name] = running

    def give(self, intent: Intent, look: Look, claims: frozenset[str]) -> None:
        """Take a look that was made already: who begins one at the very same intent is given it.

        It says nothing of how fast the host answers now.
        """
        self.end(intent.name)
        made: asyncio.Future[Look] = asyncio.get_running_loop().create_future()
        made.set_result(look)
        running = _Running(intent, made, claims, is_given=True)
        self._running[intent.name] = running
        self._put(running)

    def end(self, name: str) -> None:
        """End the look at an intent, if one is under way: what it sees is of no use any more."""
        if running := self._running.pop(name, None):
            running.task.cancel()

    async def wait(
        self,
        names: Iterable[str],
        seen: Seen,
        new: AbstractSet[str] = frozenset(),
        *,
        only_new: bool = False,
        waits_for_all: bool = False,
    ) -> None:
        """Wait for the looks at these intents, for slow ones only where all are waited for.

        `seen` hears of each that comes in. Where their hosts keep all that are still to come, they
        are heard of later. Of those that are `new` nothing is known yet: each has the time of its
        place. With `only_new` no other is waited for.
        """
        wanted = {name for name in names if name in self._running}
        waits = self._waits or waits_for_all
        awaited = set(wanted) if waits else wanted - self.slow
        if only_new and not waits:
            awaited &= new
        others: list[_Running] = []

        def are_kept() -> bool:
            return all(self._is_kept(name, is_new=name in new) for name in awaited)

        try:
            while True:
                self._arrived.clear()
                awaited -= self._take_in(wanted, others, seen)
                if not awaited:
                    break
                if waits:
                    await self._arrived.wait()
                elif not await has_arrived(self._arrived, are_kept, at_most_s=SLOW_S):
                    now_s = asyncio.get_running_loop().time()
                    self._slow |= {name: (self._running[name].intent, now_s) for name in awaited}
                    break
        finally:
            for running in others:
                self._done.put_nowait(running)

    def _take_in(self, wanted: AbstractSet[str], others: list[_Running], seen: Seen) -> set[str]:
        """Hear of the looks that are there; return at whom. `others` are kept for later."""
        heard = set()
        while not self._done.empty():
            running = self._done.get_nowait()
            name = running.intent.name
            if self._running.get(name) is not running:
                continue  # it was begun anew, or is not wanted any more
            if name in wanted:
                self._hear(running, seen)
                heard.add(name)
            else:
                others.append(running)
        return heard

    def _is_kept(self, name: str, *, is_new: bool) -> bool:
        running = self._running.get(name)
        place = self.placed.get(running.task) if running else None
        return place is not None and place.is_kept(is_new=is_new)

    def _put(self, running: _Running) -> None:
        self._done.put_nowait(running)
        self._arrived.set()

    def _hear(self, running: _Running, seen: Seen) -> None:
        name = running.intent.name
        del self._running[name]
        if error := broken_off(running.task):
            raise error
        look = running.task.result()
        if look.is_slow:
            self._slow[name] = running.intent, asyncio.get_running_loop().time()
        elif not running.is_given:
            self._slow.pop(name, None)
        seen(running.intent, look, running.claims)

    def keep_to(self, intents: Mapping[str, Intent]) -> None:
        """End the looks at intents that are not wanted any more, or are others by now."""
        for name, running in list(self._running.items()):
            if intents.get(name) != running.intent:
                self.end(name)
        self._slow = {n: one for n, one in self._slow.items() if intents.get(n) == one[0]}
        self._wanted = len(intents)

    async def aclose(self) -> None:
        """End all looks."""
        tasks = [running.task for running in self._running.values()]
        self._running = {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
