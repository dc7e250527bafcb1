"""The real program with clocks of its own, with signals at chosen times, and with a known id."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from scenario_factory import World
from warm import PROGRAM, WarmPopen


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
    """Runs the program, one run after the other; several drivers run it side by side."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

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
        prepared = {
            "pid_file": str(pid_file(w, name)),
            "clocks": asdict(clocks) if clocks else None,
        }
        with output_file(w, name).open("wb") as output:
            process = WarmPopen(
                [*PROGRAM, command, *rules, *more],
                more=prepared,
                cwd=w.box.clone,
                env={**w.environment, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        began_s = time.monotonic()
        for after_s, number in sorted(signals):
            with suppress(subprocess.TimeoutExpired):
                return process.wait(max(0.0, began_s + after_s - time.monotonic()))
            process.send_signal(number)
        return process.wait()


NEED_RULES = ("plan", "apply", "watch", "pair")


def pid_file(w: World, name: str = "pairctl") -> Path:
    """Tell where the running child's process id stands."""
    return w.root / f"{name}.pid"


def output_file(w: World, name: str = "pairctl") -> Path:
    """Tell where all stands that the last run said."""
    return w.root / f"{name}.output.txt"
