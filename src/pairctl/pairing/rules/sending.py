"""The rows of `desired: Paired` about a request that is not sent yet, or that is over."""

from pairctl.pairing.action import SendRequest, Withdraw
from pairctl.pairing.case import Case, canonical_endpoint
from pairctl.pairing.facts.observation import LocalRequestStatus
from pairctl.pairing.facts.palette import RequestState
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.predicates import attempt_needed, is_elsewhere, is_over_at_host, is_refused
from pairctl.pairing.rules.configuration import blocked_unless_configuration_is_reviewed
from pairctl.pairing.rules.preconditions import (
    blocked_unless_appliance_is_acknowledged,
    blocked_unless_healthy,
    blocked_unless_hosts_reach_palette,
    blocked_unless_match_is_proven,
    blocked_unless_token_is_usable,
    blocked_while_left_in_palette,
    blocked_while_maybe_left_in_palette,
    first,
)
from pairctl.pairing.rules.shared_rules import request_elsewhere
from pairctl.pairing.verdict import Verdict, act, blocked, failed
from pairctl.problem import Problem


def pending_elsewhere(case: Case) -> Verdict | None:
    """Leave a request to another Palette alone, unless the intent says to replace it.

    It is replaced only by a request that could be sent: a withdrawal must not be in vain.
    """
    if not is_elsewhere(case) or case.request is None:
        return None
    is_pending = case.request.status is LocalRequestStatus.PAIRING
    if not (case.intent.spec.replace_request and is_pending):
        return blocked(request_elsewhere(case), "the request to the other Palette to go away")
    action = Withdraw(case.subject, case.request_uid)
    return before_asking(case) or act(Phase.BLOCKED, action, "ReplacingRequest")


def refused(case: Case) -> Verdict | None:
    """Stay failed after a rejection or a failure until the intent allows another attempt."""
    needed = attempt_needed(case)
    if not is_refused(case) or case.request is None or case.intent.spec.attempt >= needed:
        return None
    words = case.request.message or "no reason was given"
    by_host = case.request.status is LocalRequestStatus.FAILED
    in_palette = case.listed is not None and case.listed.state is RequestState.FAILED
    how = "failed" if by_host or in_palette else "was rejected"
    return failed(
        Problem(
            "RequestRefused",
            f"pairing request {case.request_uid} {how}: {words}",
            f"settle it with the other side, then write `attempt: {needed}` into the intent",
        )
    )


def refused_unknown_to_host(case: Case) -> Verdict | None:
    """Send nothing while the host still believes in a request that Palette has refused."""
    if is_over_at_host(case) or not is_refused(case):
        return None
    return blocked(
        Problem(
            "HostStillWaits",
            f"Palette has refused pairing request {case.request_uid}, "
            "and the host does not know it yet",
            "wait for the host, or cancel the request in Local UI; pairctl goes on by itself",
        ),
        "the host to see that its request is over",
    )


def before_asking(case: Case) -> Verdict | None:
    """Name what stands against a request, of all that is known without handing out the token."""
    return first(
        case,
        blocked_unless_appliance_is_acknowledged,
        blocked_unless_healthy,
        blocked_unless_match_is_proven,
        blocked_while_left_in_palette,
        blocked_while_maybe_left_in_palette,
        blocked_unless_configuration_is_reviewed,
    )


def nothing_sent(case: Case) -> Verdict | None:
    """Send the pairing request, once all that a pairing needs is proven."""
    if not is_over_at_host(case):
        return None
    action = SendRequest(
        case.subject, canonical_endpoint(case.intent.palette.endpoint), case.request_uid
    )
    return first(
        case, before_asking, blocked_unless_token_is_usable, blocked_unless_hosts_reach_palette
    ) or act(Phase.WAITING, action, "ReadyToRequest")
