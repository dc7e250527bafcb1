"""One child process: started by GitPython, bounded in time and output, never outlived by its own.

Knows nothing of what the command means.
"""

import asyncio
import contextlib
import math
import os
import selectors
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from pairctl.repo.environment import program_folders
from pairctl.repo.gitpython import git

CHUNK_BYTES = 1 << 16
MAX_STDERR_BYTES = 1 << 16
CANCEL_POLL_S = 0.1
GRACE_S = 1.0
_LEFT_OUT = b"\n...\n"
GRACE_POLL_S = 0.01


class RunEnd:
    """When all commands of a run are over at the latest: for ever away, until a moment is set.

    It may be set while commands run.
    """

    def __init__(self) -> None:
        self._at_s = math.inf

    @property
    def is_over(self) -> bool:
        """Whether no command may run any more."""
        return time.monotonic() >= self._at_s

    def set_in(self, seconds: float) -> None:
        """Let it be so far from now; one that was set before stays where it is sooner."""
        self._at_s = min(self._at_s, time.monotonic() + seconds)

    def before(self, moment_s: float) -> float:
        """Return a moment (monotonic), or the end where that is sooner."""
        return min(self._at_s, moment_s)


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, its whole environment, and its bounds.

    `max_output_bytes` bounds standard output; of standard error both ends are kept. At `run_end` it
    is over, however much of its own time is left.
    """

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    stdin: bytes
    timeout_s: float
    max_output_bytes: int
    run_end: RunEnd = field(default_factory=RunEnd)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a child ended and what it said."""

    status: int
    stdout: bytes
    stderr: str


class ChildTimedOut(Exception):
    """The child was killed, with its whole process group, when its time was over."""


class ChildTooLoud(Exception):
    """The child was killed because it said more than the command allows."""


async def run(command: Command) -> Answer:
    """Run `command` in a thread; a cancelled caller kills the child and its process group."""
    cancelled = threading.Event()
    try:
        return await asyncio.to_thread(_run, command, cancelled)
    finally:
        cancelled.set()


def _run(command: Command, cancelled: threading.Event) -> Answer:
    if command.run_end.is_over:
        raise ChildTimedOut
    with tempfile.TemporaryFile() as stdin:
        stdin.write(command.stdin)
        stdin.seek(0)
        # GitPython merges its own environment in; `env -i` is what keeps the child's clean.
        pairs = [f"{name}={value}" for name, value in sorted(command.environment.items())]
        child = git.Git(command.folder).execute(
            ["env", "-i", *pairs, *command.arguments],
            istream=stdin,
            as_process=True,
            env={"PATH": program_folders(os.environ.get("PATH", os.defpath))},  # to find `env`
            start_new_session=True,
        )
        popen = cast("subprocess.Popen[bytes]", child.proc)
        return _supervised(popen, command, cancelled)


def _supervised(
    popen: "subprocess.Popen[bytes]", command: Command, cancelled: threading.Event
) -> Answer:
    deadline = time.monotonic() + command.timeout_s
    try:
        stdout, stderr = _drained(popen, command, deadline, cancelled)
        until_s = command.run_end.before(deadline)
        status = popen.wait(timeout=max(0.0, until_s - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise ChildTimedOut from error
    finally:
        _end(popen)
    return Answer(status, stdout, stderr.decode("utf-8", "backslashreplace"))


def _drained(
    popen: "subprocess.Popen[bytes]",
    command: Command,
    deadline: float,
    cancelled: threading.Event,
) -> tuple[bytes, bytes]:
    said = {"stdout": bytearray(), "stderr": bytearray()}
    with selectors.DefaultSelector() as selector:
        for name in said:
            selector.register(getattr(popen, name), selectors.EVENT_READ, name)
        while selector.get_map():
            if cancelled.is_set() or time.monotonic() >= command.run_end.before(deadline):
                raise ChildTimedOut
            for key, _ in selector.select(CANCEL_POLL_S):
                chunk = os.read(key.fd, CHUNK_BYTES)
                said[key.data] += chunk
                if not chunk:
                    selector.unregister(key.fileobj)
            _keep_both_ends(said["stderr"])
            if len(said["stdout"]) > command.max_output_bytes:
                raise ChildTooLoud
    return bytes(said["stdout"]), bytes(said["stderr"])


def _keep_both_ends(said: bytearray) -> None:
    """Take the middle out, in whole lines if it has any: what a hook says last often helps."""
    if len(said) <= MAX_STDERR_BYTES:
        return
    half = MAX_STDERR_BYTES // 2
    head, tail = bytes(said[:half]), bytes(said[-half:])
    head = head[: head.rfind(b"\n") + 1] or head
    tail = tail[tail.find(b"\n") + 1 :] or tail
    said[:] = head + _LEFT_OUT + tail


def _end(popen: "subprocess.Popen[bytes]") -> None:
    if popen.returncode is None:  # not reaped: its id still names its own process group
        _signal_group(popen, signal.SIGTERM)  # git removes its lock files on this one
        deadline = time.monotonic() + GRACE_S
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        while os.waitid(os.P_PID, popen.pid, look) is None and time.monotonic() < deadline:
            time.sleep(GRACE_POLL_S)
        _signal_group(popen, signal.SIGKILL)
    popen.wait()
    for stream in (popen.stdout, popen.stderr):
        if stream is not None:
            stream.close()


def _signal_group(popen: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(popen.pid, number)
