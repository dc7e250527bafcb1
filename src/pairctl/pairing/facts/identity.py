"""Identities in the one form in which they are compared, and in which they name files."""

import hashlib
import re
from functools import lru_cache

_PLAIN = re.compile(r"[0-9a-z](?:[0-9a-z-]{0,126}[0-9a-z])?")
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_HASHED = "x-"


@lru_cache(maxsize=1 << 16)  # each claim is held against each intent
def canonical_uid(uid: str) -> str:
    """Return the one form in which uids are compared: the case of letters says nothing."""
    return uid.casefold()


def is_same_uid(one: str, other: str) -> bool:
    """Whether two uids are of one thing; an empty one is of nothing."""
    return bool(one) and canonical_uid(one) == canonical_uid(other)


def file_stem(uid: str) -> str:
    """Return a file's name for an identity, without its ending.

    Two identities never share one on any file system, whatever it thinks of the case of letters,
    of dots at an end, or of names like `con`. What is plain stands as it is, the rest as a hash.
    """
    plain = canonical_uid(uid)
    is_plain = _PLAIN.fullmatch(plain) and not _RESERVED.fullmatch(plain)
    if is_plain and not plain.startswith(_HASHED):
        return plain
    return f"{_HASHED}{hashlib.sha256(plain.encode()).hexdigest()[:40]}"
