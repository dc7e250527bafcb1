"""Time, as an argument: the wall clock for records, the monotonic one for ages and leases."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the engine asks of time."""

    def now(self) -> datetime:
        """Return the time of day: aware, UTC."""

    def monotonic(self) -> float:
        """Return seconds that never jump."""

    async def sleep(self, delay_s: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Return the time of day: aware, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return time.monotonic()

    async def sleep(self, delay_s: float) -> None:
        """Wait."""
        await asyncio.sleep(delay_s)
