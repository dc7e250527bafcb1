"""The decision table for `desired: Paired`, a function a row."""

from dataclasses import replace
from datetime import timedelta

from pairctl.pairing.case import ACCEPTED_STATES, Case
from pairctl.pairing.facts.observation import LocalRequestStatus
from pairctl.pairing.facts.palette import RequestState
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.predicates import (
    REFUSED_BY_HOST,
    is_accepted,
    is_central,
    is_elsewhere,
    is_gone_after_acceptance,
    is_over_at_host,
    other_requests,
)
from pairctl.pairing.rules.acceptance import (
    accepted_in_console,
    blocked_unless_acceptable,
    not_arrived,
    pending,
)
from pairctl.pairing.rules.approval import blocked_unless_approved
from pairctl.pairing.rules.ownership import foreign_request
from pairctl.pairing.rules.sending import (
    nothing_sent,
    pending_elsewhere,
    refused,
    refused_unknown_to_host,
)
from pairctl.pairing.rules.shared_rules import (
    ANOTHER_CLUSTER,
    HOST_UNSEEN,
    LISTED_FOR_ANOTHER,
    NOT_MEANT,
    OTHER_REQUEST,
    OTHER_THAN_NAMED,
    PALETTE_UNSEEN,
    SUSPENDED,
    state_unknown,
)
from pairctl.pairing.verdict import Pace, Rule, Verdict, blocked, settled, under_way
from pairctl.problem import Problem

CHANGE_OVER = timedelta(hours=1)
"""How long a cluster may take to change over before a person is told."""

_MAYBE_ACCEPTED = ACCEPTED_STATES | {RequestState.UNKNOWN}


def paired(case: Case) -> Verdict | None:
    """Be done: the host says central, and Palette has the cluster (seed, "Validate")."""
    if not is_central(case) or case.registered is None:
        return None
    done = settled(Phase.PAIRED, "Paired", f"managed centrally as {case.registered.name}")
    others = [e.pairing_uid for e in other_requests(case) if e.state is RequestState.PENDING]
    if not others:
        return done
    return replace(
        done, human_action=f"reject request {', '.join(others)} in Palette: this cluster is paired"
    )


def central_but_not_registered(case: Case) -> Verdict | None:
    """Wait for a cluster of ours that changes over; block for one that was never ours to pair."""
    if not is_central(case):
        return None
    if is_accepted(case) and not is_elsewhere(case):
        return _changing_over(case)
    return blocked(
        Problem(
            "ManagedElsewhere",
            f"the host is managed centrally, and Palette {case.intent.palette_name} "
            "has no such cluster in the project",
            "check `endpoint` and `project` of the Palette; what is paired cannot be paired again",
        ),
        "the cluster to show in this Palette",
    )


def duplicate_suspected(case: Case) -> Verdict | None:
    """Accept nothing for a cluster of which another request was, or may have been, accepted."""
    others = [e for e in other_requests(case) if e.state in _MAYBE_ACCEPTED]
    if is_over_at_host(case) or not others:
        return None
    return blocked(
        Problem(
            "DuplicateSuspected",
            f"the host reports pairing request {case.request_uid}, and Palette shows request "
            f"{others[0].called} of this cluster as {others[0].word or others[0].state}",
            "look at both requests in Palette, and reject the one that is not to be",
        ),
        "one pairing request for this cluster",
    )


def accepted(case: Case) -> Verdict | None:
    """Wait where the request was accepted and the host has not changed over yet."""
    was_accepted = is_accepted(case) or is_gone_after_acceptance(case)
    return _changing_over(case) if was_accepted else None


def _changing_over(case: Case) -> Verdict:
    return _change_over_failed(case) or _gone(case) or _waiting_for_change_over(case)


def _change_over_failed(case: Case) -> Verdict | None:
    """Say at once that the host gave up what Palette has accepted."""
    request = case.request
    if request is None or request.status not in REFUSED_BY_HOST or not case.request_is_ours:
        return None
    words = request.message or "no reason was given"
    problem = Problem(
        "ChangeOverFailed",
        f"Palette shows a request of this cluster as accepted, and the host says that request "
        f"{request.pairing_uid} is {request.status}: {words}",
        "look at the cluster in Palette and at Local UI, and repair or delete it there; pairctl "
        "sends nothing again while Palette shows it as accepted",
    )
    return replace(blocked(problem, "the host to change over"), phase=Phase.ACCEPTED)


