"""What a rollout holds back, and what it shows of itself, rule by rule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign_factory import (
    decision,
    documents,
    member,
    observed,
    reason_of,
    rolled,
    spec,
    wave,
)
from fleet_worlds import evidence_of_cluster
from pairctl.pairing import MemberState, Pace, Recorded, RolloutHistory, decide, roll_out
from pairctl.pairing.facts.lost_places import LostPlaces
from pairctl.spec import RolloutApprovalSpec, approval_digest
from pairing_factory import NOW, make_claim

WAVES = {"a": "canary", "b": "canary", "c": "rest", "d": "rest"}
ALL_READY = dict.fromkeys(WAVES, "ready")
CANARY_DONE = {**ALL_READY, "a": "paired", "b": "paired"}


def test_each_intent_is_in_the_first_wave_that_selects_it() -> None:
    """The last wave has the rest; without such a wave what none selects is held."""
    first = wave("canary")
    both = {"name": "again", "select": {"matchLabels": {"wave": "canary"}}}
    shown = rolled(WAVES, ALL_READY, spec(first, both, {"name": "rest"})).states["emea"]
    assert dict(shown.members) == {"a": "canary", "b": "canary", "c": "rest", "d": "rest"}
    done = rolled(WAVES, ALL_READY, spec(first))
    assert reason_of(done, "c") == "InNoWave"
    assert done.states["emea"].in_no_wave == ("c", "d")


@pytest.mark.parametrize("state", ["ready", "pending", "accepted", "blocked", "failed", "dark"])
def test_a_wave_waits_until_all_before_are_paired(state: str) -> None:
    """One that is not paired yet holds the next wave, whatever is the matter with it."""
    done = rolled(WAVES, {**CANARY_DONE, "a": state}, spec())
    assert reason_of(done, "c") == "WaitingForWave"
    assert not reason_of(rolled(WAVES, CANARY_DONE, spec()), "c")


def test_a_member_that_was_not_seen_holds_the_next_wave() -> None:
    """In a run for some intents, say; and what only the record says to be paired opens none."""
    seen = {name: state for name, state in CANARY_DONE.items() if name != "a"}
    assert reason_of(rolled(WAVES, seen, spec()), "c") == "WaitingForWave"
    for health, reason in ((True, ""), (False, "WaitingForWave"), (None, "WaitingForWave")):
        assert reason_of(rolled(WAVES, seen, spec(), paired={"a": health}), "c") == reason
    tolerant = spec(unhealthy={"allowedPercent": 100})
    assert reason_of(rolled(WAVES, seen, tolerant, paired={"a": None}), "c") == "WaitingForWave"


def test_a_settled_member_whose_health_is_not_told_yet_is_waited_for() -> None:
    """Looking again soon may show it; one that is told to be ill takes a person."""
    seen = {name: state for name, state in CANARY_DONE.items() if name != "a"}
    untold = rolled(WAVES, seen, spec(), paired={"a": False}, awaited=frozenset({"a"}))
    assert reason_of(untold, "c") == "WaitingForWave"
    assert untold.decisions["c"].verdict.pace is Pace.SOON
    ill = rolled(WAVES, seen, spec(), paired={"a": False})
    assert reason_of(ill, "c") == "WaitingForWave"
    assert ill.decisions["c"].verdict.pace is not Pace.SOON


def test_intents_that_cannot_be_read_hold_all_but_the_first_wave() -> None:
    """They may be members of any wave; those whose labels can be read are of their own."""
    done = rolled(WAVES, CANARY_DONE, spec(), unread=("fleet.yaml",))
    assert reason_of(done, "c") == "WaitingForWave"
    assert done.states["emea"].phase == "Waiting"
    first = rolled(WAVES, ALL_READY, spec(), unread=("fleet.yaml",))
    assert not reason_of(first, "a")
    labels = {name: {"fleet": "emea", "wave": one} for name, one in WAVES.items()}
    labels["e"] = {"fleet": "emea", "wave": "rest"}
    broken = rolled(WAVES, CANARY_DONE, spec(), labels=labels, broken=frozenset("e"))
    assert not reason_of(broken, "c")
    assert broken.states["emea"].waves[1].members[MemberState.BLOCKED] == ("e",)


OF_NOW = {"from": f"{NOW:%H}:00", "to": f"{NOW + timedelta(minutes=45):%H:%M}", "timeZone": "UTC"}


@pytest.mark.parametrize(
    ("ahead_s", "reason"),
    [(None, ""), (0, ""), (599, ""), (-599, ""), (2400, ""), (2760, "ClocksDiffer"),
     (-7200, "ClocksDiffer"), (86_400, "")],
)  # fmt: skip
def test_where_palettes_clock_is_off_a_window_has_to_be_open_by_both(
    ahead_s: float | None, reason: str
) -> None:
    """Within the margin, and where it tells no time, this machine's clock alone counts."""
    ahead = None if ahead_s is None else timedelta(seconds=ahead_s)
    done = rolled(WAVES, ALL_READY, spec(windows=[OF_NOW]), ahead=ahead)
    assert reason_of(done, "a") == reason
    assert not reason_of(rolled(WAVES, ALL_READY, spec(), ahead=ahead), "a")


