"""Rows and problems that more than one decision table has."""

from dataclasses import replace

from pairctl.pairing.case import Case, canonical_endpoint
from pairctl.pairing.facts.observation import LocalRequestStatus
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.predicates import is_another_cluster
from pairctl.pairing.rules.ownership import (
    listed_for_another,
    not_the_cluster_that_is_meant,
    other_than_named,
    other_than_the_named_request,
)
from pairctl.pairing.verdict import Rule, Verdict, blocked, settled
from pairctl.problem import Problem
from pairctl.spec import SecretReference

REFUSED_SECRETS = frozenset({"Unauthorized", "AuthenticationFailed"})
"""The reasons that say that a key or a login is not good, or not good any more."""


def suspended(case: Case) -> Verdict | None:
    """Leave a suspended intent, and a request that is under way, alone."""
    if not case.intent.spec.suspend:
        return None
    return settled(Phase.WAITING, "Suspended", "suspended: nothing is sent, nothing is taken back")


def palette_unseen(case: Case) -> Verdict | None:
    """Decide nothing without a look at Palette."""
    problem = case.observed.palette.problem
    if problem is None:
        return None
    shown = _with_secret(problem, case.intent.palette.api_key)
    return blocked(shown, f"Palette {case.intent.palette_name} to answer")


def host_unseen(case: Case) -> Verdict | None:
    """Decide nothing without a look at the host."""
    if case.host:
        return None
    problem = case.host_problem or Problem("HostNotSeen", "the host was not looked at in this pass")
    place_of = case.intent.spec.local_ui
    shown = _with_secret(problem, place_of.credentials) if place_of else problem
    return blocked(_with_column(shown, case), "Local UI on the edge host to answer")


def _with_column(problem: Problem, case: Case) -> Problem:
    """Say where a row of a set has its fingerprint: no document of its own has one."""
    row = case.intent.row
    if problem.reason != "CertificateChanged" or row is None or not row.fingerprint:
        return problem
    return replace(problem, hint=f"{problem.hint}; it is {row.place_of(row.fingerprint)}")


def _with_secret(problem: Problem, used: SecretReference) -> Problem:
    """Name the secret that a server refused; its value is never told."""
    if problem.reason not in REFUSED_SECRETS:
        return problem
    return replace(problem, hint=f"{problem.hint} (secret {used.secret})")


def another_cluster(case: Case) -> Verdict | None:
    """Touch nothing where the address answers for another cluster than before."""
    pinned, cluster = case.recorded.pinned, case.cluster
    if not is_another_cluster(case) or pinned is None or cluster is None:
        return None
    return blocked(
        Problem(
            "AnotherCluster",
            f"{case.host_words} shows cluster {cluster.name} ({cluster.uid}); this intent was seen "
            f"to be about cluster {pinned.local_uid}",
            f"check `{case.address_field}`; if the host was installed anew, raise `attempt` in the "
            "intent",
        ),
        f"cluster {pinned.local_uid} to answer",
    )


def routes_unknown(case: Case) -> Problem | None:
    """Say what a person does where Palette's pairing routes do not answer."""
    if case.observed.palette.requests is not None:
        return None
    return Problem(
        "PairingRoutesUnknown",
        f"Palette {case.intent.palette_name} does not answer at the paths of its pairing requests",
        "give the paths as `routes` in the operator's file",
    )


def request_elsewhere(case: Case) -> Problem:
    """Say that the host's request goes to another Palette, and how that can be changed."""
    request = case.request
    where = canonical_endpoint(request.palette_endpoint) if request else "an unknown place"
    if request is not None and request.status is LocalRequestStatus.PAIRED:
        return Problem(
            "AcceptedElsewhere",
            f"the host's pairing request was accepted by another Palette, {where}",
            "name that Palette in the intent, or delete the intent: there is no way back",
        )
    return Problem(
        "PendingElsewhere",
        f"the host has a pairing request to another Palette, {where}",
        "cancel it in Local UI, or write `replaceRequest: true` into the intent",
    )


def state_unknown(words: str, where: str) -> Problem:
    """Say that nothing follows from a state whose word is not known."""
    return Problem(
        "RequestStateUnknown",
        f"{words}, which pairctl does not know, so it does nothing",
        f"look at the request in {where}, and report the word to the makers of pairctl",
    )


SUSPENDED = Rule("`suspend: true`", "`Waiting`; nothing is sent, nothing is taken back", suspended)
PALETTE_UNSEEN = Rule(
    "Palette does not answer, or refuses us", "`Blocked`, with why", palette_unseen
)
HOST_UNSEEN = Rule("Local UI does not answer, or refuses us", "`Blocked`, with why", host_unseen)
ANOTHER_CLUSTER = Rule(
    "the address answers for another cluster than it did before, in this attempt of the intent",
    "`Blocked`; nothing is sent",
    another_cluster,
)
OTHER_THAN_NAMED = Rule(
    "the host shows another cluster, or is another host, than the intent names by its uid",
    "`Blocked`, with both named; nothing is sent",
    other_than_named,
)
LISTED_FOR_ANOTHER = Rule(
    "Palette lists the host's request for another cluster than the host shows",
    "`Blocked`, with both named; nothing is sent",
    listed_for_another,
)
NOT_MEANT = Rule(
    "nothing in the intent names the cluster that the host shows, or Palette lists a request of "
    "its uid under another name",
    "`Blocked`, with both named; nothing is sent",
    not_the_cluster_that_is_meant,
)
OTHER_REQUEST = Rule(
    "the host reports another request than the intent names",
    "`Blocked`, with both named; nothing is sent",
    other_than_the_named_request,
)
