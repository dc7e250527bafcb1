"""Event loops whose clock the test owns.

In one, time goes on by itself where all only wait: days pass in seconds. Work in threads, as git's,
takes no time at all: while there is any, the clock stands. Nothing in it may wait for a socket:
servers are called in process (`in_process`). In the other, with real sockets, time goes on as usual
and leaps where the test says so: what takes too long does so exactly then.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")
START = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
_SHORT_S = 0.05
_TICK_S = 1e-5


class _Jumping(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    """Waits for nothing but threads; else it lets the time pass that it was to wait for."""

    loop: "OwnedTimeLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found: list[tuple[selectors.SelectorKey, int]] = super().select(0)
        if found or (timeout is not None and timeout <= 0):
            return found
        if self.loop.in_threads or timeout is None:
            return list(super().select(_SHORT_S))
        self.loop.now_s += timeout
        return found


class OwnedTimeLoop(asyncio.SelectorEventLoop):
    """The loop; `now_s` are the seconds that have passed in it."""

    def __init__(self) -> None:
        selector = _Jumping()
        selector.loop = self
        self.now_s = 0.0
        self.in_threads = 0
        super().__init__(selector)

    def time(self) -> float:
        return self.now_s

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> Any:
        self.in_threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._done)
        return future

    def _done(self, _: object) -> None:
        self.in_threads -= 1

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Wait for the threads until they end: a time for that would be over at once here."""
        del timeout
        await super().shutdown_default_executor()


class OwnedClock:
    """The engine's clock, and the simulator's, by that loop. No two things happen at one moment."""

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, OwnedTimeLoop)
        loop.now_s += _TICK_S
        return loop.now_s

    async def sleep(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)


def run_in_owned_time(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a loop of its own."""
    with asyncio.Runner(loop_factory=OwnedTimeLoop) as runner:
        return runner.run(work)


class LeapingLoop(asyncio.SelectorEventLoop):
    """A loop that waits for sockets as any, and whose clock is put forward by `leap`."""

    _ahead_s = 0.0

    def time(self) -> float:
        return super().time() + self._ahead_s

    def leap(self, seconds: float) -> None:
        """Have what was to come within these seconds be due."""
        self._ahead_s += seconds


def leap(seconds: float) -> None:
    """Put the clock of the running loop forward."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, LeapingLoop)
    loop.leap(seconds)


def run_with_leaps(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a loop whose clock can leap."""
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(work)
