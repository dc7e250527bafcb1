"""The decision table for `desired: Paired`, row by row."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from layers_factory import make_profile
from pairctl.pairing import (
    Accept,
    Connection,
    Decision,
    EdgeHost,
    LocalRequestStatus,
    ManagementMode,
    Node,
    Observed,
    PaletteView,
    Phase,
    Recorded,
    RequestSnapshot,
    RequestState,
    SendRequest,
    TokenFacts,
    Withdraw,
    decide,
    status_of,
)
from pairctl.pairing.facts.observation import PackCondition, PackState
from pairctl.problem import Problem
from pairctl.spec import Acceptance, Desired
from pairing_factory import (
    ADD_ON,
    ELSEWHERE,
    INFRA_PROFILE,
    NOW,
    PALETTE,
    PROBLEM,
    STACK,
    make_central,
    make_cluster,
    make_entry,
    make_host,
    make_intent,
    make_listing,
    make_match,
    make_observed,
    make_palette,
    make_pending,
    make_request,
    make_view,
)

CENTRAL = make_host(management_mode=ManagementMode.CENTRAL)


def judged(observed: Observed, recorded: Recorded | None = None, **changes: Any) -> Decision:
    """Decide on the intent with these changes."""
    return decide(make_intent(**changes), observed, recorded, now=NOW)


def assert_blocked(decision: Decision, reason: str) -> None:
    """Hold a decision to be blocked for this reason, with all that a person needs."""
    assert (decision.phase, decision.verdict.reason) == (Phase.BLOCKED, reason)
    assert decision.action is None
    assert decision.verdict.message
    assert decision.verdict.waiting_for
    assert decision.verdict.human_action


def test_a_suspended_intent_waits() -> None:
    """`suspend: true`: nothing is sent, and Ready is False."""
    decision = judged(make_pending(), suspend=True)
    assert (decision.phase, decision.action) == (Phase.WAITING, None)
    assert decision.verdict.reason == "Suspended"
    assert decision.conditions[-1].status == "False"


def test_without_palette_nothing_is_decided() -> None:
    """Palette does not answer: Blocked with its own problem, and the name of the Palette."""
    decision = judged(make_observed(view=PaletteView(problem=PROBLEM)))
    assert_blocked(decision, "Dark")
    assert decision.verdict.waiting_for == "Palette production to answer"


@pytest.mark.parametrize("host", [PROBLEM, Problem("Refused", "401", "log in")])
def test_without_the_host_nothing_is_decided(host: Problem) -> None:
    """Local UI does not answer, or refuses us: Blocked with why."""
    assert_blocked(judged(make_observed(host)), host.reason)


def test_a_host_that_nobody_looked_at_is_no_host_without_a_request() -> None:
    """Not looked at is not absent."""
    decision = judged(replace(make_observed(), host=None))
    assert (decision.phase, decision.verdict.reason) == (Phase.BLOCKED, "HostNotSeen")


def test_central_and_registered_is_paired() -> None:
    """The host says central, and Palette has the cluster: done, and Ready."""
    decision = judged(make_central())
    assert decision.phase is Phase.PAIRED
    assert not decision.is_under_way
    assert decision.conditions[-1].status == "True"


def test_a_paired_cluster_is_found_by_its_request_under_any_name() -> None:
    """The cluster may be renamed while it is accepted: its uid stands in the request."""
    entry = make_entry(RequestState.PAIRED, cluster_uid="palette-42")
    observed = make_central(entry)
    intent = {"cluster": {"name": "renamed"}}
    assert judged(observed, **intent).phase is Phase.PAIRED
    assert judged(make_central(), **intent).phase is Phase.BLOCKED
    assert judged(make_central(), Recorded(palette_uid="palette-42"), **intent).phase == "Paired"


def test_a_request_left_beside_a_paired_cluster_is_told() -> None:
    """Another pending request of a paired cluster is a person's to reject."""
    other = make_entry(pairing_uid="u2")
    decision = judged(make_central(make_entry(RequestState.PAIRED), other))
    assert decision.phase is Phase.PAIRED
    assert "u2" in decision.verdict.human_action


def test_central_but_not_registered_is_waited_for_where_it_was_accepted() -> None:
    """Our accepted request and a central host: the cluster changes over."""
    view = make_view(make_entry(RequestState.ACCEPTED))
    decision = judged(make_observed(CENTRAL, view))
    assert decision.phase is Phase.ACCEPTED
    assert decision.is_under_way


