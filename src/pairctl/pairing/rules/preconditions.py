"""What must hold before a request is sent or accepted, one question a function.

Each returns None where it holds, and otherwise the verdict that says why not and what to do.
"""

from functools import lru_cache

from pairctl.layers import Stack
from pairctl.pairing.case import Case, canonical_endpoint
from pairctl.pairing.facts.observation import Connection, LocalCluster, Node, PackState, TokenFacts
from pairctl.pairing.predicates import left_in_palette, withdrawn_request
from pairctl.pairing.proof.explanation import MOST_SHOWN, what_would_match, with_explain
from pairctl.pairing.proof.proof import Proof
from pairctl.pairing.verdict import Judge, Verdict, blocked
from pairctl.problem import Problem
from pairctl.spec import snippet

_NOT_READY = frozenset(
    {
        *("creating", "degraded", "deleting", "deploying", "error", "failed", "failure"),
        *("inprogress", "installing", "notready", "pending", "pendinginstall", "pendingrollback"),
        *("pendingupgrade", "progressing", "provisioning", "reconciling", "terminating"),
        *("timeout", "unhealthy", "uninstalling", "updating", "upgrading"),
    }
)
"""The words of a pack's status that are known to be bad. They are not published; others pass."""

_LEFT_OUT = {ord(sign): None for sign in " -_"}

_BAD_WHEN_TRUE = frozenset({"degraded", "error", "failed", "stalled", "reconciling"})
"""The conditions that tell of trouble, by the Kubernetes conventions; others are bad when False."""


def first(case: Case, *gates: Judge) -> Verdict | None:
    """Return the first verdict that stands in the way, or None where all gates are open."""
    return next((verdict for gate in gates if (verdict := gate(case)) is not None), None)


def blocked_unless_healthy(case: Case) -> Verdict | None:
    """Hold for a cluster that is Running with all nodes healthy (seed, prerequisites)."""
    problem = health_problem(case.cluster)
    return blocked(problem, "a cluster that is Running with healthy nodes") if problem else None


def blocked_unless_appliance_is_acknowledged(case: Case) -> Verdict | None:
    """Hold for hosts that are no appliance, or one that the intent says is meant.

    Palette's own appliance is managed locally as well (release notes, 4.9.38): the cluster that
    hosts Palette must not be handed over to it.
    """
    found = case.host.appliance_type if case.host else ""
    said = case.intent.spec.acknowledge
    if not found or (said is not None and said.appliance_type == found):
        return None
    return blocked(
        Problem(
            "ApplianceNotAcknowledged",
            f"the host is an appliance of type {found}; pairing the cluster that hosts Palette "
            "would hand it over to itself",
            "leave Palette's own appliance local (`desired: Local`); if another is meant, write "
            f"`applianceType: {found}` below `acknowledge` in the intent",
        ),
        f"the acknowledgement of appliance type {found}",
    )


def blocked_while_left_in_palette(case: Case) -> Verdict | None:
    """Hold where Palette has no open request of this cluster: a second one must never be made."""
    left = left_in_palette(case)
    if left is None:
        return None
    return blocked(
        Problem(
            "LeftInPalette",
            f"Palette still has pairing request {left.called} of this cluster "
            f"({left.word or left.state}), and for the host it is over",
            f"reject request {left.called} in Palette; pairctl goes on by itself",
        ),
        f"request {left.called} to be gone from Palette",
    )


def blocked_while_maybe_left_in_palette(case: Case) -> Verdict | None:
    """Hold where Palette's list shows that a withdrawn request is gone, or a person has looked.

    A host that cannot reach Palette leaves its request there (seed, step 5). That a person has
    looked is said by a raised `attempt`: it allows another request anyway.
    """
    gone = withdrawn_request(case)
    if gone is None or case.observed.palette.requests is not None:
        return None
    is_elsewhere = gone.palette != canonical_endpoint(case.intent.palette.endpoint)
    if is_elsewhere or case.intent.spec.attempt > gone.attempt:
        return None
    return blocked(
        Problem(
            "MayBeLeftInPalette",
            f"pairing request {gone.pairing_uid} was withdrawn at the host; Palette's pairing "
            "routes do not answer, so it may still be pending there",
            f"look in Palette, Clusters, and reject request {gone.pairing_uid} if it is there; "
            f"then write `attempt: {gone.attempt + 1}` into the intent",
        ),
        "a change of the intent",
    )


