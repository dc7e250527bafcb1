"""Texts of a bounded length.

Cut only what was redacted before: nobody recognises half of a secret.
"""

_CUT = " … "
_HEAD = 0.6


def beginning(text: str, most: int) -> str:
    """Return at most so many characters: the beginning, and a sign where there was more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def both_ends(text: str, most: int) -> str:
    """Return at most so many characters: the beginning and the end, where there were more.

    What a program says last is often what helps: an address, a reason.
    """
    if len(text) <= most:
        return text
    head = int((most - len(_CUT)) * _HEAD)
    tail = most - len(_CUT) - head
    return f"{text[:head]}{_CUT}{text[-tail:]}"
