"""The wish to stop, from a signal: no new action begins, and the step under way is finished."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pairctl.engine.runtime.clock import Clock


class Stop:
    """A flag that can be waited for. `signal_number` is that of the signal that asked, or 0."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.signal_number = 0

    @property
    def is_requested(self) -> bool:
        """Whether nothing new should begin."""
        return self._event.is_set()

    def request(self, signal_number: int = 0) -> None:
        """Ask to stop."""
        self.signal_number = self.signal_number or signal_number
        self._event.set()

    async def requested(self) -> None:
        """Wait for the wish to stop."""
        await self._event.wait()

    async def wait(self, at_most_s: float, clock: Clock | None = None) -> bool:
        """Wait for the wish to stop, at most so long by a clock. Returns whether it is there."""
        sleep = clock.sleep if clock else asyncio.sleep
        waits = [asyncio.ensure_future(self._event.wait()), asyncio.ensure_future(sleep(at_most_s))]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        return self.is_requested


@contextmanager
def stopping_on_signals(stop: Stop, then: Callable[[], object] = bool) -> Iterator[None]:
    """Turn the first SIGTERM or SIGINT into the wish to stop; the second ends at once.

    `then` is called after the wish is there.
    """
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT)
    earlier = {number: signal.getsignal(number) for number in numbers}

    def heard(came: int) -> None:
        stop.request(came)
        for number in numbers:
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
