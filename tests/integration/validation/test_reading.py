"""Many files are read by several processes, and nobody can tell."""

from pathlib import Path

import pytest

from pairctl.spec import Finding, Listed, Signature, list_folder
from pairctl.validation import reading
from pairctl.validation.reading import read_all
from spec_factory import file_of, intent, match, palette

GONE = Listed("gone.yaml", Signature(1, 1, 1))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a folder with good files and broken ones."""
    for number in range(6):
        content = file_of(palette(), match(), intent(f"store-{number}")).content
        (tmp_path / f"{number}.yaml").write_bytes(content if number % 2 else content[:-9])
    return tmp_path


@pytest.mark.parametrize(("processes", "at_once"), [(1, 1), (2, 1), (2, 3), (3, 100)])
def test_processes_change_nothing(
    root: Path, processes: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is that of the files, and one that cannot be read is told in its place."""
    files = [*list_folder(root).files[:3], GONE, *list_folder(root).files[3:]]
    alone = read_all(root, files)
    assert [type(one) is Finding for one in alone] == [one is GONE for one in files]
    monkeypatch.setattr(reading, "MANY_FILES", 2)
    monkeypatch.setattr(reading, "MOST_PROCESSES", processes)
    monkeypatch.setattr(reading, "_FILES_AT_ONCE", at_once)
    assert read_all(root, files) == alone
