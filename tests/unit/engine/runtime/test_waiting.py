"""Waiting for the first of several: what breaks while waiting is heard of."""

import asyncio

import pytest

from pairctl.engine import Stop
from pairctl.engine.runtime.clock import SystemClock
from pairctl.engine.runtime.stop import first_of


class BrokenClock(SystemClock):
    """A clock that has a defect."""

    async def sleep(self, delay_s: float) -> None:
        raise ZeroDivisionError(delay_s)


async def broken() -> None:
    """End with an error that nobody expects."""
    raise ZeroDivisionError


def test_the_others_are_ended_with_the_first() -> None:
    """That is no error."""
    asyncio.run(first_of(asyncio.sleep(0), asyncio.Event().wait()))


def test_an_error_of_any_is_raised() -> None:
    """Also where another has ended at the same time, or well before."""

    async def breaks_when_it_is_ended() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await broken()

    for other in (broken, breaks_when_it_is_ended):
        with pytest.raises(ZeroDivisionError):
            asyncio.run(first_of(asyncio.sleep(0), other()))


def test_a_broken_clock_is_no_end_of_the_pause() -> None:
    """Passes would follow one another without one."""

    async def pause() -> None:
        await Stop().wait(60, BrokenClock())

    with pytest.raises(ZeroDivisionError):
        asyncio.run(pause())
