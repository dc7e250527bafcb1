"""What stands at a repository's place: opened, followed where it is switched, healed, fetched."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from pairctl.problem import Problem
from pairctl.repo.branches import (
    RemoteBranch,
)
from pairctl.repo.cache import Cache
from pairctl.repo.commits import (
    EMPTY_STATUS,
)
from pairctl.repo.committing import CommitWriter
from pairctl.repo.git_dirs import lost_alternates
from pairctl.repo.history import CommitFacts
from pairctl.repo.location import Location, parse_location
from pairctl.repo.namespaces import FETCHED
from pairctl.repo.opened import Opened, Place
from pairctl.repo.opening import git_goes_elsewhere
from pairctl.repo.problems import (
    GitFailed,
)
from pairctl.repo.process import RunEnd
from pairctl.repo.program import GitProgram, Timeouts, check_version
from pairctl.repo.refs import (
    checked_branch,
)
from pairctl.repo.remote import Remote
from pairctl.repo.stream import Identity
from pairctl.repo.trees import Entry
from pairctl.repo.wanted import WantedRefs
from pairctl.text import escaped

PAIRCTL = Identity()
DEFAULT_TIMEOUTS = Timeouts()
T = TypeVar("T")


class FollowedRepository:
    """One repository, by path or by clone URL, as it stands there now.

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
        self._identity = identity
        self._take(opened)
        self._source = source
        self._cache = cache
        self._place = place
        self._wanted = (
            WantedRefs(opened.git, source, opened.branch.name, opened.id_digits) if source else None
        )
        self._status = EMPTY_STATUS
        self._is_stale = opened.branch.is_remote
        self._lock = asyncio.Lock()
        self._renewing = asyncio.Lock()

    def _take(self, opened: Opened) -> None:
        self._git = opened.git
        self._branch = opened.branch
        self._upstream = opened.upstream
        self._dispose = opened.dispose
        self._not_followed = opened.not_followed
        self._resolved: tuple[GitProgram, str] | None = None
        self._listed: tuple[str, Sequence[Entry]] = ("", ())
        self._last_changes: tuple[str, dict[tuple[str, ...], CommitFacts]] = ("", {})
        self._write_ids_of(opened.id_digits)

    def _write_ids_of(self, digits: int) -> None:
        """Write objects with ids of so many digits from now on."""
        self._id_digits = digits
        self._commits = CommitWriter(self._git, self._identity, digits)

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
        timeouts = replace(timeouts, run_end=RunEnd())  # that of this run alone
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
        id_digits = await cache.prepare(timeouts)
        git = GitProgram(cache.git_dir, where.protocol, timeouts)
        source = Remote(git, where)
        branch = RemoteBranch(source, status_branch, FETCHED.heads + status_branch)
        elsewhere = await git_goes_elsewhere(where.address)
        opened = Opened(git, branch, id_digits=id_digits, not_followed=elsewhere)
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

    def end_within(self, seconds: float) -> None:
        """Let no git command go on for longer than that from now, nor begin later.

        One that is cut off so raises GitTimeout, or what is known of its effect, as ever.
        """
        self._git.timeouts.run_end.set_in(seconds)

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

    @property
    def _known_commit(self) -> str | None:
        """The commit that was found last where pairctl reads now.

        Who looked for one while another repository was opened may have found that of before.
        """
        return self._resolved[1] if self._resolved and self._resolved[0] is self._git else None

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

    async def _healed(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`; where the cache is broken, make it anew and do it once more.

        So it is where the remote has object ids of another length than the cache.
        """
        try:
            return await work()
        except GitFailed as error:
            if not self._cache or not self._wanted:
                raise await self._explained(error) from error
            async with self._renewing:
                known = self._wanted.id_digits
                try:
                    await self._fetch_again(self._cache, self._wanted)
                except GitFailed:
                    if self._wanted.id_digits == known:
                        raise
                    await self._fetch_again(self._cache, self._wanted)
            return await work()

    async def _fetch_again(self, cache: Cache, wanted: WantedRefs) -> None:
        """Fetch all into an empty cache. Raises GitFailed, also where ids are not as known."""
        wanted.forget()
        await cache.renew(self._git.timeouts, wanted.id_digits)
        self._write_ids_of(wanted.id_digits)
        await wanted.refresh()

    async def _explained(self, error: GitFailed) -> GitFailed:
        """Return the error with its cause, where objects are borrowed from what is not there."""
        lost_places = await asyncio.to_thread(lost_alternates, self._git.git_dir)
        if not lost_places:
            return error
        place = escaped(str(lost_places[0]))
        text = f"{error.problem.message}; objects are borrowed from {place}, which is not there"
        hint = "bring it back, or clone without --shared and --reference (or with --dissociate)"
        return GitFailed(Problem("GitFailed", text, hint))
