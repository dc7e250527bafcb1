"""GitLab's code quality report: findings in the widget and the changes of a merge request."""

import json

from pairctl.cli.formats.fingerprints import fingerprints
from pairctl.cli.report import Report
from pairctl.spec import Severity

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report) -> str:
    """Return the report as GitLab's artifact `codequality`."""
    marks = fingerprints(report)
    issues = [
        {
            "description": f"{one.message}; {one.hint}" if one.hint else one.message,
            "check_name": str(one.code),
            "fingerprint": mark,
            "severity": _SEVERITIES[one.severity],
            "location": {
                "path": one.path,
                "lines": {"begin": one.line, "end": max(one.line, one.end_line)},
            },
        }
        for one, mark in zip(report.findings, marks, strict=True)
    ]
    return json.dumps(issues, indent=2) + "\n"
