"""GitHub's annotations, read as the runner reads them."""

import re

import pytest

from pairctl.cli.formats.github import MOST_SHOWN, by_importance, render
from pairctl.cli.report import Report
from pairctl.spec import Code, Severity
from report_factory import HOSTILE, REPORTS, make_finding, make_report
from workflow_commands import ANNOTATIONS, read_log

LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def test_an_annotation_says_where_what_and_what_to_do() -> None:
    """On its line, with the code as its title."""
    (one,) = read_log(render(make_report(make_finding("docs/a,b: 100%.yaml")))).commands
    assert one.name == "error"
    assert one.text == "`abc` is wrong\nhelp: mend it"
    assert one.properties == {
        "file": "docs/a,b: 100%.yaml",
        "line": "3",
        "endLine": "3",
        "col": "5",
        "endColumn": "8",
        "title": "UnknownField",
    }


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_in_a_report_is_taken_for_a_command(name: str) -> None:
    """The reader refuses commands that are not pairctl's; each level stays within its limit."""
    log = read_log(render(REPORTS[name]))
    for severity, level in LEVEL.items():
        count = REPORTS[name].count(severity)
        assert len(log.annotations(level)) == min(count, MOST_SHOWN)
    assert log.lines[-1] == REPORTS[name].summary


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_a_text(text: str) -> None:
    """What arrives is what was sent, but for what cannot be printed."""
    found = make_finding(f"{text}.yaml", message=text, hint="")
    (one,) = read_log(render(make_report(found))).commands
    seen = "".join(char if char.isprintable() else "\ufffd" for char in text)
    assert (one.properties["file"], one.text) == (f"{seen}.yaml", seen)


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize(("count", "told"), [(9, 9), (10, 10), (11, 9), (5_000, 9)])
def test_the_rest_is_counted_in_the_last_annotation(
    severity: Severity, count: int, told: int
) -> None:
    """Of each level ten are shown: what is not among them is counted, and told in the log."""
    findings = [make_finding(f"{n:04}.yaml", severity=severity) for n in range(count)]
    log = read_log(render(make_report(*findings)))
    shown = log.annotations(LEVEL[severity])
    files = [one.properties.get("file") for one in shown]
    assert files[:told] == [f"{n:04}.yaml" for n in range(told)]
    assert len(log.commands) == min(count, MOST_SHOWN) + 2 * (count > told)
    if count > told:
        assert shown[-1].text.startswith(f"{count - told} more in {count - told} files")
        assert "file" not in shown[-1].properties
        assert [re.match(r"\d+", line)[0] for line in log.lines[:-1]] == [  # type: ignore[index]
            f"{n:04}" for n in range(told, count)
        ]


def test_errors_do_not_take_the_place_of_warnings() -> None:
    """Each level has ten of its own, and errors stand first."""
    findings = [
        make_finding(f"{n:02}.yaml", severity=severity) for n in range(12) for severity in Severity
    ]
    log = read_log(render(make_report(*findings)))
    names = [one.name for one in log.commands if one.name in ANNOTATIONS]
    assert names == [level for level in ANNOTATIONS for _ in range(MOST_SHOWN)]


def test_causes_come_first_then_one_of_each_file() -> None:
    """What only follows from others is last, however early its file is."""
    following = make_finding("a.yaml", 1, code=Code.REFERS_TO_REJECTED)
    first, second = make_finding("b.yaml", 1), make_finding("b.yaml", 2)
    other = make_finding("c.yaml", 9)
    report = make_report(following, first, second, other)
    assert by_importance(report.findings) == [first, other, second, following]


def test_of_several_lines_no_columns_are_told() -> None:
    """Actions refuses columns there; and a finding about a whole file has no end."""
    wide = make_finding(end_line=5)
    whole = make_finding("b.yaml", 1, 1, end_line=1, end_column=1)
    properties = [one.properties for one in read_log(render(make_report(wide, whole))).commands]
    assert properties == [
        {"file": "a.yaml", "line": "3", "endLine": "5", "title": "UnknownField"},
        {"file": "b.yaml", "line": "1", "title": "UnknownField"},
    ]


def test_an_empty_report_is_its_summary() -> None:
    """No annotation says that nothing is wrong."""
    assert render(Report()) == "no documents in 0 files: nothing was checked\n"
