import pytest

from pairctl.spec.secret_shapes import looks_secret
from pairctl.spec.wording import (
    as_yaml,
    look_alike,
    nearest,
    nearest_word,
    quoted_path,
    shown,
)

TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJleGFtcGxlIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 80, "x" * 59 + "…"),
        (TOKEN, "(hidden)"),
        (f"Bearer {TOKEN}", "(hidden)"),
        ("0123456789abcdef" * 2, "(hidden)"),
        ("https://admin:hunter2@host", "https://(hidden)@host"),
        ("a\x1b[31m", "a�[31m"),
        (True, "true"),
    ],
)
def test_values_are_shown_short_printable_and_without_secrets(value: object, text: str) -> None:
    """What a message shows fits on a line of a terminal and gives nothing away."""
    assert shown(value) == text


def test_a_digest_is_no_key_and_a_short_name_no_token() -> None:
    """Fingerprints and names are not taken for secrets."""
    assert not looks_secret("sha256:" + "0" * 64)
    assert not looks_secret("palette-production")
    assert not looks_secret("0123456789abcdef" * 2, hex_too=False)


def test_a_path_is_written_as_people_do() -> None:
    """Indexes stand in brackets, the root has a name."""
    assert quoted_path(("spec", "profiles", 0, "name")) == "`spec.profiles[0].name`"
    assert quoted_path(()) == "the document"


def test_the_nearest_word_ignores_case() -> None:
    """A word in another case is the first that comes to mind."""
    assert nearest("paired", ("Paired", "Local")) == "did you mean `Paired`?"
    assert nearest("colour", ("Paired", "Local")) == ""
    assert nearest_word("local", ("Paired", "Local")) == "Local"


def test_a_letter_that_only_looks_right_is_named() -> None:
    """Cyrillic letters look like Latin ones."""
    assert look_alike("pr\u043eduction").startswith("U+043E is cyrillic small letter o")
    assert look_alike("production") == ""


@pytest.mark.parametrize(
    ("text", "yaml"),
    [
        ("retail", "retail"),
        ("no", '"no"'),
        ("1.10", '"1.10"'),
        ("a: b", '"a: b"'),
        ("", ""),
        ("0123456789abcdef" * 2, ""),
        (TOKEN, ""),
        ("a" * 129, ""),
    ],
)
def test_text_is_quoted_where_it_would_be_read_otherwise(text: str, yaml: str) -> None:
    """What is offered is a name for every parser; what is long or looks secret is not repeated."""
    assert as_yaml(text) == yaml


@pytest.mark.parametrize("text", ["eyJ" * 100_000, "//a" * 100_000, "a@" + "//a" * 100_000])
def test_a_long_text_that_is_nearly_secret_costs_no_more_than_another(text: str) -> None:
    """Time grows with the length: the square of it would be minutes, and the test's limit."""
    assert not looks_secret(text)
    assert shown(text).endswith("…")
