"""How fast is fast enough: in virtual time, against buckets as the vendor documents them."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable

import pytest

from pairctl.apis.limits import FAST_RATE, USUAL_RATE, Bucket, HostLimit, PaletteLimit, Rate
from pairctl.apis.routes import Route

READ = Route("POST", "/v1/dashboard/clusterprofiles")
EFFECT = Route("POST", "/v1/dashboard/act", has_effect=True)
FAST = Route("GET", "/v1/spectroclusters/{uid}")


class VirtualTime:
    """A clock that moves only when everybody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._turns = itertools.count()

    def clock(self) -> float:
        """Return the seconds since the start."""
        return self.now

    async def sleep(self, wait_s: float) -> None:
        """Sleep until the clock gets there."""
        alarm = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + wait_s, next(self._turns), alarm))
        await alarm

    async def finish(self, *work: Awaitable[object]) -> None:
        """Run all of it, moving the clock along."""
        task = asyncio.ensure_future(asyncio.gather(*work))
        for _ in range(100_000):
            if task.done():
                break
            for _ in range(5):
                await asyncio.sleep(0)
            if self._sleepers and not task.done():
                self.now, _, alarm = heapq.heappop(self._sleepers)
                alarm.done() or alarm.set_result(None)
        await task


def times_of(count: int, route: Route) -> list[float]:
    """Return when each of many calls at once was let through."""
    time, passed = VirtualTime(), []

    async def one(limit: PaletteLimit) -> None:
        async with limit.admit(route):
            passed.append(time.now)

    async def run() -> None:
        limit = PaletteLimit(time.clock, time.sleep)
        await time.finish(*(one(limit) for _ in range(count)))

    asyncio.run(run())
    return passed


@pytest.mark.parametrize(
    ("route", "server"), [(READ, Rate(10, 50)), (FAST, Rate(50, 250))], ids=["usual", "fast"]
)
def test_a_server_with_the_documented_limits_is_never_exceeded(route, server: Rate) -> None:
    """Three hundred calls at once: its bucket never runs empty, and little time is lost."""
    tokens, seen_at = server.burst, 0.0
    passed = times_of(300, route)
    for at in passed:
        tokens = min(server.burst, tokens + (at - seen_at) * server.per_second) - 1
        seen_at = at
        assert tokens >= 0
    ideal_s = (300 - server.burst) / server.per_second
    assert passed[-1] < ideal_s * 1.3 + 0.5


def test_prefixes_do_not_wait_for_each_other() -> None:
    """A queue at one prefix costs the others nothing."""
    time, passed = VirtualTime(), []

    async def one(limit: PaletteLimit, route: Route) -> None:
        async with limit.admit(route):
            passed.append((route.prefix, time.now))

    async def run() -> None:
        limit = PaletteLimit(time.clock, time.sleep)
        await time.finish(*(one(limit, READ) for _ in range(100)), one(limit, FAST))

    asyncio.run(run())
    assert (FAST.prefix, 0.0) in passed


def order_of(act: Callable[[Bucket, list[str]], list[Awaitable[object]]]) -> list[str]:
    """Return the order in which takers of an empty bucket were served."""
    time, served = VirtualTime(), []

    async def run() -> None:
        bucket = Bucket(Rate(1, 1), time.clock, time.sleep)
        await bucket.take(is_first=False)
        await time.finish(*act(bucket, served))

    asyncio.run(run())
    return served


async def taking(bucket: Bucket, served: list[str], name: str) -> None:
    """Take a token; names that begin with `w` are effects."""
    await bucket.take(is_first=name.startswith("w"))
    served.append(name)


def test_effects_go_before_all_waiting_reads() -> None:
    """Within each kind the first to come is the first to go."""
    names = ["r1", "r2", "w1", "r3", "w2"]
    served = order_of(lambda bucket, out: [taking(bucket, out, name) for name in names])
    assert served == ["w1", "w2", "r1", "r2", "r3"]


def test_a_taker_that_gave_up_costs_nobody_a_turn() -> None:
    """A cancelled call takes no token with it."""
    time, served = VirtualTime(), []

    async def run() -> None:
        bucket = Bucket(Rate(1, 1), time.clock, time.sleep)
        await bucket.take(is_first=False)
        lost = asyncio.ensure_future(taking(bucket, served, "lost"))
        await asyncio.sleep(0)
        lost.cancel()
        await time.finish(taking(bucket, served, "next"))

    asyncio.run(run())
    assert served == ["next"]
    assert time.now == pytest.approx(1.0)


def test_a_refusal_pauses_and_halves_the_rate() -> None:
    """All tasks wait; afterwards they go at about half the rate, which recovers."""
    time = VirtualTime()

    async def run() -> list[float]:
        bucket = Bucket(Rate(10, 50), time.clock, time.sleep)
        bucket.slow_down(7.0)
        passed = []

        async def one() -> None:
            await bucket.take(is_first=False)
            passed.append(time.now)

        await time.finish(*(one() for _ in range(800)))
        return passed

    passed = asyncio.run(run())
    assert passed[0] >= 7.0
    early = sum(at < 7.0 + 5.0 for at in passed)
    late = sum(70.0 <= at < 80.0 for at in passed)
    assert 25 < early < 37
    assert late >= 97


def test_a_host_gets_a_few_calls_at_a_time() -> None:
    """Six at once, all that a last look asks, and a pause where it asks for one."""
    time = VirtualTime()
    busy, most = 0, 0

    async def one(limit: HostLimit) -> None:
        nonlocal busy, most
        async with limit.admit(READ):
            busy += 1
            most = max(most, busy)
            await time.sleep(1.0)
            busy -= 1

    async def run() -> None:
        limit = HostLimit(time.clock, time.sleep)
        limit.slow_down(READ, 5.0)
        await time.finish(*(one(limit) for _ in range(10)))

    asyncio.run(run())
    assert most == 6
    assert time.now == pytest.approx(5 + 2)


def test_our_rates_stay_below_the_documented_ones() -> None:
    """Another program may share the source address."""
    assert (USUAL_RATE.per_second, USUAL_RATE.burst) < (10, 50)
    assert (FAST_RATE.per_second, FAST_RATE.burst) < (50, 250)