def test_central_management_by_another_palette_is_blocked() -> None:
    """A host that was paired elsewhere, or long ago, is not ours."""
    assert_blocked(judged(make_observed(CENTRAL)), "ManagedElsewhere")
    elsewhere = make_request(LocalRequestStatus.PAIRED, palette_endpoint=ELSEWHERE)
    assert_blocked(judged(make_observed(replace(CENTRAL, request=elsewhere))), "ManagedElsewhere")


def test_a_name_does_not_make_a_cluster_of_another_palette_ours() -> None:
    """Paired towards another Palette stays so where ours has a cluster of that name."""
    observed = make_central()
    assert isinstance(observed.host, EdgeHost)
    elsewhere = make_request(LocalRequestStatus.PAIRED, palette_endpoint=ELSEWHERE)
    observed = replace(observed, host=replace(observed.host, request=elsewhere))
    assert_blocked(judged(observed), "ManagedElsewhere")


def elsewhere(status: LocalRequestStatus = LocalRequestStatus.PAIRING) -> Observed:
    """Observe a request towards another Palette."""
    return make_observed(make_host(request=make_request(status, palette_endpoint=ELSEWHERE)))


def test_a_request_to_another_palette_is_left_alone() -> None:
    """Pending elsewhere: Blocked, naming where."""
    decision = judged(elsewhere())
    assert_blocked(decision, "PendingElsewhere")
    assert ELSEWHERE in decision.verdict.message


def test_a_request_to_another_palette_is_replaced_where_the_intent_says_so() -> None:
    """`replaceRequest: true`: withdraw it, and then send ours though it shows as rejected."""
    decision = judged(elsewhere(), replaceRequest=True)
    assert decision.action == Withdraw("local-42", "u1")
    after = judged(elsewhere(LocalRequestStatus.REJECTED), replaceRequest=True)
    assert after.action == SendRequest("local-42", PALETTE, "u1")


def test_a_request_to_another_palette_is_not_withdrawn_in_vain() -> None:
    """It is replaced only where ours could be sent."""
    view = make_view(profiles=(make_listing(INFRA_PROFILE),))
    observed = replace(elsewhere(), palette=view)
    assert_blocked(judged(observed, replaceRequest=True), "ProfileNotFound")


def test_what_another_palette_accepted_is_not_replaced() -> None:
    """There is no way back, whatever the intent says."""
    decision = judged(elsewhere(LocalRequestStatus.PAIRED), replaceRequest=True)
    assert_blocked(decision, "AcceptedElsewhere")


@pytest.mark.parametrize(
    "state", [RequestState.ACCEPTED, RequestState.PAIRED, RequestState.UNKNOWN]
)
def test_a_second_request_of_a_cluster_is_not_accepted_too(state: RequestState) -> None:
    """One cluster is accepted once: a duplicate is shown with both ids, and not mended."""
    view = make_view(make_entry(), make_entry(state, pairing_uid="u2"))
    decision = judged(make_observed(make_host(request=make_request()), view))
    assert_blocked(decision, "DuplicateSuspected")
    assert "u1" in decision.verdict.message
    assert "u2" in decision.verdict.message


def test_of_several_pending_requests_of_the_cluster_none_is_accepted() -> None:
    """Somebody else sends requests for it: both are named, and a person decides."""
    view = make_view(make_entry(pairing_uid="u0"), make_entry())
    decision = judged(make_observed(make_host(request=make_request()), view))
    assert_blocked(decision, "ForeignRequest")
    assert {"u0", "u1"} <= set(re.findall(r"u\d", decision.verdict.message))


def test_a_pending_request_of_another_cluster_keeps_nobody_from_accepting_the_hosts_own() -> None:
    """Of several requests only the one that the host itself reports is accepted."""
    view = make_view(make_entry(pairing_uid="u0", local_uid="other"), make_entry())
    decision = judged(make_observed(make_host(request=make_request()), view))
    assert isinstance(decision.action, Accept)
    assert decision.action.pairing_uid == "u1"


@pytest.mark.parametrize("state", [RequestState.ACCEPTED, RequestState.PAIRED])
def test_an_accepted_request_is_waited_for(state: RequestState) -> None:
    """Accepted, not yet paired: look again."""
    view = make_view(make_entry(state))
    decision = judged(make_observed(make_host(request=make_request()), view))
    assert (decision.phase, decision.action) == (Phase.ACCEPTED, None)
    assert decision.is_under_way