def health_problem(cluster: LocalCluster | None) -> Problem | None:
    """Say what keeps a cluster from being paired, by its own report."""
    if cluster is None:
        return Problem(
            "NoCluster",
            "the edge host has no cluster",
            "create the cluster in Local UI, or correct the address below `localUI` in the intent",
        )
    if cluster.state != "Running":
        return Problem(
            "ClusterNotRunning",
            f"cluster {cluster.name} is {cluster.state or 'in no known state'}, not Running",
            "wait until Local UI shows the cluster as Running",
        )
    sick = [node for node in cluster.nodes if not node.is_healthy or node.state != "Running"]
    if sick:
        names = ", ".join(f"{node.name} ({_condition(node)})" for node in sick)
        return Problem(
            "NodeUnhealthy",
            f"{len(sick)} of {len(cluster.nodes)} nodes of cluster {cluster.name} "
            f"not healthy: {names}",
            f"repair node {sick[0].name}; pairctl goes on by itself",
        )
    if _has_unseen_nodes(cluster):
        count = cluster.host_count
        hosts = "" if count is None else f"; hosts that it is made of: {count}"
        return Problem(
            "NodesNotSeen",
            f"nodes that cluster {cluster.name} shows: {len(cluster.nodes)}{hosts}",
            "see that Local UI shows a node for each host of the cluster; pairctl goes on by "
            "itself",
        )
    if not cluster.is_healthy:
        return Problem(
            "ClusterUnhealthy",
            f"cluster {cluster.name} is unhealthy: {cluster.message or 'no reason given'}",
            "repair the cluster; pairctl goes on by itself",
        )
    return _unsettled_problem(cluster)


def _unsettled_problem(cluster: LocalCluster) -> Problem | None:
    """Say what is still under way in a cluster that says it is Running and healthy.

    Some versions of Local UI showed a cluster as Running while updates of packs were applied
    (release notes, 4.8.21).
    """
    busy = [f"{pack.name} ({why})" for pack in cluster.packs if (why := _why_not_ready(pack))]
    if busy:
        shown = ", ".join(busy[:MOST_SHOWN]) + (", ..." if busy[MOST_SHOWN:] else "")
        return Problem(
            "PackNotReady",
            f"packs of cluster {cluster.name} that are not ready: {shown}",
            "wait until Local UI shows the packs as running, or repair them; pairctl goes on by "
            "itself",
        )
    if cluster.is_reboot_pending:
        return Problem(
            "RebootPending",
            f"cluster {cluster.name} waits for a reboot of its hosts",
            "let the hosts reboot; pairctl goes on by itself",
        )
    return None


def _why_not_ready(pack: PackState) -> str:
    """Return what a pack says against itself; words that are not known say nothing."""
    if _folded(pack.status) in _NOT_READY:
        return pack.status
    for one in pack.conditions:
        bad = "true" if _folded(one.type) in _BAD_WHEN_TRUE else "false"
        if one.status.casefold() == bad:
            return f"{one.type} is {one.status}" + (f": {one.message}" if one.message else "")
    return ""


@lru_cache(maxsize=1024)  # all packs have the same few words
def _folded(word: str) -> str:
    return word.casefold().translate(_LEFT_OUT)


def _has_unseen_nodes(cluster: LocalCluster) -> bool:
    """Whether the cluster's health says nothing about some host: all nodes must be healthy."""
    seen = len(cluster.nodes)
    return not seen or cluster.host_count not in (None, seen)


def _condition(node: Node) -> str:
    return f"{node.state or 'in no known state'}, {'healthy' if node.is_healthy else 'unhealthy'}"


def blocked_unless_token_is_usable(case: Case) -> Verdict | None:
    """Hold for a registration token that is active and not expired.

    A token that could not be looked up is not held against the intent: sending a request with it
    can be undone, and the host's own check goes first.
    """
    token = case.observed.token
    if isinstance(token, Problem):
        return blocked(token, "a usable registration token")
    problem = token_problem(token, case) if token else None
    return blocked(problem, "a usable registration token") if problem else None


def token_problem(token: TokenFacts, case: Case) -> Problem | None:
    """Say why a token cannot be used; whether it has expired is for Palette's clock to say."""
    if token.expires_at and token.expires_at <= (token.dated_at or case.now):
        return Problem(
            "TokenExpired",
            f"registration token {token.name} expired at {token.expires_at:%Y-%m-%d %H:%M} UTC",
            "make a new token in Palette, or name another in `registrationToken`",
        )
    if token.is_active is False:
        return Problem(
            "TokenInactive",
            f"registration token {token.name} is not active",
            "activate the token in Palette, or name another in `registrationToken`",
        )
    project, lands_in = (
        case.intent.palette.project,
        {token.default_project, token.default_project_name},
    )
    if project and any(lands_in) and project not in lands_in:
        return Problem(
            "TokenOtherProject",
            f"registration token {token.name} is for project "
            f"{token.default_project_name or token.default_project}, not {project}",
            f"name a token whose default project is {project}, or correct the Palette's `project`",
        )
    return None


