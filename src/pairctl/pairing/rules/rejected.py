"""The decision table for `desired: Rejected`: an unrecognised request is rejected in Palette."""

from dataclasses import replace

from pairctl.pairing.action import Reject
from pairctl.pairing.case import ACCEPTED_STATES, Case
from pairctl.pairing.facts.identity import is_same_uid
from pairctl.pairing.facts.palette import PaletteRequest, RequestState
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.rules.shared_rules import (
    PALETTE_UNSEEN,
    SUSPENDED,
    routes_unknown,
    state_unknown,
)
from pairctl.pairing.verdict import Rule, Verdict, act, blocked, settled
from pairctl.problem import Problem


def named_requests(case: Case) -> tuple[PaletteRequest, ...]:
    """Return the requests that the intent names: by pairing id, or the pending ones by tags."""
    reference = case.intent.spec.request
    if reference is None or reference.tags is None:
        named = case.listed_as(reference.pairing_uid or "") if reference else None
        return (named,) if named else ()
    found = case.observed.tags
    known = {} if found is None or isinstance(found, Problem) else found
    wanted = reference.tags.items()
    return tuple(
        entry
        for entry in case.entries
        if entry.state is RequestState.PENDING
        and wanted <= known.get(entry.pairing_uid, {}).items()
    )


def _meant(case: Case) -> PaletteRequest | None:
    return next(iter(named_requests(case)), None)


def routes_silent(case: Case) -> Verdict | None:
    """Say what a person does where Palette's pairing routes do not answer."""
    problem = routes_unknown(case)
    if problem is None:
        return None
    hint = f"{problem.hint}, or reject the request in Palette's console"
    return blocked(replace(problem, hint=hint), "Palette's pairing routes to answer")


def tags_unseen(case: Case) -> Verdict | None:
    """Reject nothing by tags that were not seen: absence proves nothing."""
    reference = case.intent.spec.request
    if reference is None or reference.tags is None:
        return None
    found = case.observed.tags
    if found is not None and not isinstance(found, Problem):
        return None
    problem = found or Problem("TagsNotSeen", "the tags of the pending requests were not seen")
    return blocked(problem, "a look at the tags of the pending requests")


def several_named(case: Case) -> Verdict | None:
    """Reject nothing where the tags name more than one request."""
    named = named_requests(case)
    if len(named) < 2:  # noqa: PLR2004 - several
        return None
    shown = ", ".join(f"{entry.pairing_uid} ({entry.name})" for entry in named)
    return blocked(
        Problem(
            "SeveralRequests",
            f"{len(named)} pending requests have these tags: {shown}",
            "name the one that is meant as `request.pairingUid`, an intent each",
        ),
        "tags that name one request",
    )


def too_late(case: Case) -> Verdict | None:
    """Say that an accepted request cannot be rejected any more."""
    meant = _meant(case)
    if meant is None or meant.state not in ACCEPTED_STATES:
        return None
    return blocked(
        Problem(
            "TooLate",
            f"pairing request {meant.pairing_uid} was accepted: it cannot be rejected any more",
            "delete the intent",
        ),
        "a change of the intent",
    )


def unknown_state(case: Case) -> Verdict | None:
    """Do nothing about a state whose word is not known."""
    meant = _meant(case)
    if meant is None or meant.state is not RequestState.UNKNOWN:
        return None
    words = f"pairing request {meant.pairing_uid} is `{meant.word}` in Palette"
    return blocked(state_unknown(words, "Palette"))


def of_another_cluster(case: Case) -> Verdict | None:
    """Leave the request of another cluster alone than the one that the intent names."""
    meant, wanted = _meant(case), case.intent.spec.cluster.uid
    if meant is None or not wanted or is_same_uid(meant.local_uid, wanted):
        return None
    found = f"of cluster {meant.local_uid}" if meant.local_uid else "without its cluster"
    return blocked(
        Problem(
            "RequestOfAnotherCluster",
            f"Palette lists pairing request {meant.pairing_uid} {found}, and the intent names "
            f"cluster {wanted}",
            "correct `request` or `cluster.uid` in the intent",
        ),
        "all sources to name one cluster",
    )


def pending(case: Case) -> Verdict | None:
    """Reject it (seed, "Reject Pairing Request in Palette")."""
    meant = _meant(case)
    if meant is None or meant.state is not RequestState.PENDING:
        return None
    subject = meant.local_uid or meant.pairing_uid
    return act(Phase.REQUESTED, Reject(subject, meant.pairing_uid), "ReadyToReject")


def gone(_: Case) -> Verdict:
    """Be done: Palette does not have the request pending."""
    return settled(Phase.REJECTED, "Rejected", "Palette has no such request pending")


RULES = (
    SUSPENDED,
    PALETTE_UNSEEN,
    Rule(
        "Palette's pairing routes do not answer",
        "`Blocked`, with what a person does",
        routes_silent,
    ),
    Rule("named by tags, and the tags were not seen", "`Blocked`, with why", tags_unseen),
    Rule("several pending requests have the tags", "`Blocked`, with the list", several_named),
    Rule("the request was accepted", "`Blocked`: too late", too_late),
    Rule("a state whose word is not known", "`Blocked`; nothing is sent", unknown_state),
    Rule(
        "the request is of another cluster than the intent names",
        "`Blocked`, with both named",
        of_another_cluster,
    ),
    Rule("the request is pending", "reject it in Palette", pending),
    Rule("no such request is pending", "`Rejected`; nothing to do", gone),
)
