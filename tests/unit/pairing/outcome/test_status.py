"""The status of an intent: what stays, what changes, and that nothing in it ticks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from layers_factory import make_profile
from pairctl.pairing import (
    Claim,
    ConditionType,
    Declined,
    LocalRequestStatus,
    ManagementMode,
    Observed,
    PaletteView,
    Phase,
    ProfileUse,
    Recorded,
    RequestState,
    Status,
    Truth,
    Unanswered,
    decide,
    invalid_status,
    status_of,
)
from pairctl.problem import Problem
from pairctl.spec import Desired
from pairing_factory import (
    ADD_ON,
    ELSEWHERE,
    INFRA_PROFILE,
    NOW,
    PROBLEM,
    make_central,
    make_claim,
    make_entry,
    make_host,
    make_intent,
    make_listing,
    make_observed,
    make_pending,
    make_request,
    make_view,
)

LATER = NOW + timedelta(minutes=10)
USED = (
    ProfileUse("retail-infra", "3.2.0", "uid-retail-infra"),
    ProfileUse("retail-observability", "1.4.0", "uid-retail-observability"),
)
ACCEPTED = make_observed(
    make_host(request=make_request()), make_view(make_entry(RequestState.ACCEPTED))
)


def told(
    observed: Observed,
    previous: Status | None = None,
    *,
    desired: Desired = Desired.PAIRED,
    generation: str = "one",
    commit: str = "c1",
    now: object = NOW,
) -> Status:
    """Decide on what was seen, and tell the status."""
    instant = LATER if now is LATER else NOW
    recorded = previous.recorded if previous else Recorded()
    intent = make_intent(desired, generation=generation)
    decision = decide(intent, observed, recorded, now=instant)
    return status_of(decision, previous, commit=commit, now=instant)


def truth(status: Status, kind: ConditionType) -> str:
    """Return a condition's status."""
    return next(condition.status for condition in status.conditions if condition.type is kind)


@pytest.mark.parametrize(
    "observed",
    [make_observed(), make_pending(), make_central(), make_observed(PROBLEM), ACCEPTED],
    ids=["to send", "to accept", "paired", "dark", "accepted"],
)
def test_where_nothing_changed_not_a_byte_does(observed: Observed) -> None:
    """Minutes and commits later the status is the same: no instant, no commit, no counter moves."""
    first = told(observed)
    assert told(observed, first, commit="c2", now=LATER) == first


@pytest.mark.parametrize("previous_of", [make_observed(), make_pending(), make_central(), ACCEPTED])
@pytest.mark.parametrize(
    "observed",
    [make_observed(), make_pending(), make_central(), make_observed(PROBLEM), ACCEPTED],
    ids=["to send", "to accept", "paired", "dark", "accepted"],
)
def test_what_a_decision_told_before_is_told_of_the_very_same_record_alone(
    observed: Observed, previous_of: Observed
) -> None:
    """A decision stands for many passes: whatever was told of it, it tells what a new one would."""
    stands = decide(make_intent(), observed, now=NOW)
    first, other = told(observed), told(previous_of)
    for previous in (None, first, first, other, first, replace(first), None, other, other):
        status = status_of(stands, previous, commit="c2", now=LATER)
        assert status == status_of(replace(stands), previous, commit="c2", now=LATER)
    settled = status_of(stands, first, commit="c2", now=LATER)
    assert status_of(stands, settled, commit="c3", now=LATER) == settled


def test_where_nothing_changed_a_status_is_not_made_again() -> None:
    """In a large fleet nearly all intents wait, pass after pass."""
    stands = decide(make_intent(), make_pending(), now=NOW)
    first = status_of(stands, None, commit="c1", now=NOW)
    again = status_of(stands, first, commit="c2", now=LATER)
    assert again == first
    assert status_of(stands, first, commit="c3", now=LATER) is again


def test_a_new_generation_brings_its_commit_and_keeps_the_times() -> None:
    """The times say since when a condition holds, not since when it was last looked at."""
    first = told(make_pending())
    second = told(make_pending(), first, generation="two", commit="c2", now=LATER)
    assert (second.source_commit, second.generation) == ("c2", "two")
    assert {c.observed_generation for c in second.conditions} == {"two"}
    assert {c.last_transition_time for c in second.conditions} == {NOW}


def test_a_condition_that_turns_takes_the_time() -> None:
    """Only the condition whose status changed has a new instant."""
    first = told(make_pending())
    second = told(make_central(), first, now=LATER)
    turned = {c.type for c in second.conditions if c.last_transition_time == LATER}
    of_pairing = {ConditionType.ACCEPTED, ConditionType.HEALTHY_IN_PALETTE}
    assert turned == of_pairing | {ConditionType.READY}


