"""Durations in words. Pure."""


def span_text(seconds: float) -> str:
    """Return a duration in the largest unit that it fills twice: 90 s, 5 min, 3 h, 4 days."""
    for unit, size_s in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size_s:
            return f"{seconds / size_s:.0f} {unit}"
    return f"{seconds:.0f} s"
