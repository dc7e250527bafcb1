"""Admission: no more actions at once than can be looked at again in time. Pure.

All actions of a pass are claimed together, and each is looked at once more before it is sent, under
Palette's published limits. A claim that waits for its look for too long is a claim for nothing.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.pairing.action import SendRequest, Withdraw
from pairctl.pairing.case import canonical_endpoint
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.outcome.decision import Decision


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many actions one pass takes: at hosts, and at each Palette.

    `requests` is how many pairing requests may be on their way to one Palette: so many fit into
    one page of its list.
    """

    at_hosts: int
    at_palette: int
    requests: int


def admitted(
    acting: Mapping[str, Decision], decisions: Mapping[str, Decision], capacity: Capacity
) -> frozenset[str]:
    """Return the names of the actions to do now, in the order of `acting`.

    `acting` have an action; `decisions` are all, and tell which requests are on their way.
    """
    pending = Counter(_palette(one) for one in decisions.values() if _is_pending(one))
    at_palettes: Counter[str] = Counter()
    at_hosts, found = 0, set()
    for name, decision in acting.items():
        palette = _palette(decision)
        if not isinstance(decision.action, SendRequest | Withdraw):
            if at_palettes[palette] < capacity.at_palette:
                at_palettes[palette] += 1
                found.add(name)
            continue
        is_request = isinstance(decision.action, SendRequest)
        is_full = pending[palette] >= capacity.requests
        if at_hosts < capacity.at_hosts and not (is_request and is_full):
            at_hosts += 1
            pending[palette] += is_request
            found.add(name)
    return frozenset(found)


def _palette(decision: Decision) -> str:
    return canonical_endpoint(decision.case.intent.palette.endpoint)


def _is_pending(decision: Decision) -> bool:
    """Whether a request was sent and waits for nobody: one that waits for people takes no place."""
    is_open = decision.phase is Phase.REQUESTED
    return is_open and (decision.is_under_way or decision.action is not None)
