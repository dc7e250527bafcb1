"""The wish to stop, from a signal: no new action begins, and the step under way is finished."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pairctl.engine.runtime.clock import Clock

T = TypeVar("T")


class Stop:
    """A flag that can be waited for. `signal_number` is that of the signal that asked, or 0."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._heard: list[Callable[[], object]] = []
        self.signal_number = 0

    @property
    def is_requested(self) -> bool:
        """Whether nothing new should begin."""
        return self._event.is_set()

    def request(self, signal_number: int = 0) -> None:
        """Ask to stop."""
        self.signal_number = self.signal_number or signal_number
        if self.is_requested:
            return
        self._event.set()
        for hear in self._heard:
            hear()

    def then(self, hear: Callable[[], object]) -> None:
        """Call this once, when the wish to stop comes: at once where it is there."""
        self._heard.append(hear)
        if self.is_requested:
            hear()

    async def requested(self) -> None:
        """Wait for the wish to stop."""
        await self._event.wait()

    async def or_left(
        self, work: Coroutine[Any, Any, T], must_finish: Callable[[], bool] = bool
    ) -> T | None:
        """Do `work`, and return what it gives; None where it was left for the wish to stop.

        It may hang on a server for long. It is not left where it `must_finish` by then.
        """
        working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
            if not working.done() and not must_finish():
                return None
            return await working
        finally:
            for task in (working, stopping):
                task.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)

    async def wait(self, at_most_s: float, clock: Clock | None = None) -> bool:
        """Wait for the wish to stop, at most so long by a clock. Returns whether it is there."""
        sleep = clock.sleep if clock else asyncio.sleep
        await first_of(self._event.wait(), sleep(at_most_s))
        return self.is_requested


async def first_of(*works: Coroutine[Any, Any, object]) -> None:
    """Wait until one of these ends, and end the others.

    Raises what any of them raises: who waits in a loop would else go round without a pause.
    """
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):  # being cancelled is none
            raise end


@contextmanager
def stopping_on_signals(stop: Stop, then: Callable[[], object] = bool) -> Iterator[None]:
    """Turn the first SIGTERM, SIGINT or SIGHUP into the wish to stop; the second ends at once.

    `then` is called after the wish is there, once. SIGHUP says that the terminal is gone, and comes
    more than once then, or beside SIGTERM: it never is the second. Where it is ignored (`nohup`) it
    is let be.
    """
    loop = asyncio.get_running_loop()
    numbers = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    earlier = {number: signal.getsignal(number) for number in numbers}

    def heard(came: int) -> None:
        if stop.signal_number:
            return  # SIGHUP once more, or another that came in the same moment as the first
        stop.request(came)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
            # By the system, and not by Python's KeyboardInterrupt: a signal that comes just before
            # the loop falls asleep would be heard of only when something else wakes it.
            signal.signal(number, signal.SIG_DFL)
        then()

    for number in numbers:
        loop.add_signal_handler(number, heard, number)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
            signal.signal(number, earlier[number])
