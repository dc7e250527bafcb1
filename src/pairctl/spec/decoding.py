"""From bytes to text that is safe to parse and to show: everything that refuses a file at once."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from pairctl.spec.codes import Code
from pairctl.spec.findings import Finding, Severity, Span, finding
from pairctl.spec.source import SourceFile

MAX_FILE_BYTES = 256 * 1024
_MOST_PER_FILE = 10

_FILE = Span(1, 1, 1, 1)
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CONFLICT = re.compile(r"^(<{7}|>{7})(?=[ \n]|\Z)", re.MULTILINE)
_ODD_ASCII = re.compile(r"[^\t\n -~]")
_DIRECTIVE = re.compile(r"^%.*", re.MULTILINE)
_WIDE = (
    ("UTF-32", re.compile(rb"\xff\xfe\0\0|\0\0\xfe\xff|[^\0]\0\0\0|\0\0\0[^\0]")),
    ("UTF-16", re.compile(rb"\xff\xfe|\xfe\xff|[^\0]\0|\0[^\0]")),
)


class Decoded(NamedTuple):
    """A file's text, each line ended by a line feed; None where findings refuse the file.

    Findings about a text that is there are for information.
    """

    text: str | None
    findings: tuple[Finding, ...]


def decode(file: SourceFile, max_bytes: int = MAX_FILE_BYTES, *, is_yaml: bool = True) -> Decoded:
    """Return the file's text, or why it is refused before it is parsed."""
    refused = _refused_bytes(file, max_bytes)
    if refused:
        return Decoded(None, (refused,))
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Decoded(None, (_not_utf8(file, error),))
    notes = tuple(_notes(file, text))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    findings = tuple(islice(_refused_text(file.path, text, is_yaml=is_yaml), _MOST_PER_FILE))
    return Decoded(None, findings) if findings else Decoded(text, notes)


def unfit_characters(text: str) -> str:
    """Return the characters of `text` that may stand in no document, each once, in order."""
    if text.isascii() and not _ODD_ASCII.search(text):
        return ""
    return "".join(char for char in dict.fromkeys(text) if _is_unfit(char))


def unfit(
    path: str, span: Span, char: str, hint: str = "remove it; most editors do not show it"
) -> Finding:
    """Return the finding about one such character; it is named, never shown."""
    is_control = unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp", "Cn"}
    code = Code.CONTROL_CHARACTER if is_control else Code.INVISIBLE_CHARACTER
    name = unicodedata.name(char, "a control character").lower()
    message = f"U+{ord(char):04X} ({name}) may not stand in a document"
    return finding(path, span, code, message, hint)


def _is_unfit(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cn":
        return ord(char) & 0xFFFE == 0xFFFE  # noqa: PLR2004 - Unicode's noncharacters
    return category in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char not in "\t\n"


def _refused_bytes(file: SourceFile, max_bytes: int) -> Finding | None:
    if len(file.content) > max_bytes:
        return finding(
            file.path,
            _FILE,
            Code.TOO_LARGE,
            f"the file is larger than {max_bytes} bytes",
            "split it into several files",
        )
    if file.content.startswith(_LFS_POINTER):
        return finding(
            file.path,
            _FILE,
            Code.LFS_POINTER,
            "the file's content is kept in Git LFS, which pairctl does not read",
            "keep documents in Git itself: exclude them in .gitattributes",
        )
    wide = next((name for name, start in _WIDE if start.match(file.content)), None)
    if wide:
        return finding(
            file.path,
            _FILE,
            Code.NOT_UTF8,
            f"the file looks like {wide}",
            "save it as UTF-8",
        )
    return None


def _notes(file: SourceFile, text: str) -> Iterator[Finding]:
    """Yield what is read all the same, and may trip other tools."""
    if file.content.startswith(_BYTE_ORDER_MARK):
        yield finding(
            file.path,
            _FILE,
            Code.BYTE_ORDER_MARK,
            "the file begins with a byte order mark, which nobody sees and some tools trip over",
            "save it as UTF-8 without a byte order mark",
            severity=Severity.WARNING,
        )
    if "\r" not in text:
        return
    only_windows = text.count("\r\n") == text.count("\r") == text.count("\n")
    first = text.index("\r")
    shown = "lines end in CR LF" if only_windows else "lines end in different ways"
    yield finding(
        file.path,
        _span_behind(text[:first]),
        Code.LINE_ENDINGS,
        f"{shown}, so that a change of line ends shows as a change of every line",
        f"write `*.{_suffix(file.path)} text eol=lf` into .gitattributes, and save the file with "
        "line feeds",
        severity=Severity.INFO,
    )


def _suffix(path: str) -> str:
    return "csv" if path.lower().endswith(".csv") else "yaml"


def _not_utf8(file: SourceFile, error: UnicodeDecodeError) -> Finding:
    # "utf-8-sig" counts from behind a byte order mark
    content = file.content.removeprefix(_BYTE_ORDER_MARK)
    before = content[: error.start].decode("utf-8", "replace")
    return finding(
        file.path,
        _span_behind(before.replace("\r\n", "\n").replace("\r", "\n")),
        Code.NOT_UTF8,
        f"byte 0x{content[error.start]:02x} is not UTF-8",
        "save the file as UTF-8",
    )


def _refused_text(path: str, text: str, *, is_yaml: bool) -> Iterator[Finding]:
    for char in unfit_characters(text):
        for at in _positions(text, char):
            yield unfit(path, _span_behind(text[:at]), char)
    has_mark = "<<<<<<<" in text or ">>>>>>>" in text
    for mark in islice(_CONFLICT.finditer(text), 1) if has_mark else ():
        yield finding(
            path,
            _span_behind(text[: mark.start()], 7),
            Code.MERGE_CONFLICT,
            "the file holds an unresolved merge conflict",
            "choose one side and remove the lines of marks",
        )
    for mark in islice(_DIRECTIVE.finditer(text), 1) if is_yaml and "%" in text else ():
        yield finding(
            path,
            _span_behind(text[: mark.start()], len(mark.group())),
            Code.DIRECTIVE_NOT_ALLOWED,
            "a line starts with `%`, which makes it a YAML directive",
            "remove the line; pairctl always reads YAML 1.2",
        )


def _positions(text: str, char: str) -> Iterable[int]:
    at = text.find(char)
    while at >= 0:
        yield at
        at = text.find(char, at + 1)


def _span_behind(before: str, length: int = 1) -> Span:
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Span(line, column, line, column + length)
