"""Who else may write to a file or folder that pairctl trusts. Knows nothing of what is in it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

_GROUP_OR_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_ROOT = 0


def why_not_private(path: Path) -> str:
    """Return why something that pairctl keeps for itself is not the user's alone; empty if it is.

    It belongs to the user, is no link and has no second name, and nobody else may write to it or
    put another in its place. Raises OSError where it, or what it lies in, cannot be looked at.
    """
    shown = path.lstat()
    if stat.S_ISLNK(shown.st_mode):
        return f"{path} is a link"
    if shown.st_uid != os.geteuid():
        return f"{path} belongs to another user"
    if shown.st_mode & _GROUP_OR_OTHERS:
        return f"others may write to {path}"
    if not stat.S_ISDIR(shown.st_mode) and (shown.st_nlink > 1 or not stat.S_ISREG(shown.st_mode)):
        return f"{path} is no file of its own"
    return next(filter(None, map(_why_replaceable, _above(path))), "")


def why_changeable(path: Path) -> str:
    """Return how others may change a file or folder that somebody named; empty if they may not.

    Links are followed, as Kubernetes mounts its files by them. Its owner and group may write to it;
    others may not, and where they may put things beside it, only those who own it replace it.
    Raises OSError.
    """
    real = Path(os.path.realpath(path))
    is_mount = stat.S_ISDIR(real.stat().st_mode) and real.stat().st_mode & stat.S_ISVTX
    if real.stat().st_mode & stat.S_IWOTH and not is_mount:
        return f"others may write to {path}"
    above = real.parent.stat().st_mode
    if above & stat.S_IWOTH and not above & stat.S_ISVTX:
        return f"others may write to {real.parent}, and so put another in place of {path.name}"
    return ""


def _above(path: Path) -> Iterator[Path]:
    """Yield the folders on the way to a path, as it is written and as it really is."""
    yield from dict.fromkeys([*path.absolute().parents, *Path(os.path.realpath(path)).parents])


def _why_replaceable(folder: Path) -> str:
    """Return why others could put something else in place of what lies in a folder, or of it."""
    shown = folder.lstat()
    if shown.st_uid not in (_ROOT, os.geteuid()):
        return f"{folder} belongs to another user"
    if stat.S_ISLNK(shown.st_mode) or shown.st_mode & stat.S_ISVTX:
        return ""  # links have no permissions; of a sticky folder only owners take things out
    is_own_group = shown.st_gid == os.getegid()
    others = stat.S_IWOTH if is_own_group else _GROUP_OR_OTHERS
    return f"others may write to {folder}" if shown.st_mode & others else ""