def _gone(case: Case) -> Verdict | None:
    """Say at once that Palette shows neither the request that was accepted nor its cluster."""
    if not is_gone_after_acceptance(case):
        return None
    uid = case.request_uid
    verdict = under_way(
        Phase.ACCEPTED,
        "AcceptedRequestGone",
        f"pairing request {uid} was accepted; Palette lists neither it nor the cluster any more, "
        "and the host still has it",
        "the host to change over",
    )
    since_at = case.recorded.accepted_at
    is_recent = since_at is None or case.now - since_at < CHANGE_OVER
    return replace(
        verdict,
        pace=Pace.SOON if is_recent else Pace.LATER,
        human_action="look for the cluster in Palette, in all projects; if it was deleted there, "
        "cancel the request in Local UI, and pairctl goes on by itself",
    )


def _waiting_for_change_over(case: Case) -> Verdict:
    since_at = case.recorded.accepted_at
    waiting = under_way(
        Phase.ACCEPTED,
        "ChangingOver",
        "accepted; the host changes over to central management",
        "the host to change over",
    )
    if since_at is None or case.now - since_at < CHANGE_OVER:
        return waiting
    return replace(
        waiting,
        reason="ChangingOverSlowly",
        pace=Pace.LATER,
        human_action="look at the cluster in Palette and at Local UI; nothing is to be sent again",
    )


def request_state_unknown(case: Case) -> Verdict | None:
    """Do nothing about a state whose word is not known."""
    uid, listed = case.request_uid, case.listed
    if case.request is not None and case.request.status is LocalRequestStatus.UNKNOWN:
        words = f"the host gives pairing request {uid} a state"
        return blocked(state_unknown(words, "Local UI"))
    if listed is None or listed.state is not RequestState.UNKNOWN:
        return None
    return blocked(state_unknown(f"pairing request {uid} is `{listed.word}` in Palette", "Palette"))


RULES = (
    SUSPENDED,
    PALETTE_UNSEEN,
    HOST_UNSEEN,
    ANOTHER_CLUSTER,
    OTHER_THAN_NAMED,
    LISTED_FOR_ANOTHER,
    Rule(
        "central management, and the cluster is registered in Palette",
        "`Paired`; nothing to do",
        paired,
    ),
    NOT_MEANT,
    Rule(
        "central management, not registered in this Palette",
        "`Accepted` where our request was accepted, else `Blocked`",
        central_but_not_registered,
    ),
    Rule(
        "pending towards another Palette",
        "`Blocked` (with `replaceRequest: true`: withdraw, then send)",
        pending_elsewhere,
    ),
    Rule(
        "our request is there, and Palette shows another of this cluster as accepted",
        "`Blocked`: a duplicate is suspected, and shown",
        duplicate_suspected,
    ),
    Rule(
        "accepted, not yet paired",
        "`Accepted`; look again; where the host gave it up, or Palette lists it no more, with what "
        "a person does",
        accepted,
    ),
    Rule("a state whose word is not known", "`Blocked`; nothing is sent", request_state_unknown),
    Rule(
        "`Rejected` or `Failed` by the other side",
        "`Failed`; tried again when the intent allows one more `attempt`",
        refused,
    ),
    Rule(
        "refused in Palette, another attempt is allowed, and the host still shows it as pending",
        "`Blocked` until the host knows; then send",
        refused_unknown_to_host,
    ),
    Rule(
        "no request on either side; the host shows the cluster that the intent names, and manages "
        "it locally; no appliance, or one that is acknowledged; cluster Running, nodes healthy, "
        "match proven, token active, hosts reach Palette",
        "send the pairing request; `Blocked` with the reason where one of those fails",
        nothing_sent,
    ),
    Rule(
        "our request is pending; Palette has another pending request of this cluster, or the host "
        "reports another one than was sent",
        "`Blocked`: somebody else sends requests for the cluster; both are shown",
        foreign_request,
    ),
    OTHER_REQUEST,
    Rule(
        "our request is pending; the cluster is not healthy, the match does not hold now, "
        "or the acknowledgement is missing",
        "`Blocked`, with what is missing",
        blocked_unless_acceptable,
    ),
    Rule(
        "our request is pending; the Palette, or the operator's file, asks for an approval "
        "(`requireApproval: true`), and none is committed that names the digest of what would be "
        "accepted now",
        "`Blocked`, with the digest to approve",
        blocked_unless_approved,
    ),
    Rule(
        "our request is pending; Palette's pairing routes do not answer, or `acceptance: Console`",
        "`Requested`; the status tells a person what to click (`acceptance: Api`: `Blocked`)",
        accepted_in_console,
    ),
    Rule(
        "our request is pending; Palette does not list it yet",
        "`Requested`; look again (`Blocked` when it takes too long); never sent again",
        not_arrived,
    ),
    Rule(
        "our request is pending and Palette shows it; host, list, request and intent name one "
        "cluster; acknowledged; match proven on the layers as they are now, and on those in the "
        "request",
        "accept, with the profiles, name, description, tags, variables; `Blocked` where a source "
        "names another cluster, where the operator adopts no request and pairctl has not sent it, "
        "or with Palette's words where its own validation objects",
        pending,
    ),
)