def test_the_conditions_stand_in_the_order_of_a_pairing() -> None:
    """Each condition once, always all of them."""
    for observed in (make_observed(PROBLEM), make_central(), make_pending()):
        assert [c.type for c in told(observed).conditions] == list(ConditionType)


def test_what_was_not_seen_is_unknown() -> None:
    """A dark host is no unhealthy host: Unknown, never False."""
    status = told(make_observed(PROBLEM, connection=None))
    unseen = [
        ConditionType.HEALTHY,
        ConditionType.CONNECTED,
        ConditionType.LAYERS_MATCHED,
        ConditionType.REQUESTED,
        ConditionType.ACCEPTED,
    ]
    assert {truth(status, kind) for kind in unseen} == {Truth.UNKNOWN}
    assert truth(status, ConditionType.REACHABLE) == "False"
    assert truth(status, ConditionType.VALID) == "True"


def test_a_paired_cluster_has_every_condition() -> None:
    """Paired: all that led there holds."""
    assert {condition.status for condition in told(make_central()).conditions} == {Truth.TRUE}


def test_the_ids_are_those_that_were_seen() -> None:
    """The host's own pairing id, the local uid, and once paired the uid in Palette."""
    pending = told(make_pending())
    assert (pending.pairing_uid, pending.local_uid, pending.palette_uid) == ("u1", "local-42", "")
    paired = told(make_central(), pending)
    assert (paired.pairing_uid, paired.palette_uid) == ("u1", "palette-42")


def test_ids_stay_on_record_in_the_dark() -> None:
    """What was known is kept while host or Palette do not answer."""
    paired = told(make_central(), told(make_pending()))
    dark = told(make_observed(PROBLEM, PaletteView(problem=PROBLEM)), paired)
    assert dark.phase is Phase.BLOCKED
    assert (dark.pairing_uid, dark.local_uid) == (paired.pairing_uid, paired.local_uid)
    assert (dark.palette_uid, dark.profiles) == (paired.palette_uid, paired.profiles)


def test_a_request_to_another_palette_is_not_ours_to_record() -> None:
    """The status names only requests to the intent's own Palette."""
    host = make_host(request=make_request(palette_endpoint=ELSEWHERE))
    assert told(make_observed(host)).pairing_uid == ""


def test_once_local_no_pairing_id_is_left() -> None:
    """Withdrawn and gone: the status of a local cluster names no request."""
    local = told(make_observed(), told(make_pending()), desired=Desired.LOCAL, generation="two")
    assert (local.phase, local.pairing_uid) == (Phase.LOCAL, "")


def test_the_rejected_request_is_named() -> None:
    """`desired: Rejected` has the id of its intent."""
    assert told(Observed(make_view()), desired=Desired.REJECTED).pairing_uid == "u1"


def test_the_selection_is_told_with_its_versions() -> None:
    """Name, version and uid of each profile of the proof."""
    assert told(make_pending()).profiles == USED


def newer(observed: Observed) -> Observed:
    """Publish a new version of the add-on, with other layers."""
    profile = make_profile(ADD_ON.name, "addon/prometheus-grafana 50.0.0", version="2.0.0")
    listings = (make_listing(INFRA_PROFILE), make_listing(profile))
    return replace(observed, palette=replace(observed.palette, profiles=listings))


def test_later_versions_do_not_change_what_was_accepted() -> None:
    """Profiles go on; a paired cluster's status, and its conditions, stay."""
    accepted = told(ACCEPTED, told(make_pending()))
    paired = told(make_central(), accepted)
    assert (accepted.profiles, paired.profiles) == (USED, USED)
    assert told(newer(make_central()), paired, now=LATER) == paired
    assert told(newer(ACCEPTED), accepted, now=LATER) == accepted


def test_a_request_found_and_accepted_in_one_pass_tells_its_profiles() -> None:
    """Where no earlier status names them, the selection that was just proven is told."""
    assert told(ACCEPTED).profiles == USED


def test_a_cluster_found_paired_tells_no_profiles() -> None:
    """What pairctl did not do it does not claim to know."""
    assert told(make_central()).profiles == ()


def test_the_record_knows_since_when() -> None:
    """The times of sending and accepting come from the conditions."""
    recorded = told(make_pending()).recorded
    assert (recorded.requested_at, recorded.accepted_at) == (NOW, None)
    later = told(ACCEPTED, told(make_pending()), now=LATER)
    assert later.accepted_at == LATER
    assert later.recorded.requested_at == NOW
    assert told(make_observed()).recorded.requested_at is None


