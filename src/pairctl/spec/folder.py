"""The one place of this room that reads files: a folder's YAML files, without following links."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pairctl.problem import ConfigurationError, Problem
from pairctl.spec.codes import Code
from pairctl.spec.decoding import MAX_FILE_BYTES
from pairctl.spec.findings import Finding, Span, finding
from pairctl.spec.source import SourceFile

_SUFFIXES = frozenset({".yaml", ".yml"})
_FILE = Span(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """The YAML files of a folder, sorted by path, and those that were not read."""

    files: tuple[SourceFile, ...]
    refused: tuple[Finding, ...]


def read_folder(root: Path, under: str = "") -> FolderFiles:
    """Read `*.yaml` and `*.yml` in any case below `root`/`under`; paths are relative to `root`.

    Hidden files and folders are left out, symbolic links are refused. Of a file that is too large
    only as much is read as shows it. Raises ConfigurationError where `under` is no folder in
    `root`.
    """
    files: list[SourceFile] = []
    refused: list[Finding] = []
    for path in sorted(_yaml_paths(_start(root, under))):
        name = path.relative_to(root).as_posix()
        read = _read(path, name)
        if isinstance(read, Finding):
            refused.append(read)
        else:
            files.append(SourceFile(name, read))
    return FolderFiles(tuple(files), tuple(sorted(refused)))


def _start(root: Path, under: str) -> Path:
    parts = PurePosixPath(under).parts
    steps = [root.joinpath(*parts[: count + 1]) for count in range(len(parts))]
    is_inside = not under.startswith("/") and ".." not in parts
    if not is_inside or not root.is_dir() or any(s.is_symlink() or not s.is_dir() for s in steps):
        raise ConfigurationError(
            Problem(
                "FolderNotFound",
                f"{under or root} is not a folder of the repository",
                "name a folder by its path from the repository's root, without links",
            )
        )
    return root.joinpath(*parts)


def _yaml_paths(start: Path) -> Iterator[Path]:
    """Yield YAML files, and links of any name that may stand for them or for a folder of them."""
    for folder, folders, names in os.walk(start):
        folders[:] = [name for name in folders if not name.startswith(".")]
        here = Path(folder)
        yield from (here / name for name in folders if (here / name).is_symlink())
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in _SUFFIXES:
                yield here / name


def _read(path: Path, name: str) -> bytes | Finding:
    if not name.isprintable():
        shown = name.encode("unicode_escape").decode()
        message = "the file's name holds characters that cannot be shown"
        return finding(shown, _FILE, Code.UNREADABLE_FILE, message, "rename it")
    if path.is_symlink():
        message = "symbolic links are not followed"
        return finding(name, _FILE, Code.SYMLINK_REFUSED, message, "put the file itself here")
    try:
        return _bytes(path)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or 'not a regular file'}"
        return finding(name, _FILE, Code.UNREADABLE_FILE, message, "check its type and permissions")


def _bytes(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError
        return stream.read(MAX_FILE_BYTES + 1)
