"""Intents that were read before, kept by the content of their files in the user's cache folder.

What is taken from here is for looking, never for acting: a `Source` of it `is_remembered`, and no
pass acts or writes on one. Kept are valid intents alone, of files of which nothing is to be said.
Whatever is wrong with what is kept, it is done without.

Each reading is sealed with a key that is made of the run's secrets. A cache that others can write,
as one that CI restores, holds nothing that is believed: who can seal could call Palette anyway.
"""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pairctl.spec import (
    FileReading,
    IndexEntry,
    PairingIntent,
    SecretRole,
    SourceFile,
    Span,
    UsedSecret,
    blob_id,
)
from pairctl.spec.candidates import Candidate
from pairctl.spec.document_index import references_of
from pairctl.user_cache import NotTrusted, open_database, rules_version

MOST_FILES = 200_000
LONGEST_READING = 64 * 1024

_STEM = "documents"
_FORM = 1
_TABLES = """
create table if not exists documents (
    blob text primary key, seal text, reading text
) without rowid;
"""


class KeptDocuments:
    """A database of readings; where the folder's cannot be used, it is empty.

    Only of files whose intents all are `paired` something is taken from it. Without a key to seal
    with nothing is kept.
    """

    def __init__(self, folder: Path, key: bytes, paired: Collection[str] = ()) -> None:
        # what is kept under other rules is not believed under these, whatever its file is called
        self._key = (
            hmac.digest(key, f"{_FORM} {rules_version()}".encode(), "sha256") if key else b""
        )
        self._paired = frozenset(paired)
        self._database: sqlite3.Connection | None = None
        if not key:
            return
        with suppress(NotTrusted, OSError, sqlite3.Error):
            self._database = open_database(folder, _STEM, _TABLES)

    def readings(self, files: Sequence[SourceFile]) -> dict[str, FileReading]:
        """Return the readings that are kept of these files, by path."""
        blobs = {file.path: blob_id(file.content) for file in files}
        rows = self._rows(list(dict.fromkeys(blobs.values())))
        found: dict[str, FileReading] = {}
        for file in files:
            text = rows.get(blobs[file.path])
            reading = _decoded(file.path, text) if text else None
            if reading is not None and self._paired.issuperset(
                entry.name or "" for entry in reading.entries
            ):
                found[file.path] = reading
        return found

    def keep(self, read: Iterable[tuple[SourceFile, FileReading]]) -> None:
        """Keep what was read from Git; what cannot be kept is not."""
        rows = [(blob_id(file.content), _encoded(one)) for file, one in read if _may_be_kept(one)]
        fitting = [
            (blob, self._seal(blob, text), text)
            for blob, text in rows
            if len(text) < LONGEST_READING
        ]
        if self._database is None or not fitting:
            return
        with suppress(sqlite3.Error), self._database as database:
            database.executemany("insert or replace into documents values (?, ?, ?)", fitting)
            (count,) = database.execute("select count(*) from documents").fetchone()
            if count > MOST_FILES:
                database.execute("delete from documents")

    def forget(self) -> None:
        """Forget all: something that was kept is not what its file says."""
        if self._database is not None:
            with suppress(sqlite3.Error), self._database as database:
                database.execute("delete from documents")

    def close(self) -> None:
        """Close the database."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _seal(self, blob: str, text: str) -> str:
        return hmac.new(self._key, f"{blob} {text}".encode(), hashlib.sha256).hexdigest()

    def _is_sealed(self, blob: Any, text: Any, seal: Any) -> bool:
        is_text = all(isinstance(one, str) for one in (blob, text, seal))
        return is_text and hmac.compare_digest(self._seal(blob, text), seal)

    def _rows(self, blobs: Sequence[str]) -> Mapping[str, str]:
        """Return the readings by blob id, without those that are not as they were written."""
        if self._database is None:
            return {}
        found: dict[str, str] = {}
        with suppress(sqlite3.Error):
            for start in range(0, len(blobs), 500):
                some = blobs[start : start + 500]
                marks = ",".join("?" * len(some))
                query = f"select blob, reading, seal from documents where blob in ({marks})"  # noqa: S608 - only marks
                rows = self._database.execute(query, some)
                found.update((b, text) for b, text, seal in rows if self._is_sealed(b, text, seal))
        return found


def _may_be_kept(reading: FileReading) -> bool:
    if reading.findings or reading.is_foreign or not reading.candidates:
        return False
    return all(
        isinstance(one.document, PairingIntent) and not one.entry.findings
        for one in reading.candidates
    )


def _encoded(reading: FileReading) -> str:
    return json.dumps([list(_parts(one)) for one in reading.candidates])


def _parts(one: Candidate) -> Iterator[Any]:
    entry, document = one
    assert document is not None
    yield entry.span
    yield entry.digest
    yield [(used.role, used.name, used.field) for used in entry.secrets]
    yield document.model_dump_json(exclude_defaults=True)


def _decoded(path: str, text: str) -> FileReading | None:
    """Return a reading as it was; None for what has another form."""
    try:
        parts = json.loads(text)
        candidates = tuple(_candidate(path, number, *part) for number, part in enumerate(parts))
    except (ValueError, TypeError, ValidationError):
        return None
    return FileReading(path, candidates, ()) if candidates else None


def _candidate(path: str, number: int, span: Any, digest: str, used: Any, text: str) -> Candidate:
    document = PairingIntent.model_validate_json(text)
    secrets = tuple(UsedSecret(SecretRole(role), n, tuple(field)) for role, n, field in used)
    entry = IndexEntry(
        path,
        number,
        Span(*span),
        "PairingIntent",
        document.metadata.name,
        references=references_of(document),
        digest=digest,
        secrets=secrets,
    )
    return Candidate(entry, document)
