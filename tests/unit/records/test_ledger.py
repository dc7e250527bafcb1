"""Statuses on the status branch, written and read back; what makes no sense counts as absent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic.alias_generators import to_snake

from pairctl.pairing import Claim, Phase, Status
from pairctl.records import Ledger, claim_path, parse_status, render_claim, render_status
from pairctl.records.ledger import _renamed, parse_ledger
from pairctl.repo import StatusTree
from pairing_factory import NOW, make_claim

CLAIM = make_claim(until_at=datetime(2026, 3, 1, 14, 0, tzinfo=UTC))
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


def test_a_key_that_is_longer_than_any_field_keeps_its_style() -> None:
    """Putting capitals into another style takes time that grows with the square of their number."""
    long = "A" * 60_000
    told = {"pairingUid": 1, "conditions": [{long: 2}]}
    assert _renamed(told, to_snake) == {"pairing_uid": 1, "conditions": [{long: 2}]}
    assert parse_status(f"metadata: {{name: a}}\nstatus:\n  ? {long}\n  : 1\n".encode()) is None


def read(files: Mapping[str, bytes]) -> Ledger:
    """Read a status branch of these files."""
    return parse_ledger(StatusTree("tip", files))


def claim_told_as(until: str) -> Mapping[str, Claim]:
    """Read a claim back whose end was written by hand."""
    text = render_claim(CLAIM).decode().replace("2026-03-01T14:00:00Z", until)
    assert until in text
    return read({claim_path(CLAIM.cluster): text.encode()}).claims


@pytest.mark.parametrize(
    "until",
    ["2026-03-01T14:00:00", "2026-03-01 14:00:00", "2026-03-01T16:00:00+02:00", "1772373600"],
)
def test_an_instant_is_one_of_utc_however_it_is_written(until: str) -> None:
    """Without a zone it is told in UTC: it can be compared, and the claim still binds."""
    claims = claim_told_as(until)
    assert claims == {CLAIM.cluster: CLAIM}
    assert claims[CLAIM.cluster].is_open(NOW)


@pytest.mark.parametrize("until", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "x"])
def test_what_is_no_instant_is_no_claim(until: str) -> None:
    """Not even one that lies beyond the last year there is."""
    assert claim_told_as(until) == {}


def test_a_file_speaks_of_nobody_but_the_one_it_is_named_for() -> None:
    """A copy under another name, sorted behind it, does not hide the claim, or the status."""
    over, other = replace(CLAIM, until_at=NOW), replace(STATUS, message="a copy")
    found = read(
        {
            claim_path(CLAIM.cluster): render_claim(CLAIM),
            "claims/zz.yaml": render_claim(over),
            "status/store-1.yaml": render_status(STATUS),
            "status/zz.yaml": render_status(other),
        }
    )
    assert found.claims == {CLAIM.cluster: CLAIM}
    assert found.statuses == {"store-1": STATUS}