def test_an_accepted_request_that_the_host_forgot_is_not_sent_again() -> None:
    """Palette shows a request of this cluster as accepted: a second one would make a second."""
    decision = judged(make_observed(view=make_view(make_entry(RequestState.ACCEPTED))))
    assert (decision.phase, decision.action) == (Phase.ACCEPTED, None)


@pytest.mark.parametrize("status", [LocalRequestStatus.FAILED, LocalRequestStatus.REJECTED])
def test_a_change_over_that_the_host_gave_up_is_told_at_once(status: LocalRequestStatus) -> None:
    """It is accepted in Palette, so nothing is sent again, under whatever attempt."""
    host = make_host(request=make_request(status, message="no disk left"))
    observed = make_observed(host, make_view(make_entry(RequestState.ACCEPTED)))
    for attempt in (1, 2):
        verdict = judged(observed, attempt=attempt).verdict
        assert (verdict.phase, verdict.reason) == (Phase.ACCEPTED, "ChangeOverFailed")
        assert (verdict.action, verdict.is_blocked) == (None, True)
        assert "no disk left" in verdict.message


RECENT = Recorded(pairing_uid="u1", accepted_at=NOW)


@pytest.mark.parametrize(("status", "recorded"), [
    (LocalRequestStatus.PAIRED, None),
    (LocalRequestStatus.PAIRED, RECENT),
    (LocalRequestStatus.PAIRING, RECENT),
])  # fmt: skip
def test_an_accepted_request_that_palette_lost_is_told_at_once(
    status: LocalRequestStatus, recorded: Recorded | None
) -> None:
    """Neither the request nor the cluster is listed: that is no request on its way."""
    observed = make_observed(make_host(request=make_request(status)))
    decision = judged(observed, recorded)
    verdict = decision.verdict
    assert (verdict.phase, verdict.reason) == (Phase.ACCEPTED, "AcceptedRequestGone")
    assert (verdict.action, verdict.is_blocked) == (None, True)
    assert "cancel the request in Local UI" in verdict.human_action
    again = status_of(decision, None, commit="c", now=NOW)
    assert judged(observed, again.recorded).verdict.reason == "AcceptedRequestGone"


@pytest.mark.parametrize(("recorded", "view"), [
    (replace(RECENT, pairing_uid="u0"), make_view()),
    (None, make_view()),
    (RECENT, make_view(requests=None)),
    (RECENT, make_view(make_entry())),
])  # fmt: skip
def test_a_request_that_was_not_seen_to_be_accepted_is_not_gone(
    recorded: Recorded | None, view: PaletteView
) -> None:
    """Another request's acceptance, or a list that was not seen, says nothing of this one."""
    observed = make_observed(make_host(request=make_request()), view)
    assert judged(observed, recorded).verdict.reason != "AcceptedRequestGone"


def test_a_slow_change_over_is_told() -> None:
    """After an hour a person is told; still nothing is sent again."""
    host = make_host(request=make_request(LocalRequestStatus.PAIRED))
    observed = make_observed(host, make_view(make_entry(RequestState.ACCEPTED)))
    recent = judged(observed, Recorded(accepted_at=NOW - timedelta(minutes=59)))
    late = judged(observed, Recorded(accepted_at=NOW - timedelta(minutes=61)))
    assert (recent.verdict.reason, late.verdict.reason) == ("ChangingOver", "ChangingOverSlowly")
    assert (recent.is_under_way, late.is_under_way) == (True, False)
    assert late.verdict.human_action


def test_an_unknown_word_leads_to_nothing() -> None:
    """A state whose word is not known, on either side: Blocked, and the word is shown."""
    host = make_host(request=make_request(LocalRequestStatus.UNKNOWN))
    assert_blocked(judged(make_observed(host, make_view(make_entry()))), "RequestStateUnknown")
    entry = make_entry(RequestState.UNKNOWN, word="InReview")
    decision = judged(make_observed(make_host(request=make_request()), make_view(entry)))
    assert_blocked(decision, "RequestStateUnknown")
    assert "`InReview`" in decision.verdict.message


