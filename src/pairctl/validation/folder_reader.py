"""The files of a folder: kept readings where nothing has changed, and the rest read anew."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pairctl.spec import Finding, Listed, Listing, SourceFile, blob_id, read_listed, read_table_file
from pairctl.validation.cache import Fresh, Kept, ReadingCache
from pairctl.validation.codec import KeptReading, decode, decoded
from pairctl.validation.reading import read_all


class FolderReader:
    """Reads what is listed of a folder, and keeps it for the next run."""

    def __init__(self, root: Path, under: str, listing: Listing, cache: ReadingCache) -> None:
        self._root = root
        self._under = under
        self._key = f"{root.resolve()}:{under}"
        self._listed = {listed.path: listed for listed in listing.files}
        self._cache = cache

    def readings(self) -> list[KeptReading | Finding]:
        """Return what each file holds, or why it cannot be read, in the order of the listing."""
        kept = self._cache.files_below(self._key)
        found: dict[str, KeptReading | Finding] = dict(self._unchanged(kept))
        # Files are read, but for those whose content is known from elsewhere, or from before.
        files = [one for path, one in self._listed.items() if path not in found]
        same = dict(self._of_known_content(files)) if self._cache.has_readings else {}
        news = [*same.values(), *read_all(self._root, [f for f in files if f.path not in same])]
        found |= {
            one.path: decode(one.path, one.reading) if isinstance(one, Fresh) else one
            for one in news
        }
        fresh = [one for one in news if isinstance(one, Fresh)]
        self._cache.keep(self._key, fresh, sorted(set(kept) - set(self._listed)))
        return [found[path] for path in self._listed]

    def content(self, path: str) -> SourceFile | None:
        """Read a file again; None where it cannot be read any more."""
        listed = self._listed.get(path)
        read = read_listed(self._root, listed) if listed else self.table(path)
        return read if isinstance(read, SourceFile) else None

    def table(self, path: str) -> SourceFile | Finding:
        """Read the CSV file that a set names."""
        return read_table_file(self._root, self._under, path)

    def _unchanged(self, kept: Mapping[str, Kept]) -> Iterator[tuple[str, KeptReading]]:
        """Yield the readings of files that the system says are as they were."""
        for path, before in kept.items():
            listed = self._listed.get(path)
            if listed and before.is_of(listed.signature):
                reading = decoded(path, before.reading)
                if reading:
                    yield path, reading

    def _of_known_content(self, files: Sequence[Listed]) -> Iterator[tuple[str, Fresh]]:
        blobs = {}
        for listed in files:
            file = read_listed(self._root, listed)
            if isinstance(file, SourceFile):
                blobs[listed] = blob_id(file.content)
        known = self._cache.readings(list(blobs.values()))
        for listed, blob in blobs.items():
            text = known.get(blob)
            if text and decoded(listed.path, text):
                yield listed.path, Fresh(listed.path, listed.signature, blob, text)
