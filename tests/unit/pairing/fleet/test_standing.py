"""What a look is worth by what is on record when it comes in."""

import pytest

from pairctl.pairing import FleetRecords, Looked, Patience
from pairctl.pairing.fleet.standing import judge
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
