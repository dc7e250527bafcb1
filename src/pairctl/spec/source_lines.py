"""The lines that findings point to, as they may be shown: nothing in them is secret."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pairctl.spec.codes import Code
from pairctl.spec.findings import Finding, Span
from pairctl.spec.schema import field_names
from pairctl.spec.secret_places import secret_places
from pairctl.spec.secret_shapes import names_a_secret, secret_pieces
from pairctl.spec.source import SourceFile
from pairctl.text import REPLACEMENT, is_plain, marked

_MASK = "*"
_WORD = re.compile(r"""(?:[^\s{}\[\],:"']|:(?!\s|\Z))+""")
_MARKS = frozenset({"#", "-", "?", "|", ">", "|-", ">-", "---", "======="})


def excerpts(
    findings: Iterable[Finding], files: Iterable[SourceFile]
) -> Mapping[tuple[str, int], str]:
    """Return the line that each finding points to, by file and line.

    A line keeps its length, so that columns stay true: what may be secret is masked character by
    character, and what cannot be seen is replaced. Findings about a whole file have no line.
    """
    pointed: dict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.has_span:
            pointed[one.path].append(one)
    return {
        (file.path, number): line
        for file in files
        if file.path in pointed
        for number, line in _lines(file, pointed[file.path])
    }


def masked(line: str, hidden: Iterable[tuple[int, int]] = ()) -> str:
    """Return the line with all `hidden` pieces masked, and all that looks secret by itself."""
    visible = _visible(line)
    # what cannot be seen must not keep a secret from being recognized
    solid = visible.replace(REPLACEMENT, "0")
    chars = list(visible)
    for start, end in (*hidden, *secret_pieces(solid)):
        chars[start:end] = _MASK * (min(end, len(chars)) - start)
    return "".join(chars)


def _visible(text: str) -> str:
    """Return text as long as it was, with a mark for what cannot be seen in it."""
    if is_plain(text.replace("\n", " ").replace("\t", " ")):
        return text
    return "".join(char if char in "\n\t" else marked(char) for char in text)


def _lines(file: SourceFile, findings: Sequence[Finding]) -> Iterator[tuple[int, str]]:
    text = file.content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    text = _visible(text)
    lines = text.split("\n")
    wanted = sorted({one.line for one in findings if one.line <= len(lines)})
    if not wanted:
        return
    if file.path.lower().endswith(".csv"):
        yield from _cells(lines, wanted)
        return
    places = secret_places(text, wanted[-1])
    words = [
        Span(one.line, one.column, one.end_line, one.end_column)
        for one in findings
        if one.code is Code.SECRET_LITERAL
    ]
    hidden = _by_line((*places.spans, *words), wanted, lines)
    if wanted[-1] > places.known_lines:
        _hide_unknown(hidden, lines[: wanted[-1]], places.known_lines)
    for number in wanted:
        yield number, masked(lines[number - 1], hidden[number])


def _cells(lines: Sequence[str], wanted: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield lines of a CSV file; where a column is named like a secret, no cell is shown."""
    is_named = names_a_secret(lines[0])
    for number in wanted:
        line = lines[number - 1]
        hidden = [(0, len(line))] if is_named and number > 1 else []
        yield number, masked(line, hidden)


def _by_line(
    spans: Iterable[Span], wanted: Sequence[int], lines: Sequence[str]
) -> dict[int, list[tuple[int, int]]]:
    """Return the pieces of the spans on each wanted line; columns from 0."""
    pieces: dict[int, list[tuple[int, int]]] = {number: [] for number in wanted}
    for span in spans:
        first, last = bisect_left(wanted, span.line), bisect_right(wanted, span.end_line)
        for number in wanted[first:last]:
            start = span.column - 1 if number == span.line else 0
            end = span.end_column - 1 if number == span.end_line else len(lines[number - 1])
            pieces[number].append((start, end))
    return pieces


# ── where the file is not YAML: nobody knows where a value ends ──────────────────────────────────


def _hide_unknown(
    hidden: Mapping[int, list[tuple[int, int]]], lines: Sequence[str], known_lines: float
) -> None:
    """Hide the words of each line to which a secret's value may reach: its name stands above."""
    is_named = False
    for number, line in enumerate(lines, start=1):
        # in quotes, a name may be written with escapes
        is_named = names_a_secret(line) or "\\" in line or (is_named and line[:3] != "---")
        if is_named and number > known_lines and number in hidden:
            hidden[number].extend(_words(line))


def _words(line: str) -> list[tuple[int, int]]:
    """Return where words stand that are neither fields' names nor marks of YAML, or of Git."""
    if line.startswith(("<<<<<<< ", ">>>>>>> ")):
        return []
    shown = _MARKS | field_names()
    return [word.span() for word in _WORD.finditer(line) if word.group() not in shown]
