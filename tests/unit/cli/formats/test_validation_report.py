"""The report as JSON, held against the schema that is published."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cli_factory import ROOT
from pairctl.cli.formats.validation_report import NAME, render, schema
from pairctl.cli.report import Report
from pairctl.spec import Severity
from report_factory import REPORTS, make_finding, make_report

PUBLISHED = Draft202012Validator(json.loads((ROOT / "schemas" / f"{NAME}.json").read_text()))


def read(report: Report) -> dict[str, Any]:
    """Return the report; it holds against the published schema."""
    told = json.loads(render(report))
    assert list(PUBLISHED.iter_errors(told)) == []
    return told  # type: ignore[no-any-return]


def test_the_published_schema_is_current() -> None:
    """It is a schema, and byte for byte what the models say."""
    Draft202012Validator.check_schema(PUBLISHED.schema)
    assert (ROOT / "schemas" / f"{NAME}.json").read_text() == schema()


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_holds_against_the_schema(name: str) -> None:
    """And is ASCII, whatever is in it."""
    assert render(REPORTS[name]).isascii()
    assert len(read(REPORTS[name])["findings"]) == len(REPORTS[name].findings)


def test_all_of_a_finding_is_told() -> None:
    """Field by field: tools build on it."""
    report = make_report(make_finding(replacement="abd"), documents=4)
    assert read(report) == {
        "apiVersion": "pairctl/v1alpha1",
        "kind": "ValidationReport",
        "findings": [
            {
                "code": "UnknownField",
                "severity": "error",
                "path": "a.yaml",
                "line": 3,
                "column": 5,
                "endLine": 3,
                "endColumn": 8,
                "message": "`abc` is wrong",
                "hint": "mend it",
                "replacement": "abd",
                "link": "docs/codes.md#unknownfield",
            }
        ],
        "proofs": [],
        "documents": 4,
        "files": 2,
        "summary": {"errors": 1, "warnings": 0, "infos": 0},
    }


def test_findings_are_counted_by_severity() -> None:
    """One of the worst, two of the next, three of the least."""
    findings = [
        make_finding(line=10 * rank + n, severity=severity)
        for rank, severity in enumerate(Severity, start=1)
        for n in range(rank)
    ]
    assert read(make_report(*findings))["summary"] == {"errors": 1, "warnings": 2, "infos": 3}


def test_the_schema_lets_nothing_else_through() -> None:
    """A field more, or a code that is none, is refused by the schema."""
    told = read(make_report(make_finding()))
    told["findings"][0] |= {"code": "Nonsense", "more": 1}
    assert len(list(PUBLISHED.iter_errors(told))) == 2
