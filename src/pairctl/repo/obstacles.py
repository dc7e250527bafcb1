"""What can be seen to be in the way of a branch before it is moved: names, locks, rights, room."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from pairctl.repo.git_dirs import common_dir_of, find_git_dir
from pairctl.repo.problems import refused
from pairctl.repo.refusals import LOCKED, NAME_TAKEN, NO_ROOM, NOT_PERMITTED
from pairctl.text import escaped

LEAST_FREE_BYTES = 1 << 20


def refuse_names(branch: str, refs: Iterable[str]) -> None:
    """Raise PushRefused where one of `refs` is a branch that leaves no room for the name."""
    wanted = f"refs/heads/{branch}"
    for ref in sorted(refs):
        if ref.startswith(f"{wanted}/") or wanted.startswith(f"{ref}/"):
            other = escaped(ref.removeprefix("refs/heads/"))
            raise refused(branch, "Git has no branch beside those below it", NAME_TAKEN, other)


def refuse_folder(branch: str, git_dir: Path) -> None:
    """Raise a PublishError for what is in the way in a Git directory on this machine."""
    found = find_git_dir(git_dir)
    common = common_dir_of(found[0]) if found else git_dir
    objects = common / "objects"
    for lock in (common / f"refs/heads/{branch}.lock", common / "packed-refs.lock"):
        if os.path.lexists(lock):
            raise refused(branch, f"{lock} is there", LOCKED)
    if objects.is_dir() and not os.access(objects, os.W_OK):
        raise refused(branch, f"{objects} may not be written to", NOT_PERMITTED)
    if objects.is_dir() and shutil.disk_usage(objects).free < LEAST_FREE_BYTES:
        raise refused(branch, f"{objects} has less than {LEAST_FREE_BYTES} bytes left", NO_ROOM)


def conflicting_names(ref: str) -> tuple[str, ...]:
    """Return patterns of the refs beside which `ref` cannot be: those below it, and above it."""
    parts = ref.split("/")
    return (f"{ref}/*", f"{ref}/**", *("/".join(parts[:count]) for count in range(3, len(parts))))
