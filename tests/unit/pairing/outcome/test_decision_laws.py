"""Laws of `decide` that hold for every observation, however odd."""

from dataclasses import replace

import pytest
from hypothesis import given

from examples import examples
from pairctl.layers import match
from pairctl.pairing import (
    TABLES,
    Accept,
    Case,
    ConditionType,
    Connection,
    EdgeHost,
    LocalRequestStatus,
    ManagementMode,
    Pace,
    PaletteRequest,
    Phase,
    Recorded,
    Reject,
    RequestSnapshot,
    RequestState,
    SendRequest,
    Status,
    Truth,
    Withdraw,
    canonical_endpoint,
    decide,
    is_same_uid,
    is_spent,
    open_question,
    status_of,
)
from pairctl.pairing.rules.ownership import is_unnamed_in_palette
from pairctl.spec import Acceptance, Desired, OnDifference
from pairing_factory import HOST, NOW, make_entry
from pairing_worlds import GOOD_TOKEN, World, worlds

LAWS = examples(250)


def _clusters(entries: list[PaletteRequest]) -> set[str]:
    return {entry.local_uid.casefold() for entry in entries} - {""}


def _listed_for(world: World, local_uid: str) -> list[PaletteRequest]:
    listed = world.observed.palette.requests or ()
    return [entry for entry in listed if entry.local_uid == local_uid]


# ── Totality ─────────────────────────────────────────────────────────────────────────────────────


@LAWS
@given(worlds())
def test_every_observation_leads_to_a_decision(world: World) -> None:
    """Never an exception; always a reason, a message, and all conditions in their order."""
    decision = world.decided()
    verdict = decision.verdict
    assert verdict.reason.isidentifier()
    assert verdict.message
    assert [condition.type for condition in decision.conditions] == list(ConditionType)
    assert status_of(decision, None, commit="c", now=NOW).phase is decision.phase
    open_question(decision.case)


@LAWS
@given(worlds())
def test_who_is_not_done_says_what_is_waited_for(world: World) -> None:
    """Blocked and Failed name what they wait for; who acts or waits is looked at again."""
    decision = world.decided()
    if decision.phase in (Phase.BLOCKED, Phase.FAILED, Phase.REQUESTED, Phase.ACCEPTED):
        assert decision.verdict.waiting_for
    if decision.action:
        assert decision.is_under_way


@LAWS
@given(worlds())
def test_ready_is_true_only_where_what_is_desired_holds(world: World) -> None:
    """Ready means settled, in the very state that the intent wants, and not suspended."""
    decision = world.decided()
    spec = decision.case.intent.spec
    done = decision.verdict.pace is Pace.SETTLED and not spec.suspend
    ready = decision.conditions[-1].status is Truth.TRUE
    assert ready == done
    if ready:
        assert decision.phase == spec.desired.value
        assert decision.action is None


@LAWS
@given(worlds())
def test_paired_is_said_only_after_seeing_it(world: World) -> None:
    """The host central and the cluster in Palette, both in this very look."""
    decision = world.decided()
    if decision.phase is Phase.PAIRED:
        host, view = decision.case.observed.host, decision.case.observed.palette
        assert isinstance(host, EdgeHost)
        assert host.management_mode is ManagementMode.CENTRAL
        assert view.problem is None
        assert view.clusters


# ── Safety ───────────────────────────────────────────────────────────────────────────────────────


@LAWS
@given(worlds())
def test_no_request_is_sent_while_one_is_live(world: World) -> None:
    """Not for a central host, nor while host or Palette show one that may come to something."""
    decision = world.decided()
    if not isinstance(decision.action, SendRequest):
        return
    host = decision.case.host
    assert host is not None
    assert host.management_mode is ManagementMode.LOCAL
    over = {LocalRequestStatus.REJECTED, LocalRequestStatus.FAILED}
    assert host.request is None or host.request.status in over
    own = _listed_for(world, decision.action.local_uid)
    assert {e.state for e in own} <= {RequestState.REJECTED, RequestState.FAILED}


