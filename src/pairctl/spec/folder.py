"""The one place of this room that reads files: a folder's YAML files, without following links."""

import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
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
from pairctl.spec.foreign import MAX_LOOKED_AT_BYTES, is_foreign_content
from pairctl.spec.ignoring import IGNORE_FILE, IgnoreList, IgnoreListRefused
from pairctl.spec.links import place_of_link
from pairctl.spec.source import SourceFile
from pairctl.spec.tables import MAX_TABLE_BYTES
from pairctl.text import escaped, is_plain

MAX_FILES = 200_000
Ignores = Callable[[str], bool]
"""Whether a path, from the root, is left out."""
_SUFFIXES = (".yaml", ".yml")
_MAYBE_OTHERS = frozenset({Code.SYMLINK_REFUSED, Code.PATH_COLLISION})
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


def read_ignore_list(root: Path) -> IgnoreList:
    """Read what a folder's list leaves out. Raises IgnoreListRefused."""
    listed = Listed(IGNORE_FILE, Signature(0, 0, 0))
    if not os.path.lexists(root / IGNORE_FILE):
        return IgnoreList()
    read = read_listed(root, listed)
    if isinstance(read, Finding):
        raise IgnoreListRefused(Problem("IgnoreListRefused", str(read), read.hint))
    return IgnoreList.parse(read.content)


def list_folder(root: Path, under: str = "", ignores: Ignores | None = None) -> Listing:
    """List `*.yaml` and `*.yml` in any case below `root`/`under`; paths are relative to `root`.

    Hidden files and folders are left out, what is a repository of its own, and what `ignores` names
    (else the list of `root`); symbolic links, what is no regular file, and paths that differ only
    in case are refused, but for what is another tool's. Raises IgnoreListRefused, and
    ConfigurationError where `under` is no folder in `root`, and where there are too many files.
    """
    parts = PurePosixPath(under).parts
    steps = [root.joinpath(*parts[: count + 1]) for count in range(len(parts))]
    is_inside = not under.startswith("/") and ".." not in parts
    if not is_inside or not root.is_dir() or any(s.is_symlink() or not s.is_dir() for s in steps):
        raise ConfigurationError(_no_folder(root.joinpath(*parts) if is_inside else root, under))
    start, is_left_out = root.joinpath(*parts), ignores or read_ignore_list(root).ignores
    prefix = "".join(f"{part}/" for part in PurePosixPath(under).parts)
    refused: list[Finding] = []
    entries = _entries(str(start), prefix, refused)
    meant = ((path, entry) for path, entry in entries if not is_left_out(path))
    found = list(islice(meant, MAX_FILES + 1))
    if len(found) > MAX_FILES:
        message = f"{start} holds more than {MAX_FILES} YAML files"
        raise ConfigurationError(
            Problem("TooManyFiles", message, "point pairctl at a smaller folder")
        )
    refused = [one for one in refused if not is_left_out(f"{one.path}/all")]
    taken = Counter(_folded(path) for path, _ in found)
    files: list[Listed] = []
    for path, entry in found:
        obstacle = _obstacle(path, entry, taken[_folded(path)])
        if not isinstance(obstacle, Finding):
            files.append(Listed(path, obstacle))
        elif obstacle.code not in _MAYBE_OTHERS or not _is_others(root, path, under, entry):
            refused.append(obstacle)
    return Listing(tuple(sorted(files)), tuple(sorted(refused)))


def read_listed(root: Path, listed: Listed) -> SourceFile | Finding:
    """Read a file. Of one that is too large only as much is read as shows it, and whose it is."""
    try:
        return SourceFile(
            listed.path, _bytes(f"{root}/{listed.path}", looked_at=MAX_LOOKED_AT_BYTES)
        )
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


def _no_folder(place: Path, under: str) -> Problem:
    if place.is_file():
        message = f"{under or place} is a file, and documents are judged together"
        return Problem("FolderNotFound", message, "name the folder that holds all of them")
    return Problem(
        "FolderNotFound",
        f"{under or place} is not a folder of the repository",
        "name a folder by its path from the repository's root, without links",
    )


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
                listed = list(entries)
        except OSError as error:
            if folder == start:
                raise
            why = error.strerror or "it cannot be listed"
            refused.append(_unreadable(escaped(prefix.rstrip("/")), why))
            continue
        if folder != start and any(entry.name == ".git" for entry in listed):
            continue  # a submodule, or a work tree: Git has nothing of it in this repository
        for entry in listed:
            if entry.name.startswith("."):
                continue
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


def _is_others(root: Path, path: str, under: str, entry: os.DirEntry[str]) -> bool:
    """Whether what is not read as a document is another tool's.

    That is a plain file with nothing of pairctl's in it, and a link within the folder to such a
    file, or to a folder. Links that lead out of it are not followed: where they lead is not known.
    """
    place: str | None = path
    if entry.is_symlink():
        place = place_of_link(path, _link_text(entry), under)
        if place is not None and not path.lower().endswith(_SUFFIXES):
            return True
    if place is None or not _is_plain_file(root, place):
        return False
    try:
        return is_foreign_content(_bytes(root / place, looked_at=MAX_LOOKED_AT_BYTES))
    except OSError:
        return False


def _is_plain_file(root: Path, path: str) -> bool:
    """Whether a file is there that is read without a link on the way, and without a device."""
    steps = [root / path, *(root / above for above in PurePosixPath(path).parents)]
    try:
        return not any(step.is_symlink() for step in steps[:-1]) and steps[0].is_file()
    except (OSError, ValueError):
        return False


def _link_text(entry: os.DirEntry[str]) -> str:
    try:
        return os.readlink(entry.path)  # noqa: PTH115 - letter for letter
    except OSError:
        return "/"


def _unreadable(path: str, why: str) -> Finding:
    message = f"it cannot be read: {why}"
    return finding(path, _FILE, Code.UNREADABLE_FILE, message, "check its type and permissions")


def _bytes(path: Path | str, most: int = MAX_FILE_BYTES, looked_at: int = 0) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError
        content = _read(descriptor, most + 1)
        if len(content) > most:  # to tell whose it is
            content += _read(descriptor, looked_at - most)
        return content
    finally:
        os.close(descriptor)


def _read(descriptor: int, most: int) -> bytes:
    """Read that many bytes, or until the end."""
    content = b""
    while most > len(content) and (more := os.read(descriptor, most - len(content))):
        content += more
    return content
