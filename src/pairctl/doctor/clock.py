"""Clocks: what they are to tell of each other."""

from pairctl.doctor.collector import Collector

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
            f"{owner}'s clock is {span(abs(skew_s))} {'ahead of' if skew_s > 0 else 'behind'}"
            " this machine's",
            "synchronise both: certificates and tokens expire by the clock",
        )


def span(seconds: float) -> str:
    """Return a duration in the largest unit that it fills twice: 90 s, 5 min, 3 h, 4 days."""
    for unit, size_s in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size_s:
            return f"{seconds / size_s:.0f} {unit}"
    return f"{seconds:.0f} s"
