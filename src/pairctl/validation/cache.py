"""Readings kept in the user's cache folder, by what was read and by the version of the rules.

It holds nothing that cannot be made again: whatever is wrong with it, it is done without. What is
about to act is never taken from it: the engine knows no cache.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Self

from pairctl.spec import Signature
from pairctl.user_cache import NotTrusted, open_database

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
            return cls(open_database(folder, "readings", _TABLES))
        except NotTrusted as why:
            return cls(refused=str(why))
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
            (count,) = database.execute("select count(*) from readings").fetchone()
            (used,) = database.execute(
                "select (page_count - freelist_count) * page_size"
                " from pragma_page_count, pragma_freelist_count, pragma_page_size"
            ).fetchone()
            if count > MOST_READINGS or used > MOST_BYTES:
                database.execute("delete from readings")
                database.execute("delete from files")

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


def _as_many_as_fit(fresh: Iterable[Fresh]) -> Iterator[Fresh]:
    room = MOST_BYTES
    for one in fresh:
        room -= len(one.reading)
        if room < 0:
            return
        yield one