def test_what_was_declined_is_not_sent_again_under_its_generation() -> None:
    """A definite no stands until the intent changes; then it is forgotten."""
    declined = Declined("accept", "one", "Conflict", "the name is taken")
    intent = make_intent(generation="one")
    decision = decide(intent, make_pending(), Recorded(declined=declined), now=NOW)
    assert (decision.phase, decision.action) == (Phase.BLOCKED, None)
    assert "the name is taken" in decision.verdict.message
    assert "`attempt`" in decision.verdict.human_action
    status = status_of(decision, None, commit="c1", now=NOW)
    assert status.declined == declined
    after = told(make_pending(), status, generation="two")
    assert after.declined is None
    assert after.reason == "ReadyToAccept"


@pytest.mark.parametrize(("action", "generation", "count", "is_held"), [
    ("accept", "one", 3, True), ("accept", "one", 4, True), ("accept", "one", 2, False),
    ("request", "one", 3, False), ("accept", "two", 3, False),
])  # fmt: skip
def test_an_outcome_that_stays_unknown_is_left_to_a_person(
    action: str, generation: str, count: int, is_held: bool
) -> None:
    """After three of one action in one generation; a change of the intent begins again."""
    unanswered = Unanswered(action, generation, "c", count, "no space left")
    recorded = Recorded(unanswered=unanswered)
    decision = decide(make_intent(generation="one"), make_pending(), recorded, now=NOW)
    assert (decision.action is None) is is_held
    assert (decision.verdict.reason == "OutcomeUnknownAgain") is is_held
    assert ("no space left" in decision.verdict.message) is is_held
    status = status_of(decision, None, commit="c1", now=NOW)
    is_of_now = generation == "one" and action == "accept"
    assert (status.unanswered == unanswered) is is_of_now


def test_an_effect_that_shows_ends_the_count() -> None:
    """A request that the host shows was sent; so was an acceptance that Palette shows."""
    for action, observed in (("request", make_pending()), ("accept", ACCEPTED)):
        recorded = Recorded(unanswered=Unanswered(action, "one", "c", 3, "x"))
        decision = decide(make_intent(generation="one"), observed, recorded, now=NOW)
        assert status_of(decision, None, commit="c1", now=NOW).unanswered is None


@pytest.mark.parametrize("action", ["request", "withdraw", "accept"])
def test_nothing_is_counted_any_more_of_what_is_paired(action: str) -> None:
    """A host that has changed over may show no request any more."""
    recorded = Recorded(unanswered=Unanswered(action, "one", "c", 1, ""))
    decision = decide(make_intent(generation="one"), make_central(), recorded, now=NOW)
    assert decision.phase is Phase.PAIRED
    assert status_of(decision, None, commit="c1", now=NOW).unanswered is None


@pytest.mark.parametrize("status", [LocalRequestStatus.REJECTED, LocalRequestStatus.FAILED])
def test_a_request_that_the_host_shows_as_rejected_is_withdrawn(status: LocalRequestStatus) -> None:
    """A host may go on showing what was taken back."""
    observed = make_observed(make_host(request=make_request(status)))
    recorded = Recorded(unanswered=Unanswered("withdraw", "one", "c", 1, ""))
    decision = decide(make_intent(Desired.LOCAL, generation="one"), observed, recorded, now=NOW)
    assert status_of(decision, None, commit="c1", now=NOW).unanswered is None


@pytest.mark.parametrize("state", [RequestState.PENDING, RequestState.REJECTED])
def test_a_rejection_for_a_dark_host_is_not_counted_once_its_claim_is_done(
    state: RequestState,
) -> None:
    """The intent is not done before the host answers; yet three requests are no three failures."""
    spec = {"cluster": {"uid": "local-42"}}
    recorded = Recorded(
        claims=(make_claim("reject"),), unanswered=Unanswered("reject", "one", "claim-1", 1, "")
    )
    intent = make_intent(Desired.LOCAL, generation="one", **spec)
    observed = make_observed(PROBLEM, make_view(make_entry(state)))
    decision = decide(intent, observed, recorded, now=NOW)
    assert not decision.verdict.is_done
    counted = status_of(decision, None, commit="c1", now=NOW).unanswered
    assert (counted is None) is (state is RequestState.REJECTED)


def test_the_words_of_an_unknown_outcome_are_told_while_its_claim_is_open() -> None:
    """And those of another claim are not."""
    for claim, is_same in (("claim-1", True), ("claim-0", False)):
        recorded = Recorded(
            claims=(make_claim("accept"),),
            unanswered=Unanswered("accept", "one", claim, 1, "no space left"),
        )
        verdict = decide(make_intent(generation="one"), make_pending(), recorded, now=NOW).verdict
        assert verdict.reason == "OutcomeUnknown"
        assert ("no space left" in verdict.message) is is_same
        assert bool(verdict.human_action) is is_same


