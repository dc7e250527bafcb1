"""Sets from the cache: what is kept of rows is what reading them anew gives."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from cli_factory import ROOT
from pairctl.validation import ReadingCache, Request, Validation, validate_folder


def validated(folder: Path, cache: ReadingCache) -> Validation:
    """Validate a folder that is in no repository."""
    return validate_folder(Request(folder), cache)


def same(one: Validation, other: Validation) -> bool:
    """Whether two validations say the same of the same documents."""
    return (one.findings, one.inspection.entries) == (other.findings, other.inspection.entries)


def test_kept_rows_are_those_that_are_read(tmp_path: Path) -> None:
    """Findings of rows, of the template and of the file, places and digests included."""
    folder = tmp_path / "documents"
    shutil.copytree(ROOT / "examples" / "valid", folder)
    table = folder / "inventory" / "emea.csv"
    cache = ReadingCache.open(tmp_path / "cache")
    good = table.read_text()
    broken = (
        good.replace("10.1.2.10", "10.1.1.10").replace("Braga", " Braga").replace("city", "town")
    )
    for text in (good, broken, good.replace("store,", "shop,", 1), good.replace(",", ";"), good):
        table.write_text(text)
        fresh = validated(folder, ReadingCache())
        assert same(validated(folder, cache), fresh)
        assert same(validated(folder, cache), fresh)
    cache.close()


def test_rows_are_read_once(tmp_path: Path) -> None:
    """The second run takes them from the cache, where a changed reading shows."""
    folder = tmp_path / "documents"
    shutil.copytree(ROOT / "examples" / "valid", folder)
    cache = ReadingCache.open(tmp_path / "cache")
    validated(folder, cache)
    (database,) = (tmp_path / "cache").glob("*.sqlite")
    with closing(sqlite3.connect(database)) as kept, kept:
        changed = kept.execute(
            "update readings set reading = replace(reading, 'store-1002', 'store-2222')"
        ).rowcount
    assert changed
    names = {entry.name for entry in validated(folder, cache).inspection.entries}
    assert "store-2222" in names
    cache.close()
