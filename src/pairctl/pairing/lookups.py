"""What else has to be asked before an intent can be decided on: late, and only where it matters."""

from enum import StrEnum

from pairctl.pairing.case import Case
from pairctl.pairing.facts.palette import RequestState
from pairctl.pairing.predicates import (
    is_accepted,
    is_another_cluster,
    is_central,
    is_elsewhere,
    is_over_at_host,
)
from pairctl.pairing.rules.acceptance import blocked_unless_acceptable, blocked_unless_own_request
from pairctl.pairing.rules.approval import blocked_unless_approved
from pairctl.pairing.rules.local import to_be_rejected
from pairctl.pairing.rules.ownership import (
    foreign_request,
    listed_for_another,
    not_the_cluster_that_is_meant,
    other_than_named,
)
from pairctl.pairing.rules.preconditions import (
    blocked_unless_match_is_proven,
    blocked_unless_token_is_usable,
    first,
)
from pairctl.pairing.rules.sending import before_asking, refused
from pairctl.spec import Acceptance, Desired


class Question(StrEnum):
    """A look that is taken only where the first look calls for it.

    REGISTRATION: what Palette knows of the registration token.
    CONFIGURATION: the values of packs that the selection brings; once the match is proven.
    CONNECTION: whether all hosts reach Palette. It hands the registration token to the host, so it
    comes after everything that can be proven without it.
    SNAPSHOT: the layers that Palette holds in the pairing request.
    OBJECTIONS: what Palette's own validation finds wrong with the acceptance.
    TAGS: the tags of pending requests, for an intent that names one by its tags.
    """

    REGISTRATION = "registration"
    CONFIGURATION = "configuration"
    CONNECTION = "connection"
    SNAPSHOT = "snapshot"
    OBJECTIONS = "objections"
    TAGS = "tags"


def open_question(case: Case) -> Question | None:
    """Return the next thing to ask, or None where enough is known."""
    if case.intent.spec.suspend or case.observed.palette.problem:
        return None
    match case.intent.spec.desired:
        case Desired.PAIRED:
            return _open_for_paired(case)
        case Desired.REJECTED:
            reference = case.intent.spec.request
            is_by_tags = reference is not None and reference.tags is not None
            return Question.TAGS if is_by_tags and case.observed.tags is None else None
        case Desired.LOCAL:
            is_asked = to_be_rejected(case) is not None and case.observed.snapshot is None
            return Question.SNAPSHOT if is_asked else None


def snapshot_uid(case: Case) -> str:
    """Return the pairing id of the request that is looked at in Palette."""
    rejected = to_be_rejected(case) if case.intent.spec.desired is Desired.LOCAL else None
    return rejected.pairing_uid if rejected else case.request_uid


def _open_for_paired(case: Case) -> Question | None:
    if case.host is None or is_another_cluster(case):
        return None
    is_left_alone = is_elsewhere(case) and not case.intent.spec.replace_request
    is_over = is_central(case) or is_left_alone or is_accepted(case)
    if is_over or first(case, other_than_named, listed_for_another, not_the_cluster_that_is_meant):
        return None
    if case.observed.brought is None and blocked_unless_match_is_proven(case) is None:
        return Question.CONFIGURATION
    return None if is_elsewhere(case) else _open_for_own_request(case)


def _open_for_own_request(case: Case) -> Question | None:
    if _may_be_sent(case) and case.observed.connection is None:
        return Question.REGISTRATION if case.observed.token is None else Question.CONNECTION
    if _may_be_accepted(case) and case.observed.snapshot is None:
        return Question.SNAPSHOT
    if _may_be_accepted(case) and case.observed.objections is None:
        return None if blocked_unless_own_request(case) else Question.OBJECTIONS
    return None


def _may_be_sent(case: Case) -> bool:
    return (
        is_over_at_host(case)
        and first(case, refused, before_asking, blocked_unless_token_is_usable) is None
    )


def _may_be_accepted(case: Case) -> bool:
    return (
        not is_over_at_host(case)
        and case.intent.palette.acceptance is not Acceptance.CONSOLE
        and case.listed is not None
        and case.listed.state is RequestState.PENDING
        and first(case, foreign_request, blocked_unless_acceptable, blocked_unless_approved) is None
    )
