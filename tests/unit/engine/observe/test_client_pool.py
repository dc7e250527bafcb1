"""A client is reused while it is young, and closed only when no call can be under way in it."""

import asyncio
from dataclasses import dataclass

from effort import calls
from pairctl.engine.observe.client_pool import MAX_AGE_S, Clients


class SetClock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s


@dataclass(eq=False, slots=True)
class OpenClient:
    """What holds connections, and counts how often they were closed."""

    closed: int = 0

    def __eq__(self, other: object) -> bool:
        return self is other  # in Python: whoever compares all with all is counted

    __hash__ = object.__hash__

    async def aclose(self) -> None:
        self.closed += 1


def a_pool() -> tuple[SetClock, Clients[str, OpenClient]]:
    """Make a pool, and the clock that it goes by."""
    clock = SetClock()
    return clock, Clients(clock)  # type: ignore[arg-type]


def renew_at(clock: SetClock, pool: Clients[str, OpenClient], now_s: float) -> None:
    """Begin a pass at this time."""
    clock.now_s = now_s
    asyncio.run(pool.renew())


def test_a_young_client_is_reused() -> None:
    """One login serves several passes, and each host has its own."""
    clock, pool = a_pool()
    first = pool.get("host", OpenClient)
    renew_at(clock, pool, MAX_AGE_S - 1)
    assert pool.get("host", OpenClient) is first
    assert pool.get("other host", OpenClient) is not first


def test_an_old_one_is_not_used_again_and_is_closed_once_later() -> None:
    """A look that began with it may still be under way."""
    clock, pool = a_pool()
    first = pool.get("host", OpenClient)
    renew_at(clock, pool, MAX_AGE_S)
    assert pool.get("host", OpenClient) is not first
    assert first.closed == 0
    renew_at(clock, pool, 2 * MAX_AGE_S - 1)
    assert first.closed == 0
    renew_at(clock, pool, 2 * MAX_AGE_S)
    assert first.closed == 1
    renew_at(clock, pool, 9 * MAX_AGE_S)
    assert first.closed == 1


def test_all_that_were_taken_out_of_use_are_closed_at_the_end() -> None:
    """Once each, in use or not."""
    clock, pool = a_pool()
    first = pool.get("host", OpenClient)
    pool.retire()
    second = pool.get("host", OpenClient)
    asyncio.run(pool.aclose())
    assert (first.closed, second.closed) == (1, 1)
    renew_at(clock, pool, 9 * MAX_AGE_S)
    assert (first.closed, second.closed) == (1, 1)


def test_a_fleet_that_grows_old_at_once_costs_no_more_a_client() -> None:
    """Ten times as many clients take ten times as much."""

    def closing(size: int) -> int:
        clock, pool = a_pool()
        for number in range(size):
            pool.get(f"host-{number}", OpenClient)
        renew_at(clock, pool, MAX_AGE_S)
        return calls(lambda: renew_at(clock, pool, 2 * MAX_AGE_S))

    assert closing(2000) < 11 * closing(200)
