"""What exit codes mean, for all commands."""

from enum import IntEnum


class Exit(IntEnum):
    """0 fine; 1 an error; 2 changes (`plan`) or findings (`validate`); 3 something is blocked."""

    OK = 0
    ERROR = 1
    CHANGES = 2
    FINDINGS = 2
    BLOCKED = 3
