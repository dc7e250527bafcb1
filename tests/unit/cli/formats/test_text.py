"""Findings for people, as compilers tell them."""

import pytest

from pairctl.cli.formats.text import pieces, render
from pairctl.cli.report import Report
from pairctl.spec import Code, Severity
from report_factory import HOSTILE, REPORTS, make_finding, make_report
from workflow_commands import read_log


def test_a_finding_is_told_with_its_line() -> None:
    """The place, the line, a caret below it, what to do, where to read on, and the verdict."""
    assert render(make_report(make_finding(line=12))) == (
        "a.yaml:12:5: error[UnknownField]: `abc` is wrong\n"
        "   |\n"
        '12 |   - abc: "d"\n'
        "   |     ^^^\n"
        "   = help: mend it\n"
        "\n"
        "`pairctl explain UnknownField` tells more about it.\n"
        "2 documents in 2 files: 1 error\n"
    )


def test_a_finding_about_a_whole_file_has_no_line() -> None:
    """Nor has one without a hint anything to do."""
    whole = make_finding(line=1, column=1, end_column=1, severity=Severity.INFO, hint="")
    assert render(make_report(whole)) == (
        "a.yaml:1:1: info[UnknownField]: `abc` is wrong\n"
        "\n"
        "`pairctl explain UnknownField` tells more about it.\n"
        "2 documents in 2 files: all valid\n"
    )


def test_of_several_lines_the_first_is_shown_to_its_end() -> None:
    """The carets end with the line, not with the blanks behind it."""
    wide = make_finding(end_line=5, end_column=2)
    text = render(make_report(wide, excerpts={("a.yaml", 3): "  - abc: >-   "}))
    assert "3 |   - abc: >-\n  |     ^^^^^^^\n" in text


def test_what_follows_from_others_is_one_line() -> None:
    """A broken Palette is one finding and a list, not one finding for each of a fleet's intents."""
    broken = make_finding("palette.yaml")
    following = [
        make_finding(f"{n}.yaml", 7, code=Code.REFERS_TO_REJECTED, message="x") for n in range(8)
    ]
    text = render(make_report(broken, *following))
    assert text.count("help") == 1
    assert (
        "error[RefersToRejected]: 8 references lead to what is refused above, and wait for it\n"
        " = 0.yaml:7, 1.yaml:7, 2.yaml:7, 3.yaml:7, 4.yaml:7 and 3 more\n"
    ) in text
    assert text.endswith(" 9 errors\n")


def test_a_consequence_without_its_cause_is_told_in_full() -> None:
    """Where there is nothing else to be told."""
    alone = make_finding(code=Code.REFERS_TO_REJECTED)
    assert render(make_report(alone)).startswith("a.yaml:3:5: error[RefersToRejected]")


def test_where_to_read_on_is_told_once() -> None:
    """By the code where there is one, else how to ask for each."""
    two = make_report(make_finding(), make_finding(code=Code.NOT_TEXT))
    assert render(two).count("pairctl explain") == 1
    assert "`pairctl explain CODE` tells more about each code.\n" in render(two)
    assert "explain" not in render(Report())


@pytest.mark.parametrize("name", REPORTS)
def test_text_is_safe_in_the_log_of_any_ci(name: str) -> None:
    """No line is a command to a runner, and nothing reaches a terminal that cannot be seen."""
    text = render(REPORTS[name])
    assert read_log(text).commands == []
    assert all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_makes_no_line_of_its_own(text: str) -> None:
    """A finding has as many lines as any other, whatever it is about."""
    plain = render(make_report(make_finding()))
    hostile = make_finding(f"{text}/a.yaml", message=text, hint=f"{text}.")
    told = render(make_report(hostile, excerpts={(hostile.path, 3): text}))
    assert told.count("\n") == plain.count("\n")


def test_pieces_are_the_text() -> None:
    """Colours are beside the text, never in it."""
    report = REPORTS["examples"]
    assert "".join(text for text, _ in pieces(report)) == render(report)
    assert {style for _, style in pieces(report)} > {"", "bold", "bold red", "bold cyan"}
