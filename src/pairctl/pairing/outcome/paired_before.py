"""A cluster that is on record as paired, and whose host says that it is managed locally."""

from collections.abc import Iterable
from datetime import datetime

from pairctl.pairing.facts.evidence import Evidence
from pairctl.pairing.facts.identity import is_same_uid
from pairctl.pairing.facts.observation import ManagementMode
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.outcome.conditions import ConditionType
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.outcome.status import Status


def paired_before(
    decision: Decision, status: Status | None, evidence: Iterable[Evidence]
) -> datetime | None:
    """Return since when the very cluster is on record as paired, though its host is local; or None.

    By its latest evidence, else by the intent's status. Nothing is decided by it: a pairing cannot
    be undone, so the host was set up anew, or is a simulated one that was started again.
    """
    host, uid = decision.case.host, decision.case.cluster_uid
    if host is None or host.management_mode is not ManagementMode.LOCAL or not uid:
        return None
    times = [one.paired_at for one in evidence if one.paired_at and is_same_uid(one.cluster, uid)]
    if times:
        return max(times)
    if status and status.phase is Phase.PAIRED and is_same_uid(status.local_uid, uid):
        return status.since(ConditionType.READY)
    return None
