"""Evidence of acceptances, and what came of verifying it, for people and for machines."""

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from pairctl.cli.layout import show_wrapped
from pairctl.cli.screen import Screen
from pairctl.engine import EvidenceReport, Examined, Result, evidence_fields
from pairctl.records import evidence_data as document_of

_SIGNS: Mapping[Result, tuple[str, str]] = {
    Result.VERIFIED: ("\N{CHECK MARK}", "green"),
    Result.UNKNOWN: ("?", "yellow"),
    Result.DIFFERS: ("\N{BALLOT X}", "bold red"),
}
_WORDS: Mapping[Result, str] = {
    Result.VERIFIED: "verified",
    Result.UNKNOWN: "cannot be verified",
    Result.DIFFERS: "does not fit",
}
_SHORT = 12
_NONE = "no acceptance has left evidence on the status branch yet"


def show_evidence(screen: Screen, report: EvidenceReport) -> None:
    """Show a block for each acceptance."""
    for number, item in enumerate(report.items):
        if number:
            screen.line()
        show_wrapped(screen, Text(_line_of(screen, _title(item)), "bold"))
        for name, value in evidence_fields(item.evidence):
            field = Text.assemble((f"{name}: ", "dim"), _line_of(screen, value))
            show_wrapped(screen, field, "  ")
    if not report.items:
        screen.note(_NONE)


def show_verification(screen: Screen, report: EvidenceReport, *, with_all: bool = False) -> None:
    """Show what was verified of each acceptance, and what was not, with the commit to look at.

    What was verified is counted only, unless shown `with_all`.
    """
    for item in report.items:
        sign, style = _SIGNS[item.result]
        is_good = item.result is Result.VERIFIED
        checks = f" ({len(item.findings)} checks)" if is_good else ""
        title = _line_of(screen, f"{_title(item)}: {_WORDS[item.result]}{checks}")
        show_wrapped(screen, Text.assemble((sign, style), " ", (title, "bold")))
        for finding in item.findings if with_all or not is_good else ():
            mark, colour = _SIGNS[finding.result]
            where = f"({finding.commit[:_SHORT]})" if finding.commit else ""
            words = _line_of(screen, finding.message)
            show_wrapped(
                screen,
                Text.assemble((mark, colour), f" {words} ", (_line_of(screen, where), "dim")),
                "  ",
            )
    if report.items:
        results = [item.result for item in report.items]
        counts = ", ".join(f"{results.count(result)} {_WORDS[result]}" for result in _WORDS)
        screen.line(f"{counts}.")
    else:
        screen.note(_NONE)


def evidence_data(report: EvidenceReport, *, is_verified: bool) -> dict[str, Any]:
    """Return evidence as JSON has it: the documents of the status branch in a list.

    Where it was verified, each has its `verification`.
    """
    return {
        "items": [_item_data(item, is_verified=is_verified) for item in report.items],
        "unreadable": list(report.unreadable),
    }


def _item_data(item: Examined, *, is_verified: bool) -> dict[str, Any]:
    document = document_of(item.evidence)
    if not is_verified:
        return document
    found = [
        {
            "law": finding.law,
            "result": finding.result,
            "message": finding.message,
            "commit": finding.commit,
        }
        for finding in item.findings
    ]
    return {**document, "verification": {"result": item.result, "findings": found}}


def _line_of(screen: Screen, text: str) -> str:
    """Return text of a file as one line: nothing in it looks like a line of this program."""
    return " ".join(screen.clean(text).split())


# ── one evidence ─────────────────────────────────────────────────────────────────────────────────


def _title(item: Examined) -> str:
    evidence = item.evidence
    state = "paired" if evidence.is_complete else "accepted"
    state = "removed from the branch" if item.is_removed else state
    return f"{evidence.intent} (cluster {evidence.cluster}), {state}"
