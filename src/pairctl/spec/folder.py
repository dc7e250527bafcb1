"""The one place of this room that reads files: a folder's YAML files, without following links."""

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pairctl.problem import ConfigurationError, Problem
from pairctl.spec.candidates import read_file
from pairctl.spec.codes import Code
from pairctl.spec.decoding import MAX_FILE_BYTES
from pairctl.spec.expansion import SET_MARK, named_tables, no_table
from pairctl.spec.findings import Finding, Span, finding
from pairctl.spec.source import SourceFile
from pairctl.spec.tables import MAX_TABLE_BYTES
from pairctl.text import escaped, is_plain

MAX_FILES = 200_000
_SUFFIXES = (".yaml", ".yml")
_FILE = Span(1, 1, 1, 1)


class Signature(NamedTuple):
    """What the system says of a file; the same signature means the same content."""

    size: int
    modified_ns: int
    inode: int


class Listed(NamedTuple):
    """A regular file by its path from the root, with forward slashes."""

    path: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class Listing:
    """The YAML files of a folder, sorted by path, and those that are not read."""

    files: tuple[Listed, ...]
    refused: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """The YAML files of a folder with their content, sorted by path, and those not read.

    `tables` are the CSV files that sets among them name, by path.
    """

    files: tuple[SourceFile, ...]
    refused: tuple[Finding, ...]
    tables: Mapping[str, SourceFile | Finding]


def read_folder(root: Path, under: str = "") -> FolderFiles:
    """List a folder as `list_folder` does, and read every file."""
    listing = list_folder(root, under)
    read = [read_listed(root, listed) for listed in listing.files]
    refused = (*listing.refused, *(one for one in read if isinstance(one, Finding)))
    files = tuple(one for one in read if isinstance(one, SourceFile))
    sets = (read_file(file) for file in files if SET_MARK in file.content)
    paths = named_tables(entry for reading in sets for entry in reading.entries)
    tables = {path: read_table_file(root, under, path) for path in paths}
    return FolderFiles(files, tuple(sorted(refused)), tables)


def list_folder(root: Path, under: str = "") -> Listing:
    """List `*.yaml` and `*.yml` in any case below `root`/`under`; paths are relative to `root`.

    Hidden files and folders are left out; symbolic links, what is no regular file, and paths that
    differ only in case are refused. Raises ConfigurationError where `under` is no folder in `root`,
    and where there are too many files.
    """
    start = _start(root, under)
    prefix = "".join(f"{part}/" for part in PurePosixPath(under).parts)
    refused: list[Finding] = []
    found = list(islice(_entries(str(start), prefix, refused), MAX_FILES + 1))
    if len(found) > MAX_FILES:
        raise ConfigurationError(_too_many(start))
    taken = Counter(_folded(path) for path, _ in found)
    files: list[Listed] = []
    for path, entry in found:
        obstacle = _obstacle(path, entry, taken[_folded(path)])
        if isinstance(obstacle, Finding):
            refused.append(obstacle)
        else:
            files.append(Listed(path, obstacle))
    return Listing(tuple(sorted(files)), tuple(sorted(refused)))


def read_listed(root: Path, listed: Listed) -> SourceFile | Finding:
    """Read a file. Of one that is too large only as much is read as shows it."""
    try:
        return SourceFile(listed.path, _bytes(root / listed.path))
    except OSError as error:
        return _unreadable(listed.path, error.strerror or "not a regular file")


def is_below(path: str, folder: str) -> bool:
    """Whether a file stands where documents of a folder are looked for: below it, not hidden."""
    is_hidden = any(part.startswith(".") for part in path.split("/"))
    return not is_hidden and (not folder or path.startswith(f"{folder}/"))


