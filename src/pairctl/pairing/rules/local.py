"""The decision table for `desired: Local`: take a pending request back, leave no trace of it."""

from dataclasses import replace

from pairctl.pairing.action import Reject, Withdraw
from pairctl.pairing.case import Case
from pairctl.pairing.facts.observation import LocalRequestStatus
from pairctl.pairing.facts.palette import PaletteRequest, RequestState
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.predicates import (
    OPEN_STATES,
    REFUSED_IN_PALETTE,
    is_accepted,
    is_at_new_address,
    is_central,
    is_elsewhere,
    left_in_palette,
    withdrawn_request,
)
from pairctl.pairing.rules.ownership import (
    blocked_unless_cluster_is_meant,
    blocked_unless_one_cluster,
    named_request,
)
from pairctl.pairing.rules.shared_rules import (
    ANOTHER_CLUSTER,
    HOST_UNSEEN,
    LISTED_FOR_ANOTHER,
    OTHER_REQUEST,
    OTHER_THAN_NAMED,
    SUSPENDED,
    request_elsewhere,
    routes_unknown,
    state_unknown,
)
from pairctl.pairing.verdict import Rule, Verdict, act, blocked, settled
from pairctl.problem import Problem
from pairctl.spec import snippet


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


def to_be_rejected(case: Case) -> PaletteRequest | None:
    """Return the request that is to be rejected in Palette, because the host cannot tell it.

    Only what is seen, and the intent, name one: the live host's cluster, or where the host is dark
    the cluster or the request that the intent names.
    """
    if case.host is None:
        return _named_of_dark_host(case) if case.host_problem else None
    if case.request is not None and case.request.status is LocalRequestStatus.PAIRING:
        return None
    open_ones = (entry for entry in case.certain_entries if entry.state in OPEN_STATES)
    return next(open_ones, None)


def _named_of_dark_host(case: Case) -> PaletteRequest | None:
    named = case.listed_as(case.named_uid)
    found = (named,) if named else () if case.named_uid else case.certain_entries
    return next((entry for entry in found if entry.state is RequestState.PENDING), None)


def host_dark(case: Case) -> Verdict | None:
    """Reject in Palette what a host that does not answer has pending there, if the intent names it.

    What the record says of it starts nothing: then the line to commit is said.
    """
    if case.host_problem is None:
        return None
    entry = to_be_rejected(case)
    if entry is None:
        return _unnamed_of_dark_host(case)
    # An intent that names the request alone says nothing of its cluster that could be compared.
    obstacle = blocked_unless_one_cluster(case, entry) if case.cluster_uid else None
    subject = entry.local_uid or case.cluster_uid or entry.pairing_uid
    return obstacle or act(
        Phase.BLOCKED, Reject(subject, entry.pairing_uid), "RejectingForDarkHost"
    )


def _unnamed_of_dark_host(case: Case) -> Verdict | None:
    left = case.listed_as(case.recorded.pairing_uid)
    if left is None or left.state is not RequestState.PENDING or case.host_problem is None:
        return None
    if is_at_new_address(case):
        return None  # whose host is dark there is not known
    hint = (
        f"to reject it in Palette, write {named_request(left.pairing_uid)} into the "
        f"intent; else {case.host_problem.hint or 'see that the host answers'}"
    )
    words = (
        f"{case.host_problem.message}; as far as is known, its pairing request {left.pairing_uid} "
        "is pending in Palette"
    )
    problem = replace(case.host_problem, message=words, hint=hint)
    return blocked(problem, "Local UI on the edge host to answer")


def dark_host_believes(case: Case) -> Verdict | None:
    """Say that a host that does not answer still believes in a request that Palette refused."""
    left = case.listed_as(case.named_uid or case.recorded.pairing_uid)
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
    """Withdraw through Local UI (seed, "Withdraw Pairing Request From Local Cluster").

    The call reaches the host alone, and takes back what this very host has sent.
    """
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
    left = to_be_rejected(case)
    if left is None:
        return _left_by_record(case)
    if left.state is RequestState.UNKNOWN:
        words = f"pairing request {left.called} is `{left.word}` in Palette"
        return blocked(state_unknown(words, "Palette"))
    obstacle = blocked_unless_cluster_is_meant(case) or blocked_unless_one_cluster(case, left)
    return obstacle or act(Phase.REQUESTED, Reject(case.subject, left.pairing_uid), "ReadyToReject")


def _left_by_record(case: Case) -> Verdict | None:
    """Call nothing settled while Palette holds a request of the cluster that is on record."""
    left = left_in_palette(case)
    if left is None:
        return None
    return blocked(
        Problem(
            "LeftInPalette",
            f"the host shows no cluster, and Palette still has pairing request {left.called} "
            f"of cluster {case.local_uid} ({left.word or left.state}), which it had",
            f"to have it rejected, write {snippet({'cluster': {'uid': case.local_uid}})} into the "
            "intent",
        ),
        f"request {left.called} to be gone from Palette",
    )


def local(case: Case) -> Verdict:
    """Be done: the cluster is managed locally, and no request is pending."""
    unseen = routes_unknown(case)
    if unseen is None:
        return settled(Phase.LOCAL, "Local", "managed locally; no pairing request is pending")
    words = f"managed locally; the host has no pairing request, and {unseen.message}"
    gone = withdrawn_request(case)
    wanted = "no pairing request of this cluster is left"
    if gone:
        wanted = f"pairing request {gone.pairing_uid} is gone, and reject it there if it is not"
    return replace(
        settled(Phase.LOCAL, "Local", words),
        human_action=f"look in Palette, Clusters, that {wanted}",
    )


RULES = (
    SUSPENDED,
    Rule(
        "central management, or the request was accepted",
        "`Blocked`: pairing cannot be undone",
        too_late,
    ),
    Rule(
        "the host is dark, and a request of the cluster, or the one, that the intent names is "
        "pending in Palette",
        "reject it in Palette; the host still believes in it. Where the intent names neither: "
        "`Blocked`, with the line to commit",
        host_dark,
    ),
    Rule(
        "the host is dark, and our request was rejected in Palette",
        "`Blocked`: the host still believes in the request",
        dark_host_believes,
    ),
    HOST_UNSEEN,
    ANOTHER_CLUSTER,
    OTHER_THAN_NAMED,
    LISTED_FOR_ANOTHER,
    OTHER_REQUEST,
    Rule(
        "pending towards another Palette",
        "`Blocked` (with `replaceRequest: true`: withdraw)",
        pending_elsewhere,
    ),
    Rule("a request is pending", "withdraw it through Local UI", pending),
    Rule("a state whose word is not known", "`Blocked`; nothing is sent", status_unknown),
    Rule("none at the host, but Palette cannot be asked", "`Blocked`, with why", palette_unseen),
    Rule(
        "none at the host, but Palette still has it",
        "reject it in Palette, where host, list, request and intent name one cluster; else "
        "`Blocked`",
        left_behind,
    ),
    Rule("no request on either side", "`Local`; nothing to do", local),
)
