"""Names for things that need one: the same parts give the same identifier in every run."""

import hashlib


def uid_of(*parts: object) -> str:
    """24 hexadecimal digits, the shape of the vendor's uids."""
    return _digest(parts)[:24]


def bearer_of(kind: str, *parts: object) -> str:
    """Make an opaque word to stand for a JWT or a cluster's token; plainly not a real one."""
    return f"simulated-{kind}-{_digest(parts)[:40]}"


def _digest(parts: tuple[object, ...]) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
