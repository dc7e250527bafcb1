"""The rows of `desired: Paired` about our own request that waits to be accepted."""

from dataclasses import replace
from datetime import timedelta

from pairctl.pairing.action import acceptance_of
from pairctl.pairing.case import Case
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.rules.configuration import blocked_unless_configuration_is_reviewed
from pairctl.pairing.rules.console import clicks
from pairctl.pairing.rules.ownership import blocked_unless_one_cluster, held_unless_known
from pairctl.pairing.rules.preconditions import (
    blocked_unless_acknowledged,
    blocked_unless_appliance_is_acknowledged,
    blocked_unless_healthy,
    blocked_unless_layers_are_as_sent,
    blocked_unless_match_is_proven,
    blocked_unless_palette_validates,
    first,
)
from pairctl.pairing.rules.shared_rules import routes_unknown
from pairctl.pairing.verdict import Pace, Verdict, act, blocked, under_way
from pairctl.problem import Problem
from pairctl.spec import Acceptance

ARRIVAL = timedelta(minutes=15)
"""How long a request may be on its way to Palette's list before a person is told."""


def blocked_unless_acceptable(case: Case) -> Verdict | None:
    """Block a pending request that must not be accepted as things are."""
    return first(
        case,
        blocked_unless_appliance_is_acknowledged,
        blocked_unless_healthy,
        blocked_unless_match_is_proven,
        blocked_unless_acknowledged,
        blocked_unless_configuration_is_reviewed,
    )


def accepted_in_console(case: Case) -> Verdict | None:
    """Leave the click to a person where the API cannot, or may not, be used."""
    acceptance, problem = case.intent.palette.acceptance, routes_unknown(case)
    if acceptance is Acceptance.CONSOLE or (acceptance is Acceptance.AUTO and problem):
        uid = case.request_uid
        return Verdict(
            Phase.REQUESTED,
            "WaitingForConsole",
            f"pairing request {uid} waits for a person in Palette's console",
            Pace.LATER,
            waiting_for=f"pairing request {uid} to be accepted in Palette's console",
            human_action=clicks(case),
        )
    if problem is None:
        return None
    hint = f"{problem.hint}, or write `acceptance: Console` in the Palette document"
    return blocked(replace(problem, hint=hint), "Palette's pairing routes to answer")


def not_arrived(case: Case) -> Verdict | None:
    """Wait, and never send again, while Palette does not list the request yet."""
    if case.listed is not None:
        return None
    uid, since_at = case.request_uid, case.recorded.requested_at
    waiting_for = f"request {uid} to arrive in Palette"
    if since_at is None or case.recorded.pairing_uid != uid or case.now - since_at < ARRIVAL:
        words = f"pairing request {uid} was sent; Palette does not list it yet"
        return under_way(Phase.REQUESTED, "NotArrived", words, waiting_for)
    return blocked(
        Problem(
            "NotArrived",
            f"pairing request {uid} was sent, and Palette {case.intent.palette_name} "
            "does not list it in the project",
            "check that the registration token belongs to this project, and that the hosts reach "
            "Palette; to send it anew, take it back with `desired: Local` first",
        ),
        waiting_for,
    )


def pending(case: Case) -> Verdict:
    """Accept our own pending request with the proven selection."""
    return first(case, blocked_unless_own_request, blocked_unless_palette_validates) or act(
        Phase.REQUESTED, acceptance_of(case), "ReadyToAccept"
    )


def blocked_unless_own_request(case: Case) -> Verdict | None:
    """Hold where the request in Palette is that of this cluster, as it is now, and known."""
    return first(
        case, _blocked_unless_one_cluster, blocked_unless_layers_are_as_sent, held_unless_known
    )


def _blocked_unless_one_cluster(case: Case) -> Verdict | None:
    return blocked_unless_one_cluster(case, case.listed) if case.listed else None
