"""What a validation found."""

import pytest

from pairctl.cli.report import Report
from pairctl.spec import Severity
from report_factory import make_finding, make_report


@pytest.mark.parametrize(
    ("report", "summary"),
    [
        (Report(), "no documents in 0 files: nothing was checked"),
        (Report(paths=("a.yaml",)), "no documents in 1 file: nothing was checked"),
        (Report(paths=("a.yaml",), documents=1), "1 document in 1 file: all valid"),
        (make_report(make_finding()), "2 documents in 2 files: 1 error"),
        (make_report(make_finding(), documents=0), "0 documents in 2 files: 1 error"),
        (
            make_report(make_finding(severity=Severity.WARNING)),
            "2 documents in 2 files: all valid, 1 warning",
        ),
    ],
)
def test_the_verdict_is_one_line(report: Report, summary: str) -> None:
    """How much was looked at, and what came of it; nothing looked at is not all valid."""
    assert report.summary == summary


def test_only_errors_refuse() -> None:
    """Warnings and notes do not."""
    assert make_report(make_finding()).is_refused
    assert not make_report(make_finding(severity=Severity.WARNING)).is_refused
