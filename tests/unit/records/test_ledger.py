"""Statuses on the status branch, written and read back; what makes no sense counts as absent."""

import pytest

from pairctl.pairing import Phase, Status
from pairctl.records import ledger, parse_status, render_status

STATUS = Status("store-1", Phase.BLOCKED, "sha256:one", "abc", message='on `a`:\n- "b"\tc')


def test_a_status_is_read_back_as_it_was_written() -> None:
    """Whatever its text holds."""
    assert parse_status(render_status(STATUS)) == STATUS


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"status: {}\n",
        b"metadata: {name: a}\nstatus: [1]\n",
        b"metadata: {name: [a]}\nstatus: {phase: Blocked, generation: g, sourceCommit: c}\n",
        b"metadata: {name: a}\nstatus: {phase: Nothing, generation: g, sourceCommit: c}\n",
    ],
)
def test_what_makes_no_sense_is_no_status(content: bytes) -> None:
    """It may have been edited by hand, or come from another version."""
    assert parse_status(content) is None


def test_a_key_of_capital_letters_costs_no_more_than_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its name is not put into another style, which takes time that grows with its square."""
    put: list[str] = []
    monkeypatch.setattr(ledger, "to_snake", lambda name: put.append(name) or name)
    content = b"metadata: {name: a}\nstatus:\n  phase: Nothing\n  ? " + b"A" * 60_000 + b"\n  : 1\n"
    assert parse_status(content) is None
    assert put == ["phase"]