def test_the_health_of_now_counts() -> None:
    """Unhealthy ones hold the next wave beyond their part, and no wave where none is left."""
    unwell = {**CANARY_DONE, "a": "unwell"}
    assert reason_of(rolled(WAVES, unwell, spec()), "c") == "WaitingForWave"
    half = spec(unhealthy={"allowedPercent": 50})
    assert not reason_of(rolled(WAVES, unwell, half), "c")
    over = rolled(WAVES, dict.fromkeys(WAVES, "paired") | {"a": "unwell"}, spec())
    assert over.states["emea"].phase == "Complete"


def test_a_site_that_is_dark_after_its_acceptance_is_seen_through() -> None:
    """It is under way, and in no budget: an acceptance is waited for."""
    tolerant = spec(unreachable={"allowedPercent": 50})
    dark = {**CANARY_DONE, "a": "dark"}
    assert not reason_of(rolled(WAVES, dark, tolerant), "c")
    shown = rolled(WAVES, dark, tolerant).states["emea"]
    assert shown.waves[0].is_complete
    assert shown.waves[0].count(MemberState.DARK) == 1
    seen = decision("a", "dark")
    case = seen.case
    accepted = type(case)(
        case.intent,
        case.observed,
        type(case.recorded)(accepted_at=NOW - timedelta(hours=1)),
        now=NOW,
    )
    later = {n: decision(n, state) for n, state in dark.items()}
    later["a"] = type(seen)(accepted, seen.verdict, seen.conditions)
    done = roll_out(documents(WAVES, tolerant), later, {}, RolloutHistory(), now=NOW)
    assert reason_of(done, "c") == "WaitingForWave"
    assert done.states["emea"].waves[0].members[MemberState.UNDER_WAY] == ("a",)


def test_an_action_whose_outcome_is_open_is_under_way() -> None:
    """It takes a place under the pace by its claim, and the wave after it looks again soon."""
    claim = make_claim("request", intent="a", cluster="local-a")
    open_one = decide(member("a"), observed("a", "ready"), Recorded(claims=(claim,)), now=NOW)
    assert open_one.verdict.reason == "OutcomeUnknown"
    later = {n: decision(n, state) for n, state in CANARY_DONE.items()} | {"a": open_one}
    done = roll_out(documents(WAVES, spec()), later, {}, RolloutHistory((claim,)), now=NOW)
    assert done.states["emea"].waves[0].members[MemberState.UNDER_WAY] == ("a",)
    assert done.decisions["c"].verdict.pace is Pace.SOON


def test_a_halt_says_its_cause_and_who_is_untouched() -> None:
    """It counts over the rollout, or the part of one wave; and ends where none has failed."""
    states = {"a": "failed", "b": "pending", "c": "ready", "d": "ready"}
    halted = rolled(WAVES, states, spec(haltWhen={"failed": 1}))
    assert {reason_of(halted, name) for name in "bcd"} == {"RolloutHalted"}
    shown = halted.states["emea"]
    assert (shown.phase, shown.untouched) == ("Halted", ("c", "d"))
    assert "1 failed (a)" in shown.halted
    for percent, cause in ((50, True), (51, False)):
        done = rolled(WAVES, states, spec(haltWhen={"failedPercent": percent}))
        assert bool(done.states["emea"].halted) is cause
    again = rolled(WAVES, {**states, "a": "ready"}, spec(haltWhen={"failed": 1}))
    assert not again.states["emea"].halted


def test_a_gate_lets_those_begin_that_an_approval_covers() -> None:
    """One that comes into the wave later is not covered; the state has the digest of the rest."""
    gated = spec(wave("canary", gate="Approval"), {"name": "rest"})
    digest = approval_digest("emea", "canary", [("a", "sha256:one")])
    approval = RolloutApprovalSpec(rollout="emea", wave="canary", intents=["a"], digest=digest)
    done = rolled(WAVES, ALL_READY, gated, approvals=(approval,))
    assert not reason_of(done, "a")
    assert reason_of(done, "b") == "WaitingForWaveApproval"
    shown = done.states["emea"].waves[0]
    assert (shown.has_gate, shown.unapproved) == (True, ("b",))
    assert shown.digest == approval_digest("emea", "canary", [("b", "sha256:one")])
    other = approval.model_copy(update={"wave": "rest"})
    assert reason_of(rolled(WAVES, ALL_READY, gated, approvals=(other,)), "a")


