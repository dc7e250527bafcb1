"""All formats together."""

from functools import partial

import pytest

from effort import calls
from pairctl.cli.formats import ReportFormat, render
from pairctl.cli.report import Report
from report_factory import HOSTILE, REPORTS, make_finding, make_report, report_of
from spec_factory import text_file

CANARY = "kW7hunter2zQ"
LEAKING = f"""apiVersion: pairctl/v1alpha1
kind: Palette
metadata: {{name: production, labels: {{password: a, password: {CANARY}, token: [{CANARY}]}}}}
spec:
  endpoint: https://admin:{CANARY}@palette.example.com
  apiKey: {CANARY}
  project: eyJhbGciOiJub25lIn0.{CANARY}.{CANARY}
  tls: {{caFile: {{secret: "{CANARY}"}}, password: &{CANARY} 1}}
"""


@pytest.mark.parametrize("form", ReportFormat)
@pytest.mark.parametrize("text", [LEAKING, LEAKING.replace("&", ""), LEAKING + "  - }\n"])
def test_no_format_shows_a_secret(form: ReportFormat, text: str) -> None:
    """Neither in a message, nor in a line, nor in what may stand there instead."""
    report = report_of(text_file(text))
    assert report.findings
    assert CANARY not in render(report, form)


@pytest.mark.parametrize("form", ReportFormat)
@pytest.mark.parametrize("name", REPORTS)
def test_the_same_report_is_the_same_text(form: ReportFormat, name: str) -> None:
    """A format is a function of the report, and what it writes ends with a line feed."""
    text = render(REPORTS[name], form)
    assert text == render(REPORTS[name], form)
    assert text.endswith("\n")


@pytest.mark.parametrize("form", ReportFormat)
def test_nothing_that_steers_a_terminal_is_in_any_format(form: ReportFormat) -> None:
    """Escapes and marks of direction are replaced, or escaped."""
    text = render(REPORTS["hostile"], form)
    assert all(char.isprintable() or char == "\n" for char in text)
    assert any("\x1b" in hostile for hostile in HOSTILE)


@pytest.mark.parametrize("form", ReportFormat)
def test_a_format_costs_as_much_as_there_are_findings(form: ReportFormat) -> None:
    """On many files and on one line: ten times as many cost ten times as much, not a hundred."""

    def report(count: int) -> Report:
        files = [make_finding(f"{n}.yaml") for n in range(count)]
        one_line = [make_finding("z.yaml", 1, column) for column in range(1, count)]
        return make_report(*files, *one_line, excerpts={("z.yaml", 1): "a" * 10 * count})

    few, many = (calls(partial(render, report(count), form)) for count in (500, 5_000))
    assert many < 15 * few
