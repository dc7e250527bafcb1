"""The disposable bare repository that stands for a clone URL on this machine."""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pairctl.permissions import why_not_private
from pairctl.repo.location import Location
from pairctl.repo.program import GitProgram, Timeouts
from pairctl.repo.refs import OBJECT_FORMATS, SHA1_DIGITS, digits_of

SETTLED = "pairctl-cache"
MOST_PACKS, MOST_LOOSE = 50, 6_700
"""What a kept repository may gather before it is fetched afresh: Git's own limits."""


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of our own below the one given; nothing beside it is ever touched.

    It holds only what can be fetched again. One process at a time uses it: beside that, and where
    others may write to the folder or have made it, a temporary one takes its place.
    """

    git_dir: Path
    dispose: Callable[[], object]

    @classmethod
    def of(cls, location: Location, folder: Path | None) -> "Cache":
        """The cache of `location` in `folder`; without one, in a temporary folder."""
        key = hashlib.sha256(location.address.encode()).hexdigest()[:16]
        if folder is not None and _is_ours(folder.absolute(), f"{key}.git", f"{key}.lock"):
            lock = _locked(folder.absolute() / f"{key}.lock")
            if lock is not None:
                return cls(folder.absolute() / f"{key}.git", lock.close)
        made = tempfile.mkdtemp(prefix="pairctl-")
        git_dir = Path(made) / "cache.git"
        # The folder goes when the cache is closed, and at the latest when the process ends.
        dispose = weakref.finalize(Cache, shutil.rmtree, made, ignore_errors=True)
        return cls(git_dir, dispose)

    async def prepare(self, timeouts: Timeouts) -> int:
        """Make the repository unless a whole one is there that has not grown for too long.

        Returns how many digits object ids have in it: what the remote's have is not known yet.
        """
        if not await asyncio.to_thread(self._is_usable):
            await self.renew(timeouts, SHA1_DIGITS)
        said = await asyncio.to_thread((self.git_dir / SETTLED).read_text)
        return digits_of(said)

    async def renew(self, timeouts: Timeouts, id_digits: int) -> None:
        """Throw the repository away and make an empty one, with object ids of so many digits."""
        await asyncio.to_thread(self._empty)
        git = GitProgram(self.git_dir, timeouts=timeouts)
        made_as = OBJECT_FORMATS[id_digits]  # said, since Git's own default is not always the same
        await git.output(
            ["init", "--quiet", "--bare", "--template=", f"--object-format={made_as}"],
            doing="making the cache",
        )
        await asyncio.to_thread((self.git_dir / SETTLED).write_text, made_as)

    async def remove(self) -> None:
        """Remove the folder if it was a temporary one, and let others use one that is kept."""
        await asyncio.to_thread(self.dispose)

    def _is_usable(self) -> bool:
        packs = len(list(self.git_dir.glob("objects/pack/*.pack")))
        loose = len(list(self.git_dir.glob("objects/17/*"))) << 8  # as `git gc --auto` estimates
        is_small = packs <= MOST_PACKS and loose <= MOST_LOOSE
        return is_small and (self.git_dir / SETTLED).exists()

    def _empty(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.git_dir)
        self.git_dir.mkdir(parents=True, mode=0o700)


def _locked(path: Path) -> BinaryIO | None:
    """Open a file that no other process holds, and hold it; None where one does."""
    try:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b")
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def _is_ours(folder: Path, *names: str) -> bool:
    """Whether a folder, and what is there of these names, are this user's alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        mine = (folder, *(folder / name for name in names))
        there = (path for path in mine if os.path.lexists(path))
        return not any(map(why_not_private, there))
    except OSError:
        return False
