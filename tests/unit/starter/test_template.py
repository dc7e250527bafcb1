import pytest
from ruamel.yaml import YAML

from pairctl.starter.template import scalar

TRAPS = [
    "no",
    "On",
    "y",
    "null",
    "~",
    "1.10",
    "0x1f",
    "1e3",
    "2026-01-01",
    "",
    " a ",
    "- a",
    "a: b",
]


@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
@pytest.mark.parametrize(
    "text", [*TRAPS, "a # b", "two\nlines", "\u00e9\U0001f600", 'a"b\\c', "{a}"]
)
def test_a_scalar_reads_as_the_text_it_was_made_of(text: str, version: tuple[int, int]) -> None:
    """In either version of YAML: editors and other tools read these files too."""
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    assert yaml.load(f"a: {scalar(text)}\n") == {"a": text}


@pytest.mark.parametrize("text", ["production", "store-0042", "https://10.0.0.1:5080"])
def test_what_needs_no_quotes_has_none(text: str) -> None:
    """Names are written as people write them."""
    assert scalar(text) == text
