"""A secret is recognised however it is written down."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odd_secrets import ENCODINGS, ODD_SECRETS, in_base64
from pairctl.secrets import Redactor
from pairctl.secrets.reading import read, spellings

MASK = "[redacted]"


def knowing(*values: str) -> Redactor:
    """Return a redactor that has learned these."""
    redactor = Redactor()
    for value in values:
        assert redactor.learn(value)
    return redactor


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("shape", ODD_SECRETS)
def test_every_usual_encoding_of_a_value_is_the_value(shape: str, encoding: str) -> None:
    """Whatever signs the value has, nothing but quotes is left of it, and all around it stays."""
    value = ODD_SECRETS[shape]
    shown = knowing(value).redact(f"before <{ENCODINGS[encoding](value)}> after")
    assert shown.startswith("before <")
    assert shown.endswith("> after")
    left = shown[8:-7].replace(MASK, "").strip("\"'`\\=\n ")
    assert MASK in shown
    assert left == ""


@pytest.mark.parametrize("shape", ODD_SECRETS)
def test_a_value_inside_base64_is_recognised_wherever_it_starts(shape: str) -> None:
    """As in `user:password`, at each of the three alignments, in both alphabets."""
    redactor = knowing(ODD_SECRETS[shape])
    for text, piece in in_base64(ODD_SECRETS[shape]):
        assert piece in text
        assert piece not in redactor.redact(f"Basic {text}, it says")


@pytest.mark.parametrize("shape", ODD_SECRETS)
@pytest.mark.parametrize(
    "before", ["%", "&", "\\", "&#", "\\x", "%2", "&amp", "=", "://u:", "\x1b["]
)
def test_what_stands_before_a_value_does_not_hide_it(shape: str, before: str) -> None:
    """Not even what could begin an escape with its first sign."""
    value = ODD_SECRETS[shape]
    for encoding in ("as it is", "HTML", "percent", "JSON"):
        shown = knowing(value).redact(before + ENCODINGS[encoding](value))
        assert value not in shown
        assert ENCODINGS[encoding](value) not in shown


@given(st.text(min_size=8), st.text(max_size=20), st.sampled_from(sorted(ENCODINGS)))
def test_any_value_in_any_text_is_gone(value: str, around: str, encoding: str) -> None:
    """What a redactor took in, it takes out."""
    redactor = Redactor()
    value = value.encode("utf-8", "replace").decode()
    if redactor.learn(value):
        shown = redactor.redact(f"{around}{ENCODINGS[encoding](value)}{around}")
        assert value not in shown.replace(MASK, "\n" * 9)


@given(st.text(alphabet="ab%&\\'\" \u200b\x1b[mu0041x;#39Ãß"))
def test_a_reading_knows_where_each_of_its_signs_stood(text: str) -> None:
    """Undone quickly or with all places kept, a text reads the same, and every place is its own."""
    for spelling in spellings(text):
        reading = read(text, spelling.steps)
        assert len(reading.text) == len(spelling.text)
        assert reading.text.casefold() == spelling.text.casefold()
        spans = [reading.span(at, at + 1) for at in range(len(reading.text))]
        assert all(0 <= start < stop <= len(text) for start, stop in spans)
        assert spans == sorted(spans)


@pytest.mark.parametrize("word", ["metadata", "status", "Blocked", "store-1", "api.example.com"])
def test_what_is_not_learned_stays(word: str) -> None:
    """Recognising in many ways does not mean recognising anything."""
    redactor = knowing(*ODD_SECRETS.values())
    for text in (word, f'{{"{word}": "x"}}', base64.b64encode(word.encode()).decode()):
        assert redactor.redact(text) == text
