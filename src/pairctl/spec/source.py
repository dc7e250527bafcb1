"""A file as it was committed or found: its path and its bytes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file; `path` is relative to the repository's root, with `/` between its parts."""

    path: str
    content: bytes
