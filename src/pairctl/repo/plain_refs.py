"""Refs read from the files that Git keeps them in, without a process, where they say it plainly.

What a run asks most often is where one ref stands. Git is asked wherever a file could mean anything
else than an object id: another name, another store, a work tree's own ref, too much to read.
"""

import errno
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from pairctl.repo.git_dirs import common_dir_of, find_git_dir, whole_configuration

MAX_REF_BYTES = 256
MAX_PACKED_BYTES = 1 << 20
_OBJECT_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_OWN_RULES = re.compile(rb"sharedrepository|fsync")
_OF_ONE_WORK_TREE = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")


def read_plain_ref(git_dir: Path, ref: str) -> str | None:
    """Return what a full ref name stands at; empty where there is none, None to have Git asked.

    As Git does, the ref's own file is read first, and then the file of those that were packed.
    """
    if not ref.startswith("refs/") or ref.startswith(_OF_ONE_WORK_TREE):
        return None
    try:
        common = common_dir_of(git_dir)
        if not (common / "refs").is_dir() or os.path.lexists(common / "reftable"):
            return None
        own = _read(common / ref, MAX_REF_BYTES, is_followed=False)
        if own is not None:
            value = own.removesuffix(b"\n")
            return value.decode() if _OBJECT_ID.fullmatch(value) else None
        packed = _read(common / "packed-refs", MAX_PACKED_BYTES)
    except OSError:
        return None
    found = re.search(
        rb"^([0-9a-f]+) " + re.escape(os.fsencode(ref)) + rb"$", packed or b"", re.MULTILINE
    )
    if found is None:
        return ""
    return found[1].decode() if _OBJECT_ID.fullmatch(found[1]) else None


def move_plain_ref(git_dir: Path, ref: str, before: str, commit: str) -> bool:
    """Move a ref of pairctl's own from `before` (empty: it is not there); False to have Git do it.

    That is where the ref is not plain, does not stand there, is written by another now, keeps
    a log, or where the configuration may say who shares the repository.
    """
    said = whole_configuration(git_dir)
    if said is None or _OWN_RULES.search(said.lower()):
        return False
    common = common_dir_of(git_dir)
    place, lock = common / ref, common / f"{ref}.lock"
    try:
        if os.path.lexists(common / "logs" / ref) or read_plain_ref(git_dir, ref) != before:
            return False
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666)
    except OSError:
        return False
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{commit}\n")
            file.flush()
            os.fsync(descriptor)  # Git neither reads, moves nor deletes a ref whose file is empty
        if read_plain_ref(git_dir, ref) == before:  # nobody moves it while the lock is there
            lock.replace(place)
            return True
    except OSError:
        pass
    lock.unlink(missing_ok=True)
    return False


def is_ref_content(content: bytes) -> bool:
    """Whether the content of a ref's file is an object id, or the name of another ref."""
    return bool(_OBJECT_ID.fullmatch(content.rstrip())) or content.startswith(b"ref: ")


def read_plain_refs(folder: Path, refs: Iterable[str]) -> dict[str, str] | None:
    """Return what refs stand at that are all there, in the repository at a folder; else None."""
    try:
        place = find_git_dir(folder)
    except OSError:
        return None
    if place is None:
        return None
    found = {ref: read_plain_ref(place[0], ref) for ref in refs}
    values = {ref: value for ref, value in found.items() if value}
    return values if len(values) == len(found) else None


def _read(path: Path, most_bytes: int, *, is_followed: bool = True) -> bytes | None:
    """Read a regular file; None where there is none. Raises OSError, also for one that is longer.

    Nobody waits at a pipe. A ref may be a link to another one: it is not followed.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | (0 if is_followed else os.O_NOFOLLOW)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        shown = os.fstat(stream.fileno())
        if not stat.S_ISREG(shown.st_mode) or shown.st_size > most_bytes:
            raise OSError(errno.EINVAL, "no regular file of a usual length", str(path))
        return stream.read(most_bytes)