@LAWS
@given(worlds())
def test_no_request_is_sent_without_proof(world: World) -> None:
    """A healthy cluster, an exact match, a usable token, and hosts that reach Palette."""
    decision = world.decided()
    case = decision.case
    if not isinstance(decision.action, SendRequest):
        return
    assert case.cluster is not None
    assert case.cluster.state == "Running"
    assert case.cluster.is_healthy
    assert all(node.is_healthy for node in case.cluster.nodes)
    assert match(case.cluster.stack, case.selection).is_exact
    assert isinstance(case.observed.connection, Connection)
    assert case.observed.connection.is_verified
    assert case.observed.token in (None, GOOD_TOKEN)


@LAWS
@given(worlds())
def test_only_the_hosts_own_pending_request_is_accepted(world: World) -> None:
    """The id that this host reports, listed as pending, towards this Palette; never by a name."""
    decision = world.decided()
    case, action = decision.case, decision.action
    if not isinstance(action, Accept):
        return
    assert case.host is not None
    assert case.host.management_mode is ManagementMode.LOCAL
    assert case.request is not None
    assert case.request.status is LocalRequestStatus.PAIRING
    assert canonical_endpoint(case.request.palette_endpoint) == canonical_endpoint(
        case.intent.palette.endpoint
    )
    assert action.pairing_uid == case.request.pairing_uid
    listed = case.observed.palette.requests or ()
    states = {e.state for e in listed if e.pairing_uid == action.pairing_uid}
    assert states == {RequestState.PENDING}


@LAWS
@given(worlds())
def test_all_sources_name_the_cluster_whose_request_is_accepted(world: World) -> None:
    """Host, list, request and intent; by name too. Palette names it, or an approval the request."""
    decision = world.decided()
    case, action = decision.case, decision.action
    if not isinstance(action, Accept):
        return
    assert case.cluster is not None
    assert isinstance(case.observed.snapshot, RequestSnapshot)
    assert case.listed is not None
    held, here = case.observed.snapshot, case.cluster.uid.casefold()
    named = [case.listed.local_uid, held.local_uid, world.intent.spec.cluster.uid or ""]
    assert {uid.casefold() for uid in named} <= {"", here}
    assert {case.listed.name, held.name} <= {"", case.cluster.name}
    assert not held.host_uids or case.host.uid in held.host_uids  # type: ignore[union-attr]
    if not case.listed.local_uid and not (held.local_uid and held.host_uids):
        assert world.intent.approval is not None
        assert world.intent.approval.pairing_uid == action.pairing_uid
    pinned = world.recorded.pinned
    if pinned and (pinned.endpoint, pinned.attempt) == (HOST, 1):
        assert pinned.local_uid.casefold() == here


@LAWS
@given(worlds())
def test_nothing_is_accepted_without_acknowledgement_and_proof(world: World) -> None:
    """Acknowledged by the cluster's name; exact on the layers now, and on those in the request."""
    decision = world.decided()
    case, action = decision.case, decision.action
    if not isinstance(action, Accept):
        return
    assert case.cluster is not None
    assert case.intent.spec.acknowledge is not None
    assert case.intent.spec.acknowledge.central_management_only == case.cluster.name
    assert match(case.cluster.stack, action.profiles).is_exact
    assert isinstance(case.observed.snapshot, RequestSnapshot)
    assert case.observed.snapshot.stack == case.cluster.stack
    assert case.observed.objections == ()
    latest = {listing.latest for listing in case.observed.palette.profiles}
    assert set(action.profiles) <= latest
    assert case.intent.palette.acceptance is not Acceptance.CONSOLE