def test_the_pace_counts_claims_and_requests_that_are_on_their_way() -> None:
    """Earlier waves come first; an hour's place is not freed by renaming or deleting an intent."""
    two = spec(pace={"atOnce": 2})
    states = {**CANARY_DONE, "b": "paired", "c": "pending"}
    done = rolled({**WAVES, "e": "rest"}, {**states, "e": "ready"}, two)
    assert [reason_of(done, name) for name in "cde"] == ["", "", "PaceReached"]
    claim = make_claim("accept", intent="gone", cluster="local-gone")
    held = rolled(WAVES, CANARY_DONE, spec(pace={"atOnce": 1}), history=RolloutHistory((claim,)))
    assert reason_of(held, "c") == "PaceReached"
    assert held.decisions["c"].verdict.pace is Pace.SOON
    labels = {name: {"fleet": "emea", "wave": one} for name, one in WAVES.items()}
    elsewhere = rolled(
        WAVES,
        CANARY_DONE,
        spec(pace={"atOnce": 1}),
        history=RolloutHistory((claim,)),
        labels={**labels, "gone": {"fleet": "apac"}},
    )
    assert not reason_of(elsewhere, "c")


@pytest.mark.parametrize("pace", [{"atOnce": 1}, {"perHour": 1}])
def test_a_pace_that_files_nobody_can_read_use_up_says_so(pace: dict[str, int]) -> None:
    """Waiting for another to be paired, or for an hour, would be in vain."""
    history = RolloutHistory(unreadable=frozenset({"claims/x.yaml"}))
    held = rolled(WAVES, CANARY_DONE, spec(pace=pace), history=history)
    verdict = held.decisions["c"].verdict
    assert (verdict.reason, verdict.pace) == ("PaceReached", Pace.LATER)
    assert "claims/x.yaml on the status branch cannot be read" in verdict.message
    assert "delete claims/x.yaml" in verdict.human_action
    two = rolled(WAVES, CANARY_DONE, spec(pace=dict.fromkeys(pace, 2)), history=history)
    assert not reason_of(two, "c")


def test_a_request_that_waits_for_an_earlier_wave_takes_no_place_from_it() -> None:
    """A site that was dark is caught up, though a later wave has begun and has the last place."""
    states = {"a": "paired", "b": "ready", "c": "pending", "d": "paired"}
    done = rolled(WAVES, states, spec(pace={"atOnce": 1, "perHour": 1}))
    assert [reason_of(done, name) for name in "bc"] == ["", "WaitingForWave"]


def test_the_state_says_what_is_left_and_when_it_goes_on_and_ends() -> None:
    """The next window is an instant; the end follows from the pace and the windows."""
    night = {"days": ["mon"], "from": "02:00", "to": "03:00", "timeZone": "UTC"}
    of = spec(pace={"perHour": 2}, windows=[night])
    shown = rolled(WAVES, CANARY_DONE, of).states["emea"]
    assert (shown.phase, shown.current, shown.pace_left) == ("Waiting", "rest", 2)
    assert shown.waits_for is not None
    assert shown.waits_for.reason == "OutsideWindow"
    assert f"{shown.goes_on_at:%a %H:%M}" == "Mon 02:00"
    assert shown.ends_at == (shown.goes_on_at or NOW) + timedelta(hours=1)
    assert shown.size == 4
    assert shown.count(MemberState.HELD) == 2
    busy = rolled(WAVES, {**ALL_READY, "a": "blocked", "b": "accepted"}, spec()).states["emea"]
    assert busy.waits_for is not None
    assert busy.waits_for.message == "wave `canary`, 2 intents: 1 under way (b), 1 blocked (a)"


def test_a_rollout_whose_waves_have_left_only_dark_sites_waits_for_these() -> None:
    """Its waves are complete, as dark sites may be left out; it is not, and holds nothing back."""
    dark = {**dict.fromkeys(WAVES, "paired"), "b": "dark", "d": "dark"}
    shown = rolled(WAVES, dark, spec(unreachable={"allowedPercent": 50})).states["emea"]
    assert (shown.phase, shown.current) == ("Progressing", None)
    assert shown.waits_for is not None
    assert shown.waits_for.message == "all waves are done but for 2 dark (b, d)"


def test_an_intent_in_several_rollouts_is_followed_in_none() -> None:
    """Which of them counts nobody could say; in none, the operator's word and errors hold it."""
    several = {"emea": spec(), "apac": spec()}
    done = rolled(WAVES, ALL_READY, spec(), rollouts=several)
    assert {reason_of(done, name) for name in WAVES} == {"InSeveralRollouts"}
    free = rolled(WAVES, ALL_READY, spec(), rollouts={})
    assert not reason_of(free, "a")
    required = rolled(WAVES, ALL_READY, spec(), rollouts={}, is_required=True)
    assert reason_of(required, "a") == "NoRollout"
    unread = rolled(WAVES, ALL_READY, spec(), rollouts={}, refused=("rollout.yaml",))
    assert reason_of(unread, "a") == "RolloutUnreadable"


