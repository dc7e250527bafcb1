"""A repository as the engine sees it: the files of a commit in, status commits out."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self, TypeVar

from pairctl.problem import Problem
from pairctl.repo.blobs import read_blobs
from pairctl.repo.branches import (
    RemoteBranch,
    is_ancestor,
    ref_id,
)
from pairctl.repo.cache import Cache
from pairctl.repo.commits import (
    EMPTY_STATUS,
    Files,
    StatusTree,
    Wanted,
    read_file,
    read_object_ids,
    read_sources,
    read_status,
    read_tables,
    write_commit,
)
from pairctl.repo.git_dirs import is_sparse, lost_alternates
from pairctl.repo.history import (
    CommitFacts,
    PathHistory,
    read_commit_time,
    read_cut,
    read_history,
    read_last_change,
)
from pairctl.repo.index import Index, read_index, read_staged, read_staged_file, read_staged_tables
from pairctl.repo.location import Location, parse_location
from pairctl.repo.namespaces import FETCHED, HERE, commit_of, resolve
from pairctl.repo.opened import Opened, Place
from pairctl.repo.opening import git_goes_elsewhere
from pairctl.repo.problems import (
    GitFailed,
    PublishError,
    RefNotFound,
    lost,
)
from pairctl.repo.program import GitProgram, Timeouts, check_version
from pairctl.repo.refs import (
    checked_branch,
    checked_object_id,
    checked_path,
    checked_ref,
    is_object_id,
)
from pairctl.repo.remote import Remote
from pairctl.repo.replaced_ref import ReplacedRef, checked_replaced_ref
from pairctl.repo.stream import Identity
from pairctl.repo.upstream import Tracking, checked_out, names_at_remote
from pairctl.repo.wanted import WantedRefs
from pairctl.spec.findings import Finding, unread_file
from pairctl.spec.folder import is_below
from pairctl.spec.source import SourceFile
from pairctl.spec.tables import MAX_TABLE_BYTES
from pairctl.text import escaped

DOCUMENT_SUFFIXES = (".yaml", ".yml")
PAIRCTL = Identity()
DEFAULT_TIMEOUTS = Timeouts()
ALL_WANTED = Wanted()
T = TypeVar("T")


class Repository:
    """One repository, by path or by clone URL. Made by `open`; an async context manager.

    The work tree, the index, hooks, filters and the user's Git configuration are never used.
    """

    def __init__(
        self,
        opened: Opened,
        *,
        source: Remote | None = None,
        cache: Cache | None = None,
        place: Place | None = None,
        identity: Identity,
    ) -> None:
        self._take(opened)
        self._source = source
        self._cache = cache
        self._place = place
        self._identity = identity
        self._wanted = WantedRefs(opened.git, source, opened.branch.name) if source else None
        self._status = EMPTY_STATUS
        self._is_stale = opened.branch.is_remote
        self._lock = asyncio.Lock()
        self._renewing = asyncio.Lock()

    def _take(self, opened: Opened) -> None:
        self._git = opened.git
        self._branch = opened.branch
        self._upstream = opened.upstream
        self._id_digits = opened.id_digits
        self._dispose = opened.dispose
        self._not_followed = opened.not_followed

    @classmethod
    async def open(
        cls,
        location: str,
        *,
        status_branch: str = "pairctl-status",
        remote: str | None = "origin",
        cache: Path | None = None,
        identity: Identity = PAIRCTL,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        may_be_old: bool = False,
    ) -> Self:
        """Open `location`: a path (work tree, `.git`, bare) or a clone URL. Asks no remote yet.

        A clone URL is read through a cache below `cache`, or in a temporary folder. A path with a
        remote named `remote` reads intents locally, or as they are `merged` there, and keeps its
        status branch at that remote; a path without keeps it in itself. Where a remote is pushed to
        another place than it is fetched from, it is that place. With no `remote` a path stands for
        itself alone: git may ask nobody. What a partial clone left out is never asked for.

        For those who only look, the status branch of a clone `may_be_old`: where the remote cannot
        be asked, whatever its URL, it is as the clone has it, and `why_old` says why. Raises
        ConfigurationError.
        """
        where = parse_location(location, relative_to=Path.cwd())
        name = checked_branch(status_branch)
        await check_version(Path.cwd())
        if where.is_url:
            return await cls._open_url(where, name, cache, identity, timeouts)
        named = Place(where, name, remote, timeouts, may_be_old)
        place = await asyncio.to_thread(named.now)
        return cls(await place.open(), place=place, identity=identity)

    @classmethod
    async def _open_url(
        cls,
        where: Location,
        status_branch: str,
        folder: Path | None,
        identity: Identity,
        timeouts: Timeouts,
    ) -> Self:
        cache = Cache.of(where, folder)
        await cache.prepare(timeouts)
        git = GitProgram(cache.git_dir, where.protocol, timeouts)
        source = Remote(git, where)
        branch = RemoteBranch(source, status_branch, FETCHED.heads + status_branch)
        opened = Opened(git, branch, not_followed=await git_goes_elsewhere(where.address))
        return cls(opened, source=source, cache=cache, identity=identity)

    @property
    def status_branch(self) -> str:
        """The short name of the branch that holds statuses."""
        return self._branch.name

    @property
    def why_old(self) -> Problem | None:
        """Why the status branch may be older than at its remote; None where it is not."""
        return self._branch.why_old

    @property
    def not_followed(self) -> Problem | None:
        """What Git would use in place of the remote's URL, and pairctl does not; else None."""
        return self._not_followed

    async def refresh(self) -> None:
        """Fetch what changed at the remote; nothing for a repository without one.

        Of a clone URL that is the status branch and what was asked for before, of a path with a
        remote the status branch.
        Raises RepositoryUnreachable or AccessRefused; what was read before stays readable.
        """
        await self._follow()
        async with self._lock:
            await self._healed(self._fetch)
            self._is_stale = False

    async def resolve(self, ref: str = "HEAD") -> str:
        """The full commit id of a branch, tag, `HEAD` or commit id; a branch wins over a tag.

        Steps lead on from there, as in `HEAD~1`.

        HEAD of a clone URL is the remote's default branch. Raises RefNotFound, listing what exists.
        """
        if self._wanted is None:
            await self._follow()
            return await self._healed(lambda: resolve(self._git, HERE, ref))
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
        if self._upstream is None:
            return await self.resolve(ref)
        await self._follow()
        upstream = self._upstream
        async with self._lock:
            return await self._healed(lambda: upstream.resolve(ref))

    async def tracking(self, ref: str = "HEAD") -> Tracking | None:
        """How a clone with its remote stands to it, fetched; None where there are no two sides."""
        if self._upstream is None:
            return None
        async with self._lock:
            return await self._upstream.tracking(ref)

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
            found = await self._upstream.branches_named(ref)
        else:
            names = names_at_remote(checked_ref(ref), "") if ref != "HEAD" else ()
            heads = (name for name in names if name.startswith("refs/heads/"))
            found = frozenset(name.removeprefix("refs/heads/") for name in heads)
        return found | ({here} if here else set())

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
        return await self._healed(
            lambda: read_sources(self._git, commit, under=folder, suffixes=suffixes, wanted=wanted)
        )

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

    async def last_change(self, commit: str, *paths: str) -> CommitFacts | None:
        """The commit that changed one of `paths` last, as of `commit`; None where it is not said.

        Where history is cut off it does not say.
        """
        checked_object_id(commit)
        checked = [checked_path(path) for path in paths]
        return await self._healed(lambda: read_last_change(self._git, commit, *checked))

    async def made_at(self, commit: str) -> datetime | None:
        """When a commit was made, by its committer's clock; None where it does not say."""
        checked_object_id(commit)
        return await self._healed(lambda: read_commit_time(self._git, commit))

    async def merged_token(self, ref: str = "HEAD") -> str:
        """The commit or tag id that `ref` has where it is merged; cheap enough to poll."""
        if self._upstream is None:
            return await self.watch_token(ref)
        await self._follow()
        return await self._upstream.token(ref)

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

    async def close(self) -> None:
        """Remove what was made for this run only: a temporary cache, the way to the remote."""
        if self._cache:
            await self._cache.remove()
        await asyncio.to_thread(self._dispose)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _follow(self) -> None:
        """Open what stands at the path now, if it is another repository or work tree than before.

        A link may have been switched, as git-sync does. Raises RepositoryError where nothing is
        there, or where what is there does not hold what was read of the status branch: to go on
        with that would be to forget claims.

        One of all who ask at the same time does so, while nobody fetches or publishes: the place
        of before is removed.
        """
        if self._place is None or not await self._place.has_moved():
            return
        async with self._lock:
            if await self._place.has_moved():
                await self._take_what_stands_at(self._place)

    async def _take_what_stands_at(self, known: Place) -> None:
        place = await asyncio.to_thread(known.now)
        other = await place.open()
        await other.branch.fetch()
        if self._status.tip and not await other.holds(self._status.tip):
            await asyncio.to_thread(other.dispose)
            raise place.another(self._status.tip)
        before = self._dispose
        self._take(other)
        self._place, self._status = place, EMPTY_STATUS
        await asyncio.to_thread(before)

    async def _refresh_if_stale(self) -> None:
        if self._is_stale:
            await self.refresh()

    async def _fetch(self) -> None:
        if self._wanted is None:
            await self._branch.fetch()
        else:
            await self._wanted.refresh()

    async def _read_status(self) -> StatusTree:
        tip = await ref_id(self._git, self._branch.ref_here)
        if tip != self._status.tip:
            self._status = EMPTY_STATUS if tip is None else await read_status(self._git, tip)
        return self._status

    async def _publish(
        self,
        base: str | None,
        changes: Mapping[str, bytes | None],
        *,
        message: str,
        now: datetime,
    ) -> str:
        tip = await self._branch.tip()
        if tip != base:
            raise lost(self._branch.name, f"it stands at {tip}, not at {base}")
        tree = EMPTY_STATUS if base is None else await self._status_at(base)
        old = tree.files
        edits = {path: content for path, content in changes.items() if old.get(path) != content}
        if not edits and base is not None:
            return base
        commit = await write_commit(
            self._git,
            base,
            edits,
            message=message,
            identity=self._identity,
            now=now,
            id_digits=self._id_digits,
        )
        await self._branch.swap(base, commit)
        unread = tuple(path for path in tree.unread if path not in edits)
        merged = {**old, **edits}
        kept = {path: content for path, content in merged.items() if content is not None}
        self._status = StatusTree(commit, MappingProxyType(dict(sorted(kept.items()))), unread)
        return commit

    async def _status_at(self, commit: str) -> StatusTree:
        if commit == self._status.tip:
            return self._status
        return await read_status(self._git, checked_object_id(commit))

    async def _healed(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`; where the cache is broken, make it anew and do it once more."""
        try:
            return await work()
        except GitFailed as error:
            if not self._cache or not self._wanted:
                raise await self._explained(error) from error
            async with self._renewing:
                self._wanted.forget()
                await self._cache.renew(self._git.timeouts)
                await self._fetch()
            return await work()

    async def _explained(self, error: GitFailed) -> GitFailed:
        """Return the error with its cause, where objects are borrowed from what is not there."""
        lost_places = await asyncio.to_thread(lost_alternates, self._git.git_dir)
        if not lost_places:
            return error
        place = escaped(str(lost_places[0]))
        text = f"{error.problem.message}; objects are borrowed from {place}, which is not there"
        hint = "bring it back, or clone without --shared and --reference (or with --dissociate)"
        return GitFailed(Problem("GitFailed", text, hint))


def _as_tables(found: Mapping[str, bytes | Problem]) -> Mapping[str, SourceFile | Finding]:
    return {
        path: SourceFile(path, one) if isinstance(one, bytes) else unread_file(path, one)
        for path, one in found.items()
    }
