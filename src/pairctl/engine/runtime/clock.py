"""Time, as an argument: the wall clock for people, the one that never jumps for all else."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

_BOOTTIME: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux counts sleep on this clock only; elsewhere (macOS) the monotonic one does."""


class Clock(Protocol):
    """What the engine asks of time."""

    def now(self) -> datetime:
        """Return the time of day: aware, UTC."""

    def monotonic(self) -> float:
        """Return seconds that never jump, and that go on while the machine sleeps."""

    async def sleep(self, delay_s: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Return the time of day: aware, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since the machine was started, the time that it slept included."""
        return time.clock_gettime(_BOOTTIME)

    async def sleep(self, delay_s: float) -> None:
        """Wait."""
        await asyncio.sleep(delay_s)
