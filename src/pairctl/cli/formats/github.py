"""Workflow commands of GitHub Actions: findings as annotations of a pull request's lines.

Actions shows ten annotations of each level a step. The most important come first, the last one
counts the rest, and the step's log has them all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from pairctl.cli.report import Report, counted
from pairctl.spec import Finding, Severity
from pairctl.text import harmless, harmless_path, marked

MOST_SHOWN = 10
"""How many annotations of one level Actions shows for one step."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """Return the report as lines for a step's standard output."""
    lines: list[str] = []
    for severity in Severity:
        lines += _level(severity, [one for one in report.findings if one.severity is severity])
    return "".join(f"{line}\n" for line in (*lines, report.summary))


def _level(severity: Severity, findings: Sequence[Finding]) -> Iterator[str]:
    ranked = by_importance(findings)
    fits = len(ranked) <= MOST_SHOWN
    shown = ranked if fits else ranked[: MOST_SHOWN - 1]
    yield from map(_annotation, shown)
    if not fits:
        yield from _rest(severity, ranked[len(shown) :])


def by_importance(findings: Sequence[Finding]) -> list[Finding]:
    """Return causes before what follows from them, and one of each file before the next ones."""
    seen: Counter[tuple[bool, str]] = Counter()
    ranks: list[tuple[bool, int]] = []
    for one in findings:
        ranks.append((one.follows, seen[one.follows, one.path]))
        seen[one.follows, one.path] += 1
    order = sorted(range(len(findings)), key=lambda index: (ranks[index], index))
    return [findings[index] for index in order]


def _rest(severity: Severity, findings: Sequence[Finding]) -> Iterator[str]:
    """Count the findings in one annotation, and tell them in a group of the log."""
    files = counted(len({one.path for one in findings}), "file")
    words = f"{len(findings)} more in {files}"
    yield f"::{_LEVELS[severity]} title=pairctl::{_data(f'{words}: the log of this step has them')}"
    yield f"::group::{words}"
    for one in findings:
        place = f"{harmless_path(one.path)}:{one.line}:{one.column}"
        yield f"{place}: {one.severity}[{one.code}]: {harmless(one.message)}"
    yield "::endgroup::"


def _annotation(one: Finding) -> str:
    properties = {"file": one.path, "line": str(one.line), "title": str(one.code)}
    if one.has_span:
        properties["endLine"] = str(one.end_line)
    if one.has_span and one.end_line == one.line:  # elsewhere Actions refuses columns
        properties |= {"col": str(one.column), "endColumn": str(one.end_column)}
    words = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    hint = f"\nhelp: {marked(one.hint)}" if one.hint else ""
    return f"::{_LEVELS[one.severity]} {words}::{_data(marked(one.message) + hint)}"


def _data(text: str) -> str:
    """Escape what ends a command, and what begins an escape."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape what ends a property as well."""
    return _data(marked(text)).replace(":", "%3A").replace(",", "%2C")
