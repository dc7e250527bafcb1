"""What a look is worth by what is on record when it comes in."""

import pytest

from pairctl.pairing import (
    Evidence,
    FleetRecords,
    Looked,
    Patience,
    UnreadableClaim,
    decide,
    status_of,
)
from pairctl.pairing.fleet.standing import judge, touched_since
from pairctl.spec import Desired
from pairing_factory import NOW, make_claim, make_host, make_intent, make_observed


@pytest.mark.parametrize(("began_s", "reason"), [(50.0, "OutcomeUnknown"), (70.0, "Local")])
def test_a_claim_is_over_only_for_a_look_that_began_after_its_end(
    began_s: float, reason: str
) -> None:
    """A look that took long may have seen the host before what was claimed took effect."""
    intent = make_intent(Desired.LOCAL)
    claim = make_claim(lifetime_seconds=60.0)
    records = FleetRecords(
        claims=(claim,),
        read_s=100.0,
        first_s={claim.id: 0.0},
        patience=Patience(60.0, 0.0, stays=True),
    )
    looked = Looked(make_observed(make_host()), NOW, records.claim_ids, began_s)
    decision = judge(intent, looked, records)
    assert decision is not None
    assert decision.verdict.reason == reason


CLAIM = make_claim()
OTHERS = make_claim(cluster="another", intent="another")
STATUS = status_of(decide(make_intent(), make_observed(), now=NOW), None, commit="c", now=NOW)


def evidence_of(cluster: str) -> FleetRecords:
    """Make records with an acceptance of a cluster."""
    return FleetRecords(evidence=(Evidence(cluster, "e1", "", "u1", "", "", NOW),))


@pytest.mark.parametrize(
    ("before", "after", "is_touched"),
    [
        (FleetRecords(), FleetRecords(), False),
        (FleetRecords(), FleetRecords(claims=(CLAIM,)), True),
        (FleetRecords(claims=(CLAIM,)), FleetRecords(), True),
        (FleetRecords(), FleetRecords(claims=(OTHERS,)), False),
        (FleetRecords(), evidence_of("local-42"), True),
        (FleetRecords(), evidence_of("another"), False),
        (FleetRecords(), FleetRecords(statuses={"store-0042": STATUS}), True),
        (FleetRecords(), FleetRecords(statuses={"another": STATUS}), False),
        (FleetRecords(), FleetRecords(unreadable=(UnreadableClaim("claims/x.yaml", ""),)), True),
    ],
    ids=[
        "nothing",
        "a claim that came",
        "a claim that went",
        "a claim on another",
        "evidence",
        "evidence of another",
        "a status",
        "a status of another",
        "what cannot be read",
    ],
)
def test_what_is_written_about_an_intent_touches_its_look(
    before: FleetRecords, after: FleetRecords, *, is_touched: bool
) -> None:
    """Whoever wrote it may have acted after the look began; what is about others says nothing."""
    intent = make_intent()
    decision = decide(intent, make_observed(make_host()), now=NOW)
    touched = touched_since({intent.name: decision}, before, after)
    assert touched == ({intent.name} if is_touched else set())
