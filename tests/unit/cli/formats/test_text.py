"""Findings for people, as compilers tell them."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from pairctl.cli.formats.text import brief_pieces, pieces, render
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


def a_fleet(size: int, **changes: object) -> Report:
    """Report a finding about a line of each of a fleet's documents."""
    findings = [make_finding(f"{n:04}.yaml", **changes) for n in range(size)]
    return named(make_report(*findings), "PairingIntent")


def named(report: Report, kind: str) -> Report:
    """Name the document of each finding after its file."""
    names = {(o.path, o.line): f"store-{o.path.removesuffix('.yaml')}" for o in report.findings}
    return replace(report, names=names, kinds=dict.fromkeys(names.values(), kind))


def brief(report: Report, width: int | None = None, room: int | None = None) -> str:
    """Give the text for people."""
    return "".join(text for text, _ in brief_pieces(report, width, room))


@pytest.mark.parametrize("size", [3, 38, 4_000])
def test_what_is_found_alike_is_shown_once_with_all_names(size: int) -> None:
    """The first with its line; two of a kind are shown both."""
    text = brief(a_fleet(size))
    assert text.count("error[UnknownField]") == 1
    assert f"  = help: mend it\n  = {size} intents: store-0000 to store-{size - 1:04}\n" in text
    assert brief(a_fleet(2)) == render(a_fleet(2))


def test_what_has_no_names_is_shown_by_its_places() -> None:
    """A file that cannot be read holds nobody knows what."""
    text = brief(replace(a_fleet(7), names={}))
    assert "  = 7 places: 0000.yaml:3, 0001.yaml:3, 0002.yaml:3, 0003.yaml:3" in text
    assert "0004.yaml:3 and 2 more\n" in text


def test_what_has_no_room_is_counted_and_the_worst_stays() -> None:
    """Errors come before what is only said; then what holds for most."""
    codes = list(Code)[:9]
    findings = [
        make_finding(f"{code}-{n}.yaml", code=code, severity=Severity.INFO)
        for code in codes
        for n in range(3)
    ]
    worst = make_finding("z.yaml", code=codes[-1])
    text = brief(make_report(*findings, worst), room=15)
    assert text.startswith("z.yaml:3:5: error[")
    assert "`pairctl validate --all` shows each" in text
    assert text.count("\n") <= 15 + 4


@pytest.mark.parametrize("width", [24, 60, 80])
def test_in_a_terminal_nothing_breaks_inside_a_word(width: int) -> None:
    """But a word that is wider than the terminal, which has a line of its own."""
    for line in brief(REPORTS["examples"], width).split("\n"):
        assert cell_len(line) <= width or len(line.strip(" =").split()) == 1


def test_each_finding_keeps_to_the_columns_of_a_terminal() -> None:
    """However long its message is; a pipe has it in one line."""
    report = make_report(make_finding(message="one word after another " * 14))
    told = "".join(text for text, _ in pieces(report, 80))
    assert max(map(cell_len, told.splitlines())) <= 80
    assert max(map(cell_len, render(report).splitlines())) > 300
