"""The user's cache folder, and databases in it that nobody else may have written.

What is kept there can be made again: whatever is wrong with it, it is done without.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pydantic

from pairctl import __version__
from pairctl.permissions import why_not_private


class NotTrusted(Exception):
    """A folder or database is not the user's alone; the text says why."""


def user_cache_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return pairctl's folder in the user's cache (XDG); None where the user has no home."""
    base = environment.get("XDG_CACHE_HOME", "")
    if base.startswith("/"):
        return Path(base) / "pairctl"
    home = environment.get("HOME", "")
    return Path(home) / ".cache" / "pairctl" if home.startswith("/") else None


@cache
def rules_version() -> str:
    """Return a digest of all that a reading depends on beside the file: the rules themselves."""
    return version_of(files("pairctl.spec"))


def version_of(rules: Traversable) -> str:
    """Return a digest of rules, by all source in their folder and below it."""
    shown = hashlib.sha256(f"{__version__} {pydantic.VERSION}".encode())
    for source in _sources(rules):
        shown.update(source.read_bytes())
    return shown.hexdigest()[:16]


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.name.endswith(".py"):
            yield one
        elif one.is_dir():
            yield from _sources(one)


def open_database(folder: Path, stem: str, tables: str) -> sqlite3.Connection:
    """Open the database of this version of the rules, and remove those of others.

    Raises NotTrusted where it is not the user's alone, and OSError or sqlite3.Error.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{stem}-{rules_version()}.sqlite"
    if why := _why_not_trusted(folder, name):
        raise NotTrusted(why)
    for other in folder.glob(f"{stem}-*.sqlite*"):
        if not other.name.startswith(name):
            other.unlink(missing_ok=True)
    # a command may ask in another thread than the one that opened it, one at a time
    database = sqlite3.connect(folder / name, timeout=2, check_same_thread=False)
    try:
        database.executescript(f"pragma journal_mode = wal; pragma synchronous = off; {tables}")
    except BaseException:
        database.close()
        raise
    return database


def _why_not_trusted(folder: Path, name: str) -> str:
    """Return why what was kept is not ours; a database that is not there yet is made for us alone.

    SQLite gives the files that it puts beside it the same permissions.
    """
    if why := why_not_private(folder):
        return why
    with suppress(FileExistsError):
        os.close(os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    beside = (folder / f"{name}{end}" for end in ("", "-wal", "-shm", "-journal"))
    there = (file for file in beside if os.path.lexists(file))
    return next(filter(None, map(why_not_private, there)), "")
