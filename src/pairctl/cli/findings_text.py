"""Findings for people: one a line, as compilers tell them, and what to do below it."""

from collections.abc import Iterable
from typing import Any

from rich.text import Text

from pairctl.cli.screen import Screen
from pairctl.spec import Code, Finding, Severity

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


MOST_NAMED = 5


def show_findings(screen: Screen, findings: Iterable[Finding]) -> None:
    """Show findings in their order; those that only follow from others are one line at the end."""
    told = list(findings)
    roots = [finding for finding in told if finding.code is not Code.REFERS_TO_REJECTED]
    for finding in roots or told:
        screen.show(_line(screen, finding))
    if roots and len(roots) < len(told):
        screen.show(_cascade(screen, [finding for finding in told if finding not in roots]))


def _cascade(screen: Screen, findings: list[Finding]) -> Text:
    """Tell in one line which documents are rejected with what they refer to."""
    places = [f"{finding.path}:{finding.line}" for finding in findings]
    more = f" and {len(places) - MOST_NAMED} more" if len(places) > MOST_NAMED else ""
    named = ", ".join(places[:MOST_NAMED]) + more
    words = f"{len(findings)} references lead to these, and wait for them: {named}"
    return Text.assemble((f"{Code.REFERS_TO_REJECTED}: ", "dim"), screen.clean(words))


def findings_data(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as JSON has them; lines and columns are 1-based, ends exclusive."""
    return [
        {
            "code": str(finding.code),
            "severity": str(finding.severity),
            "path": finding.path,
            "line": finding.line,
            "column": finding.column,
            "endLine": finding.end_line,
            "endColumn": finding.end_column,
            "message": finding.message,
            "hint": finding.hint,
        }
        for finding in findings
    ]


def _line(screen: Screen, finding: Finding) -> Text:
    told = Text.assemble(
        (screen.clean(f"{finding.path}:{finding.line}:{finding.column}"), "bold"),
        ": ",
        (f"{finding.severity} ", _STYLES[finding.severity]),
        (f"{finding.code}: ", "dim"),
        screen.clean(finding.message),
    )
    if finding.hint:
        told.append_text(Text.assemble(("\n    ", ""), (screen.clean(finding.hint), "dim")))
    return told
