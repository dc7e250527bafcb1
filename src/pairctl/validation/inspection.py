"""All documents of a folder, or of a commit, read once and judged together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from pairctl.spec import (
    Card,
    Finding,
    Judgement,
    Listed,
    Listing,
    Node,
    Scalar,
    SourceFile,
    judge_together,
    list_folder,
    read_file,
    read_listed,
    roots,
    without_values,
)
from pairctl.validation.cache import Fresh, ReadingCache, blob_id
from pairctl.validation.codec import KeptReading, decode, encode

ReadContent = Callable[[str], SourceFile | None]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was read and judged: files by their `paths`.

    `content` reads a file again, None where it cannot.
    """

    judgement: Judgement
    refused: tuple[Finding, ...]
    paths: tuple[str, ...]
    content: ReadContent

    @property
    def cards(self) -> tuple[Card, ...]:
        """All documents, valid or not."""
        return self.judgement.cards

    @property
    def valid(self) -> Iterator[Card]:
        """The documents that have no errors, nor has what they refer to."""
        for card, findings in zip(self.cards, self.judgement.findings, strict=True):
            if not any(one.refuses for one in findings):
                yield card

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is wrong, sorted."""
        return tuple(sorted((*self.judgement.all_findings, *self.refused)))

    def root_of(self, card: Card) -> Node:
        """Return the tree of a document, read anew."""
        return _root(self.content, card)


def inspect_folder(root: Path, under: str, cache: ReadingCache) -> Inspection:
    """Inspect the YAML files below `root`/`under`; paths are told from `root`.

    Raises ConfigurationError where it is no folder.
    """
    listing = list_folder(root, under)
    reader = _FolderReader(root, under, cache)
    known = reader.known(listing)
    readings = [known.get(listed.path) or reader.read(listed) for listed in listing.files]
    reader.keep(listing)
    return _inspection(
        [one for one in readings if isinstance(one, KeptReading)],
        (*listing.refused, *(one for one in readings if isinstance(one, Finding))),
        reader.content,
    )


def inspect_files(
    files: Sequence[SourceFile], refused: tuple[Finding, ...], cache: ReadingCache
) -> Inspection:
    """Inspect files whose content is known, and findings about those that were not read."""
    by_path = {file.path: file for file in files}
    blobs = {file.path: blob_id(file.content) for file in files}
    known = cache.readings(list(blobs.values()))
    fresh: list[Fresh] = []
    readings = []
    for file in files:
        blob = blobs[file.path]
        reading = _decoded(file.path, known.get(blob))
        if reading is None:
            reading, text = _read(file)
            fresh.append(Fresh(file.path, None, blob, text))
        readings.append(reading)
    cache.keep("", fresh)
    return _inspection(readings, refused, by_path.get)


class _FolderReader:
    """Reads the files of a folder that are not known from an earlier run."""

    def __init__(self, root: Path, under: str, cache: ReadingCache) -> None:
        self._root = root
        self._key = f"{root.resolve()}:{under}"
        self._cache = cache
        self._kept = cache.files_below(self._key)
        self._fresh: list[Fresh] = []
        self._signatures: dict[str, Listed] = {}

    def known(self, listing: Listing) -> dict[str, KeptReading]:
        """Return the readings of files that are as they were when they were read."""
        found = {}
        for listed in listing.files:
            self._signatures[listed.path] = listed
            kept = self._kept.get(listed.path)
            is_same = kept is not None and kept.is_of(listed.signature)
            reading = _decoded(listed.path, kept.reading) if kept and is_same else None
            if reading:
                found[listed.path] = reading
        return found

    def content(self, path: str) -> SourceFile | None:
        listed = self._signatures.get(path)
        read = read_listed(self._root, listed) if listed else None
        return read if isinstance(read, SourceFile) else None

    def keep(self, listing: Listing) -> None:
        gone = set(self._kept) - {listed.path for listed in listing.files}
        self._cache.keep(self._key, self._fresh, sorted(gone))

    def read(self, listed: Listed) -> KeptReading | Finding:
        """Read a file, or what was kept of the same content."""
        file = read_listed(self._root, listed)
        if isinstance(file, Finding):
            return file
        blob = blob_id(file.content)
        text = self._cache.readings([blob]).get(blob)
        reading = _decoded(file.path, text)
        if reading is None or text is None:
            reading, text = _read(file)
        self._fresh.append(Fresh(file.path, listed.signature, blob, text))
        return reading


def _read(file: SourceFile) -> tuple[KeptReading, str]:
    reading = read_file(file)
    kept = KeptReading(reading.path, reading.cards, reading.findings, reading.is_refused)
    return kept, encode(kept)


def _decoded(path: str, text: str | None) -> KeptReading | None:
    """Return a kept reading; None where there is none, or what was kept makes no sense."""
    try:
        return decode(path, text) if text else None
    except (ValueError, TypeError, KeyError):
        return None


def _inspection(
    readings: Sequence[KeptReading], refused: tuple[Finding, ...], content: ReadContent
) -> Inspection:
    last_asked = lru_cache(maxsize=1)(content)  # documents of one file are asked for in a row
    documents = without_values(readings)
    judgement = judge_together(documents, partial(_root, last_asked))
    paths = tuple(reading.path for reading in readings)
    return Inspection(judgement, refused, paths, last_asked)


def _root(content: ReadContent, card: Card) -> Node:
    """Return a document's tree; of a file that has changed meanwhile, one without any fields."""
    file = content(card.path)
    trees = roots(file) if file else ()
    if card.number < len(trees):
        return trees[card.number]
    return Scalar("", is_plain=False, span=card.span)
