"""Findings as a compiler tells them: the place, the line, a caret below it, and what to do."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from rich.cells import cell_len

from pairctl.cli.formats.caret import WIDEST, pointed
from pairctl.cli.report import Report
from pairctl.spec import Code, Finding, Severity
from pairctl.text import Alike, Said, harmless, harmless_path, name_list, put_together

Piece: TypeAlias = tuple[str, str]
"""A piece of text, and its style."""

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_FRAME = "blue"
_MOST_NAMED = 5
_MOST_CHARACTERS = 120
_FEWEST_ALIKE = 3
_INDENT = "    "
_WORDS = re.compile(r"\S+\s*|\s+")
_FOLLOWING = {
    Code.REFERS_TO_REJECTED: "what is refused above",
    Code.UNKNOWN_REFERENCE: "what nothing declares, unless it is what is refused above",
}
"""What only follows from others, by its code: what the documents refer to."""


def render(report: Report) -> str:
    """Return the report as plain text."""
    return "".join(text for text, _ in pieces(report))


def pieces(report: Report, width: int | None = None) -> Iterator[Piece]:
    """Yield the report's text in pieces, with their styles.

    Findings are in their order; those that only follow from others are one line at the end.
    `width` is that of a terminal, where nothing breaks inside a word.
    """
    for one in report.causes:
        yield from finding_pieces(report, one, width)
        yield "\n", ""
    yield from _following(report, width)
    yield from _more({one.code for one in report.causes}, width)
    yield from _verdict(report, width)


def brief_pieces(report: Report, width: int | None, room: int | None) -> Iterator[Piece]:
    """Yield the report for people: what is found alike in several places is shown once.

    `width` is that of a terminal, where nothing breaks inside a word; `room` how many lines the
    findings may take. Where they would take more, they are shown without the lines of the files,
    the worst and most frequent first; what then has no room is counted. None: as much as there is.
    """
    groups = _alike(report, _FEWEST_ALIKE if room is None else 2)
    blocks = [_block(report, group, width) for group in groups]
    if room is not None and sum(map(_lines_of, blocks)) > room:
        groups.sort(key=lambda group: (list(Severity).index(group.key[0]), -len(group.numbers)))
        bare = replace(report, excerpts={})
        blocks = [_block(bare, group, width) for group in groups]
    left = room or 0
    shown = 0
    for block in blocks:
        left -= _lines_of(block)
        if room is not None and shown and left < 0:
            break
        yield from block
        shown += 1
    if shown < len(blocks):
        numbers = [number for group in groups[shown:] for number in group.numbers]
        rest = [report.causes[number] for number in numbers]
        counts = ", ".join(
            f"{n} {code}" for code, n in Counter(o.code for o in rest).most_common(5)
        )
        words = f"and {len(rest)} more: {counts}; `pairctl validate --all` shows each"
        yield from _folded([(words, "bold")], width)
        yield "\n", ""
    yield from _following(report, width)
    yield from _more({one.code for one in report.causes}, width)
    yield from _verdict(report, width)


def _alike(report: Report, fewest: int) -> list[Alike[tuple[Severity, Code]]]:
    """Return the findings that say the same, in the order of the first.

    Fewer than `fewest` stay by themselves.
    """
    said = [
        Said(
            report.names.get((one.path, one.line), ""),
            (one.severity, one.code),
            (one.message, one.hint),
            number,
        )
        for number, one in enumerate(report.causes)
    ]
    groups = [
        part
        for group in put_together(said)
        for part in (
            [group]
            if len(group.numbers) >= fewest
            else [replace(group, numbers=(number,)) for number in group.numbers]
        )
    ]
    return sorted(groups, key=lambda group: group.numbers[0])


def _block(report: Report, group: Alike[tuple[Severity, Code]], width: int | None) -> list[Piece]:
    """Return the pieces of what is found alike: the first of it, and where it is found."""
    first, *others = (report.causes[number] for number in group.numbers)
    block = list(finding_pieces(report, first, width))
    if others:
        has_line = first.has_span and (first.path, first.line) in report.excerpts
        gutter = " " * len(str(first.line)) if has_line else ""
        block += _folded([(f"{gutter} = ", _FRAME), (_where(report, group), "bold")], width)
    return [*block, ("\n", "")]


def _lines_of(block: Iterable[Piece]) -> int:
    return sum(text.count("\n") for text, _ in block)


def _where(report: Report, group: Alike[tuple[Severity, Code]]) -> str:
    """Say what is found alike: the documents by their names, or the places."""
    count = len(group.numbers)
    if all(group.names) and len(set(group.names)) == count:
        kinds = {report.kinds.get(name, "") for name in group.names}
        noun = "intents" if kinds == {"PairingIntent"} else "documents"
        return f"{count} {noun}: {name_list(group.names, _MOST_CHARACTERS)}"
    places = [report.causes[number] for number in group.numbers]
    named = ", ".join(f"{harmless_path(o.path)}:{o.line}" for o in places[:_MOST_NAMED])
    more = count - _MOST_NAMED
    return f"{count} places: {named}" + (f" and {more} more" if more > 0 else "")


def _following(report: Report, width: int | None = None) -> Iterator[Piece]:
    if len(report.causes) == len(report.findings):
        return
    for code, words in _FOLLOWING.items():
        following = [one for one in report.findings if one.follows and one.code is code]
        if following:
            places = [f"{harmless_path(one.path)}:{one.line}" for one in following[:_MOST_NAMED]]
            more = len(following) - len(places)
            named = ", ".join(places) + (f" and {more} more" if more else "")
            lead = "reference leads" if len(following) == 1 else "references lead"
            wait = "waits" if len(following) == 1 else "wait"
            what = f": {len(following)} {lead} to {words}, and {wait} for it"
            yield from _folded(((f"error[{code}]", _STYLES[Severity.ERROR]), (what, "bold")), width)
            yield from _folded(((" = ", _FRAME), (named, "")), width)
            yield "\n", ""


def _verdict(report: Report, width: int | None) -> Iterator[Piece]:
    if report.proven:
        yield from _folded([(report.proven, "")], width)
    yield from _folded([(report.summary, "")], width)


def _folded(line: Sequence[Piece], width: int | None) -> Iterator[Piece]:
    """Yield a line, and its end; where it is wider than the terminal, in lines that are set in."""
    if width is None:
        yield from line
        yield "\n", ""
        return
    at = 0
    for number, (text, style) in enumerate(line):
        shown = ""
        for word in _WORDS.findall(text):
            if at and at + cell_len(word.rstrip()) > width:
                shown, at = f"{shown.rstrip()}\n{_INDENT}", len(_INDENT)
            shown, at = shown + word, at + cell_len(word)
        yield shown.rstrip() if number == len(line) - 1 else shown, style
    yield "\n", ""


def finding_pieces(report: Report, one: Finding, width: int | None = None) -> Iterator[Piece]:
    """Yield one finding of the report, and its line if there is one."""
    line = report.excerpts.get((one.path, one.line)) if one.has_span else None
    style = _STYLES[one.severity]
    head = (
        (f"{harmless_path(one.path)}:{one.line}:{one.column}", "bold"),
        (": ", ""),
        (f"{one.severity}[{one.code}]", style),
        (f": {harmless(one.message)}", "bold"),
    )
    yield from _folded(head, width)
    number = str(one.line) if line is not None else ""
    gutter = " " * len(number)
    if line is not None:
        widest = WIDEST if width is None else min(WIDEST, width - len(gutter) - 4)
        end = one.end_column if one.end_line == one.line else len(line.rstrip()) + 1
        shown = pointed(line, one.column, end, widest)
        yield f"{gutter} |\n{one.line} |", _FRAME
        yield f" {harmless(shown.line)}".rstrip() + "\n", ""
        yield f"{gutter} |", _FRAME
        yield f" {shown.pad}{shown.carets}\n", style
    if one.hint:
        hint = ((f"{gutter} = ", _FRAME), ("help", "bold"), (f": {harmless(one.hint)}", ""))
        yield from _folded(hint, width)


def _more(codes: Collection[Code], width: int | None = None) -> Iterator[Piece]:
    if not codes:
        return
    word, what = (next(iter(codes)), "it") if len(codes) == 1 else ("CODE", "each code")
    yield from _folded([(f"`pairctl explain {word}` tells more about {what}.", "dim")], width)
