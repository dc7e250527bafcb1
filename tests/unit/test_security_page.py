"""SECURITY.md claims nothing without a test: each that it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`(tests/[\w/.]+?)(?:::(\w+))?`", (ROOT / "SECURITY.md").read_text())


def test_the_page_names_tests() -> None:
    """There is something to check."""
    assert len(NAMED) > 20


@pytest.mark.parametrize(("path", "function"), NAMED)
def test_a_claim_has_its_test(path: str, function: str) -> None:
    """The file, or folder, is there, and so is the test in it."""
    found = ROOT / path
    assert found.exists()
    if function:
        assert f"def {function}(" in found.read_text()


def test_every_claim_names_a_test() -> None:
    """No row of a table goes without."""
    text = (ROOT / "SECURITY.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    assert all("`tests/" in row or row == "| claim | shown by |" for row in rows)
