"""Findings as a compiler tells them: the place, the line, a caret below it, and what to do."""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

from pairctl.cli.formats.caret import pointed
from pairctl.cli.report import Report
from pairctl.spec import Code, Finding, Severity
from pairctl.text import harmless, harmless_path

Piece: TypeAlias = tuple[str, str]
"""A piece of text, and its style."""

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_FRAME = "blue"
_MOST_NAMED = 5
_FOLLOWING = {
    Code.REFERS_TO_REJECTED: "what is refused above",
    Code.UNKNOWN_REFERENCE: "what nothing declares, unless it is what is refused above",
}
"""What only follows from others, by its code: what the documents refer to."""


def render(report: Report) -> str:
    """Return the report as plain text."""
    return "".join(text for text, _ in pieces(report))


def pieces(report: Report) -> Iterator[Piece]:
    """Yield the report's text in pieces, with their styles.

    Findings are in their order; those that only follow from others are one line at the end.
    """
    causes = [one for one in report.findings if not one.follows]
    for one in causes or report.findings:
        yield from finding_pieces(report, one)
        yield "\n", ""
    if causes and len(causes) < len(report.findings):
        for code, words in _FOLLOWING.items():
            following = [one for one in report.findings if one.follows and one.code is code]
            if following:
                yield from _cascade(code, words, following)
    yield from _more({one.code for one in causes or report.findings})
    if report.proven:
        yield f"{report.proven}\n", ""
    yield f"{report.summary}\n", ""


def finding_pieces(report: Report, one: Finding) -> Iterator[Piece]:
    """Yield one finding of the report, and its line if there is one."""
    line = report.excerpts.get((one.path, one.line)) if one.has_span else None
    style = _STYLES[one.severity]
    yield f"{harmless_path(one.path)}:{one.line}:{one.column}", "bold"
    yield ": ", ""
    yield f"{one.severity}[{one.code}]", style
    yield f": {harmless(one.message)}\n", "bold"
    number = str(one.line) if line is not None else ""
    gutter = " " * len(number)
    if line is not None:
        yield from _excerpt(one, line, gutter, style)
    if one.hint:
        yield f"{gutter} = ", _FRAME
        yield "help", "bold"
        yield f": {harmless(one.hint)}\n", ""


def _excerpt(one: Finding, line: str, gutter: str, style: str) -> Iterator[Piece]:
    end = one.end_column if one.end_line == one.line else len(line.rstrip()) + 1
    shown = pointed(line, one.column, end)
    yield f"{gutter} |\n{one.line} |", _FRAME
    yield f" {harmless(shown.line)}".rstrip() + "\n", ""
    yield f"{gutter} |", _FRAME
    yield f" {shown.pad}{shown.carets}\n", style


def _cascade(code: Code, words: str, findings: Sequence[Finding]) -> Iterator[Piece]:
    """Tell in one line which documents are refused with what they refer to."""
    places = [f"{harmless_path(one.path)}:{one.line}" for one in findings[:_MOST_NAMED]]
    more = len(findings) - len(places)
    named = ", ".join(places) + (f" and {more} more" if more else "")
    lead = "reference leads" if len(findings) == 1 else "references lead"
    wait = "waits" if len(findings) == 1 else "wait"
    yield f"error[{code}]", _STYLES[Severity.ERROR]
    yield f": {len(findings)} {lead} to {words}, and {wait} for it\n", "bold"
    yield " = ", _FRAME
    yield f"{named}\n\n", ""


def _more(codes: Collection[Code]) -> Iterator[Piece]:
    if len(codes) == 1:
        yield f"`pairctl explain {next(iter(codes))}` tells more about it.\n", "dim"
    elif codes:
        yield "`pairctl explain CODE` tells more about each code.\n", "dim"
