"""JUnit XML, read by a parser of it."""

import pytest
from junitparser import JUnitXml

from pairctl.cli.formats.junit import render
from pairctl.cli.report import Report
from pairctl.spec import Severity
from report_factory import HOSTILE, REPORTS, make_finding, make_report


def read(report: Report) -> JUnitXml:
    """Read a report; its counts are those of its cases, and no name comes twice in it."""
    xml = JUnitXml.fromstring(render(report).encode())
    (suite,) = xml
    cases = list(suite)
    assert xml.tests == suite.tests == len(cases)
    assert xml.failures == suite.failures == sum(bool(case.result) for case in cases)
    assert xml.errors == suite.errors == xml.skipped == suite.skipped == 0
    assert len({(case.classname, case.name) for case in cases}) == len(cases)
    return xml


def cases(report: Report) -> dict[str, str | None]:
    """Return each test case, with the message of its failure."""
    (suite,) = read(report)
    return {case.name: case.result[0].message if case.result else None for case in suite}


def test_each_file_is_a_case() -> None:
    """Valid files pass; a file with several errors says how many, and the first."""
    twice = [make_finding("b.yaml", line) for line in (1, 2)]
    assert cases(make_report(make_finding("a.yaml"), *twice)) == {
        "a.yaml": "`abc` is wrong",
        "b.yaml": "2 errors, first: `abc` is wrong",
        "valid.yaml": None,
    }


def test_a_failure_tells_every_error_and_a_note_is_no_failure() -> None:
    """What does not refuse a document does not fail its case."""
    error = make_finding("a.yaml")
    note = make_finding(
        "a.yaml", 1, 1, end_column=1, severity=Severity.INFO, message="a note", hint=""
    )
    (suite,) = read(make_report(error, note))
    failure = next(iter(suite)).result[0]
    assert failure.type == "UnknownField"
    assert failure.text == (
        "a.yaml:3:5: error[UnknownField]: `abc` is wrong\n"
        '  |\n3 |   - abc: "d"\n  |     ^^^\n  = help: mend it'
    )
    assert next(iter(suite)).system_out == "a.yaml:1:1: info[UnknownField]: a note"
    assert cases(make_report(note)) == {"a.yaml": None, "valid.yaml": None}


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_xml(name: str) -> None:
    """ASCII, so that no encoding can spoil it; a file that could not be read is a case too."""
    report = REPORTS[name]
    assert render(report).isascii()
    assert len(cases(report)) == len({*report.paths, *(one.path for one in report.findings)})


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_a_text(text: str) -> None:
    """What arrives is what was sent, but for what cannot be printed."""
    seen = "".join(char if char.isprintable() else "\ufffd" for char in text)
    told = cases(make_report(make_finding(f"{text}.yaml", message=text)))
    assert told[f"{seen}.yaml"] == seen
