"""What `doctor` found, in a terminal: what is to be compared or pasted stays whole."""

import pytest

from pairctl.cli.doctor_view import show_examination
from pairctl.cli.screen import Screen
from pairctl.doctor import Check, Examination, Verdict

FINGERPRINT = "sha256:" + "0123456789abcdef" * 4
SNIPPET = f'tls: {{fingerprint: "{FINGERPRINT}"}}'


def shown(capsys: pytest.CaptureFixture[str], message: str, hint: str) -> list[str]:
    """Show one check; gives its lines."""
    check = Check("host store-1", "certificate tls", Verdict.WARNING, message, hint)
    show_examination(Screen(), Examination("", (check,)))
    return capsys.readouterr().out.splitlines()


def test_what_is_to_be_pasted_stands_alone_at_the_margin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that is broken in its middle is pasted broken."""
    monkeypatch.setenv("COLUMNS", "80")
    lines = shown(capsys, "not checked", f"write `{SNIPPET}` in its place, in that document")
    assert SNIPPET in lines
    at = lines.index(SNIPPET)
    assert lines[at - 1].strip() == "do: write"
    assert lines[at + 1].strip() == "in its place, in that document"


def test_a_fingerprint_fits_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a word that no line may break: it stands below what heads it."""
    monkeypatch.setenv("COLUMNS", "80")
    lines = shown(capsys, f"the certificate is trusted; its fingerprint is {FINGERPRINT}", "")
    assert any(line.strip() == FINGERPRINT for line in lines)
    assert max(map(len, lines)) <= 80


def test_in_a_pipe_each_text_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Other programs read it there."""
    lines = shown(capsys, "not checked", f"write `{SNIPPET}` in its place")
    assert any(f"do: write `{SNIPPET}` in its place" in line for line in lines)
