"""One look at the world, for one intent."""

from dataclasses import dataclass
from datetime import datetime

from pairctl.pairing import Observed
from pairctl.secrets import Secret


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen for one intent, and the token it may use.

    `began` (monotonic) and `began_at` are when looking began: what was seen is at least that old.
    `is_slow` is whether a host took long to answer, or did not.
    """

    observed: Observed
    began: float
    began_at: datetime
    token: Secret | None = None
    is_slow: bool = False
