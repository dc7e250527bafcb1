"""A path that was opened: its parts, and whether what is there is still what was opened."""

import asyncio
import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pairctl.problem import Problem
from pairctl.repo.branches import (
    LocalBranch,
    RememberedBranch,
    RemoteBranch,
    StatusBranch,
)
from pairctl.repo.git_dirs import common_dir_of, find_repository
from pairctl.repo.location import Location
from pairctl.repo.opening import OpenedPath, open_path
from pairctl.repo.problems import GitFailed, RemoteNotFound, RepositoryError, UrlNotAllowed
from pairctl.repo.program import GitProgram, Timeouts
from pairctl.repo.ref_ids import is_ancestor, ref_id
from pairctl.repo.remote import Remote
from pairctl.repo.upstream import Upstream
from pairctl.text import escaped

TRACKING_REFS = "refs/pairctl/status-of/"
Seen = tuple[str, int, int]
"""Where a path's links lead, and the device and inode that are there."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a repository is made of; `dispose` removes what was made for this run only.

    Of another place that Git would go to for the remote, `not_followed` tells.
    """

    git: GitProgram
    branch: StatusBranch
    upstream: Upstream | None = None
    id_digits: int = 40
    dispose: Callable[[], object] = lambda: None
    not_followed: Problem | None = None

    async def holds(self, commit: str) -> bool:
        """Whether the status branch, as it is here, has a commit in its history."""
        tip = await ref_id(self.git, self.branch.ref_here)
        try:
            return tip is not None and await is_ancestor(self.git, commit, tip)
        except GitFailed:  # it is not here at all
            return False


@dataclass(frozen=True, slots=True)
class Place:
    """How a path was opened; `may_be_old` is for those who only look."""

    where: Location
    status_branch: str
    remote: str | None
    timeouts: Timeouts
    may_be_old: bool
    seen: Seen | None = None

    async def open(self) -> Opened:
        """Open what is there now. Raises ConfigurationError."""
        remote, why = self.remote, None
        try:
            found = await open_path(self.where, remote=remote, timeouts=self.timeouts)
        except (UrlNotAllowed, RemoteNotFound) as error:
            if not self.may_be_old:
                raise
            why = error.problem
            found = await open_path(self.where, remote=None, timeouts=self.timeouts)
        git = GitProgram(
            found.git_dir, timeouts=self.timeouts, variables=_quarantine(found.git_dir)
        )
        if why is not None and remote is not None:
            known = RememberedBranch(git, self.status_branch, remote, why)
            return Opened(git, known, id_digits=found.id_digits)
        return self._of(found, git)

    def _of(self, found: OpenedPath, git: GitProgram) -> Opened:
        name, remote = self.status_branch, self.remote
        if found.remote is None or found.to_remote is None or remote is None:
            return Opened(git, LocalBranch(git, name, found.id_digits), id_digits=found.id_digits)
        place = Remote(found.to_remote, found.remote, found.without_refs)
        there = RemoteBranch(place, name, tracking_ref(remote, name))
        known = RememberedBranch(git, name, remote, there)
        branch: StatusBranch = known if self.may_be_old else there
        upstream = Upstream(git, place, remote)
        return Opened(git, branch, upstream, found.id_digits, found.dispose, found.not_followed)

    def now(self) -> "Place":
        """This place with what is seen there now."""
        return replace(self, seen=_seen(Path(self.where.address)))

    async def has_moved(self) -> bool:
        """Whether another repository or work tree stands there.

        Raises RepositoryError where there is none, and OSError where the system lets nobody look.
        """
        found = await asyncio.to_thread(_seen, Path(self.where.address))
        if found is None:
            text = f"there is no repository at {escaped(self.where.address)} any more"
            raise RepositoryError(Problem("NotARepository", text, "it is looked for again"))
        return found != self.seen

    def another(self, commit: str) -> RepositoryError:
        """The error of a path where something else stands than what was read so far."""
        text = (
            f"another repository stands at {escaped(self.where.address)} now: its branch "
            f"{self.status_branch!r} does not hold commit {commit[:12]}, which this run has read"
        )
        hint = "bring the one before back; if the other is meant, start pairctl again"
        return RepositoryError(Problem("NotARepository", text, hint))


def tracking_ref(remote: str, branch: str) -> str:
    """The ref that holds what was last fetched of a status branch; one each, whatever its name."""
    return TRACKING_REFS + hashlib.sha256(f"{remote}\0{branch}".encode()).hexdigest()[:20]


def _quarantine(git_dir: Path) -> tuple[tuple[str, str], ...]:
    """Return where the objects of a push are while a server's hook looks at it; else nothing.

    Git tells its hooks of that place. Only one within this repository's own objects is heeded; Git
    itself keeps refs from being moved meanwhile.
    """
    said = os.environ.get("GIT_QUARANTINE_PATH")
    if not said:
        return ()
    objects = Path(os.path.realpath(common_dir_of(git_dir) / "objects"))
    place = Path(os.path.realpath(said))
    if objects not in place.parents:
        return ()
    return (
        ("GIT_QUARANTINE_PATH", str(place)),
        ("GIT_OBJECT_DIRECTORY", str(place)),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES", str(objects)),
    )


def _seen(path: Path) -> Seen | None:
    found = find_repository(path)
    if found is None:
        with suppress(FileNotFoundError, NotADirectoryError):
            os.scandir(path).close()  # what the system refuses to show is not gone
        return None
    try:
        shown = found[0].stat()
    except OSError:
        return None
    return os.path.realpath(found[0]), shown.st_dev, shown.st_ino
