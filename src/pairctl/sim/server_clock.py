"""The time as a server tells it, which may be wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class ServerClock:
    """Off by `offset_s` seconds; its answers have no `Date` where it is not `sends_date`.

    Both may be changed while the server runs: then its clock jumps.
    """

    offset_s: float = 0.0
    sends_date: bool = True

    def at(self, now: datetime) -> datetime:
        """Tell what this clock shows at an instant."""
        return now + timedelta(seconds=self.offset_s)
