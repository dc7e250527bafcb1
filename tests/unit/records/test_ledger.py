"""The status branch, written and read back: a status without sense is absent, a claim binds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pairctl.pairing import (
    AcceptanceGrounds,
    Claim,
    Evidence,
    LayerUse,
    Phase,
    Status,
    decide,
)
from pairctl.records import (
    Ledger,
    claim_path,
    evidence_path,
    parse_claim,
    parse_ledger,
    parse_status,
    render_claim,
    render_evidence,
    render_status,
)
from pairctl.records.documents import _in_snake
from pairctl.records.yaml_text import renamed
from pairctl.repo import StatusTree
from pairing_factory import NOW, make_claim, make_intent, make_pending

CLAIM = make_claim(made_at=datetime(2026, 3, 1, 14, 0, tzinfo=UTC), dated_at=NOW)
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
    assert renamed(told, _in_snake) == {"pairing_uid": 1, "conditions": [{long: 2}]}
    assert parse_status(f"metadata: {{name: a}}\nstatus:\n  ? {long}\n  : 1\n".encode()) is None


def read(files: Mapping[str, bytes]) -> Ledger:
    """Read a status branch of these files."""
    return parse_ledger(StatusTree("tip", files))


def claims_at(**files: bytes) -> Ledger:
    """Read a branch that holds these files among the claims."""
    return read({f"claims/{name}.yaml": body for name, body in files.items()})


def claim_dated(at: str) -> Mapping[str, Claim]:
    """Read a claim back whose time was written by hand."""
    text = render_claim(CLAIM).decode().replace("2026-03-01T14:00:00Z", at)
    assert at in text
    return read({claim_path(CLAIM.cluster): text.encode()}).claims


def test_a_claim_is_read_back_as_it_was_written() -> None:
    """With all that it holds, the grounds of an acceptance too."""
    grounds = AcceptanceGrounds(
        "shop", "abc", "sha256:one", "sha256:two", "Sent", (LayerUse("os", "ubuntu", "22.04"),), ()
    )
    claim = replace(CLAIM, grounds=grounds)
    assert parse_claim(render_claim(claim)) == claim


@pytest.mark.parametrize(
    "at", ["2026-03-01T14:00:00", "2026-03-01 14:00:00", "2026-03-01T16:00:00+02:00", "1772373600"]
)
def test_an_instant_is_one_of_utc_however_it_is_written(at: str) -> None:
    """Without a zone it is told in UTC: it can be compared, and the claim still binds."""
    assert list(claim_dated(at).values()) == [CLAIM]


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "x"])
def test_what_cannot_be_read_as_a_claim_binds(at: str) -> None:
    """Not even a time beyond the last year there is frees its cluster."""
    text = render_claim(CLAIM).decode().replace("2026-03-01T14:00:00Z", at)
    ledger = read({claim_path(CLAIM.cluster): text.encode()})
    assert ledger.claims == {}
    (unreadable,) = ledger.unreadable
    assert unreadable.binds("other", ["LOCAL-42"])


@pytest.mark.parametrize(
    "body", [b"", b"\xff\x00", b"[]", b"claim: {cluster: local-42}\n", b"x" * 10]
)
def test_a_broken_claim_file_frees_nobody(body: bytes) -> None:
    """Its name is enough to bind the cluster that it is named for."""
    ledger = claims_at(**{"local-42": body})
    assert [one.binds("other", ["local-42"]) for one in ledger.unreadable] == [True]
    assert not ledger.unreadable[0].binds("other", ["local-7"])


def test_a_claim_under_another_name_binds_by_both() -> None:
    """A copy sorted behind does not hide the claim; whoever it may be about waits."""
    ledger = claims_at(**{"local-42": render_claim(CLAIM), "local-7": render_claim(CLAIM)})
    assert set(ledger.claims) == {"claims/local-42.yaml", "claims/local-7.yaml"}
    (unreadable,) = ledger.unreadable
    assert unreadable.binds("other", ["local-7"])
    assert unreadable.binds("other", ["local-42"])


def test_claims_whose_paths_differ_in_case_only_are_all_read() -> None:
    """Nothing of the branch is ever checked out: no file system joins what Git keeps apart."""
    upper = replace(CLAIM, id="claim-2", cluster="LOCAL-42")
    ledger = claims_at(**{"local-42": render_claim(CLAIM), "LOCAL-42": render_claim(upper)})
    assert {claim.id for claim in ledger.claims.values()} == {"claim-1", "claim-2"}


def test_what_git_does_not_give_out_binds_too() -> None:
    """A link, or a file beyond all bounds, in place of a claim."""
    ledger = parse_ledger(StatusTree("tip", {}, unread=("claims/local-42.yaml", "status/x.yaml")))
    assert [one.path for one in ledger.unreadable] == ["claims/local-42.yaml"]


EARLIER = b"""\
apiVersion: pairctl/v1alpha1
kind: Claim
metadata:
  name: LOCAL-42
claim:
  cluster: LOCAL-42
  intent: store-0042
  action: accept
  attempt: 1
  holder: daemon-1
  madeAt: 2026-03-01T12:00:00Z
  untilAt: 2026-03-01T12:02:00Z
  pairingUid: u1
"""


def test_an_open_claim_of_the_version_before_binds() -> None:
    """It has no id and an end by a wall clock: it lasts for its span from when it is first read."""
    ledger = claims_at(**{"LOCAL-42": EARLIER})
    assert ledger.unreadable == ()
    (claim,) = ledger.claims.values()
    assert (claim.lifetime_seconds, claim.dated_at, claim.action) == (120.0, None, "accept")
    assert claim.id == parse_claim(EARLIER).id  # type: ignore[union-attr]
    assert claim.binds("other", ["local-42"], [])
    recorded = ledger.record_of(make_intent())
    assert decide(make_intent(), make_pending(), recorded, now=NOW).action is None


def test_evidence_that_cannot_be_read_is_known_by_its_path() -> None:
    """It takes a place under the hour's cap until a person has looked."""
    good = Evidence("local-42", "claim-1", "store-0042", "u1", "palette", "branch", NOW)
    files = {
        evidence_path("local-42"): render_evidence(good),
        "evidence/local-7.yaml": b"rubbish",
        "evidence/local-8.yaml": render_evidence(good),
    }
    ledger = read(files)
    assert list(ledger.evidence.values()) == [good]
    assert ledger.unreadable_evidence == ("evidence/local-7.yaml", "evidence/local-8.yaml")


def test_evidence_that_git_does_not_give_out_is_unreadable_too() -> None:
    """A link, or a file beyond all bounds, in place of evidence."""
    ledger = parse_ledger(StatusTree("tip", {}, unread=("evidence/local-42.yaml", "x.yaml")))
    assert ledger.unreadable_evidence == ("evidence/local-42.yaml",)


def test_a_status_speaks_of_no_intent_but_the_one_it_is_named_for() -> None:
    """A copy under another name, sorted behind it, does not hide the status."""
    other = replace(STATUS, message="a copy")
    found = read(
        {"status/store-1.yaml": render_status(STATUS), "status/zz.yaml": render_status(other)}
    )
    assert found.statuses == {"store-1": STATUS}