def test_a_yes_without_an_effect_is_told_while_its_claim_is_open() -> None:
    """Who reads only that nothing is to be seen looks for an answer that was lost."""
    recorded = Recorded(
        claims=(make_claim("accept"),), unanswered=Unanswered("accept", "one", "claim-1", 1, "")
    )
    verdict = decide(make_intent(generation="one"), make_pending(), recorded, now=NOW).verdict
    assert verdict.reason == "OutcomeUnknown"
    assert "the answer was a yes" in verdict.message
    assert "words" not in verdict.human_action


@pytest.mark.parametrize(("claims", "over", "is_open"), [
    ((make_claim("accept"),), (), True), ((make_claim("accept"),), ("claim-1",), False),
    ((make_claim("withdraw"),), (), False), ((), (), False),
])  # fmt: skip
def test_a_refusal_whose_claim_is_open_is_not_told_as_if_nothing_could_come_of_it(
    claims: tuple[Claim, ...], over: tuple[str, ...], is_open: bool
) -> None:
    """A no that proves that nothing was applied ends its claim at once."""
    recorded = Recorded(
        claims, frozenset(over), declined=Declined("accept", "one", "Refused", "it is taken")
    )
    verdict = decide(make_intent(generation="one"), make_pending(), recorded, now=NOW).verdict
    assert verdict.reason == "Refused"
    assert ("may still take effect" in verdict.message) is is_open
    assert ("was declined" in verdict.message) is not is_open
    assert "it is taken" in verdict.message
    assert ("daemon-7 to end" in verdict.waiting_for) is is_open
    assert "raise `attempt`" in verdict.human_action


@pytest.mark.parametrize(("reason", "named"), [
    ("NoSuchRoute", "`routes.accept`"), ("NotTheApi", "endpoint"), ("Refused", "other side"),
])  # fmt: skip
def test_what_mends_a_declined_acceptance_is_named(reason: str, named: str) -> None:
    """Where no path answered, there is nothing to settle with anybody."""
    declined = Declined("accept", "one", reason, "no")
    decision = decide(
        make_intent(generation="one"), make_pending(), Recorded(declined=declined), now=NOW
    )
    hint = decision.verdict.human_action
    assert named in hint
    assert ("other side" in hint) is (reason == "Refused")


def test_what_was_declined_stops_no_other_action() -> None:
    """A declined withdrawal is no reason not to accept."""
    declined = Declined("withdraw", "one", "NotFound", "gone")
    intent = make_intent(generation="one")
    assert decide(intent, make_pending(), Recorded(declined=declined), now=NOW).action


def test_an_invalid_intent_keeps_what_was_known() -> None:
    """A typing error forgets neither ids nor profiles nor refusals; corrected, all goes on."""
    rejected = make_observed(make_host(request=make_request(LocalRequestStatus.REJECTED)))
    before = told(rejected, told(make_pending()))
    before = replace(before, declined=Declined("accept", "one", "Conflict", "taken"))
    problem = Problem("UnknownField", "`desird` is not a field", "write `desired`")
    invalid = invalid_status("store-0042", problem, before, commit="c2", now=LATER)
    assert (invalid.phase, invalid.human_action) == (Phase.BLOCKED, "write `desired`")
    assert truth(invalid, ConditionType.VALID) == "False"
    assert truth(invalid, ConditionType.HEALTHY) == "Unknown"
    assert truth(invalid, ConditionType.READY) == "False"
    assert (invalid.profiles, invalid.refused, invalid.declined) == (
        before.profiles,
        before.refused,
        before.declined,
    )
    assert told(rejected, invalid).phase is Phase.FAILED
    assert invalid_status("store-0042", problem, invalid, commit="c3", now=NOW) == invalid


def test_an_intent_that_was_never_valid_has_a_status_too() -> None:
    """It waits for a valid intent, and says what is wrong."""
    status = invalid_status("x", Problem("Bad", "bad"), None, commit="c1", now=NOW)
    assert (status.waiting_for, status.message, status.source_commit) == (
        "a valid intent",
        "bad",
        "c1",
    )


def test_central_management_alone_is_not_ready() -> None:
    """Ready needs both: the host central, and the cluster in Palette."""
    central = make_host(management_mode=ManagementMode.CENTRAL)
    assert truth(told(make_observed(central)), ConditionType.READY) == "False"
