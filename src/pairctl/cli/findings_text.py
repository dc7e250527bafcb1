"""Findings for people: one a line, as compilers tell them, and what to do below it."""

from collections.abc import Iterable
from typing import Any

from rich.text import Text

from pairctl.cli.screen import Screen
from pairctl.spec import Finding, Severity

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def show_findings(screen: Screen, findings: Iterable[Finding]) -> None:
    """Show findings in their order."""
    for finding in findings:
        screen.show(_line(screen, finding))


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
