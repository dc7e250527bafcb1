"""Readings are kept as JSON, and come back as they were."""

from pathlib import Path

import pytest

from pairctl.spec import SourceFile, read_file
from pairctl.validation.codec import KeptReading, decode, encode

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*valid/*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_reading_comes_back_as_it_was(path: Path) -> None:
    """Every finding, span, tie and digest survives; only models are left behind."""
    reading = read_file(SourceFile("a/b.yaml", path.read_bytes()))
    kept = KeptReading(reading.path, reading.entries, reading.findings, reading.is_refused)
    assert decode("a/b.yaml", encode(reading)) == kept


def test_a_reading_belongs_to_any_path() -> None:
    """What is kept by content names the file that has it now."""
    text = encode(
        read_file(SourceFile("old.yaml", b"apiVersion: pairctl/v1alpha1\nkind: Nothing\n"))
    )
    moved = decode("new.yaml", text)
    assert {entry.path for entry in moved.entries} == {"new.yaml"}
    assert {one.path for entry in moved.entries for one in entry.findings} == {"new.yaml"}
    assert "old.yaml" not in text


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1,2,3]", '[[],[["x"]],false]', "[[1],[],true]"])
def test_what_makes_no_sense_is_an_error_of_a_known_class(text: str) -> None:
    """The cache may hold anything: what is not a reading is read anew."""
    with pytest.raises((ValueError, TypeError, KeyError)):
        decode("a.yaml", text)