def test_a_request_that_is_listed_in_two_states_leads_to_nothing() -> None:
    """An entry that moved between pages while it changed: look again, do nothing now."""
    view = make_view(make_entry(), make_entry(RequestState.REJECTED))
    decision = judged(make_observed(make_host(request=make_request()), view))
    assert_blocked(decision, "RequestStateUnknown")
    assert "`Pending and Rejected`" in decision.verdict.message
    twice = make_view(make_entry(), make_entry())
    assert judged(make_observed(make_host(request=make_request()), twice)).action


def test_a_request_that_is_listed_for_two_clusters_leads_to_nothing() -> None:
    """Whose it is nobody can tell, not even for a dark host whose request is to be rejected."""
    view = make_view(make_entry(), make_entry(local_uid="other"))
    decision = judged(make_observed(make_host(request=make_request()), view))
    assert_blocked(decision, "RequestStateUnknown")
    assert "`Pending, of 2 clusters`" in decision.verdict.message
    recorded = Recorded(pairing_uid="u1", local_uid="local-42")
    dark = judged(make_observed(PROBLEM, view), recorded, desired=Desired.LOCAL)
    assert dark.action is None


@pytest.mark.parametrize(
    ("status", "how"),
    [(LocalRequestStatus.REJECTED, "was rejected"), (LocalRequestStatus.FAILED, "failed")],
)
def test_a_refused_request_is_failed(status: LocalRequestStatus, how: str) -> None:
    """Rejected or failed by the other side: Failed, with its words, until the intent changes."""
    request = make_request(status, message="wrong shop")
    decision = judged(make_observed(make_host(request=request)))
    assert (decision.phase, decision.action) == (Phase.FAILED, None)
    assert f"u1 {how}: wrong shop" in decision.verdict.message
    assert "`attempt: 2`" in decision.verdict.human_action
    assert not decision.is_under_way


def test_a_request_refused_in_palette_is_failed_before_the_host_knows() -> None:
    """Either side's word is enough."""
    view = make_view(make_entry(RequestState.FAILED))
    decision = judged(make_observed(make_host(request=make_request()), view))
    assert decision.phase is Phase.FAILED
    assert "failed" in decision.verdict.message


def test_no_new_request_is_sent_while_the_host_believes_in_the_old() -> None:
    """Refused in Palette and tried again: the host must see first that its request is over."""
    view = make_view(make_entry(RequestState.REJECTED))
    observed = make_observed(make_host(request=make_request()), view)
    assert_blocked(judged(observed, attempt=2), "HostStillWaits")


@pytest.mark.parametrize("said", [None, "", "edge"])
def test_an_appliance_is_paired_only_where_it_is_meant(
    said: str | None,
) -> None:
    """The one that hosts Palette must stay local; the type is compared letter for letter."""
    more = {"applianceType": said} if said else {}
    acknowledge = {"centralManagementOnly": "store-0042", **more}
    for request in (None, make_request()):
        host = make_host(appliance_type="palette", request=request)
        observed = replace(make_pending(), host=host)
        if request is None:
            observed = replace(observed, palette=make_view())
        assert_blocked(judged(observed, acknowledge=acknowledge), "ApplianceNotAcknowledged")
        meant = {**acknowledge, "applianceType": "palette"}
        assert judged(observed, acknowledge=meant).action


def a_pack(status: str = "Running", **conditions: str) -> PackState:
    """Make the state of a pack; conditions are their types and statuses."""
    return PackState("p", status, tuple(PackCondition(*one) for one in conditions.items()))


@pytest.mark.parametrize("pack", [
    a_pack("Installing"), a_pack("in-progress"), a_pack("FAILED"), a_pack("pending-upgrade"),
    a_pack(Ready="False"), a_pack("", Deployed="false"), a_pack(Degraded="True"),
])  # fmt: skip
def test_a_pack_that_is_not_ready_holds_its_cluster_back(pack: PackState) -> None:
    """By a word that is known to be bad, or a condition that does not hold."""
    host = make_host(cluster=make_cluster(packs=(a_pack(), pack)))
    assert_blocked(judged(make_observed(host)), "PackNotReady")
    pending = replace(make_pending(), host=replace(host, request=make_request()))
    assert_blocked(judged(pending), "PackNotReady")


