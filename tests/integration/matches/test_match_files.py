"""Every file of tests/data/matches: dropping one in adds a test."""

from pathlib import Path

import pytest

from match_files import FOLDER, read

FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_match_is_answered_and_explained_as_its_file_says(path: Path) -> None:
    """The reason, the selection, the two stacks side by side, the message and what would match."""
    file = read(path)
    assert file.answer() == file.expected


def test_the_files_hold_the_vendors_table_and_many_more() -> None:
    """The four combinations of the vendor's page are there, and more than thirty others."""
    vendors = {path.stem for path in FILES if path.stem.startswith("vendor-")}
    assert vendors == {f"vendor-combination-{letter}" for letter in "abcd"}
    assert len(FILES) - len(vendors) >= 30
