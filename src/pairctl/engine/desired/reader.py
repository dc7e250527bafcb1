"""What a run reads of commits: one that was read is not read again, and a file of it once.

At its start a run may take from the user's cache what an earlier one has read. Such a `Source`
`is_remembered`: it serves to find that nothing is to be done. Who has something to do, or to write,
asks for the same commit as Git has it.
"""

from collections.abc import Mapping
from pathlib import Path

from pairctl.engine.desired.kept_documents import KeptDocuments
from pairctl.engine.desired.source import Source, read_source
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import Phase, Status


class Misremembered(Exception):
    """What an earlier run has kept is not what Git says: nothing may rest on it."""


class SourceReader:
    """Reads the documents of commits for one run.

    Nothing is remembered without a cache folder, and a key that seals what is kept there.
    """

    def __init__(self, cache_folder: Path | None = None, key: bytes = b"") -> None:
        self._cache = (cache_folder, key) if cache_folder and key else None
        self._may_remember = self._cache is not None
        self._latest: Source | None = None

    async def read(self, settings: Settings, ref: str, known: Mapping[str, Status]) -> Source:
        """Return the documents of the commit that a ref names; `known` are statuses on record.

        Of intents that are paired they may be remembered, in the first look of a run. Raises what
        `Repository` raises.
        """
        if self._cache is None or not self._may_remember:
            return await self.from_git(settings, ref)
        self._may_remember = False
        paired = [name for name, one in known.items() if one.phase is Phase.PAIRED]
        kept = KeptDocuments(*self._cache, paired)
        try:
            return await read_source(
                settings.repository, ref, settings.under, settings.operator, memory=kept
            )
        finally:
            kept.close()

    async def from_git(self, settings: Settings, ref: str) -> Source:
        """Return the documents of a commit as Git has them, whatever earlier runs have kept."""
        if self._latest is not None and self._latest.commit == ref:
            return self._latest
        commit = await settings.repository.resolve(ref)
        if self._latest is None or self._latest.commit != commit:
            self._latest = await read_source(
                settings.repository, commit, settings.under, settings.operator
            )
        return self._latest

    def forget(self) -> None:
        """Forget what earlier runs have kept."""
        if self._cache is not None:
            kept = KeptDocuments(*self._cache)
            kept.forget()
            kept.close()
