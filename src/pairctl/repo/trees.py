"""The listing of a commit: which entries are documents to read, and which are refused. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pairctl.problem import Problem
from pairctl.repo.refs import path_fault
from pairctl.text import escaped

FOLDER = "040000"
SYMLINK = "120000"
SUBMODULE = "160000"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a tree; `path` is from the commit's root, as bytes.

    `size` is that of a file whose object is here, where it was asked for.
    """

    mode: str
    object_id: str
    path: bytes
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that is not read; `path` is fit to be shown, escaped where need be.

    Of a plain file it has the `object_id`, empty of what is none.
    """

    path: str
    problem: Problem
    object_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Blob:
    """An entry that may be read: a plain file under a plain path."""

    path: str
    object_id: str


def parse_listing(listing: bytes) -> Iterator[Entry]:
    """The entries of what `git ls-tree -r -z` wrote; with `-t` folders are among them.

    With `-l` sizes are, too: there is none of a folder, nor of what is not here.
    """
    for record in listing.split(b"\0"):
        if record:
            head, _, path = record.partition(b"\t")
            mode, _, object_id, *sizes = head.decode().split()
            is_known = bool(sizes) and sizes[0].isdigit()
            yield Entry(mode, object_id, path, int(sizes[0]) if is_known else None)


def is_candidate(entry: Entry, under: str, suffixes: Sequence[str]) -> bool:
    """An entry that an operator may have meant as a document.

    That is a name with one of `suffixes` (in any case), and a link that could stand for a folder.
    Nothing hidden below `under` is: `.github/` holds YAML of others. Nor is a submodule, which is
    a repository of its own.
    """
    inner = entry.path[len(under.encode()) :] if under else entry.path
    parts = inner.strip(b"/").split(b"/")
    if entry.mode == SUBMODULE or any(part.startswith(b".") for part in parts):
        return False
    name = parts[-1] or entry.path
    if name.lower().endswith(tuple(suffix.lower().encode() for suffix in suffixes)):
        return True
    return entry.mode == SYMLINK and b"." not in name


def sorted_out(
    entries: Sequence[Entry], *, is_checked_out: bool = True
) -> tuple[list[Blob], list[Refused]]:
    """Candidates parted into what may be read and what is refused, in the order given.

    Paths that differ in case or Unicode form only are refused where the tree is ever checked out.
    """
    taken = Counter(_folded(entry.path) for entry in entries)
    blobs, refused = [], []
    for entry in entries:
        same_paths = taken[_folded(entry.path)] if is_checked_out else 1
        problem = _problem(entry, same_paths)
        if problem is None:
            blobs.append(Blob(entry.path.decode(), entry.object_id))
        else:
            is_file = entry.mode not in {SYMLINK, SUBMODULE}
            object_id = entry.object_id if is_file else ""
            refused.append(Refused(escaped(entry.path), problem, object_id))
    return blobs, refused


def _problem(entry: Entry, same_paths: int) -> Problem | None:
    name = escaped(entry.path)
    if entry.mode == SYMLINK:
        text = f"{name} is a symbolic link, and links are never followed"
        return Problem("SymlinkNotAllowed", text, "commit the file itself")
    if entry.mode == SUBMODULE:
        text = f"{name} is a submodule, and submodules are never fetched"
        return Problem("SubmoduleNotAllowed", text, "commit the documents themselves")
    fault = _bytes_fault(entry.path)
    if fault is not None:
        return Problem("BadPath", f"{name} {fault}", "rename the file")
    if same_paths > 1:
        text = f"{name} has the same name as another file, but for case or Unicode form"
        return Problem("PathCollision", text, "rename one of them")
    return None


def _bytes_fault(path: bytes) -> str | None:
    try:
        return path_fault(path.decode())
    except UnicodeDecodeError:
        return "is not UTF-8"


def _folded(path: bytes) -> str:
    text = path.decode("utf-8", "surrogateescape")
    return unicodedata.normalize("NFC", text).casefold()