def read_table_file(root: Path, under: str, path: str) -> SourceFile | Finding:
    """Read a CSV file below `root`/`under` by its path from `root`, without following links.

    Of one that is too large only as much is read as shows it.
    """
    if not is_below(path, "/".join(PurePosixPath(under).parts)):
        return no_table(path)
    parts = PurePosixPath(path).parts
    for count in range(1, len(parts) + 1):
        step = root.joinpath(*parts[:count])
        if step.is_symlink():
            message = f"`{'/'.join(parts[:count])}` is a symbolic link; links are not followed"
            return finding(path, _FILE, Code.SYMLINK_REFUSED, message, "put the file itself here")
    try:
        return SourceFile(path, _bytes(root / path, MAX_TABLE_BYTES))
    except FileNotFoundError:
        return no_table(path)
    except OSError as error:
        return _unreadable(path, error.strerror or "not a regular file")


def _start(root: Path, under: str) -> Path:
    parts = PurePosixPath(under).parts
    steps = [root.joinpath(*parts[: count + 1]) for count in range(len(parts))]
    is_inside = not under.startswith("/") and ".." not in parts
    if not is_inside or not root.is_dir() or any(s.is_symlink() or not s.is_dir() for s in steps):
        raise ConfigurationError(_no_folder(root.joinpath(*parts) if is_inside else root, under))
    return root.joinpath(*parts)


def _no_folder(place: Path, under: str) -> Problem:
    if place.is_file():
        message = f"{under or place} is a file, and documents are judged together"
        return Problem("FolderNotFound", message, "name the folder that holds all of them")
    return Problem(
        "FolderNotFound",
        f"{under or place} is not a folder of the repository",
        "name a folder by its path from the repository's root, without links",
    )


def _too_many(start: Path) -> Problem:
    message = f"{start} holds more than {MAX_FILES} YAML files"
    return Problem("TooManyFiles", message, "point pairctl at a smaller folder")


def _entries(
    start: str, prefix: str, refused: list[Finding]
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield files and links that are meant as documents; folders that cannot be read are refused.

    Folders wait in a list: however deep they are nested, one is open at a time.
    """
    folders = [(start, prefix)]
    while folders:
        folder, prefix = folders.pop()
        try:
            with os.scandir(folder) as entries:
                visible = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            if folder == start:
                raise
            why = error.strerror or "it cannot be listed"
            refused.append(_unreadable(escaped(prefix.rstrip("/")), why))
            continue
        for entry in visible:
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, f"{prefix}{entry.name}/"))
            elif _is_meant(entry):
                yield f"{prefix}{entry.name}", entry


def _is_meant(entry: os.DirEntry[str]) -> bool:
    """Whether it is a YAML file by its name, or a link that may stand for a folder of them.

    Where a link leads is not looked at: nobody learns from pairctl what there is elsewhere.
    """
    is_yaml = entry.name.lower().endswith(_SUFFIXES)
    return is_yaml or ("." not in entry.name and entry.is_symlink())


def _folded(path: str) -> str:
    return path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _obstacle(path: str, entry: os.DirEntry[str], same_paths: int) -> Finding | Signature:
    """Return what keeps an entry from being read, or the signature of a file that may be."""
    if not is_plain(path):
        message = "the file's name holds characters that cannot be shown"
        return finding(escaped(path), _FILE, Code.UNREADABLE_FILE, message, "rename it")
    if entry.is_symlink():
        message = "symbolic links are not followed"
        return finding(path, _FILE, Code.SYMLINK_REFUSED, message, "put the file itself here")
    if same_paths > 1:
        message = "another file has the same path, but for case or Unicode form"
        return finding(path, _FILE, Code.PATH_COLLISION, message, "rename one of them")
    try:
        shown = entry.stat(follow_symlinks=False)
    except OSError as error:
        return _unreadable(path, error.strerror or "it cannot be looked at")
    if not stat.S_ISREG(shown.st_mode):
        return _unreadable(path, "not a regular file")
    return Signature(shown.st_size, shown.st_mtime_ns, shown.st_ino)


def _unreadable(path: str, why: str) -> Finding:
    message = f"it cannot be read: {why}"
    return finding(path, _FILE, Code.UNREADABLE_FILE, message, "check its type and permissions")


def _bytes(path: Path, most: int = MAX_FILE_BYTES) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError
        return stream.read(most + 1)
