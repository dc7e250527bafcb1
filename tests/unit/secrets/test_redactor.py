"""What is learned does not appear again, in any form that it may take."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import calls
from pairctl.secrets import Redactor
from pairctl.secrets.redactor import MOST_SECRETS, MOST_TOKENS

SECRET = 'Tok3n/with "quotes"+ü-and\\more'


def knowing(*values: str) -> Redactor:
    """Return a redactor that has learned these."""
    redactor = Redactor()
    for value in values:
        redactor.learn(value)
    return redactor


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        SECRET.upper(),
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="")
        .replace("%2F", "%2f")
        .replace("%C3%BC", "%c3%bc")
        .replace("%2B", "%2b")
        .replace("%5C", "%5c"),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        json.dumps(SECRET)[1:-1].replace("/", "\\/"),
        html.escape(SECRET),
        SECRET.encode().hex(),
        SECRET.encode().hex().upper(),
        repr(SECRET)[1:-1],
        repr(SECRET.encode())[2:-1],
    ],
)
def test_every_form_of_a_secret_is_replaced(form: str) -> None:
    """Encodings that servers and libraries use when they quote a value are known."""
    assert knowing(SECRET).redact(f"before {form} after") == "before [redacted] after"


@pytest.mark.parametrize("prefix", ["", "u", "us", "use", "user", "user:"])
@pytest.mark.parametrize("suffix", ["", ":", ":x", ":xy"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_is_recognised_at_every_offset(prefix: str, suffix: str, encode) -> None:
    """A secret inside a longer encoded text is found, wherever it starts."""
    secret = "0123456789~?>/secret"
    text = encode(f"{prefix}{secret}{suffix}".encode()).decode()
    inside = encode(secret.encode()).decode().rstrip("=")[4:-4]
    redacted = knowing(secret).redact(text)
    assert "[redacted]" in redacted
    assert inside not in redacted
    assert len(redacted.replace("[redacted]", "")) <= len(prefix + suffix) * 2 + 8


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=4), st.text())
def test_no_text_around_a_secret_brings_it_back(secret: str, around: str) -> None:
    """Whatever stands before and behind, the secret is gone."""
    redacted = knowing(secret).redact(around + secret + around)
    assert secret not in redacted.replace("[redacted]", "\n")


def test_overlapping_secrets_leave_no_tail() -> None:
    """Where one secret ends inside another, both are covered whole."""
    assert knowing("abcdefgh", "efghijkl").redact("<abcdefghijkl>") == "<[redacted]>"


def test_the_longer_of_two_secrets_wins() -> None:
    """A secret that begins with another one is covered to its own end."""
    assert knowing("abcd", "abcd-efgh-ijkl").redact("abcd-efgh-ijkl") == "[redacted]"


def test_a_secret_split_by_invisible_characters_is_found() -> None:
    """Controls and zero-width marks are cut before anything is compared."""
    redacted = knowing("open-sesame").redact("open\x00-se\u200bsa\x1b[31mme")
    assert redacted == "[redacted]"


def test_control_characters_are_cut() -> None:
    """No text moves the cursor, colours the terminal or turns the reading direction."""
    text = "a\x1b[2Jb\x07c\u202ed\ud800e\r\nf\tg"
    assert Redactor().redact(text) == "abcde\nf\tg"


def test_short_values_are_left_alone() -> None:
    """Replacing every `abc` would garble everything, so learning it is refused."""
    redactor = Redactor()
    assert redactor.learn("abc") is False
    assert redactor.redact("abc") == "abc"


def test_each_line_of_a_long_secret_is_a_secret() -> None:
    """A server that quotes one line of a key shows no line of it."""
    redactor = knowing("-----BEGIN KEY-----\nMIIEvQIBADANBgkq\n-----END KEY-----")
    assert redactor.redact("bad line: MIIEvQIBADANBgkq") == "bad line: [redacted]"


def test_printable_is_one_short_line() -> None:
    """Redacted before it is cut: no half of a secret is left at the end."""
    line = knowing("open-sesame").printable(
        "first\n  second " + "x" * 480 + " open-sesame tail", 500
    )
    assert line.startswith("first second xxx")
    assert len(line) == 500
    assert "open" not in line
    assert line.endswith("…")


def test_many_secrets_do_not_slow_a_text_down() -> None:
    """The cost of a text does not grow with the number of secrets (10,000 tokens of one shape)."""
    text = "eyJhbGciOiJIUzI1NiJ9. " * 100 + f"eyJhbGciOiJIUzI1NiJ9.{77:032x}"
    few, many = (
        knowing(*(f"eyJhbGciOiJIUzI1NiJ9.{number:032x}" for number in range(count)))
        for count in (100, 10_000)
    )
    assert many.redact(text).endswith(" [redacted]")
    assert calls(lambda: many.redact(text)) == calls(lambda: few.redact(text))


def test_a_redactor_shows_nothing_of_what_it_knows() -> None:
    """Its own repr holds a number only."""
    assert repr(knowing("open-sesame")) == "Redactor(1 secrets)"


def test_a_value_that_was_quoted_twice_is_replaced() -> None:
    """An error message that quotes an answer, which quotes the value."""
    value = 'pa"ss\\word/42'
    redactor = Redactor()
    redactor.learn(value)
    twice = json.dumps({"message": json.dumps({"echo": value})})
    assert redactor.redact(twice) == '{"message": "{\\"echo\\": \\"[redacted]\\"}"}'


def test_what_is_kept_has_an_end() -> None:
    """The oldest secrets go first, and whatever a Palette lists takes none of their places."""
    redactor = Redactor()
    redactor.learn_tokens("palette", [f"token-number-{n:05}" for n in range(MOST_TOKENS + 100)])
    assert redactor.count == MOST_TOKENS
    for number in range(MOST_SECRETS + 10):
        redactor.learn(f"{number:08x}")
    assert redactor.count == MOST_TOKENS + MOST_SECRETS
    shown = [redactor.redact(number) for number in ("00000009", "0000000a")]
    assert shown == ["00000009", "[redacted]"]
    assert redactor.redact("token-number-00042") == "[redacted]"


def test_a_list_of_tokens_takes_the_place_of_the_one_before() -> None:
    """What a Palette lists no more is no secret of anybody; other Palettes' tokens stay."""
    redactor = Redactor()
    redactor.learn_tokens("one", ["token-before", "token-always"])
    redactor.learn_tokens("two", ["token-before", "token-of-two"])
    redactor.learn_tokens("one", ["token-always", "x" * 5_000])
    assert (
        redactor.redact("token-before token-always token-of-two")
        == "[redacted] [redacted] [redacted]"
    )
    redactor.learn_tokens("two", [])
    assert redactor.redact("token-before token-always token-of-two") == (
        "token-before [redacted] token-of-two"
    )
    assert redactor.count == 1
    redactor.learn_tokens("one", [])
    assert vars(redactor) == vars(Redactor())


def test_a_text_without_end_is_told_by_its_length() -> None:
    """Nobody reads a megabyte on one line, and looking for secrets in it takes long."""
    assert knowing("open-sesame").printable("open-sesame " * 100_000) == (
        "(a text of 1200000 characters)"
    )


@pytest.mark.parametrize(
    "piece", ["%41", "&#65;", "\\u0041", "\\", "'", "\x1b[", "\x1b]", "open-sesame "]
)
def test_the_work_grows_with_the_text_only(piece: str) -> None:
    """Twice the text is at most twice the work, whatever it repeats."""
    redactor = knowing("open-sesame", "50%41-off-and-more")
    once, twice = (calls(lambda n=n: redactor.redact(piece * n)) for n in (500, 1_000))
    assert twice <= 2.2 * once + 200
