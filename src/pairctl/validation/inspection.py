"""All documents of a folder, or of a commit, read once and judged together."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from pairctl.spec import (
    ANY_ROLES,
    SET_MARK,
    Finding,
    IndexEntry,
    Judgement,
    Node,
    RolesOf,
    Scalar,
    SourceFile,
    blob_id,
    causes_first,
    judge_together,
    list_folder,
    named_tables,
    no_table,
    roots,
    row_root,
    without_values,
)
from pairctl.validation.cache import ReadingCache
from pairctl.validation.codec import KeptReading, decode, decoded
from pairctl.validation.folder_reader import FolderReader
from pairctl.validation.reading import read_content
from pairctl.validation.sets import ReadContent, ReadTable, with_rows


class Contents(NamedTuple):
    """How files are read again: a document or a CSV file by its path, and a CSV file with why not.

    `file` gives None where there is none any more.
    """

    file: ReadContent
    table: ReadTable


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was read and judged: files by their `paths`, without those of other tools.

    `content` reads a file again, None where it cannot.
    """

    judgement: Judgement
    refused: tuple[Finding, ...]
    paths: tuple[str, ...]
    content: ReadContent

    @property
    def entries(self) -> tuple[IndexEntry, ...]:
        """All documents, valid or not."""
        return self.judgement.entries

    @property
    def valid(self) -> Iterator[IndexEntry]:
        """The documents that have no errors, nor has what they refer to."""
        for entry, findings in zip(self.entries, self.judgement.findings, strict=True):
            if not any(one.refuses for one in findings):
                yield entry

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is wrong, causes first."""
        return causes_first((*self.judgement.all_findings, *self.refused))

    def root_of(self, entry: IndexEntry) -> Node:
        """Return the tree of a document, read anew."""
        return _root(self.content, entry)


def inspect_folder(
    root: Path, under: str, cache: ReadingCache, allowed: RolesOf = ANY_ROLES
) -> Inspection:
    """Inspect the YAML files below `root`/`under`; paths are told from `root`.

    `allowed` is what the operator's file lets secrets serve as. Raises ConfigurationError where it
    is no folder.
    """
    listing = list_folder(root, under)
    reader = FolderReader(root, under, listing, cache)
    readings = reader.readings()
    return _inspection(
        [one for one in readings if isinstance(one, KeptReading)],
        (*listing.refused, *(one for one in readings if isinstance(one, Finding))),
        Contents(reader.content, reader.table),
        cache,
        allowed,
    )


def inspect_files(
    files: Sequence[SourceFile],
    refused: tuple[Finding, ...],
    cache: ReadingCache,
    allowed: RolesOf = ANY_ROLES,
    tables: Mapping[str, SourceFile | Finding] = MappingProxyType({}),
) -> Inspection:
    """Inspect files whose content is known, and findings about those that were not read.

    `tables` are the CSV files that sets name, or why one is not read.
    """
    read = (one for one in tables.values() if isinstance(one, SourceFile))
    by_path = {file.path: file for file in (*files, *read)}
    readings = _readings(files, cache)
    contents = Contents(by_path.get, lambda path: tables.get(path) or no_table(path))
    return _inspection(readings, refused, contents, cache, allowed)


def inspected_tables(files: Sequence[SourceFile], cache: ReadingCache) -> tuple[str, ...]:
    """Return the CSV files that the sets among these files name."""
    sets = [file for file in files if SET_MARK in file.content]
    return named_tables(entry for one in _readings(sets, cache) for entry in one.entries)


def _readings(files: Sequence[SourceFile], cache: ReadingCache) -> list[KeptReading]:
    known = cache.readings([blob_id(file.content) for file in files])
    readings, fresh = [], []
    for file in files:
        reading = decoded(file.path, known.get(blob_id(file.content), ""))
        if reading is None:
            fresh.append(read_content(file))
            reading = decode(file.path, fresh[-1].reading)
        readings.append(reading)
    cache.keep("", fresh)
    return readings


def _inspection(
    readings: Sequence[KeptReading],
    refused: tuple[Finding, ...],
    contents: Contents,
    cache: ReadingCache,
    allowed: RolesOf,
) -> Inspection:
    # documents of one file are asked for in a row, and rows of one table with their set
    last_asked = lru_cache(maxsize=2)(contents.file)
    expanded = list(with_rows(readings, last_asked, contents.table, cache))
    documents = without_values(expanded)
    judgement = judge_together(documents, partial(_root, last_asked), allowed=allowed)
    tables = named_tables(entry for reading in documents for entry in reading.entries)
    own = (reading.path for reading in readings if not reading.is_foreign)
    paths = (*own, *tables)
    return Inspection(judgement, refused, paths, last_asked)


def _root(content: ReadContent, entry: IndexEntry) -> Node:
    """Return a document's tree; of a file that has changed meanwhile, one without any fields."""
    file = content(entry.row_of.path if entry.row_of else entry.path)
    if file is not None:
        with suppress(IndexError, KeyError):
            if entry.row_of is None:
                return roots(file)[entry.number]
            is_inline = entry.path == entry.row_of.path
            return row_root(file, None if is_inline else content(entry.path), entry.row_of)
    return Scalar("", is_plain=False, span=entry.span)
