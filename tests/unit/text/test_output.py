"""What other programs say, on one line of a message."""

import pytest

from pairctl.text import MOST_OUTPUT, output_words


@pytest.mark.parametrize(
    "address",
    [
        "https://bot:hunter2@example.com/x",
        "https://bot:hunter2@with@signs@example.com/x",
        "https://bot:hunter2/with/slashes@example.com/x",
        "https://bot:hunter2'with\"quotes@example.com/x",
        "ssh://hunter2@example.com/x",
        "https://bot:hunter2%40x@example.com/x",
    ],
)
def test_the_user_of_a_url_is_blanked(address: str) -> None:
    """Whatever stands before the last @ of a URL is never shown, whatever signs it holds."""
    text = output_words(f"fatal: unable to access '{address}'")
    assert "hunter2" not in text
    assert "https://***@example.com/x" in text.replace("ssh", "https")


@pytest.mark.parametrize(
    "name",
    ["private_token", "access_token", "token", "api_key", "apiKey", "password", "X-Amz-Signature",
     "sig", "private%5Ftoken", "client_secret", "jwt", "Authorization", "key", "credential"],
)  # fmt: skip
@pytest.mark.parametrize("mark", ["?", "?ref=main&", "?ref=main;", "#"])
def test_a_secret_in_a_query_is_blanked(name: str, mark: str) -> None:
    """By the name that it is given, anywhere among the values; the rest stays."""
    text = output_words(f"fatal: 'https://example.com/x{mark}{name}=hunter2&page=2' not found")
    assert "hunter2" not in text
    assert "page=2" in text


def test_an_address_that_helps_is_left_whole() -> None:
    """What to open in a browser has a query too."""
    address = "https://example.com/x/new?merge_request%5Bsource_branch%5D=a&author=b"
    assert output_words(f"remote: open {address}") == f"remote: open {address}"


def test_words_come_on_one_line() -> None:
    """No line of a program becomes a line of ours, and nothing steers a terminal."""
    said = "\x1b[31mone\x1b[0m\r\n\n two \u2028three\x85four\vfive\x00\u200b"
    assert output_words(said) == "one; two; three; four; five\\x00\\u200b"


@pytest.mark.parametrize("signs", ["x" * 5000, "x " * 5000, "x\n" * 5000])
def test_both_ends_of_a_long_output_are_kept(signs: str) -> None:
    """A server cannot fill a status; what unblocks is often said first, or last."""
    said = output_words(f"rejected: {signs} see https://example.com/unblock")
    assert len(said) == MOST_OUTPUT
    assert said.startswith("rejected: x")
    assert said.endswith("see https://example.com/unblock")