@LAWS
@given(worlds())
def test_no_values_change_unless_the_match_lets_them(world: World) -> None:
    """Neither asked for nor accepted, where values would change that nobody reviewed."""
    decision = world.decided()
    case = decision.case
    if not isinstance(decision.action, Accept | SendRequest):
        return
    assert case.observed.brought is not None
    assert case.intent.match is not None
    found = case.configuration
    match case.intent.match.configuration:
        case OnDifference.SAME:
            assert found is None
        case OnDifference.REVIEWED:
            assert found is None or found.digest in case.intent.match.reviewed


@LAWS
@given(worlds(require_approval=True))
def test_nothing_is_accepted_but_what_was_approved(world: World) -> None:
    """Where the Palette asks for it: the committed approval names this very basis."""
    decision = world.decided()
    if isinstance(decision.action, Accept):
        assert world.intent.approval is not None
        assert world.intent.approval.digest == decision.basis.digest


@LAWS
@given(worlds())
def test_what_is_accepted_was_told_to_lead_one_way(world: World) -> None:
    """A plan that shows no way to an acceptance is followed by none without another commit."""
    decision = world.decided()
    if isinstance(decision.action, Accept):
        assert decision.leads_one_way
    if decision.leads_one_way:
        assert decision.case.intent.spec.acknowledge is not None


@LAWS
@given(worlds())
def test_a_digest_is_told_only_where_an_approval_is_asked_for(world: World) -> None:
    """Other statuses have none, so that nothing in them moves with it."""
    status = status_of(world.decided(), None, commit="c", now=NOW)
    if status.digest:
        case = world.decided().case
        assert world.intent.palette.require_approval or is_unnamed_in_palette(case)
        assert status.digest == world.decided().basis.digest


@LAWS
@given(worlds())
def test_one_cluster_is_accepted_once(world: World) -> None:
    """Nothing is accepted where Palette shows another request of the cluster as accepted."""
    decision = world.decided()
    if isinstance(decision.action, Accept):
        own = _listed_for(world, decision.action.local_uid)
        assert {e.state for e in own} <= {
            RequestState.PENDING,
            RequestState.REJECTED,
            RequestState.FAILED,
        }


@LAWS
@given(worlds())
def test_nothing_is_done_under_an_open_claim(world: World) -> None:
    """Whoever holds it, unless what was claimed is seen to have happened."""
    decision = world.decided()
    case, action = decision.case, decision.action
    for claim in case.recorded.claims:
        if action is None or claim.id in case.recorded.over or is_spent(claim, case):
            continue
        assert claim.intent != case.intent.name
        assert claim.cluster.casefold() not in {case.subject.casefold(), action.local_uid}
        assert not claim.pairing_uid or claim.pairing_uid != action.pairing_uid


@LAWS
@given(worlds())
def test_nothing_is_done_under_a_claim_that_cannot_be_read(world: World) -> None:
    """A file that names the cluster, or the request, in whatever way, frees nobody."""
    decision = world.decided()
    action = decision.action
    for unreadable in decision.case.recorded.unreadable:
        held = f"{unreadable.path} {unreadable.text}"
        if action:
            assert action.local_uid.casefold() not in held
            assert not action.pairing_uid or action.pairing_uid not in held


@LAWS
@given(worlds(suspend=True))
def test_nothing_is_done_for_a_suspended_intent(world: World) -> None:
    """Nothing is sent, nothing is taken back, nothing is asked."""
    decision = world.decided()
    assert (decision.phase, decision.action) == (Phase.WAITING, None)
    assert open_question(decision.case) is None


@LAWS
@given(worlds())
def test_nothing_is_done_in_the_dark(world: World) -> None:
    """No action without both sides seen, but two: Palette hears for a dark host, or needs none."""
    decision = world.decided()
    action, case = decision.action, decision.case
    if action is None:
        return
    if case.observed.palette.problem:
        assert isinstance(action, Withdraw)
    if case.host is None:
        assert isinstance(action, Reject)
        desired = case.intent.spec.desired
        assert desired is Desired.REJECTED or case.host_problem is not None


