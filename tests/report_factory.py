"""Reports for the tests of formats: of all that is broken, and of texts that mean harm."""

from pathlib import Path
from typing import Any

from pairctl.cli.report import Report
from pairctl.spec import Code, Finding, Severity, SourceFile, excerpts, load
from pairctl.spec.findings import Span, finding

INVALID = sorted((Path(__file__).parents[1] / "examples" / "invalid").glob("*.yaml"))

HOSTILE = (
    "one\ntwo\r\nthree\rfour",
    "::error file=x::forged",
    "\n::set-output name=a::b",
    "x ##[add-mask]y ##vso[task.setvariable]z",
    "100% %0A %25 %3A a,b=c",
    "\x1b[31mred\x1b[0m \x00\x07\x9b",
    "]]> <![CDATA[ &amp; <b a='\"'>",
    "\U0001f525 漢字 e\u0301 \ufffe\uffff",
    "a\u202eb\u2066c\u2028d\u200be\ufeff",
    "[click](https://evil.example) {0}",
    " leading and trailing ",
    "`quoted` \\ \"double\" 'single'",
    "half of a pair: \ud83d",
    "",
)
"""Texts that are something else to a shell, a log, XML, JSON or a terminal."""


def make_finding(path: str = "a.yaml", line: int = 3, column: int = 5, **changes: Any) -> Finding:
    """Return a finding about three characters of a line."""
    span = Span(line, column, changes.pop("end_line", line), changes.pop("end_column", column + 3))
    told = {"code": Code.UNKNOWN_FIELD, "message": "`abc` is wrong", "hint": "mend it", **changes}
    return finding(path, span, told.pop("code"), told.pop("message"), told.pop("hint"), **told)


def make_report(*findings: Finding, **changes: Any) -> Report:
    """Return a report of these findings, each of whose lines is `  - abc: "d"`."""
    lines = {(one.path, one.line): '  - abc: "d"' for one in findings if one.has_span}
    paths = tuple(sorted({one.path for one in findings} | {"valid.yaml"}))
    fields = {"paths": paths, "documents": len(paths), "excerpts": lines, **changes}
    return Report(tuple(sorted(findings)), **fields)


def report_of(*files: SourceFile) -> Report:
    """Return what there is to say about these files."""
    declared = load(files)
    paths = tuple(file.path for file in files)
    return Report(declared.findings, paths, len(files), excerpts(declared.findings, files))


def of_examples() -> Report:
    """Return the report of all broken examples at once."""
    return report_of(*(SourceFile(path.name, path.read_bytes()) for path in INVALID))


def of_hostile_texts() -> Report:
    """Return a report in which every text that can be foreign is hostile, of every severity."""
    findings = [
        make_finding(f"{text}/x.yaml", severity=severity, message=text, hint=text, replacement=text)
        for text in HOSTILE
        for severity in Severity
    ]
    report = make_report(*findings)
    lines = {place: HOSTILE[i % len(HOSTILE)] for i, place in enumerate(report.excerpts)}
    return make_report(*findings, excerpts=lines)


REPORTS = {
    "empty": Report(),
    "valid": make_report(),
    "examples": of_examples(),
    "hostile": of_hostile_texts(),
}
