"""Statuses on the status branch, written and read back; what makes no sense counts as absent."""

import time

import pytest

from pairctl.pairing import Phase, Status
from pairctl.records import parse_status, render_status

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


def test_a_key_of_capital_letters_costs_no_more_than_another() -> None:
    """Its name is not put into another style, which takes time that grows with its square."""
    content = b"metadata: {name: a}\nstatus:\n  ? " + b"A" * 60_000 + b"\n  : 1\n"
    before = time.process_time()
    assert parse_status(content) is None
    assert time.process_time() - before < 1
