"""What reaches a terminal: values without secrets, on lines that are pairctl's own."""

import json

import pytest
from rich.table import Table

from odd_secrets import ENCODINGS, ODD_SECRETS, SOME_ENCODINGS
from pairctl.cli.doctor_view import show_examination
from pairctl.cli.plan_view import show_plan
from pairctl.cli.screen import Screen
from pairctl.cli.status_view import show_status, show_statuses
from pairctl.doctor import Check, Examination, Verdict
from pairctl.pairing import Phase, Status
from pairctl.problem import Problem
from pairctl.secrets import Redactor
from pairctl.text import Own
from plan_factory import make_document, make_planned
from workflow_commands import read_log

FORGED = (
    "store\nforged-line\n::stop-commands::x\r\n::error::forged\x1b[2J\u2028::add-mask::y \u202eabc"
)


def everything(screen: Screen, text: str) -> None:
    """Show all that a screen can show, with a text in each place that somebody else fills."""
    status = Status("store-1", Phase.BLOCKED, "g", "c", "NodeUnhealthy", text, waiting_for=text,
                    human_action=text, palette_uid=text)  # fmt: skip
    screen.note(f"store-1  {text}")
    screen.line(f"cluster {text} and more", "bold")
    screen.problem(Problem("Refused", f"Palette says {text}", f"look at {text}"))
    screen.data("Something", {"message": text, "more": [text, {"deep": text}]})
    show_status(screen, status)
    show_statuses(screen, {"store-1": status})
    show_plan(screen, make_document(make_planned(message=text, humanAction=text)))
    show_examination(
        screen,
        Examination("c", (Check("host/store-1", "cluster", Verdict.FAILED, text, text),)),
    )
    table = Table(box=None, width=24)
    table.add_column("first", width=6)
    table.add_column("second", overflow="fold")
    table.add_row("a", screen.text(text))
    screen.show(table)


@pytest.mark.parametrize("encoding", SOME_ENCODINGS)
@pytest.mark.parametrize("shape", ODD_SECRETS)
def test_nothing_that_is_shown_holds_a_secret(
    shape: str, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even folded in a table, where no line holds it whole."""
    value = ODD_SECRETS[shape]
    redactor = Redactor()
    redactor.learn(value)
    written = ENCODINGS[encoding](value)
    everything(Screen(redactor), f"says {written}.")
    captured = capsys.readouterr()
    for text in (captured.out, captured.err, "".join(captured.out.split())):
        assert "redacted" in text
        assert value not in text
        assert written not in text
        assert "".join(written.split()) not in text


@pytest.mark.parametrize("width", [30, 80, 200])
def test_no_text_forges_a_line(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a line of a log nor a command to a CI's runner, wherever a table folds it."""
    monkeypatch.setenv("COLUMNS", str(width))
    for padding in range(40):
        everything(Screen(Redactor()), f"{'x' * padding} {FORGED}")
    captured = capsys.readouterr()
    for text in (captured.out, captured.err):
        assert read_log(text).commands == []
        assert all(line.isprintable() for line in text.split("\n"))
        assert "\nforged" not in text


def test_a_problem_of_several_lines_is_set_in(capsys: pytest.CaptureFixture[str]) -> None:
    """No line of it can be taken for another error, whoever has filled it."""
    Screen(Redactor()).problem(Problem("PlanMoved", "it moved:\n  tag a: x\nforged", "look"))
    assert capsys.readouterr().err == "error: it moved:\n  tag a: x\n  forged\n  do: look\n"


def test_json_keeps_its_keys_and_what_pairctl_chose(capsys: pytest.CaptureFixture[str]) -> None:
    """A secret that is a name or a phase makes no other document."""
    redactor = Redactor()
    for word in ("message", "Blocked", "store-0042", "NodeUnhealthy"):
        redactor.learn(word)
    document = {
        "message": "the message of store-0042",
        "name": Own("store-0042"),
        "phase": Phase.BLOCKED,
        "reason": "NodeUnhealthy",
    }
    Screen(redactor).data("Message", document, own=("reason",))
    assert json.loads(capsys.readouterr().out) == {
        "apiVersion": "pairctl/v1alpha1",
        "kind": "Message",
        "message": "the [redacted] of [redacted]",
        "name": "store-0042",
        "phase": "Blocked",
        "reason": "NodeUnhealthy",
    }


def test_all_screens_of_a_process_know_the_same() -> None:
    """Who tells the error that ends a run knows what the command has learned."""
    assert Screen().redactor is Screen().redactor


def test_a_long_text_is_shown_by_its_ends(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody reads a megabyte in a terminal."""
    Screen(Redactor()).note("begins " + "x" * 1_000_000 + " ends")
    shown = capsys.readouterr().err
    assert len(shown) < 4_100
    assert shown.startswith("begins x")
    assert shown.endswith("x ends\n")
