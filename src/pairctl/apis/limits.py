"""How fast a server is called. Time is an argument; one limit is shared by all tasks of a run."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from pairctl.apis.routes import Route

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[object]]

BELOW = 0.9  # other programs may share the source address
RECOVERY_S = 60.0
SLOWEST = 1 / 16
HOST_CONCURRENCY = 6  # as many as the last look at a host asks
SHORTEST_S = 0.001

_ROUNDING_S = 1e-9  # a wait that no clock can show


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests a second, and how many at once after a pause."""

    per_second: float
    burst: float


USUAL_RATE = Rate(10 * BELOW, 50 * BELOW)
FAST_RATE = Rate(50 * BELOW, 250 * BELOW)
FAST_PREFIXES = frozenset({"/v1/clusterprofiles", "/v1/spectroclusters", "/v1/cloudconfigs"})


def reads_within(seconds: float) -> int:
    """Return how many usual reads Palette surely takes in so many seconds, without a burst."""
    return int(USUAL_RATE.per_second * seconds)


def seconds_for(reads: int) -> float:
    """Return how many seconds Palette's limits ask for so many usual reads, without a burst."""
    return reads / USUAL_RATE.per_second


class Limit(Protocol):
    """What a call passes before it is sent."""

    def admit(self, route: Route) -> AbstractAsyncContextManager[None]:
        """Wait for room, then hold it for as long as the call lasts."""
        ...

    def slow_down(self, route: Route, wait_s: float) -> None:
        """Take note that the server asked for fewer calls, and for a pause."""
        ...


@dataclass(slots=True, order=True)
class _Waiter:
    rank: tuple[int, int]
    turn: asyncio.Future[None] = field(compare=False)


class Bucket:
    """A token bucket. Calls with an effect go first; a refusal halves the rate, which recovers."""

    def __init__(self, rate: Rate, clock: Clock, sleep: Sleep) -> None:
        self._rate = rate
        self._clock = clock
        self._sleep = sleep
        self._tokens = rate.burst
        self._share = 1.0
        self._seen_at = clock()
        self._closed_until = float("-inf")
        self._waiters: list[_Waiter] = []
        self._arrivals = itertools.count()
        self._server: asyncio.Task[None] | None = None

    async def take(self, *, is_first: bool) -> None:
        """Wait until a call may be sent. `is_first` goes before all who wait without it."""
        if not self._waiters and self._wait_s() <= 0:
            self._tokens -= 1
            return
        rank = (0 if is_first else 1, next(self._arrivals))
        waiter = _Waiter(rank, asyncio.get_running_loop().create_future())
        heapq.heappush(self._waiters, waiter)
        if self._server is None or self._server.done():
            self._server = asyncio.create_task(self._serve())
        await waiter.turn

    def slow_down(self, wait_s: float) -> None:
        """Halve the rate, empty the bucket and let nobody through for `wait_s`."""
        self._refill()
        self._share = max(SLOWEST, self._share / 2)
        self._tokens = min(self._tokens, 0.0)
        self._closed_until = max(self._closed_until, self._clock() + wait_s)

    async def _serve(self) -> None:
        while self._waiters:
            if (wait_s := self._wait_s()) > 0:
                await self._sleep(wait_s)
                continue
            # Chosen after the wait, so that an effect that came meanwhile is served first.
            waiter = heapq.heappop(self._waiters)
            if not waiter.turn.done():
                self._tokens -= 1
                waiter.turn.set_result(None)

    def _wait_s(self) -> float:
        self._refill()
        closed_s = self._closed_until - self._clock()
        short = 1 - self._tokens
        # The share recovers while we sleep: the true wait is never longer than this one.
        wait_s = max(closed_s, short / (self._rate.per_second * self._share))
        return max(SHORTEST_S, wait_s) if wait_s > _ROUNDING_S else 0.0

    def _refill(self) -> None:
        now = self._clock()
        elapsed_s, open_s = now - self._seen_at, now - max(self._seen_at, self._closed_until)
        self._seen_at = now
        gained = max(0.0, open_s) * self._rate.per_second * self._share
        self._tokens = min(self._rate.burst, self._tokens + gained)
        self._share = min(1.0, self._share + elapsed_s / RECOVERY_S)


class PaletteLimit:
    """Palette's limits for one source address: a bucket a resource prefix (vendor's docs)."""

    def __init__(self, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._buckets: dict[str, Bucket] = {}

    @asynccontextmanager
    async def admit(self, route: Route) -> AsyncIterator[None]:
        """Wait for a token of the route's prefix."""
        await self._bucket(route).take(is_first=route.has_effect)
        yield

    def slow_down(self, route: Route, wait_s: float) -> None:
        """Slow the prefix down, for all tasks."""
        self._bucket(route).slow_down(wait_s)

    def _bucket(self, route: Route) -> Bucket:
        prefix = route.prefix
        if prefix not in self._buckets:
            rate = FAST_RATE if prefix in FAST_PREFIXES else USUAL_RATE
            self._buckets[prefix] = Bucket(rate, self._clock, self._sleep)
        return self._buckets[prefix]


class HostLimit:
    """A few calls at a time: an edge host is a small machine that runs a cluster."""

    def __init__(
        self, clock: Clock, sleep: Sleep = asyncio.sleep, concurrency: int = HOST_CONCURRENCY
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._room = asyncio.Semaphore(concurrency)
        self._closed_until = float("-inf")

    @asynccontextmanager
    async def admit(self, _: Route) -> AsyncIterator[None]:
        """Wait for a free place, and for the pause that the host asked for."""
        async with self._room:
            if (wait_s := self._closed_until - self._clock()) > 0:
                await self._sleep(wait_s)
            yield

    def slow_down(self, _: Route, wait_s: float) -> None:
        """Pause this host."""
        self._closed_until = max(self._closed_until, self._clock() + wait_s)
