"""The decision table for `desired: Local`: take a pending request back, leave no trace of it."""

from dataclasses import replace

from pairctl.pairing.action import Reject, Withdraw
from pairctl.pairing.case import Case
from pairctl.pairing.observation import LocalRequestStatus, PaletteRequest, RequestState
from pairctl.pairing.shared_rules import (
    ANOTHER_CLUSTER,
    HOST_UNSEEN,
    SUSPENDED,
    request_elsewhere,
    routes_unknown,
    state_unknown,
)
from pairctl.pairing.standing import (
    REFUSED_IN_PALETTE,
    is_accepted,
    is_central,
    is_elsewhere,
    left_in_palette,
)
from pairctl.pairing.verdict import Phase, Rule, Verdict, act, blocked, settled
from pairctl.problem import Problem


def too_late(case: Case) -> Verdict | None:
    """Say that an accepted pairing has no way back (seed, step 5)."""
    if not is_central(case) and not is_accepted(case):
        return None
    return blocked(
        Problem(
            "TooLate",
            "the pairing was accepted, and a cluster that is managed centrally stays so",
            "write `desired: Paired`, or delete the intent to stop looking after the cluster",
        ),
        "a change of the intent",
    )


def host_dark(case: Case) -> Verdict | None:
    """Reject in Palette what a host that does not answer has pending there.

    The host's own request is known from the record only, so Palette must show it for the recorded
    cluster too: a record alone starts nothing.
    """
    left = case.listed_as(case.recorded.pairing_uid)
    if case.host_problem is None or left is None or left.state is not RequestState.PENDING:
        return None
    if not left.local_uid or left.local_uid != case.recorded.local_uid:
        return None
    return act(Phase.BLOCKED, Reject(left.local_uid, left.pairing_uid), "RejectingForDarkHost")


def dark_host_believes(case: Case) -> Verdict | None:
    """Say that a host that does not answer still believes in a request that Palette refused."""
    left = case.listed_as(case.recorded.pairing_uid)
    if case.host_problem is None or left is None or left.state not in REFUSED_IN_PALETTE:
        return None
    words = (
        f"pairing request {left.pairing_uid} was rejected in Palette; the host does not know it "
        f"yet, and still believes in the request: {case.host_problem.message}"
    )
    return blocked(replace(case.host_problem, message=words), "Local UI on the edge host to answer")


def pending_elsewhere(case: Case) -> Verdict | None:
    """Leave a request to another Palette alone, unless the intent says to replace it."""
    if not is_elsewhere(case) or case.intent.spec.replace_request:
        return None
    return blocked(request_elsewhere(case), "the request to the other Palette to go away")


def pending(case: Case) -> Verdict | None:
    """Withdraw through Local UI (seed, "Withdraw Pairing Request From Local Cluster")."""
    if case.request is None or case.request.status is not LocalRequestStatus.PAIRING:
        return None
    action = Withdraw(case.subject, case.request_uid)
    return act(Phase.REQUESTED, action, "ReadyToWithdraw")


def status_unknown(case: Case) -> Verdict | None:
    """Do nothing about a status whose word is not known."""
    if case.request is None or case.request.status is not LocalRequestStatus.UNKNOWN:
        return None
    words = f"the host gives pairing request {case.request_uid} a state"
    return blocked(state_unknown(words, "Local UI"))


def palette_unseen(case: Case) -> Verdict | None:
    """Call nothing settled while Palette cannot be asked whether the request is gone."""
    problem = case.observed.palette.problem
    return blocked(problem, "Palette to show that no request is left there") if problem else None


def left_behind(case: Case) -> Verdict | None:
    """Reject in Palette what stayed there because the host could not tell it (seed, step 5)."""
    left = left_in_palette(case)
    if left is None:
        return None
    if left.state is RequestState.UNKNOWN:
        words = f"pairing request {left.pairing_uid} is `{left.word}` in Palette"
        return blocked(state_unknown(words, "Palette"))
    if left.local_uid not in ("", case.local_uid):
        return blocked(_of_another_cluster(left))
    action = Reject(case.subject, left.pairing_uid)
    return act(Phase.REQUESTED, action, "ReadyToReject")


def _of_another_cluster(entry: PaletteRequest) -> Problem:
    return Problem(
        "RequestOfAnotherCluster",
        f"the host reports pairing request {entry.pairing_uid} as its own, "
        f"and Palette lists it for another cluster, {entry.name}",
        "look at the request in Palette, and reject it there if it is not to be",
    )


def local(case: Case) -> Verdict:
    """Be done: the cluster is managed locally, and no request is pending."""
    unseen = routes_unknown(case)
    if unseen is None:
        return settled(Phase.LOCAL, "Local", "managed locally; no pairing request is pending")
    words = f"managed locally; the host has no pairing request, and {unseen.message}"
    return replace(
        settled(Phase.LOCAL, "Local", words),
        human_action="look in Palette, Clusters, that no pairing request of this cluster is left",
    )


RULES = (
    SUSPENDED,
    Rule(
        "central management, or the request was accepted",
        "`Blocked`: that road has no way back",
        too_late,
    ),
    Rule(
        "the host is dark, and our request is pending in Palette",
        "reject it in Palette; the host still believes in it",
        host_dark,
    ),
    Rule(
        "the host is dark, and our request was rejected in Palette",
        "`Blocked`: the host still believes in the request",
        dark_host_believes,
    ),
    HOST_UNSEEN,
    ANOTHER_CLUSTER,
    Rule(
        "pending towards another Palette",
        "`Blocked` (with `replaceRequest: true`: withdraw)",
        pending_elsewhere,
    ),
    Rule("a request is pending", "withdraw it through Local UI", pending),
    Rule("a state whose word is not known", "`Blocked`; nothing is sent", status_unknown),
    Rule("none at the host, but Palette cannot be asked", "`Blocked`, with why", palette_unseen),
    Rule("none at the host, but Palette still has it", "reject it in Palette", left_behind),
    Rule("no request on either side", "`Local`; nothing to do", local),
)
