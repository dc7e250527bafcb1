"""The real program at the cost of a fork: a process that imported it once runs it many times."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from scenario_factory import World


class Driver:
    """A process that imported the program, and forks for each run. A context manager."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("scenario_driver.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, w: World, command: str, *more: str, env: Mapping[str, str] | None = None) -> int:
        """Run the program in a world's clone; gives its exit code, -9 where it was killed."""
        rules = w.rules if command in NEED_RULES else []
        job = {
            "arguments": [command, *rules, *more],
            "folder": str(w.box.clone),
            "environment": {**w.environment, **(env or {})},
            "pid": str(pid_file(w)),
            "output": str(output_file(w)),
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


NEED_RULES = ("plan", "apply", "watch")


def pid_file(w: World) -> Path:
    """Tell where the running child's process id stands."""
    return w.root / "pairctl.pid"


def output_file(w: World) -> Path:
    """Tell where all stands that the last run said."""
    return w.root / "output.txt"
