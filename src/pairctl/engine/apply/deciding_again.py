"""After a lost push: which looks may be decided on again on the new tip, without another look."""

from collections.abc import Mapping

from pairctl.engine.apply.recorder import Minutes
from pairctl.engine.observe.look import Look
from pairctl.pairing import FleetRecords, touched_since


def changes_nothing(before: FleetRecords, records: FleetRecords) -> bool:
    """Whether the new tip says the same as the one before it of all that can hold back."""
    return (
        before.statuses == records.statuses
        and set(before.claims) == set(records.claims)
        and set(before.evidence) == set(records.evidence)
        and before.unreadable == records.unreadable
        and before.unreadable_evidence == records.unreadable_evidence
    )


def standing_looks(
    minutes: Minutes, records: FleetRecords, *, now_s: float, at_most_s: float
) -> Mapping[str, Look]:
    """Return the looks of a pass that are at most so old, and that nobody has written about since.

    The others are made again: another run's action may have come after them.
    """
    looks = minutes.look.looks
    judged = {name: minutes.first.judged[name] for name in looks}
    touched = touched_since(judged, minutes.records, records)
    return {
        name: look
        for name, look in looks.items()
        if name not in touched and now_s - look.began <= at_most_s
    }
