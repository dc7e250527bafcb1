"""Text of others, made fit to be shown."""

from pairctl.repo.words import MAX_WORDS, escaped, remote_words, shown


def test_what_cannot_be_printed_is_escaped() -> None:
    """A path or message cannot steer a terminal."""
    assert escaped(b"a\x1b\n\xff") == "a\\x1b\\n\\xff"


def test_credentials_in_urls_are_blanked() -> None:
    """Whatever stands before the @ of a URL is never shown."""
    text = shown("fatal: unable to access 'https://bot:hunter2@example.com/x'")
    assert "hunter2" not in text
    assert "https://***@example.com/x" in text


def test_words_come_on_one_line_and_are_cut() -> None:
    """A server cannot fill a status with pages of text."""
    assert shown("\x1b[31mone\x1b[0m\r\n\n two ") == "one; two"
    assert len(shown("x" * 5000)) == MAX_WORDS


def test_the_servers_own_lines_are_preferred() -> None:
    """Of a push's stderr, the lines marked `remote:` are what the server said."""
    assert remote_words("remote: no\nremote: way\nerror: failed to push") == "no; way"
    assert remote_words("fatal: cut off") == "fatal: cut off"
