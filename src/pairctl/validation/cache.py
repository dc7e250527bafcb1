"""Readings kept in the user's cache folder, by what was read and by the version of the rules.

It holds nothing that cannot be made again: whatever is wrong with it, it is done without. What is
about to act is never taken from it: the engine knows no cache.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple, Self

import pydantic

from pairctl import __version__
from pairctl.permissions import why_not_private
from pairctl.spec import Signature

MOST_READINGS = 500_000
MOST_BYTES = 1 << 30
"""What others' files lead to may be many times as large as they are: no disk is filled."""
RACY_NS = 2_000_000_000
"""A file that was written this short before it was read may have been written again since."""

_TABLES = """
create table if not exists readings (blob text primary key, reading text) without rowid;
create table if not exists files (
    root text, path text, size integer, modified integer, inode integer, seen integer, blob text,
    primary key (root, path)
) without rowid;
"""


class Kept(NamedTuple):
    """A file's reading as JSON, and the signature it had when it was read."""

    signature: Signature
    seen_ns: int
    reading: str

    def is_of(self, signature: Signature) -> bool:
        """Whether a file with this signature holds what was read then."""
        is_old = signature.modified_ns + RACY_NS < self.seen_ns
        return is_old and signature == self.signature


class Fresh(NamedTuple):
    """A file that was read in this run; `signature` is None where it is in no folder."""

    path: str
    signature: Signature | None
    blob: str
    reading: str


class ReadingCache:
    """A database of readings. Without a folder, or where that cannot be used, it is empty.

    `refused` says why a folder that is there is not trusted: a reading that somebody else has put
    there would be taken for what pairctl has read.
    """

    def __init__(self, database: sqlite3.Connection | None = None, *, refused: str = "") -> None:
        self._database = database
        self.refused = refused

    @classmethod
    def open(cls, folder: Path | None) -> Self:
        """Open the cache below a folder that is the user's own; None stands for no cache."""
        if folder is None:
            return cls()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            name = f"readings-{rules_version()}.sqlite"
            if why := _why_not_trusted(folder, name):
                return cls(refused=why)
            return cls(_connected(folder, name))
        except (OSError, sqlite3.Error):
            return cls()

    @property
    def has_readings(self) -> bool:
        """Whether anything is kept from another run."""
        return bool(self._rows("select 1 from readings limit 1", ()))

    def files_below(self, root: str) -> Mapping[str, Kept]:
        """Return what is known of the files of a folder, by their path."""
        found = self._rows(
            "select path, size, modified, inode, seen, reading"
            " from files join readings using (blob) where root = ?",
            (root,),
        )
        return {path: Kept(Signature(s, m, i), seen, text) for path, s, m, i, seen, text in found}

    def readings(self, blobs: Sequence[str]) -> Mapping[str, str]:
        """Return the readings that are known, by blob id."""
        found: dict[str, str] = {}
        for start in range(0, len(blobs), 500):
            some = blobs[start : start + 500]
            marks = ",".join("?" * len(some))
            found.update(
                self._rows(f"select blob, reading from readings where blob in ({marks})", some)  # noqa: S608 - only marks
            )
        return found

    def keep(self, root: str, fresh: Sequence[Fresh], gone: Iterable[str] = ()) -> None:
        """Keep what was read in this run; what cannot be kept is not."""
        if self._database is None:
            return
        seen = time.time_ns()
        fresh = list(_as_many_as_fit(fresh))
        with suppress(sqlite3.Error), self._database as database:
            database.executemany(
                "insert or replace into readings values (?, ?)",
                ((one.blob, one.reading) for one in fresh),
            )
            database.executemany(
                "insert or replace into files values (?, ?, ?, ?, ?, ?, ?)",
                ((root, f.path, *f.signature, seen, f.blob) for f in fresh if f.signature),
            )
            database.executemany(
                "delete from files where root = ? and path = ?", ((root, path) for path in gone)
            )
            _empty_if_full(database)

    def close(self) -> None:
        """Close the database."""
        if self._database:
            self._database.close()

    def _rows(self, query: str, values: Sequence[str]) -> list[Any]:
        if self._database is None:
            return []
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error:
            return []


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


def _connected(folder: Path, name: str) -> sqlite3.Connection:
    """Open a database, and remove those of other rules: nobody asks them again."""
    for other in folder.glob("readings-*.sqlite*"):
        if not other.name.startswith(name):
            other.unlink(missing_ok=True)
    database = sqlite3.connect(folder / name, timeout=2)
    database.executescript(f"pragma journal_mode = wal; pragma synchronous = off; {_TABLES}")
    return database


def _as_many_as_fit(fresh: Iterable[Fresh]) -> Iterator[Fresh]:
    room = MOST_BYTES
    for one in fresh:
        room -= len(one.reading)
        if room < 0:
            return
        yield one


def _empty_if_full(database: sqlite3.Connection) -> None:
    (count,) = database.execute("select count(*) from readings").fetchone()
    (used,) = database.execute(
        "select (page_count - freelist_count) * page_size"
        " from pragma_page_count, pragma_freelist_count, pragma_page_size"
    ).fetchone()
    if count > MOST_READINGS or used > MOST_BYTES:
        database.execute("delete from readings")
        database.execute("delete from files")


def user_cache_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return pairctl's folder in the user's cache (XDG); None where the user has no home."""
    base = environment.get("XDG_CACHE_HOME", "")
    if base.startswith("/"):
        return Path(base) / "pairctl"
    home = environment.get("HOME", "")
    return Path(home) / ".cache" / "pairctl" if home.startswith("/") else None


def rules_version() -> str:
    """Return a digest of all that a reading depends on beside the file: the rules themselves."""
    shown = hashlib.sha256(f"{__version__} {pydantic.VERSION}".encode())
    for source in sorted(files("pairctl.spec").iterdir(), key=lambda one: one.name):
        if source.name.endswith(".py"):
            shown.update(source.read_bytes())
    return shown.hexdigest()[:16]
