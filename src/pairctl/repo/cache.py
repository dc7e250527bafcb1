"""The disposable bare repository that stands for a clone URL on this machine."""

import asyncio
import contextlib
import hashlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pairctl.permissions import why_not_private
from pairctl.repo.location import Location
from pairctl.repo.program import GitProgram, Timeouts

SETTLED = "pairctl-cache"


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of our own below the one given; nothing beside it is ever touched.

    It holds only what can be fetched again. One process at a time may use it. One that others may
    write to, or have made, is left alone: a temporary one takes its place.
    """

    git_dir: Path
    dispose: Callable[[], object]

    @classmethod
    def of(cls, location: Location, folder: Path | None) -> "Cache":
        """The cache of `location` in `folder`; without one, in a temporary folder."""
        key = hashlib.sha256(location.address.encode()).hexdigest()[:16]
        if folder is not None and _is_ours(folder.absolute(), f"{key}.git"):
            return cls(folder.absolute() / f"{key}.git", lambda: None)
        made = tempfile.mkdtemp(prefix="pairctl-")
        git_dir = Path(made) / "cache.git"
        dispose = _at_the_latest_on_exit(made)
        return cls(git_dir, dispose)

    async def prepare(self, timeouts: Timeouts) -> None:
        """Make the repository unless a whole one is there."""
        if not await asyncio.to_thread((self.git_dir / SETTLED).exists):
            await self.renew(timeouts)

    async def renew(self, timeouts: Timeouts) -> None:
        """Throw the repository away and make an empty one."""
        await asyncio.to_thread(self._empty)
        git = GitProgram(self.git_dir, timeouts=timeouts)
        await git.output(["init", "--quiet", "--bare", "--template="], doing="making the cache")
        await asyncio.to_thread((self.git_dir / SETTLED).touch)

    async def remove(self) -> None:
        """Remove the folder if it was a temporary one."""
        await asyncio.to_thread(self.dispose)

    def _empty(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.git_dir)
        self.git_dir.mkdir(parents=True, mode=0o700)


def _is_ours(folder: Path, name: str) -> bool:
    """Whether a folder, and the repository in it if it is there, are this user's alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        there = (path for path in (folder, folder / name) if os.path.lexists(path))
        return not any(map(why_not_private, there))
    except OSError:
        return False


def _at_the_latest_on_exit(folder: str) -> Callable[[], object]:
    return weakref.finalize(Cache, shutil.rmtree, folder, ignore_errors=True)
