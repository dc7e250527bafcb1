import pytest

from pairctl.spec import Code, SourceFile
from pairctl.spec.decoding import MAX_FILE_BYTES, Decoded, decode
from spec_factory import text_file


def found(decoded: Decoded) -> list[tuple[int, int, Code]]:
    """Return line, column and code of each finding."""
    return [(one.line, one.column, one.code) for one in decoded.findings]


def test_a_byte_order_mark_at_the_start_is_dropped() -> None:
    """Editors that write one make no other document of the file."""
    assert decode(SourceFile("a.yaml", b"\xef\xbb\xbfa: 1\n")).text == "a: 1\n"


def test_a_byte_order_mark_further_on_is_refused() -> None:
    """Parsers disagree on it, and nobody sees it."""
    assert found(decode(text_file("a: 1\nb: \ufeff2\n"))) == [(2, 4, Code.INVISIBLE_CHARACTER)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_wide_encodings_are_named(encoding: str) -> None:
    """A file in UTF-16 or UTF-32 is refused by name, not as a row of odd characters."""
    decoded = decode(SourceFile("a.yaml", "kind: Palette\n".encode(encoding)))
    assert found(decoded) == [(1, 1, Code.NOT_UTF8)]
    assert encoding[:6].upper() in decoded.findings[0].message


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_a_byte_that_is_not_utf8_is_placed(start: bytes, newline: bytes) -> None:
    """Columns count characters, and lines end however they end."""
    content = start + b"a: 1" + newline + "né: Z".encode() + b"\xfcrich"
    assert found(decode(SourceFile("a.yaml", content))) == [(2, 6, Code.NOT_UTF8)]


@pytest.mark.parametrize(
    ("char", "code"),
    [
        ("\0", Code.CONTROL_CHARACTER),
        ("\x1b", Code.CONTROL_CHARACTER),
        ("\x7f", Code.CONTROL_CHARACTER),
        ("\x85", Code.CONTROL_CHARACTER),
        ("\u2028", Code.CONTROL_CHARACTER),
        ("\u2029", Code.CONTROL_CHARACTER),
        ("\ufffe", Code.CONTROL_CHARACTER),
        ("\u00ad", Code.INVISIBLE_CHARACTER),
        ("\u200b", Code.INVISIBLE_CHARACTER),
        ("\u202e", Code.INVISIBLE_CHARACTER),
        ("\u2066", Code.INVISIBLE_CHARACTER),
        ("\U000e0001", Code.INVISIBLE_CHARACTER),
    ],
)
def test_characters_nobody_sees_are_refused_and_never_shown(char: str, code: Code) -> None:
    """Each is told by its code point and place; the message itself does not hold it."""
    decoded = decode(text_file(f"é: ok\nb: ab{char}c\n"))
    assert found(decoded) == [(2, 6, code)]
    assert f"U+{ord(char):04X}" in decoded.findings[0].message
    assert char not in str(decoded.findings[0])


def test_findings_about_characters_are_limited() -> None:
    """A file of nothing but control characters does not flood the report."""
    assert len(decode(text_file("ab" + "\x01" * 5000)).findings) == 10


def test_the_size_limit_is_exact() -> None:
    """256 KiB are read, one byte more is not."""
    fits = SourceFile("a.yaml", b"#" * MAX_FILE_BYTES)
    assert decode(fits).text is not None
    assert found(decode(SourceFile("a.yaml", fits.content + b"#"))) == [(1, 1, Code.TOO_LARGE)]


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", ">>>>>>> other", "<<<<<<<"])
def test_an_unresolved_merge_is_refused(mark: str) -> None:
    """The marks of a merge are told as such and not as bad YAML."""
    assert found(decode(text_file(f"a: 1\n{mark}\n"))) == [(2, 1, Code.MERGE_CONFLICT)]


def test_arrows_within_a_line_are_no_merge() -> None:
    """Only a line that begins with the mark counts."""
    assert decode(text_file("a: '<<<<<<< b'\n")).text is not None


def test_all_line_ends_become_line_feeds() -> None:
    """Nothing past this point sees a carriage return."""
    assert decode(text_file("a\r\nb\rc\n")).text == "a\nb\nc\n"
