"""What exit codes mean, for all commands."""

from enum import IntEnum


class Exit(IntEnum):
    """0 fine; 1 an error; 2 changes (`plan`) or findings (`validate`); 3 blocked, or not known.

    4: the last look is too old, or not known (`status --max-age`). A run that a signal ended exits
    with 128 and the signal's number: 130 after Ctrl-C.
    """

    OK = 0
    ERROR = 1
    CHANGES = 2
    FINDINGS = 2
    BLOCKED = 3
    STALE = 4


class Interrupted(Exception):
    """A signal has ended the run before its end."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.exit_code = of_signal(signal_number)


def of_signal(number: int) -> int:
    """Return the exit code of a run that a signal ended, as shells have it."""
    return 128 + number
