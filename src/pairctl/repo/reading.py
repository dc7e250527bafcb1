"""Reading a repository: the files of a commit, what refs stand at, history, the status branch."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from pairctl.problem import Problem
from pairctl.repo.blobs import read_blobs
from pairctl.repo.commits import (
    EMPTY_STATUS,
    Files,
    StatusTree,
    Wanted,
    list_commit,
    object_ids_among,
    read_file,
    read_object_ids,
    read_sources,
    read_status,
    read_tables,
)
from pairctl.repo.followed import FollowedRepository
from pairctl.repo.git_dirs import branch_in_head, is_sparse
from pairctl.repo.history import (
    CommitFacts,
    PathHistory,
    read_commit_time,
    read_cut,
    read_history,
    read_last_change,
)
from pairctl.repo.index import Index, read_index, read_staged, read_staged_file, read_staged_tables
from pairctl.repo.namespaces import FETCHED, HERE, commit_of, resolve
from pairctl.repo.problems import RefNotFound
from pairctl.repo.ref_ids import is_ancestor, ref_id, whole_ref_id
from pairctl.repo.refs import (
    checked_object_id,
    checked_path,
    checked_ref,
    is_object_id,
)
from pairctl.repo.upstream import Tracking, checked_out, names_at_remote
from pairctl.spec.findings import Finding, unread_file
from pairctl.spec.folder import is_below
from pairctl.spec.source import SourceFile
from pairctl.spec.tables import MAX_TABLE_BYTES

DOCUMENT_SUFFIXES = (".yaml", ".yml")
ALL_WANTED = Wanted()
MOST_LISTED = 50_000
"""Of how many files what a commit holds is kept while it is the latest that was read."""


class ReadableRepository(FollowedRepository):
    """All that is read of a repository; nothing here writes."""

    async def resolve(self, ref: str = "HEAD") -> str:
        """The full commit id of a branch, tag, `HEAD` or commit id; a branch wins over a tag.

        Steps lead on from there, as in `HEAD~1`.

        HEAD of a clone URL is the remote's default branch. Raises RefNotFound, listing what exists.
        """
        if self._wanted is None:
            await self._follow()
            git, known = self._git, self._known_commit
            if known and (ref == known or (ref == "HEAD" and await self._is_head_at(known))):
                return known  # what was found just now needs no looking for
            found = await self._healed(lambda: resolve(git, HERE, ref))
            self._resolved = git, found
            return found
        wanted = self._wanted
        wanted.note(ref)
        await self._refresh_if_stale()
        async with self._lock:
            return await self._healed(lambda: wanted.resolve(ref))

    async def merged(self, ref: str = "HEAD") -> str:
        """The full commit id of `ref` where it is merged: of a clone with a remote, there, fetched.

        HEAD is the branch that the clone has checked out, as the remote has it. Raises NotPushed
        for what only the clone has, and RefNotFound. Else this is `resolve`.
        """
        await self._follow()
        async with self._lock:
            git, upstream = self._git, self._upstream
            if upstream is not None:
                found = await self._healed(lambda: upstream.resolve(ref))
                self._resolved = git, found
                return found
        return await self.resolve(ref)

    async def tracking(self, ref: str = "HEAD") -> Tracking | None:
        """How a clone with its remote stands to it, fetched; None where there are no two sides."""
        async with self._lock:
            return await self._upstream.tracking(ref) if self._upstream else None

    async def branches_named(self, ref: str = "HEAD") -> frozenset[str]:
        """The short names of the branches that `ref` may stand for, here or at the remote.

        Whether they exist does not matter. Of a clone URL, HEAD is the remote's default branch.
        """
        if self._wanted:
            self._wanted.note(checked_ref(ref))
        if self._wanted and ref == "HEAD":
            await self._refresh_if_stale()
            head = self._wanted.space.head
            return frozenset({head.removeprefix(FETCHED.heads)} if head else ())
        here = await checked_out(self._git) if ref == "HEAD" else None
        if self._upstream:
            found = await self._upstream.branches_named(ref, here)
        else:
            names = names_at_remote(checked_ref(ref), "") if ref != "HEAD" else ()
            heads = (name for name in names if name.startswith("refs/heads/"))
            found = frozenset(name.removeprefix("refs/heads/") for name in heads)
        return found | ({here} if here else set())

    async def watch_token(self, ref: str = "HEAD") -> str:
        """The commit or tag id that `ref` has now at its source; cheap enough to poll.

        Of a clone URL the remote is asked, and nothing is fetched while the ref is there.
        """
        name = checked_ref(ref)
        if self._source is None or is_object_id(name):
            return await self.resolve(name)
        names = [name] if name.startswith("refs/") else [f"refs/heads/{name}", f"refs/tags/{name}"]
        names = ["HEAD"] if name == "HEAD" else names
        refs = (await self._source.advertised(names)).refs
        for full in names:
            if full in refs:
                return refs[full]
        await self.refresh()
        return await self.resolve(name)

    async def merged_token(self, ref: str = "HEAD") -> str:
        """The commit or tag id that `ref` has where it is merged; cheap enough to poll."""
        await self._follow()
        if self._upstream is None:
            return await self.watch_token(ref)
        return await self._upstream.token(ref)

    async def files(
        self,
        commit: str,
        under: str = "",
        suffixes: Sequence[str] = DOCUMENT_SUFFIXES,
        wanted: Wanted = ALL_WANTED,
    ) -> Files:
        """The documents of `commit` below the folder `under`; hidden files and folders are not.

        Suffixes are compared without case. Raises TreeTooLarge before too much is read.
        """
        checked_object_id(commit)
        folder = checked_path(under.rstrip("/")) if under else ""
        return await self._healed(lambda: self._read_sources(commit, folder, suffixes, wanted))

    async def file(self, commit: str, path: str) -> bytes | None:
        """One file's content, up to 1 MiB; None where there is none. Raises FileRefused."""
        checked_object_id(commit)
        checked_path(path)
        return await self._healed(lambda: read_file(self._git, commit, path))

    async def tables(
        self, commit: str, paths: Iterable[str], under: str = ""
    ) -> Mapping[str, SourceFile | Finding]:
        """CSV files of `commit` by path, or why one is not read; what is not there is left out.

        As with documents, only what stands below the folder `under` is there, links are not
        followed, and hidden files are not there.
        """
        checked_object_id(commit)
        folder = under.rstrip("/")
        inside = [path for path in paths if is_below(path, folder)]
        if not inside:
            return {}
        found = await self._healed(lambda: read_tables(self._git, commit, inside, MAX_TABLE_BYTES))
        return _as_tables(found)

    async def object_ids(self, commit: str, paths: Sequence[str]) -> Mapping[str, str]:
        """The Git object ids of files of `commit`, by path; what is not there is left out."""
        checked_object_id(commit)
        if self._listed[0] == commit:
            return object_ids_among(self._listed[1], paths)
        return await self._healed(lambda: read_object_ids(self._git, commit, paths))

    async def staged(
        self, under: str = "", wanted: Wanted = ALL_WANTED, index_file: Path | None = None
    ) -> Files:
        """The documents as they are staged, in the work tree's index or another one."""
        return await self._healed(
            lambda: read_staged(self._git, under, DOCUMENT_SUFFIXES, wanted, index_file)
        )

    async def staged_file(self, path: str, index_file: Path | None = None) -> bytes | None:
        """One file's content as it is staged; None where there is none. Raises FileRefused."""
        checked_path(path)
        return await self._healed(lambda: read_staged_file(self._git, path, index_file))

    async def staged_tables(
        self, paths: Iterable[str], under: str = "", index_file: Path | None = None
    ) -> Mapping[str, SourceFile | Finding]:
        """CSV files as they are staged, as `tables` has those of a commit."""
        inside = [path for path in paths if is_below(path, under)]
        if not inside:
            return {}
        return _as_tables(
            await self._healed(
                lambda: read_staged_tables(self._git, inside, MAX_TABLE_BYTES, index_file)
            )
        )

    def may_be_sparse(self) -> bool:
        """Whether the work tree may lack files of its commit on purpose; `index` says which."""
        return is_sparse(self._git.git_dir)

    async def index(self) -> Index:
        """How the index says that a work tree is to be compared with its commit."""
        return await self._healed(lambda: read_index(self._git))

    async def status(self) -> StatusTree:
        """The whole status branch, as last refreshed; anew from the remote after a lost push."""
        await self._follow()
        await self._refresh_if_stale()
        return await self._healed(self._read_status)

    async def status_at(self, commit: str) -> StatusTree:
        """The whole status branch as it is, or was, at one of its commits."""
        return await self._healed(lambda: self._status_at(commit))

    async def history(self, commit: str, paths: Sequence[str]) -> PathHistory:
        """What the commits up to `commit` did to files and folders, oldest first."""
        checked_object_id(commit)
        checked = [checked_path(path.rstrip("/")) for path in paths]
        return await self._healed(lambda: read_history(self._git, commit, checked))

    async def blobs(self, object_ids: Sequence[str], at_most_bytes: int) -> Mapping[str, bytes]:
        """Contents by object id, without those that are larger. Raises where one is missing."""
        checked = [checked_object_id(one) for one in object_ids]
        return await self._healed(lambda: read_blobs(self._git, checked, at_most_bytes))

    async def last_change(self, commit: str, *paths: str) -> CommitFacts | None:
        """The commit that changed one of `paths` last, as of `commit`; None where it is not said.

        Where history is cut off it does not say.
        """
        checked_object_id(commit)
        checked = tuple(checked_path(path) for path in paths)
        if self._last_changes[0] != commit:
            self._last_changes = commit, {}
        known = self._last_changes[1]
        if checked not in known:
            found = await self._healed(lambda: read_last_change(self._git, commit, *checked))
            if found is None:
                return None
            known[checked] = found
        return known[checked]

    async def made_at(self, commit: str) -> datetime | None:
        """When a commit was made, by its committer's clock; None where it does not say."""
        checked_object_id(commit)
        return await self._healed(lambda: read_commit_time(self._git, commit))

    async def has_commit(self, commit: str) -> bool:
        """Whether a text is the full id of a commit that is here, on a branch or not."""
        if not is_object_id(commit):
            return False
        try:
            return await self.resolve(commit) == commit
        except RefNotFound:
            return False

    async def is_here(self, commit: str) -> bool:
        """Whether a text is the full id of a commit that is here; nobody is asked for it."""
        is_id = is_object_id(commit)
        return is_id and await commit_of(self._git, (commit,), commit) == commit

    async def is_ancestor(self, commit: str, of: str) -> bool:
        """Whether a commit is another, or in its history as far as that is here."""
        pair = checked_object_id(commit), checked_object_id(of)
        return await self._healed(lambda: is_ancestor(self._git, *pair))

    async def cut(self, commit: str) -> str:
        """The commit where the history up to `commit` is cut off here; empty where it is whole."""
        checked_object_id(commit)
        return await self._healed(lambda: read_cut(self._git, commit))

    async def _is_head_at(self, commit: str) -> bool:
        """Whether the files of HEAD and its branch plainly name a commit."""
        branch = await asyncio.to_thread(branch_in_head, self._git.git_dir)
        return branch is not None and await ref_id(self._git, f"refs/heads/{branch}") == commit

    async def _read_sources(
        self, commit: str, folder: str, suffixes: Sequence[str], wanted: Wanted
    ) -> Files:
        """Read documents; what a whole commit holds is kept until another one is read."""
        if folder:
            return await read_sources(
                self._git, commit, under=folder, suffixes=suffixes, wanted=wanted
            )
        listing = await list_commit(self._git, commit, [])
        files = await read_sources(
            self._git, commit, under="", suffixes=suffixes, wanted=wanted, listing=listing
        )
        is_small = len(listing.entries) <= MOST_LISTED
        self._listed = (commit, listing.entries) if is_small else ("", ())
        return files

    async def _read_status(self) -> StatusTree:
        tip = await whole_ref_id(self._git, self._branch.ref_here)
        if tip != self._status.tip:
            self._status = EMPTY_STATUS if tip is None else await read_status(self._git, tip)
        return self._status

    async def _status_at(self, commit: str) -> StatusTree:
        if commit == self._status.tip:
            return self._status
        return await read_status(self._git, checked_object_id(commit))


def _as_tables(found: Mapping[str, bytes | Problem]) -> Mapping[str, SourceFile | Finding]:
    return {
        path: SourceFile(path, one) if isinstance(one, bytes) else unread_file(path, one)
        for path, one in found.items()
    }
