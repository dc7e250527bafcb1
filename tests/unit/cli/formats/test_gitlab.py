"""GitLab's code quality report, held against what GitLab's documentation asks for."""

import json
import re
from typing import Any

import pytest

from pairctl.cli.formats.gitlab import render
from pairctl.cli.report import Report
from pairctl.spec import Severity
from report_factory import REPORTS, make_finding, make_report

SEVERITIES = frozenset({"info", "minor", "major", "critical", "blocker"})


def issues(report: Report) -> list[dict[str, Any]]:
    """Read a report as GitLab does, strictly: one array of objects with exactly these fields.

    https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
    """
    text = render(report)
    assert not text.startswith("\ufeff")
    read = json.loads(text)
    assert isinstance(read, list)
    for issue in read:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert isinstance(issue["description"], str)
        assert re.fullmatch(r"\w+", issue["check_name"])
        assert issue["fingerprint"]
        assert issue["severity"] in SEVERITIES
        assert set(issue["location"]) == {"path", "lines"}
        assert not issue["location"]["path"].startswith("./")
        assert 1 <= issue["location"]["lines"]["begin"] <= issue["location"]["lines"]["end"]
    assert len({issue["fingerprint"] for issue in read}) == len(read)
    return read


@pytest.mark.parametrize("name", REPORTS)
def test_gitlab_can_read_every_report(name: str) -> None:
    """Every finding is an issue, with a fingerprint of its own."""
    assert len(issues(REPORTS[name])) == len(REPORTS[name].findings)


def test_an_issue_says_what_and_what_to_do() -> None:
    """GitLab shows one text."""
    (issue,) = issues(make_report(make_finding("docs/a.yaml")))
    assert issue["description"] == "`abc` is wrong; mend it"
    assert issue["check_name"] == "UnknownField"
    assert issue["location"] == {"path": "docs/a.yaml", "lines": {"begin": 3, "end": 3}}


def test_what_refuses_a_document_is_worse_than_what_does_not() -> None:
    """Severities keep their order."""
    findings = [make_finding(line=n, severity=s) for n, s in enumerate(Severity, start=1)]
    told = [issue["severity"] for issue in issues(make_report(*findings))]
    assert told == ["major", "minor", "info"]