@pytest.mark.parametrize("pack", [
    a_pack(""), a_pack("Splendid"), a_pack(Ready="True"), a_pack(Ready="Unknown"),
    a_pack(Degraded="False"), a_pack(Progressing="True"), a_pack(Ready=""),
])  # fmt: skip
def test_a_word_about_a_pack_that_is_not_known_stops_nothing(pack: PackState) -> None:
    """The words are not published: only what is known to be bad counts."""
    host = make_host(cluster=make_cluster(packs=(pack,)))
    assert isinstance(judged(make_observed(host)).action, SendRequest)


@pytest.mark.parametrize("mode", ["airgap", "connected", "Connected", "", "something new"])
def test_a_host_is_judged_by_how_it_is_managed(mode: str) -> None:
    """Newer hosts leave the installation mode out, or say `connected` beside `local`."""
    decision = judged(make_observed(make_host(installation_mode=mode)))
    assert isinstance(decision.action, SendRequest)


def test_a_request_is_sent_once_all_is_proven() -> None:
    """No request, and everything holds: send it, to the endpoint as Local UI takes it."""
    decision = judged(make_observed())
    assert decision.action == SendRequest("local-42", PALETTE)
    assert decision.phase is Phase.WAITING
    assert decision.is_under_way


NODE = Node("node-c", "Running", is_healthy=False)
SLOW = Node("node-d", "Provisioning", is_healthy=True)


@pytest.mark.parametrize(
    ("host", "reason", "word"),
    [
        (make_host(cluster=None), "NoCluster", "no cluster"),
        (make_host(cluster=make_cluster(state="Provisioning")), "ClusterNotRunning", "Provisio"),
        (make_host(cluster=make_cluster(state="")), "ClusterNotRunning", "no known state"),
        (make_host(cluster=make_cluster(nodes=(NODE,))), "NodeUnhealthy", "node-c"),
        (make_host(cluster=make_cluster(nodes=(SLOW,))), "NodeUnhealthy", "Provisioning"),
        (make_host(cluster=make_cluster(nodes=())), "NodesNotSeen", "shows: 0"),
        (make_host(cluster=make_cluster(host_count=3)), "NodesNotSeen", "made of: 3"),
        (make_host(cluster=make_cluster(host_count=1)), "NodesNotSeen", "shows: 2"),
        (make_host(cluster=make_cluster(host_count=0)), "NodesNotSeen", "shows: 2"),
        (
            make_host(cluster=make_cluster(is_healthy=False, message="disk full")),
            "ClusterUnhealthy",
            "disk full",
        ),
        (make_host(cluster=make_cluster(stack=())), "NoLayers", "no layers"),
    ],
)
def test_nothing_is_sent_for_a_cluster_that_is_not_ready(
    host: EdgeHost, reason: str, word: str
) -> None:
    """The vendor's prerequisites, one by one, each with its object."""
    decision = judged(make_observed(host))
    assert_blocked(decision, reason)
    assert word in decision.verdict.message


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"token": TokenFacts("edge-retail", is_active=False)}, "TokenInactive"),
        ({"token": TokenFacts("edge-retail", True, NOW)}, "TokenExpired"),
        ({"token": TokenFacts("edge-retail", False, NOW)}, "TokenExpired"),
        ({"token": PROBLEM}, "Dark"),
        ({"connection": PROBLEM}, "Dark"),
        ({"connection": Connection(False, "node-b: timeout")}, "HostsCannotReachPalette"),
        ({"connection": None}, "HostsCannotReachPalette"),
    ],
)
def test_nothing_is_sent_without_token_and_connection(changes: dict[str, Any], reason: str) -> None:
    """The token must be usable, and all hosts must reach Palette."""
    assert_blocked(judged(make_observed(**changes)), reason)


@pytest.mark.parametrize(
    "token",
    [
        None,
        TokenFacts("edge-retail", is_active=None),
        TokenFacts("edge-retail", True, NOW + timedelta(seconds=1)),
    ],
)
def test_a_token_that_cannot_be_looked_up_stops_nothing(token: TokenFacts | None) -> None:
    """An API key without tenant scope sees no tokens: the host's own check decides."""
    assert isinstance(judged(make_observed(token=token)).action, SendRequest)


