"""Private refs that a loss of power, or a killed process, has left broken: they are forgotten.

Git neither reads, moves nor deletes a ref whose file is empty, and waits for a lock whose holder is
gone. What pairctl keeps below `refs/pairctl/` is what it last saw of a remote: it is fetched again.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from pairctl.repo.git_dirs import common_dir_of
from pairctl.repo.plain_refs import MAX_REF_BYTES, is_ref_content

PRIVATE = "refs/pairctl/"
_LOCK = ".lock"


def forget_broken_refs(git_dir: Path, names: Iterable[str], *, stale_s: float) -> bool:
    """Forget those of some private refs that are broken, and locks older than `stale_s`.

    A name that ends in a slash stands for all below it. Whether there were any is returned. A ref
    of anybody else's is never touched.
    """
    common = common_dir_of(git_dir)
    own = [name for name in names if name.startswith(PRIVATE)]
    done = [
        _mend(path, stale_s)
        for name in own
        for path in (*_below(common / name), common / f"{name}{_LOCK}")
    ]
    return any(done)


def _below(place: Path) -> Iterator[Path]:
    """Yield a file, or the files below a folder."""
    if not place.is_dir():
        yield place
    for folder, _, files in os.walk(place):
        yield from (Path(folder, name) for name in files)


def _mend(path: Path, stale_s: float) -> bool:
    """Remove a ref that is broken, or a lock that is stale; return whether it was one."""
    with suppress(OSError):
        if path.suffix == _LOCK:
            return _unlock(path, stale_s)
        if not _is_whole(path):
            return _forget(path)
    return False


def _unlock(lock: Path, stale_s: float) -> bool:
    """Remove a lock that none who took it can hold any more."""
    if time.time() - lock.lstat().st_mtime < stale_s:
        return False
    lock.unlink()
    return True


def _forget(path: Path) -> bool:
    """Remove a broken ref under its lock, as Git would: unless another has written it by now."""
    lock = path.with_name(path.name + _LOCK)
    os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666))
    try:
        if _is_whole(path):
            return False
        path.unlink()
    finally:
        lock.unlink()
    return True


def _is_whole(path: Path) -> bool:
    """Whether a file says where a ref stands. Raises OSError, also where it is not there."""
    if path.is_symlink() or not path.is_file():
        return True  # whatever it is, a loss of power does not leave it
    with path.open("rb") as file:
        return is_ref_content(file.read(MAX_REF_BYTES))
