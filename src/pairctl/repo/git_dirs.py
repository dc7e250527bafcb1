"""Finding Git directories by what lies there alone: no configuration and no environment is read."""

import os
import re
import stat
from pathlib import Path

from pairctl.text import escaped

_GIT_FILE = "gitdir: "
_HEAD_ON_BRANCH = re.compile(rb"ref: refs/heads/([A-Za-z0-9_][A-Za-z0-9_/-]*[A-Za-z0-9_])")
_OBJECT_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
MAX_POINTER_BYTES = 1 << 16


def find_git_dir(path: Path) -> tuple[Path, Path] | None:
    """Return the Git directory of a work tree, a `.git` or a bare repository; None without one.

    The second path is where Git finds it from by itself: the work tree, or the directory. Parents
    are not searched. A work tree's `.git` may be a file that says where the directory is.
    """
    inner = path / ".git"
    if os.path.lexists(inner):
        found = inner if inner.is_dir() else _pointed_to(inner)
        return (found, path) if found is not None and _is_git_dir(found) else None
    if _is_git_dir(path):
        return path, path.parent if path.name == ".git" else path
    return None


def find_repository(path: Path) -> tuple[Path, Path] | None:
    """Return what `find_git_dir` does of a path or, for a folder, of the first work tree above it.

    Links are followed where what was named is in no work tree.
    """
    found = find_git_dir(path)
    if found is not None or not path.is_dir():
        return found
    for start in (Path(os.path.abspath(path)), Path(os.path.realpath(path))):  # noqa: PTH100 - links
        for above in start.parents:
            if os.path.lexists(above / ".git"):
                return find_git_dir(above)
    return None


def refs_folder(path: Path) -> Path | None:
    """Return where the refs of the repository at a path are; None where there is none."""
    found = find_repository(path)
    return common_dir_of(found[0]) if found else None


def is_bare(folder: Path) -> bool:
    """Whether a folder is itself a Git directory, without a work tree around it."""
    if os.path.lexists(folder / ".git") or not os.path.lexists(folder / "HEAD"):
        return False
    return (folder / "objects").is_dir() and (folder / "refs").is_dir()


def common_dir_of(git_dir: Path) -> Path:
    """Return where objects and refs are: of a linked work tree elsewhere, where its file says."""
    try:
        said = os.fsdecode(_read_pointer(git_dir / "commondir"))
    except FileNotFoundError:
        return git_dir.absolute()
    return Path(os.path.realpath(git_dir / said))


def branch_in_head(git_dir: Path) -> str | None:
    """Return the branch that HEAD is where files say so plainly; None where Git is to be asked.

    A branch may be another name of another one (`git symbolic-ref`): then HEAD is that one. Where
    refs are kept in other ways than as files, HEAD's own names none that could be.
    """
    try:
        found = _HEAD_ON_BRANCH.fullmatch(_read_pointer(git_dir / "HEAD"))
        if found is None or b"//" in found[1]:
            return None
        name = found[1].decode()
        is_plain = _is_no_other_name(common_dir_of(git_dir) / "refs/heads" / name)
    except OSError:
        return None
    return name if is_plain else None


def _is_no_other_name(ref: Path) -> bool:
    """Whether a ref stands for itself. One without a file is packed, or unborn: no name of another.

    Raises OSError.
    """
    if ref.is_symlink():
        return False
    try:
        return _OBJECT_ID.fullmatch(_read_pointer(ref)) is not None
    except FileNotFoundError:
        return True


def whole_configuration(git_dir: Path) -> bytes | None:
    """Return the files of a repository's configuration if they are all there is of it, else None.

    What they include stands elsewhere, and what is too long is not read.
    """
    said = b""
    for place in (common_dir_of(git_dir) / "config", git_dir / "config.worktree"):
        try:
            part = _read_pointer(place)
        except FileNotFoundError:
            part = b""
        except OSError:
            return None
        said += part + b"\0"
        if len(part) >= MAX_POINTER_BYTES - 2 or b"include" in part.lower():
            return None
    return said


def lost_alternates(git_dir: Path) -> tuple[Path, ...]:
    """The folders that a repository borrows objects from, and that are not there."""
    objects = common_dir_of(git_dir) / "objects"
    try:
        listed = os.fsdecode(_read_pointer(objects / "info/alternates"))
    except OSError:
        return ()
    named = (objects / line for line in listed.splitlines() if line and not line.startswith("#"))
    return tuple(place for place in named if not place.is_dir())


def is_sparse(git_dir: Path) -> bool:
    """Whether a work tree has, or had, a sparse checkout: what it leaves out is written down."""
    return os.path.lexists(git_dir / "info/sparse-checkout")


def why_not_found(path: Path) -> str:
    """Why a folder with a `.git` is no repository; empty where there is none, or a whole one."""
    inner = path / ".git"
    if not os.path.lexists(inner) or find_git_dir(path) is not None:
        return ""
    if inner.is_dir():
        return "its folder .git is no whole Git directory"
    place = _pointed_to(inner)
    named = (
        f"names {escaped(str(place))}, which is no Git directory here" if place else "names none"
    )
    return f"its file .git {named}"


def _is_git_dir(folder: Path) -> bool:
    try:
        common = common_dir_of(folder)
        is_whole = (common / "objects").is_dir() and (common / "refs").is_dir()
        return is_whole and os.path.lexists(folder / "HEAD")
    except OSError:
        return False


def _pointed_to(file: Path) -> Path | None:
    try:
        said = os.fsdecode(_read_pointer(file))
    except OSError:
        return None
    if not said.startswith(_GIT_FILE):
        return None
    return Path(os.path.normpath(file.parent / said.removeprefix(_GIT_FILE)))


def _read_pointer(path: Path) -> bytes:
    """Read a file that names a folder; nobody waits at a pipe. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(f"{path} is no regular file")
        return stream.read(MAX_POINTER_BYTES).rstrip(b"\r\n")