@LAWS
@given(worlds())
def test_nothing_is_taken_back_without_being_asked(world: World) -> None:
    """For `Paired` nothing is rejected, and only a request to another Palette is withdrawn."""
    decision = world.decided()
    action, spec = decision.action, decision.case.intent.spec
    if spec.desired is Desired.PAIRED:
        assert not isinstance(action, Reject)
        if isinstance(action, Withdraw):
            assert spec.replace_request
            assert not decision.case.request_is_ours
    else:
        assert not isinstance(action, SendRequest | Accept)


@LAWS
@given(worlds())
def test_what_is_rejected_is_pending_and_the_clusters_own(world: World) -> None:
    """A rejection aims at a request that Palette lists as pending, and at no stranger's."""
    decision = world.decided()
    action, case = decision.action, decision.case
    if not isinstance(action, Reject):
        return
    entries = [
        e for e in case.observed.palette.requests or () if e.pairing_uid == action.pairing_uid
    ]
    assert {e.state for e in entries} == {RequestState.PENDING}
    if case.intent.spec.desired is Desired.REJECTED:
        reference = case.intent.spec.request
        assert reference is not None
        assert action.pairing_uid == reference.pairing_uid
    else:
        named = {case.request_uid, case.named_uid}
        assert {e.local_uid.casefold() for e in entries} <= {case.cluster_uid.casefold(), ""} or (
            case.host is None and action.pairing_uid == case.named_uid
        )
        assert action.pairing_uid in named or case.cluster_uid.casefold() in _clusters(entries)


@LAWS
@given(
    worlds(
        status=LocalRequestStatus.UNKNOWN,
        entry=make_entry(RequestState.UNKNOWN, word="InReview"),
        other_entry=None,
    )
)
def test_unknown_words_lead_to_no_action(world: World) -> None:
    """Whatever else is seen: where every state is a word that is not known, nothing is sent."""
    assert world.decided().action is None


@examples(600)
@given(worlds())
def test_a_record_starts_nothing(world: World) -> None:
    """What is done with a record, whatever it says, is done with an empty one: it holds back only.

    One thing is meant to be known by the record: which request pairctl has sent itself. Of such a
    one an operator who adopts no other, or only older ones, gets what all others get: nothing else
    follows from the record, and nothing at all where it names another request.
    """
    action, intent = world.decided().action, world.intent
    sent = world.recorded.sent
    if sent and is_same_uid(sent.pairing_uid, Case(intent, world.observed, now=NOW).request_uid):
        intent = replace(intent, adopts_requests=True, adopts_after_s=0.0)
    if action:
        assert decide(intent, world.observed, now=NOW).action == action


@LAWS
@given(worlds())
def test_a_second_look_at_the_same_world_writes_the_same(world: World) -> None:
    """Told again on top of itself, a status does not change by a byte."""
    first = status_of(world.decided(), None, commit="c1", now=NOW)
    again = decide(world.intent, world.observed, _with_claims(first, world), now=NOW)
    second = status_of(again, first, commit="c2", now=NOW)
    third_look = decide(world.intent, world.observed, _with_claims(second, world), now=NOW)
    assert status_of(third_look, second, commit="c3", now=NOW) == second


def _with_claims(status: Status, world: World) -> Recorded:
    """Give what a status says, and the claims of a world."""
    on_branch = world.recorded
    return replace(
        status.recorded,
        claims=on_branch.claims,
        over=on_branch.over,
        unreadable=on_branch.unreadable,
    )


# ── The tables ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("desired", Desired)
def test_every_row_is_told_in_words(desired: Desired) -> None:
    """What is observed and what follows, once each: the table in the documentation is this one."""
    told = [rule.observed for rule in TABLES[desired]]
    assert len(set(told)) == len(told)
    assert all(rule.decision for rule in TABLES[desired])


@LAWS
@given(worlds())
def test_the_last_row_always_applies(world: World) -> None:
    """Where no other row decides the last one does."""
    case = world.decided().case
    assert TABLES[case.intent.spec.desired][-1].judge(case) is not None
