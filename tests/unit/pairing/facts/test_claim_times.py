"""When a claim is over: by one's own clock, or by Palette's; never by comparing two machines."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.pairing import Claim, DatedLook, Patience, is_over, is_past
from pairing_factory import NOW, make_claim

STAYS = Patience(lifetime_s=60, margin_s=600, stays=True)
ONE_SHOT = Patience(lifetime_s=60, margin_s=600, stays=False)
CLAIM = make_claim(dated_at=NOW)
PAST = NOW + timedelta(seconds=660)


@pytest.mark.parametrize("by", [STAYS, ONE_SHOT])
def test_the_whole_lifetime_is_counted_from_the_first_reading(by: Patience) -> None:
    """However long before that the claim was made: its maker's clock is not known."""
    assert not is_over(CLAIM, 100.0, 159.9, None, by)
    assert is_over(CLAIM, 100.0, 160.0, None, by)


def test_the_larger_lifetime_counts() -> None:
    """That of the claim, or that of this run's own claims: settings may differ."""
    long = make_claim(lifetime_seconds=90.0)
    assert not is_over(long, 0.0, 89.0, None, STAYS)
    assert not is_over(CLAIM, 0.0, 70.0, None, Patience(120, 600, stays=True))


def test_a_run_that_does_not_stay_goes_by_palettes_clock_and_a_margin() -> None:
    """Asked after the claim was read, and past its date, its lifetime and the margin."""
    at_the_end = DatedLook(asked_s=5.0, dated_at=PAST)
    assert is_over(CLAIM, 5.0, 5.0, at_the_end, ONE_SHOT)
    before = DatedLook(5.0, PAST - timedelta(seconds=1))
    assert not is_over(CLAIM, 5.0, 5.0, before, ONE_SHOT)


@pytest.mark.parametrize(
    "claim",
    [
        make_claim(dated_at=datetime.max.replace(tzinfo=UTC)),
        make_claim(dated_at=NOW, lifetime_seconds=1e300),
    ],
    ids=["the last date that there is", "a lifetime without end"],
)
def test_a_claim_that_ends_beyond_all_time_binds(claim: Claim) -> None:
    """And stops no other: a server chose the date, or whoever wrote on the branch the time."""
    assert not is_over(claim, 5.0, 5.0, DatedLook(5.0, PAST), ONE_SHOT)


def test_a_run_that_stays_takes_no_clocks_word() -> None:
    """Palette's clock may jump ahead: whoever can wait, waits."""
    jumped = DatedLook(5.0, NOW + timedelta(days=365))
    assert not is_over(CLAIM, 5.0, 5.0, jumped, STAYS)


@pytest.mark.parametrize(
    ("claim", "look"),
    [
        (make_claim(), DatedLook(5.0, PAST)),
        (CLAIM, DatedLook(5.0, None)),
        (CLAIM, None),
        (CLAIM, DatedLook(4.9, PAST)),
    ],
    ids=["a claim without a date", "no clock is told", "not asked", "asked before it was read"],
)
def test_what_cannot_be_dated_is_not_over(claim: object, look: DatedLook | None) -> None:
    """Without a date of both, asked in the right order, a claim binds."""
    assert not is_over(claim, 5.0, 5.0, look, ONE_SHOT)  # type: ignore[arg-type]


@given(
    skew_s=st.floats(-1e7, 1e7),
    error_s=st.floats(-290, 290),
    made_s=st.floats(0, 1e6),
    waited_s=st.floats(0, 1e6),
    stays=st.booleans(),
)
def test_no_skew_of_machines_ends_a_claim_before_its_time(
    skew_s: float, error_s: float, made_s: float, waited_s: float, stays: bool
) -> None:
    """The holder's wall clock is off by anything, Palette's answers differ by less than the margin.

    Whatever a reader goes by, the claim is not over while its holder may still send.
    """
    claim = make_claim(
        made_at=NOW + timedelta(seconds=made_s + skew_s),
        dated_at=NOW + timedelta(seconds=made_s + error_s),
    )
    true_s = made_s + waited_s
    look = DatedLook(0.0, NOW + timedelta(seconds=true_s - error_s))
    by = Patience(60, 600, stays=stays)
    if is_over(claim, 0.0, 0.0, look, by):
        assert waited_s >= claim.lifetime_seconds


def test_a_place_frees_an_hour_after_it_was_dated_or_seen() -> None:
    """By Palette's clock with the margin, or by this process's own; else it counts."""
    hour = 3600.0
    look = DatedLook(0.0, NOW + timedelta(seconds=hour + 600))
    assert is_past(NOW, hour, 0.0, 0.0, look, 600)
    assert not is_past(NOW, hour, 0.0, 0.0, look, 601)
    assert not is_past(None, hour, 0.0, 0.0, look, 600)
    assert is_past(None, hour, 0.0, hour, None, 600)
