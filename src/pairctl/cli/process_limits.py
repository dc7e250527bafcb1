"""What the system lets this process do: leave no core dump, and open many files."""

import resource
from contextlib import suppress

MOST_FILES = 65536


def set_process_limits() -> None:
    """Set the limits of this process, and of those that it starts."""
    # A core dump would hold every secret in use.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Each edge host has a connection. The usual 1,024 is for programs that wait by `select`.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # some systems let less than they say
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
