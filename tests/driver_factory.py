"""The real program at the cost of a fork: a process that imported it once runs it many times."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from scenario_factory import World


@dataclass(frozen=True)
class Clocks:
    """What a process takes for the machine's clocks.

    Its time of day is off by `wall_s`, and by another number of seconds from each of `jumps` on
    (seconds after its start, and how far it is off then). The clock that never jumps has counted
    `boot_s` more seconds than the machine's.
    """

    wall_s: float = 0.0
    jumps: Sequence[tuple[float, float]] = field(default_factory=tuple)
    boot_s: float = 0.0


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

    def run(
        self,
        w: World,
        command: str,
        *more: str,
        env: Mapping[str, str] | None = None,
        name: str = "pairctl",
        clocks: Clocks | None = None,
        signals: Sequence[tuple[float, int]] = (),
    ) -> int:
        """Run the program in a world's clone; gives its exit code, -9 where it was killed.

        `name` tells the files of processes that run at the same time apart. `signals` are sent to
        it, each so many seconds after its start.
        """
        rules = w.rules if command in NEED_RULES else []
        job = {
            "arguments": [command, *rules, *more],
            "folder": str(w.box.clone),
            "environment": {**w.environment, **(env or {})},
            "pid": str(pid_file(w, name)),
            "output": str(output_file(w, name)),
            "clocks": asdict(clocks) if clocks else None,
            "signals": list(signals),
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


NEED_RULES = ("plan", "apply", "watch", "pair")


def pid_file(w: World, name: str = "pairctl") -> Path:
    """Tell where the running child's process id stands."""
    return w.root / f"{name}.pid"


def output_file(w: World, name: str = "pairctl") -> Path:
    """Tell where all stands that the last run said."""
    return w.root / f"{name}.output.txt"
