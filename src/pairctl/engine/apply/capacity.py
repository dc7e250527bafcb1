"""How many actions a pass takes: as many as can be looked at again in time."""

from pairctl.apis import reads_within
from pairctl.engine.observe.lookers import HOSTS_AT_ONCE
from pairctl.pairing import Capacity
from pairctl.spec import OperatorSpec

LOOKS_A_PLACE = 2
"""How many hosts are looked at, one after the other, in each place, before an action is sent."""


def capacity_of(operator: OperatorSpec) -> Capacity:
    """Return what can be looked at again in time; half of the look's time is for the waiting."""
    return Capacity(
        at_hosts=LOOKS_A_PLACE * HOSTS_AT_ONCE,
        at_palette=max(1, reads_within(operator.timing.look_seconds / 2)),
        requests=operator.limits.requests_at_once,
    )
