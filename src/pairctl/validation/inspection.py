"""All documents of a folder, or of a commit, read once and judged together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from pairctl.spec import (
    ANY_ROLES,
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
    roots,
    without_values,
)
from pairctl.validation.cache import ReadingCache
from pairctl.validation.codec import KeptReading, decode, decoded
from pairctl.validation.folder_reader import FolderReader
from pairctl.validation.reading import read_content

ReadContent = Callable[[str], SourceFile | None]


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
        reader.content,
        allowed,
    )


def inspect_files(
    files: Sequence[SourceFile],
    refused: tuple[Finding, ...],
    cache: ReadingCache,
    allowed: RolesOf = ANY_ROLES,
) -> Inspection:
    """Inspect files whose content is known, and findings about those that were not read."""
    by_path = {file.path: file for file in files}
    known = cache.readings([blob_id(file.content) for file in files])
    readings, fresh = [], []
    for file in files:
        reading = decoded(file.path, known.get(blob_id(file.content), ""))
        if reading is None:
            fresh.append(read_content(file))
            reading = decode(file.path, fresh[-1].reading)
        readings.append(reading)
    cache.keep("", fresh)
    return _inspection(readings, refused, by_path.get, allowed)


def _inspection(
    readings: Sequence[KeptReading],
    refused: tuple[Finding, ...],
    content: ReadContent,
    allowed: RolesOf,
) -> Inspection:
    last_asked = lru_cache(maxsize=1)(content)  # documents of one file are asked for in a row
    documents = without_values(readings)
    judgement = judge_together(documents, partial(_root, last_asked), allowed=allowed)
    paths = tuple(reading.path for reading in readings if not reading.is_foreign)
    return Inspection(judgement, refused, paths, last_asked)


def _root(content: ReadContent, entry: IndexEntry) -> Node:
    """Return a document's tree; of a file that has changed meanwhile, one without any fields."""
    file = content(entry.path)
    trees = roots(file) if file else ()
    if entry.number < len(trees):
        return trees[entry.number]
    return Scalar("", is_plain=False, span=entry.span)
