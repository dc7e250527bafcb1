"""Reading the status branch as the last thing before an action is sent."""

import asyncio

from pairctl.engine.runtime.settings import Settings
from pairctl.records import Ledger, read_ledger


class TipReader:
    """The tip of the status branch, read again when asked; those who ask together share one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._began_s = float("-inf")
        self._ledger = Ledger()

    async def read(self, not_before_s: float) -> Ledger:
        """Return the branch as it was read at or after a moment of the clock that never jumps.

        Raises what `Repository` raises.
        """
        async with self._lock:
            if self._began_s < not_before_s:
                began_s = self._settings.clock.monotonic()
                await self._settings.repository.refresh()
                self._ledger = await read_ledger(self._settings.repository, self._settings.known)
                self._began_s = began_s
            return self._ledger
