"""The rows of sets, behind the documents of their files: kept from before, or expanded now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pairctl.spec import (
    Finding,
    IndexEntry,
    SourceFile,
    blob_id,
    digest_of,
    expand,
    is_set,
)
from pairctl.validation.cache import Fresh, ReadingCache
from pairctl.validation.codec import KeptReading, KeptRows, decoded_rows, encode_rows

ReadContent = Callable[[str], SourceFile | None]
ReadTable = Callable[[str], SourceFile | Finding]


def with_rows(
    readings: Sequence[KeptReading], content: ReadContent, table: ReadTable, cache: ReadingCache
) -> Iterator[KeptReading]:
    """Yield the readings, each with the rows of its sets; `table` reads a CSV file by its path."""
    for reading in readings:
        if not any(map(is_set, reading.entries)):
            yield reading
            continue
        file = content(reading.path)
        documents: list[IndexEntry] = []
        rows: list[IndexEntry] = []
        for entry in reading.entries:
            if file and is_set(entry):
                of_set = _rows_of(file, entry, table, cache)
                rows += of_set.entries
                documents.append(entry._replace(findings=(*entry.findings, *of_set.findings)))
            else:
                documents.append(entry)
        yield replace(reading, entries=(*documents, *rows))


def _rows_of(
    file: SourceFile, entry: IndexEntry, table: ReadTable, cache: ReadingCache
) -> KeptRows:
    path = entry.references.table if entry.references else ""
    inventory = table(path) if path else None
    if isinstance(inventory, Finding):
        return KeptRows((), expand(file, entry.number, inventory).findings)
    key = digest_of(
        [blob_id(file.content), entry.number, blob_id(inventory.content) if inventory else ""]
    )
    if known := decoded_rows(entry, cache.readings([key]).get(key, "")):
        return known
    expansion = expand(file, entry.number, inventory)
    cache.keep("", [Fresh(entry.path, None, key, encode_rows(entry, expansion))])
    return KeptRows(tuple(row.entry for row in expansion.rows), expansion.findings)
