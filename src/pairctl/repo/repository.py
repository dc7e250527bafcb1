"""A repository as the engine sees it: the files of a commit in, status commits out."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from pairctl.repo.commits import (
    EMPTY_STATUS,
    StatusTree,
)
from pairctl.repo.problems import (
    PublishError,
    lost,
)
from pairctl.repo.reading import ReadableRepository
from pairctl.repo.replaced_ref import ReplacedRef, checked_replaced_ref


class Repository(ReadableRepository):
    """One repository, by path or by clone URL. Made by `open`; an async context manager.

    What is written goes onto the status branch, by compare-and-swap, and onto refs that are
    replaced as a whole; onto nothing else.
    """

    async def publish(
        self,
        base: str | None,
        changes: Mapping[str, bytes | None],
        *,
        message: str,
        now: datetime,
    ) -> str:
        """Put ONE commit on the status branch if it still stands at `base` (None: no branch).

        `changes` holds new contents by path, None deletes. Gives the new commit's id, or `base`
        where nothing would change. Raises PushLost, PushRefused or PushUnknown; a cut push is
        first looked for at the remote.
        """
        await self._follow()
        async with self._lock:
            try:
                return await self._publish(base, changes, message=message, now=now)
            except PublishError:
                self._is_stale = self._branch.is_remote
                raise

    async def read_replaced(self, ref: str, path: str) -> bytes | None:
        """The file at a ref that is replaced as a whole, where the status branch is kept.

        None where there is none, or where nobody can be asked. Raises RepositoryError, and
        RefNotAllowed for a branch or a tag.
        """
        await self._follow()
        checked_replaced_ref(ref)
        if self._branch.is_remote and self._branch.remote is None:
            return None
        cell = ReplacedRef.beside(self._branch, self._git, ref, self._id_digits)
        return await self._healed(lambda: cell.read(path))

    async def write_replaced(self, ref: str, path: str, content: bytes, *, now: datetime) -> None:
        """Replace what stands at a ref by one file, without a history.

        Raises PublishError, what else RepositoryError is, and RefNotAllowed for a branch or a tag.
        """
        await self._follow()
        cell = ReplacedRef.beside(self._branch, self._git, ref, self._id_digits)
        await cell.write(path, content, self._identity, now)

    async def rehearse_publish(self) -> None:
        """Raise a PublishError for what can be seen to stand in the way of the status branch.

        Nothing is written or sent. What a hook or a rule of the remote will say is not seen.
        """
        tip = await self._branch.tip()
        if tip is None or not await self.has_commit(tip):
            tip = await self.resolve()
        await self._branch.rehearse(tip)

    async def _publish(
        self,
        base: str | None,
        changes: Mapping[str, bytes | None],
        *,
        message: str,
        now: datetime,
    ) -> str:
        tree = await self._status_to_edit(base)
        old = tree.files
        edits = {path: content for path, content in changes.items() if old.get(path) != content}
        if not edits and base is not None:
            await self._refuse_unless_at(base)
            return base
        commit = await self._commits.write(base, edits, message=message, now=now)
        await self._branch.swap(base, commit)
        unread = tuple(path for path in tree.unread if path not in edits)
        self._status = StatusTree(commit, _edited(old, edits), unread)
        return commit

    async def _status_to_edit(self, base: str | None) -> StatusTree:
        """Return the branch as it was at `base`. Raises PushLost for one that is not the tip."""
        if base is None:
            return EMPTY_STATUS
        if base != self._status.tip:  # what was read last is refused by the push, if it is old
            await self._refuse_unless_at(base)
        return await self._status_at(base)

    async def _refuse_unless_at(self, base: str) -> None:
        tip = await self._branch.tip()
        if tip != base:
            raise lost(self._branch.name, f"it stands at {tip}, not at {base}")


def _edited(files: Mapping[str, bytes], edits: Mapping[str, bytes | None]) -> Mapping[str, bytes]:
    merged = {**files, **edits}
    kept = {path: content for path, content in merged.items() if content is not None}
    return MappingProxyType(dict(sorted(kept.items())))
