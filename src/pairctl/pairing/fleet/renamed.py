"""Intents that a commit has given another name: what is on record of them goes with them. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from pairctl.pairing.case import Pinned, canonical_endpoint
from pairctl.pairing.facts.identity import is_same_uid
from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.outcome.status import Status


def renamed(
    statuses: Mapping[str, Status], intents: Mapping[str, Intent], names: Collection[str]
) -> dict[str, str]:
    """Return the intents that are new, and stand for one that is gone, with its name of before.

    `names` are all of the commit. It is the same one where exactly one that is gone was about a
    cluster at an address of exactly one that is new, unless that names another cluster by its uid.
    One that was never about a cluster, as its document could not be used, is new as well.
    What is on record holds back only: which cluster was seen there, and which request was sent.
    """
    gone: dict[str, list[tuple[str, Pinned]]] = defaultdict(list)
    for name, status in statuses.items():
        if name not in names and status.pinned:
            gone[status.pinned.endpoint].append((name, status.pinned))
    if not gone:
        return {}
    pairs = {
        (new, old)
        for new, intent in intents.items()
        if is_new(statuses.get(new))
        for endpoint in _endpoints(intent)
        for old, pinned in gone.get(endpoint, ())
        if is_same_uid(intent.spec.cluster.uid or pinned.local_uid, pinned.local_uid)
    }
    count = Counter(name for pair in pairs for name in pair)
    return {new: old for new, old in sorted(pairs) if count[new] == count[old] == 1}


def is_new(status: Status | None) -> bool:
    """Whether an intent with this status has been about no cluster so far."""
    return status is None or status.pinned is None


def _endpoints(intent: Intent) -> frozenset[str]:
    local_ui = intent.spec.local_ui
    places = local_ui.places if local_ui else ()
    return frozenset(canonical_endpoint(one.endpoint) for one in places)