def test_held_decisions_are_shown_as_held_when_they_are_held_against_it_again() -> None:
    """The record of a pass is made after its actions: what was held before is held still."""
    first = rolled(WAVES, ALL_READY, spec())
    again = roll_out(documents(WAVES, spec()), first.decisions, {}, RolloutHistory(), now=NOW)
    assert again.states["emea"].waves[1].members[MemberState.HELD] == ("c", "d")


def test_a_request_that_only_the_record_tells_of_takes_its_place() -> None:
    """So the pace is exact in a new process too, while a host has yet to answer."""
    one = spec(pace={"atOnce": 1})
    states = {name: state for name, state in CANARY_DONE.items() if name != "c"}
    history = RolloutHistory(requested={"c": "local-c"})
    done = rolled(WAVES, states, one, history=history)
    assert reason_of(done, "d") == "PaceReached"
    assert done.states["emea"].pace_left == 0
    assert not reason_of(rolled(WAVES, states, one), "d")
    claim = make_claim(intent="c", cluster="local-c")
    counted_once = RolloutHistory((claim,), requested={"c": "local-c"})
    two = spec(pace={"atOnce": 2})
    assert not reason_of(rolled(WAVES, states, two, history=counted_once), "d")


def test_a_request_of_a_later_wave_on_record_takes_no_place() -> None:
    """It could not go on either, and who is in the first wave would wait for it for ever."""
    states = {name: state for name, state in ALL_READY.items() if name != "c"}
    history = RolloutHistory(requested={"c": "local-c"})
    done = rolled(WAVES, states, spec(pace={"atOnce": 1}), history=history)
    assert not reason_of(done, "a")


LOST_CLAIM = make_claim("accept", cluster="other", intent="gone", palette="gone.example")
LOST_EVIDENCE = replace(
    evidence_of_cluster("other", is_complete=False), intent="gone", palette="gone.example"
)


@pytest.mark.parametrize(("lost", "pace"), [
    (LostPlaces((LOST_CLAIM,)), Pace.LATER), (LostPlaces((), (LOST_EVIDENCE,)), Pace.SOON),
])  # fmt: skip
def test_places_of_the_pace_that_do_not_get_free_by_themselves_are_told(
    lost: LostPlaces, pace: Pace
) -> None:
    """As those under the caps: of a Palette that no document names any more. No run waits there."""
    taken = RolloutHistory(lost.claims, lost.evidence, lost=lost)
    verdict = (
        rolled(WAVES, ALL_READY, spec(pace={"atOnce": 1}), history=taken).decisions["a"].verdict
    )
    assert (verdict.reason, verdict.pace) == ("PaceReached", pace)
    assert "gone.example" in verdict.human_action


@pytest.mark.parametrize("intent", ["gone", "in-another"])
def test_only_places_of_its_own_are_told(intent: str) -> None:
    """What is of another rollout takes none here, and naming its Palette again would free none."""
    claim = replace(LOST_CLAIM, intent=intent)
    busy = make_claim("accept", cluster="busy", intent="gone")
    history = RolloutHistory((claim, busy), lost=LostPlaces((claim,)))
    labels = {name: {"fleet": "emea", "wave": one} for name, one in WAVES.items()}
    labels["in-another"] = {"fleet": "apac"}
    two = {
        "emea": spec(pace={"atOnce": 1}),
        "apac": spec(select={"matchLabels": {"fleet": "apac"}}),
    }
    states = {**ALL_READY, "in-another": "paired"}
    done = rolled({**WAVES, "in-another": "rest"}, states, two["emea"], history=history,
                  labels=labels, rollouts=two)  # fmt: skip
    assert reason_of(done, "a") == "PaceReached"
    told = done.decisions["a"].verdict.human_action
    assert ("gone.example" in told) is (intent == "gone")


def test_evidence_of_what_is_paired_takes_no_place_at_once() -> None:
    """Where its Palette is named no more, that is not why another one waits."""
    older = replace(LOST_EVIDENCE, paired_at=NOW)
    history = RolloutHistory(
        (make_claim("accept", cluster="busy", intent="gone"),),
        (older,),
        lost=LostPlaces((), (older,)),
    )
    for pace, is_told in (({"atOnce": 1}, False), ({"perHour": 2}, True)):
        done = rolled(WAVES, ALL_READY, spec(pace=pace), history=history)
        assert reason_of(done, "a") == "PaceReached"
        assert ("gone.example" in done.decisions["a"].verdict.human_action) is is_told