def blocked_unless_palette_validates(case: Case) -> Verdict | None:
    """Hold where Palette's own validation finds nothing wrong (seed, step 8)."""
    found = case.observed.objections
    if found is None or isinstance(found, Problem):
        problem = found or Problem(
            "NotValidated",
            "Palette was not asked to validate the acceptance yet",
            "look again: `pairctl apply`",
        )
        return blocked(problem, "an acceptance that Palette can validate")
    if not found:
        return None
    return blocked(
        Problem(
            "PaletteObjects",
            f"Palette's own validation objects: {'; '.join(found)}",
            "correct the ProfileMatch, or the profiles in Palette",
        ),
        "an acceptance that Palette finds valid",
    )


def blocked_unless_hosts_reach_palette(case: Case) -> Verdict | None:
    """Hold where every host of the cluster reaches Palette (seed, prerequisites)."""
    seen = case.observed.connection
    if isinstance(seen, Connection) and seen.is_verified:
        return None
    problem = seen if isinstance(seen, Problem) else _not_connected(case, seen)
    return blocked(problem, f"all hosts of the cluster to reach {case.intent.palette.endpoint}")


def _not_connected(case: Case, seen: Connection | None) -> Problem:
    words = seen.message if seen and seen.message else "the host gave no reason"
    return Problem(
        "HostsCannotReachPalette",
        f"not every host of the cluster reaches {case.intent.palette.endpoint}: {words}",
        "open the way from the hosts to Palette; pairctl goes on by itself",
    )


def blocked_unless_match_is_proven(case: Case) -> Verdict | None:
    """Hold where the selection matches the layers as they are now, exactly."""
    proof = case.proof
    if proof is None:
        return blocked(_not_compared(case), "the cluster's layers to be compared")
    if proof.problem:
        return blocked(with_explain(proof.problem, case.intent.name), _what_would_match(proof))
    return None


def _not_compared(case: Case) -> Problem:
    if case.intent.match is None:
        return Problem(
            "NoProfileMatch",
            "the intent names no ProfileMatch to prove the cluster's layers with",
            "name one as `profileMatch` in the intent",
        )
    return Problem(
        "LayersNotSeen",
        "the cluster's layers were not seen, so nothing can be proven",
        "see that Local UI shows the cluster; pairctl goes on by itself",
    )


def _what_would_match(proof: Proof) -> str:
    if proof.match is None or proof.match.objections:
        return "a selection that can be used"
    return what_would_match(proof.match)


def blocked_unless_layers_are_as_sent(case: Case) -> Verdict | None:
    """Hold where the request in Palette carries the very layers that the host shows now."""
    snapshot = case.observed.snapshot
    if snapshot is None or isinstance(snapshot, Problem):
        problem = snapshot or Problem("RequestNotSeen", "the request in Palette was not looked at")
        return blocked(problem, "a look at the pairing request in Palette")
    here: Stack = case.cluster.stack if case.cluster else ()
    if snapshot.stack == here:
        return None
    return blocked(
        Problem(
            "LayersChanged",
            "the cluster's layers are not those that its pairing request was sent with",
            "take the request back with `desired: Local` in the intent, then write "
            "`desired: Paired` again",
        ),
        "a request that carries the cluster's layers as they are now",
    )


def blocked_unless_acknowledged(case: Case) -> Verdict | None:
    """Hold where the intent says "I understand" for this very cluster (seed, step 5)."""
    said = case.intent.spec.acknowledge
    name = case.cluster.name if case.cluster else ""
    if said and said.central_management_only == name:
        return None
    found = f"it names {said.central_management_only}" if said else "there is none"
    return blocked(
        Problem(
            "NotAcknowledged",
            f"acknowledgement missing for cluster {name}: {found}; once paired, "
            "it can only be managed centrally",
            f"if that is meant, write {_acknowledgement(case, name)}",
        ),
        f"the acknowledgement for cluster {name}",
    )


def _acknowledgement(case: Case, name: str) -> str:
    row = case.intent.row
    if row and row.acknowledgement:
        return f"{name} into {row.place_of(row.acknowledgement)}"
    line = snippet({"acknowledge": {"centralManagementOnly": name}})
    if row is None:
        return f"{line} into the intent"
    column = snippet({"acknowledge": {"centralManagementOnly": "{acknowledge}"}})
    return f"{name} into a column of its row in {row.path}, and {column} into the set's template"