@pytest.mark.parametrize("state", [RequestState.PENDING, RequestState.UNKNOWN])
def test_no_second_request_is_sent_while_palette_holds_one(state: RequestState) -> None:
    """The host has none, Palette still does: Blocked, naming the one that is in the way."""
    view = make_view(make_entry(state, pairing_uid="u7", word="InReview"))
    decision = judged(make_observed(view=view))
    assert_blocked(decision, "LeftInPalette")
    assert "u7" in decision.verdict.human_action
    raised = make_observed(
        make_host(request=make_request(LocalRequestStatus.REJECTED)), make_view(make_entry())
    )
    assert_blocked(judged(raised, attempt=2), "LeftInPalette")


def test_a_request_of_another_cluster_is_nothing_to_us() -> None:
    """A request in the same name from another cluster neither stops nor helps."""
    stranger = make_entry(pairing_uid="u9", local_uid="other")
    assert isinstance(judged(make_observed(view=make_view(stranger))).action, SendRequest)


def test_the_match_is_proven_before_anything_is_sent() -> None:
    """No request without a proven match: the missing layer is named, and what is waited for."""
    view = make_view(profiles=(make_listing(INFRA_PROFILE),))
    match = make_match(profiles=[{"name": INFRA_PROFILE.name}])
    decision = judged(make_observed(view=view), match=match)
    assert_blocked(decision, "LayersDiffer")
    assert decision.verdict.waiting_for == (
        "layer prometheus-grafana 44.3.1 in a latest profile version"
    )


@pytest.mark.parametrize(
    ("acknowledge", "word"),
    [(None, "there is none"), ({"centralManagementOnly": "store-0007"}, "it names store-0007")],
)
def test_nothing_is_accepted_without_the_acknowledgement(
    acknowledge: dict[str, str] | None, word: str
) -> None:
    """The acknowledgement names this very cluster: one that was copied does not count."""
    decision = judged(make_pending(), acknowledge=acknowledge)
    assert_blocked(decision, "NotAcknowledged")
    assert word in decision.verdict.message
    assert "centralManagementOnly: store-0042" in decision.verdict.human_action


@pytest.mark.parametrize(
    ("cluster", "reason"),
    [
        (make_cluster(stack=STACK[1:]), "LayersDiffer"),
        (make_cluster(nodes=(NODE,)), "NodeUnhealthy"),
        (None, "NoCluster"),
    ],
)
def test_nothing_is_accepted_of_a_cluster_that_has_changed(cluster: Any, reason: str) -> None:
    """What was proven when the request was sent is proven again on what is there now."""
    observed = make_observed(make_host(request=make_request(), cluster=cluster))
    assert_blocked(judged(observed), reason)


@pytest.mark.parametrize(
    ("acceptance", "view"),
    [
        (Acceptance.AUTO, make_view(requests=None)),
        (Acceptance.CONSOLE, make_view(requests=None)),
        (Acceptance.CONSOLE, make_view(make_entry())),
    ],
)
def test_a_person_accepts_where_the_api_cannot(acceptance: Acceptance, view: PaletteView) -> None:
    """Everything but the click: the id, and the exact profiles to choose."""
    observed = make_observed(make_host(request=make_request()), view)
    decision = judged(observed, palette=make_palette(acceptance=acceptance))
    assert (decision.phase, decision.action) == (Phase.REQUESTED, None)
    for word in ("u1", "I understand", "retail-infra 3.2.0 and retail-observability 1.4.0"):
        assert word in decision.verdict.human_action
    assert not decision.is_under_way


def test_with_acceptance_by_api_silent_routes_block() -> None:
    """`acceptance: Api` never turns into a person's click by itself."""
    observed = make_observed(make_host(request=make_request()), make_view(requests=None))
    decision = judged(observed, palette=make_palette(acceptance=Acceptance.API))
    assert_blocked(decision, "PairingRoutesUnknown")


def test_a_request_on_its_way_is_waited_for() -> None:
    """Palette does not list it yet: never sent again, and after a while a person is told."""
    observed = make_observed(make_host(request=make_request()))
    fresh = judged(observed)
    assert (fresh.phase, fresh.action, fresh.is_under_way) == (Phase.REQUESTED, None, True)
    asked = Recorded(pairing_uid="u1", requested_at=NOW - timedelta(minutes=16))
    late = judged(observed, asked)
    assert_blocked(late, "NotArrived")
    assert "registration token" in late.verdict.human_action
    assert judged(observed, replace(asked, pairing_uid="u0")).phase is Phase.REQUESTED


