"""HealthyInPalette: what Palette's cluster list says after the pairing, and how long it is told."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, product

import pytest

from pairctl.pairing import (
    Condition,
    ConditionType,
    Observed,
    PaletteCluster,
    Status,
    Truth,
    decide,
    invalid_status,
    status_of,
    with_health,
)
from pairing_factory import (
    NOW,
    PROBLEM,
    make_central,
    make_intent,
    make_observed,
    make_pending,
    make_view,
)

LATER = NOW + timedelta(days=1)
WORDS = ("", "Degraded", "UnHealthy", "Healthy")


def cluster(word: str, uid: str = "palette-42") -> PaletteCluster:
    """Make the cluster as Palette lists it, with a word for its health."""
    return PaletteCluster(uid, "store-0042", "Running", word)


def central(word: str, uid: str = "palette-42") -> Observed:
    """Make an observation of a paired cluster with this health."""
    seen = make_central()
    return replace(seen, palette=replace(seen.palette, clusters=(cluster(word, uid),)))


def told(observed: Observed, previous: Status | None = None, generation: str = "one") -> Status:
    """Tell the status of what was seen."""
    now = LATER if previous else NOW
    recorded = {"recorded": previous.recorded} if previous else {}
    decision = decide(make_intent(generation=generation), observed, **recorded, now=now)
    return status_of(decision, previous, commit="c1", now=now)


def health(status: Status) -> Condition:
    """Return the condition."""
    found = status.condition(ConditionType.HEALTHY_IN_PALETTE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("word", "truth", "reason"),
    [
        ("Healthy", "True", "HealthyAfterPairing"),
        ("HEALTHY", "True", "HealthyAfterPairing"),
        ("UnHealthy", "False", "UnhealthyInPalette"),
        ("Unhealthy", "False", "UnhealthyInPalette"),
        ("Degraded", "Unknown", "HealthUnknown"),
        ("not healthy", "Unknown", "HealthUnknown"),
        ("", "Unknown", "HealthNotReported"),
    ],
)
def test_palettes_word_is_told_and_none_is_guessed(word: str, truth: str, reason: str) -> None:
    """Two words are known, in any case; any other is Unknown, and stands in the message."""
    found = health(told(central(word)))
    assert (found.status, found.reason) == (truth, reason)
    assert word in found.message


def test_before_the_pairing_there_is_no_health_to_tell() -> None:
    """Unknown, whatever a cluster of that name is like; a dark host is not observed."""
    listed = make_view(clusters=(cluster("UnHealthy"),))
    assert health(told(make_pending())).reason == "NotPaired"
    assert health(told(make_observed(view=listed))).reason == "NotPaired"
    dark = health(told(make_observed(PROBLEM)))
    assert (dark.status, dark.reason) == (Truth.UNKNOWN, "NotObserved")


def test_health_only_ever_goes_up() -> None:
    """Whatever comes after what: no word takes back one that is better, nor changes its text."""
    for first, then in product(WORDS, WORDS):
        before = told(central(first))
        for after in (
            told(central(then), before),
            with_health(before, cluster(then), now=LATER),
        ):
            better = max(first, then, key=WORDS.index)
            assert health(after).reason == health(told(central(better))).reason
            if better == first:
                assert after == before
    assert with_health(told(central("Healthy")), cluster("UnHealthy"), now=LATER).health_note == ""


def test_health_that_comes_and_goes_changes_a_status_three_times_at_most() -> None:
    """However the words follow each other, a settled status has few news, and then none."""
    status, news = told(central("")), 0
    for word in ("Odd", "", "Odder", "UnHealthy", "Odd", "Healthy", *("UnHealthy", "Healthy") * 9):
        after = with_health(status, cluster(word), now=LATER)
        news += after is not status
        status = after
    assert news == 3
    assert health(status).status is Truth.TRUE


def test_each_word_is_worth_more_than_the_one_before() -> None:
    """Said nothing, said something unknown, said unhealthy, said healthy: the way up."""
    for lower, higher in pairwise(WORDS):
        assert with_health(told(central(lower)), cluster(higher), now=LATER) != told(central(lower))


def test_the_time_is_that_of_the_first_healthy_look() -> None:
    """`lastTransitionTime` changes with the status alone; the other conditions keep all theirs."""
    before = told(central("UnHealthy"))
    after = with_health(before, cluster("Healthy"), now=LATER)
    assert health(after).last_transition_time == LATER
    assert [c for c in after.conditions if c is not health(after)] == [
        c for c in before.conditions if c is not health(before)
    ]


def test_a_status_of_an_earlier_version_gets_the_condition_once() -> None:
    """What was paired before there was the condition has it in its place, from the next pass on."""
    whole = told(central("Healthy"))
    earlier = replace(
        whole,
        conditions=tuple(
            one for one in whole.conditions if one.type is not ConditionType.HEALTHY_IN_PALETTE
        ),
    )
    after = with_health(earlier, cluster("Healthy"), now=NOW)
    assert after == whole
    assert with_health(after, cluster("UnHealthy"), now=LATER) is after


def test_another_cluster_of_palette_is_another_health() -> None:
    """What was healthy is one cluster by its uid in Palette; the next one shows itself first."""
    before = told(central("Healthy"))
    after = told(central("UnHealthy", uid="palette-43"), before, generation="two")
    assert (after.palette_uid, health(after).status) == ("palette-43", Truth.FALSE)


def test_what_was_healthy_stays_so_while_nobody_looks() -> None:
    """A new generation, a dark host, or a document that is not valid, take nothing back."""
    before = told(central("Healthy"))
    changed = told(central("UnHealthy"), before, generation="two")
    dark = told(make_observed(PROBLEM, central("").palette), before, generation="two")
    invalid = invalid_status("store-0042", PROBLEM, before, commit="c2", now=LATER)
    assert [health(one).status for one in (changed, dark, invalid)] == [Truth.TRUE] * 3


def test_people_see_what_palette_says_of_a_cluster_that_was_never_healthy() -> None:
    """The note of a paired intent: the words of the condition, until it was True."""
    assert "UnHealthy" in told(central("UnHealthy")).health_note
    assert told(central("Healthy")).health_note == ""
    assert told(make_pending()).health_note == ""
