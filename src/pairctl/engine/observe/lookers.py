"""Looks at many hosts at a time: a dark or slow one costs its own place, and nobody else time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pairctl.engine.observe.look import Look
from pairctl.pairing import Intent

HOSTS_AT_ONCE = 32
"""How many edge hosts are talked to at the same time."""

SLOW_S = 3.0
"""After this a look keeps no place, and a pass goes on without it when no other comes in."""

LONG_AGO = float("-inf")
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


class Places:
    """So many hosts are talked to at once; one that takes long gives its place to others.

    On a busy machine each look takes long, and keeps its place: the more were begun, the longer
    each would take.
    """

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(HOSTS_AT_ONCE)

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a place, and keep it for as long as the block lasts, or until that is slow."""
        await self._free.acquire()
        place = _Place(self._free)
        try:
            yield
        finally:
            place.leave()


class _Place:
    """One place, left once: at the end, or when that is slow in coming."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free
        self._is_left = False
        self._wait()

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
        self._timer.cancel()
        if not self._is_left:
            self._is_left = True
            self._free.release()


@dataclass(frozen=True, slots=True)
class _Running:
    intent: Intent
    task: asyncio.Future[Look]
    claims: frozenset[str]
    began_s: float


class Lookers:
    """The looks that are under way. A pass that does not wait for one hears of it in a later one.

    Where it `waits`, it waits for all, slow ones too.
    """

    def __init__(self, *, waits: bool = True) -> None:
        self._waits = waits
        self._running: dict[str, _Running] = {}
        self._slow: set[str] = set()
        self._done: asyncio.Queue[_Running] = asyncio.Queue()

    @property
    def names(self) -> frozenset[str]:
        """The intents that are being looked at."""
        return frozenset(self._running)

    @property
    def slow(self) -> frozenset[str]:
        """The intents whose last look was slow: they are not waited for."""
        return frozenset(self._slow)

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
        began_s = asyncio.get_running_loop().time()
        running = _Running(intent, asyncio.ensure_future(look()), claims, began_s)
        running.task.add_done_callback(lambda _: self._done.put_nowait(running))
        self._running[intent.name] = running

    def give(self, intent: Intent, look: Look, claims: frozenset[str]) -> None:
        """Take a look that was made already: who begins one at the very same intent is given it.

        It says nothing of how fast the host answers now.
        """
        self.end(intent.name)
        made: asyncio.Future[Look] = asyncio.get_running_loop().create_future()
        made.set_result(look)
        running = _Running(intent, made, claims, LONG_AGO)
        self._running[intent.name] = running
        self._done.put_nowait(running)

    def end(self, name: str) -> None:
        """End the look at an intent, if one is under way: what it sees is of no use any more."""
        if running := self._running.pop(name, None):
            running.task.cancel()

    async def wait(self, names: Iterable[str], seen: Seen) -> None:
        """Wait for the looks at these intents, for slow ones only where all are waited for.

        `seen` hears of each that comes in.
        """
        wanted = {name for name in names if name in self._running}
        awaited = wanted - self._slow
        others = []
        while not self._done.empty() or awaited:
            try:
                async with asyncio.timeout(None if self._waits or not awaited else SLOW_S):
                    running = await self._done.get()
            except TimeoutError:
                self._slow |= awaited
                break
            if self._running.get(running.intent.name) is not running:
                continue  # it was begun anew, or is not wanted any more
            if running.intent.name not in wanted:
                others.append(running)
                continue
            awaited.discard(running.intent.name)
            self._hear(running, seen)
        for running in others:
            self._done.put_nowait(running)

    def _hear(self, running: _Running, seen: Seen) -> None:
        del self._running[running.intent.name]
        if asyncio.get_running_loop().time() - running.began_s < SLOW_S:
            self._slow.discard(running.intent.name)
        if error := broken_off(running.task):
            raise error
        seen(running.intent, running.task.result(), running.claims)

    def keep_to(self, intents: Mapping[str, Intent]) -> None:
        """End the looks at intents that are not wanted any more, or are others by now."""
        for name, running in list(self._running.items()):
            if intents.get(name) != running.intent:
                self.end(name)

    async def aclose(self) -> None:
        """End all looks."""
        tasks = [running.task for running in self._running.values()]
        self._running = {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
