"""Whether the intents are still those that a pass carries out, asked where they are merged."""

import asyncio

from pairctl.engine.desired.merged import merged_commit
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import Problem
from pairctl.repo import RepositoryError

SOURCE_MOVED = Problem("SourceMoved", "the intents changed while the pass was looking")


class SourceCheck:
    """The commit that is carried out beside the merged one; those who ask together share one."""

    def __init__(self, settings: Settings, commit: str) -> None:
        self._settings = settings
        self._commit = commit
        self._lock = asyncio.Lock()
        self._began_s = float("-inf")
        self._found: Problem | None = None

    async def obstacle(self, not_before_s: float) -> Problem | None:
        """Say why nothing may be sent, as asked at or after a moment of the clock that never jumps.

        Where that cannot be asked now nothing is sent either, and the claims are closed again.
        """
        async with self._lock:
            if self._began_s < not_before_s:
                began_s = self._settings.clock.monotonic()
                self._found = await self._ask()
                self._began_s = began_s
            return self._found

    async def _ask(self) -> Problem | None:
        try:
            await self._settings.repository.refresh()
            commit = await merged_commit(self._settings)
        except RepositoryError as error:
            return error.problem
        return SOURCE_MOVED if commit != self._commit else None
