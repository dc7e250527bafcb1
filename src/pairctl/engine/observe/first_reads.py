"""When this process first read each claim and each evidence: what its waiting is counted from.

A claim's end, and the hour of the cap, are never judged by comparing two machines' wall clocks.
"""

from collections.abc import Mapping

from pairctl.pairing import FleetRecords, Patience
from pairctl.records import Ledger


class FirstReads:
    """The memory of one process, by ids; what is gone from the status branch is forgotten."""

    def __init__(self) -> None:
        self._first: dict[str, float] = {}

    def note(self, ledger: Ledger, read_s: float) -> Mapping[str, float]:
        """Note when the branch was read, by the clock that never jumps; gives all first reads."""
        ids = {claim.id for claim in ledger.claims.values()}
        ids |= {evidence.id for evidence in ledger.evidence.values()}
        self._first = {one: self._first.get(one, read_s) for one in ids}
        return self._first

    def records(self, ledger: Ledger, read_s: float, patience: Patience) -> FleetRecords:
        """Return what is on record of the fleet, read just now, with its age to this process."""
        return fleet_records(ledger, read_s, self.note(ledger, read_s), patience)


def fleet_records(
    ledger: Ledger, read_s: float, first_s: Mapping[str, float], patience: Patience
) -> FleetRecords:
    """Return what the status branch holds, as `decide_all` takes it."""
    return FleetRecords(
        statuses=ledger.statuses,
        claims=tuple(ledger.claims.values()),
        unreadable=ledger.unreadable,
        evidence=tuple(ledger.evidence.values()),
        unreadable_evidence=ledger.unreadable_evidence,
        read_s=read_s,
        first_s=first_s,
        patience=patience,
    )
