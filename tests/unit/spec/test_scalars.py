import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.spec.scalars import Doubtful, older_reading, resolve


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_null_is_written_in_five_ways(text: str) -> None:
    """The core schema of YAML 1.2 knows these nulls and no others."""
    assert resolve(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("010", 10),
        ("0o10", 8),
        ("0xff", 255),
        ("-12", -12),
        ("1.10", 1.1),
        ("20.10", 20.1),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("123e4567", math.inf),
        ("-.INF", -math.inf),
        ("9" * 5000, math.inf),
    ],
)
def test_a_core_schema_scalar_has_its_value(text: str, value: object) -> None:
    """Numbers and truth values are those of YAML 1.2, however long they are."""
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("yes", "the truth value true"),
        ("off", "the truth value false"),
        ("N", "the truth value false"),
        ("12:30", "a number"),
        ("1_000", "a number"),
        ("0b101", "a number"),
        ("190:20:30.15", "a number"),
        ("2026-01-01", "a date"),
        ("2026-01-01 12:00:00", "a date"),
        ("2001-12-14t21:59:43.10-05:00", "a date"),
        ("2026-99-99", "a date"),
    ],
)
def test_text_that_older_parsers_read_otherwise_is_doubtful(text: str, reading: str) -> None:
    """What YAML 1.1 takes for something else is told apart from settled text."""
    assert isinstance(resolve(text), Doubtful)
    assert older_reading(text) == reading


@pytest.mark.parametrize(
    "text",
    ["1.31.0", "44.3.1", "v1.10", "store-0042", "nope", "True-ish", "10.0.42.0/24", "1.10-rc1"],
)
def test_ordinary_text_is_text(text: str) -> None:
    """Versions of three parts, names and addresses need no quotes."""
    assert type(resolve(text)) is str


@given(st.text())
def test_what_stays_text_stays_letter_for_letter(text: str) -> None:
    """A value is either kept as written or is no text at all."""
    value = resolve(text)
    assert value == text or not isinstance(value, str)


def test_not_a_number_is_a_number() -> None:
    """`.nan` is a float, so it is never taken for text."""
    value = resolve(".nan")
    assert isinstance(value, float)
    assert math.isnan(value)
