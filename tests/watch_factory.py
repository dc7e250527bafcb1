"""`watch` as a real process, for as long as a block lasts."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scenario_factory import PATIENCE_S, World

SLOW = ("--interval", "600")
"""Far longer than a test may last: whatever happens was not brought about by the interval."""


@contextmanager
def watching(w: World, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """Run `watch` until the block ends."""
    child = w.start("watch", *SLOW, *more)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def until(is_so: Callable[[], object]) -> None:
    """Wait for something that the child brings about."""
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.03)


def phase(w: World) -> str:
    """Give the phase of the intent; empty where it is not told yet."""
    return w.told()[0] if "status/store-1.yaml" in w.files() else ""


def end(child: "subprocess.Popen[str]") -> str:
    """Ask the child to end, and give what it said; it must end well, and soon."""
    child.send_signal(signal.SIGTERM)
    told, _ = child.communicate(timeout=PATIENCE_S)
    assert child.returncode == 0, told
    return told