def test_our_pending_request_is_accepted() -> None:
    """Listed, acknowledged, proven on the layers now and in the request: accept, as it is."""
    decision = judged(make_pending())
    assert decision.action == Accept(
        "local-42", "u1", (INFRA_PROFILE, ADD_ON), "store-0042", "a shop", {"a": "b"}
    )
    assert decision.action.is_one_way


def test_the_cluster_is_accepted_under_what_the_intent_says() -> None:
    """Name, description and tags may be changed; what is given empty is empty."""
    cluster = {"name": "shop-42", "description": "", "tags": {}}
    action = judged(make_pending(), cluster=cluster).action
    assert isinstance(action, Accept)
    assert (action.name, action.description, action.tags) == ("shop-42", "", {})


def test_a_request_with_other_layers_is_not_accepted() -> None:
    """The layers that Palette holds in the request are the third voice."""
    for stack in (STACK[1:], (), (*STACK, STACK[-1])):
        assert_blocked(judged(make_pending(snapshot=RequestSnapshot(stack))), "LayersChanged")


@pytest.mark.parametrize("snapshot", [PROBLEM, None])
def test_a_request_whose_layers_were_not_seen_is_not_accepted(snapshot: Problem | None) -> None:
    """Without the third voice nothing one-way is done."""
    decision = judged(make_pending(snapshot=snapshot))
    assert (decision.phase, decision.action) == (Phase.BLOCKED, None)


@pytest.mark.parametrize(
    ("objections", "reason"),
    [(None, "NotValidated"), (PROBLEM, PROBLEM.reason), (("pack x is gone",), "PaletteObjects")],
)
def test_what_palette_objects_to_is_not_accepted(
    objections: tuple[str, ...] | Problem | None, reason: str
) -> None:
    """Palette's own validation comes before accepting, and its words are told."""
    decision = judged(make_pending(objections=objections))
    assert_blocked(decision, reason)
    if reason == "PaletteObjects":
        assert "pack x is gone" in decision.verdict.message


def test_a_token_of_another_project_is_not_sent() -> None:
    """The cluster would land in that project; by name or by uid."""
    facts = TokenFacts("t", True, default_project="p-2", default_project_name="other")
    assert_blocked(judged(make_observed(token=facts)), "TokenOtherProject")
    for project in ("p-2", "other"):
        palette = make_palette(project=project)
        assert isinstance(judged(make_observed(token=facts), palette=palette).action, SendRequest)


def test_an_address_that_answers_for_another_cluster_is_left_alone() -> None:
    """The cluster is pinned when it is first seen; another one is no business of this intent."""
    first = judged(make_observed())
    status = status_of(first, None, commit="c1", now=NOW)
    other = make_observed(make_host(cluster=make_cluster(uid="local-43")))
    second = judged(other, status.recorded)
    assert_blocked(second, "AnotherCluster")
    again = status_of(second, status, commit="c1", now=NOW)
    assert_blocked(judged(other, again.recorded), "AnotherCluster")


def test_only_another_address_or_attempt_releases_the_cluster_of_an_intent() -> None:
    """A change of a ProfileMatch that a whole fleet refers to says nothing about its clusters."""
    recorded = status_of(judged(make_observed()), None, commit="c1", now=NOW).recorded
    other = make_observed(make_host(cluster=make_cluster(uid="local-43")))
    assert_blocked(judged(other, recorded, generation="sha256:two"), "AnotherCluster")
    assert isinstance(judged(other, recorded, attempt=2).action, SendRequest)
    elsewhere = {"endpoint": "https://10.0.42.99:5080", "credentials": {"secret": "store"}}
    moved = judged(other, recorded, localUI=elsewhere)
    assert isinstance(moved.action, SendRequest)
    pinned = status_of(moved, None, commit="c2", now=NOW).recorded
    assert_blocked(judged(make_observed(), pinned, localUI=elsewhere), "AnotherCluster")


def test_the_selection_may_be_found_by_search() -> None:
    """`select: Auto`: the exact match is accepted, and the shorter one comes first."""
    full = make_profile("whole-shop", *STACK, type="cluster")
    view = make_view(make_entry())
    view = replace(view, profiles=(*view.profiles, make_listing(full)))
    observed = make_observed(make_host(request=make_request()), view)
    action = judged(observed, match=make_match(profiles=None, select="Auto")).action
    assert isinstance(action, Accept)
    assert action.profiles == (full,)
