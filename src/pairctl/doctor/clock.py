"""Clocks: what they are to tell of each other."""

from pairctl.doctor.collector import Collector
from pairctl.text import span_text

MOST_SKEW_S = 60.0


def judge_clock(collector: Collector, skew_s: float | None, owner: str) -> None:
    """Compare a server's clock with this machine's; more than a minute apart is a warning.

    Its `Date` tells whole seconds only.
    """
    if skew_s is None:
        collector.skip("clock", because=f"{owner} did not tell its time")
    elif abs(skew_s) <= MOST_SKEW_S:
        collector.ok("clock", f"{owner} and this machine tell the same time, within a minute")
    else:
        collector.warn(
            "clock",
            f"{owner}'s clock is {span_text(abs(skew_s))} {'ahead of' if skew_s > 0 else 'behind'}"
            " this machine's",
            "synchronise both: certificates and tokens expire by the clock",
        )
