"""Runs the real program many times at the cost of importing it once: a fork for each run.

Reads a job a line (JSON: arguments, folder, environment, pid file, output file), and answers with
the exit code of the child, negative where a signal ended it. A job may have clocks, which its child
takes for the machine's, and signals that the child gets, each so many seconds after its start.
"""

import importlib
import json
import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

from pairctl.cli import main
from pairctl.engine.runtime.clock import SystemClock

for late in ("anyio._backends._asyncio", "httpcore._backends.anyio", "rich.live"):
    importlib.import_module(late)  # what the program imports when it first needs it


def become_pairctl(job: dict[str, Any]) -> NoReturn:
    """Be the program, as if it had just been started."""
    os.setsid()
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    output = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.argv = ["pairctl", *job["arguments"]]
    if job["clocks"]:
        set_clocks(**job["clocks"])
    Path(job["pid"]).write_text(str(os.getpid()))
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def set_clocks(wall_s: float, jumps: list[tuple[float, float]], boot_s: float) -> None:
    """Let the time of day be off by `wall_s`, and after so many seconds by something else.

    The clock that never jumps begins `boot_s` later than the machine's.
    """
    began_s, now, monotonic = time.monotonic(), SystemClock.now, SystemClock.monotonic

    def off_s() -> float:
        passed_s = time.monotonic() - began_s
        return next((off for after_s, off in reversed(jumps) if passed_s >= after_s), wall_s)

    def own_now(self: SystemClock) -> datetime:
        return now(self) + timedelta(seconds=off_s())

    def own_monotonic(self: SystemClock) -> float:
        return monotonic(self) + boot_s

    SystemClock.now = own_now  # type: ignore[method-assign]
    SystemClock.monotonic = own_monotonic  # type: ignore[method-assign]


def wait_for(child: int, signals: list[tuple[float, int]]) -> int:
    """Wait for a child's end, sending it its signals: until then nobody else has its id."""
    began_s, left = time.monotonic(), sorted(signals)
    while True:
        ended, status = os.waitpid(child, os.WNOHANG if left else 0)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() - began_s >= left[0][0]:
            os.kill(child, left.pop(0)[1])
        else:
            time.sleep(0.01)


for line in sys.stdin:
    task = json.loads(line)
    forked = os.fork()
    if forked == 0:
        become_pairctl(task)
    sys.stdout.write(f"{wait_for(forked, task['signals'])}\n")
    sys.stdout.flush()
