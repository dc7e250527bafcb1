"""Clocks of a run that are not the machine's."""

import time
from datetime import datetime, timedelta

from pairctl.engine.runtime.clock import SystemClock


def set_clocks(wall_s: float, jumps: list[tuple[float, float]], boot_s: float) -> None:
    """Let the time of day be off by `wall_s`, and after so many seconds by something else.

    The clock that never jumps begins `boot_s` later than the machine's.
    """
    began_s, now, monotonic = time.monotonic(), SystemClock.now, SystemClock.monotonic

    def off_s() -> float:
        passed_s = time.monotonic() - began_s
        return next((off for after_s, off in reversed(jumps) if passed_s >= after_s), wall_s)

    def own_now(self: SystemClock) -> datetime:
        return now(self) + timedelta(seconds=off_s())

    def own_monotonic(self: SystemClock) -> float:
        return monotonic(self) + boot_s

    SystemClock.now = own_now  # type: ignore[method-assign]
    SystemClock.monotonic = own_monotonic  # type: ignore[method-assign]
