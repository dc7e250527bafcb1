"""Reading the status branch as the last thing before an action is sent."""

import asyncio

from pairctl.engine.runtime.clock import Clock
from pairctl.records import Ledger, read_ledger
from pairctl.repo import Repository


class TipReader:
    """The tip of the status branch, read again when asked; those who ask together share one."""

    def __init__(self, repository: Repository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock
        self._lock = asyncio.Lock()
        self._began_s = float("-inf")
        self._ledger = Ledger()

    async def read(self, not_before_s: float) -> Ledger:
        """Return the branch as it was read at or after a moment of the clock that never jumps.

        Raises what `Repository` raises.
        """
        async with self._lock:
            if self._began_s < not_before_s:
                began_s = self._clock.monotonic()
                await self._repository.refresh()
                self._ledger = await read_ledger(self._repository)
                self._began_s = began_s
            return self._ledger
