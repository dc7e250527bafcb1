"""How long `pairctl validate` takes over a fleet, beside check-jsonschema in the same run.

Both are run as whole programs, on the same files, one after the other, several times; figures are
medians, and ratios are of processor time, with that of the processes they start, run by run: both
take the same turns on a busy machine. pairctl does more: it holds documents against each other, and
tells YAML's traps. Both use the YAML parser written in C, which check-jsonschema does not bring
along by itself. Cold is without anything that an earlier run has kept. Ends with 1 where a ratio is
above its limit.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from fleet_documents import intent_path, write_fleet

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
COLD = 0.65
"""How much of check-jsonschema's processor time a cold run takes at most."""
WARM = 0.4
"""How much of it a run takes at most that reads one file, and knows the others from before."""
CHANGED = 0.5
"""How much of a run that reads every file one takes at most that reads one."""


@dataclass(frozen=True, slots=True)
class Took:
    """What a run took, in seconds; `rss` is the most memory it held, in MiB."""

    cpu: float
    wall: float
    rss: float


def run(command: Sequence[str | Path], folder: Path, cache: Path) -> Took:
    """Run a program to its end, which has to be a good one."""
    env = {"PATH": os.environ["PATH"], "HOME": str(cache), "XDG_CACHE_HOME": str(cache)}
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL) as program:
        _, status, used = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    if program.returncode:
        raise SystemExit(f"{command[0]} ended with {program.returncode}")
    return Took(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def touch(root: Path, number: int) -> None:
    """Change one intent, as a pull request does."""
    path = intent_path(root, number)
    path.write_text(path.read_text().replace("region: emea", f"region: r{time.time_ns()}"))


def main() -> None:
    """Measure, and print a table and what it comes to."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--intents", type=int, nargs="+", default=[2_000, 10_000])
    options.add_argument("--many", type=int, default=100_000, help="for the change of one file")
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    held = []
    with tempfile.TemporaryDirectory(prefix="pairctl-bench-") as temporary:
        for size in given.intents:
            held += beside(Path(temporary) / str(size), size, given.runs)
        held += growing(Path(temporary), given.many, given.runs)
    if not all(held):
        sys.exit(1)


def beside(place: Path, size: int, runs: int) -> list[bool]:
    """Compare pairctl, cold and warm, with a plain validator on the same documents.

    Return which limits are held.
    """
    root, cache = place / "fleet", place / "cache"
    write_fleet(root, size)
    schema = ROOT / "schemas" / "pairingintent.json"
    intents = sorted((root / "intents").rglob("*.yaml"))
    plain = [BIN / "check-jsonschema", "--schemafile", schema, *intents]
    cold = [BIN / "pairctl", "validate", "--no-cache"]
    pairs = [(run(cold, root, cache), run(plain, root, cache)) for _ in range(runs)]
    warm = warm_runs(root, cache, runs)
    tell(f"\n{size} intents, a file each; median of {runs} runs")
    tell(f"{'':34}{'cpu s':>9}{'wall s':>9}{'MiB':>7}")
    row("check-jsonschema", [other for _, other in pairs])
    row("pairctl validate, cold", [own for own, _ in pairs])
    row("pairctl validate, one file changed", warm)
    cold_ratio = median(own.cpu / other.cpu for own, other in pairs)
    warm_ratio = median(one.cpu for one in warm) / median(other.cpu for _, other in pairs)
    return [
        holds("cold, beside check-jsonschema", cold_ratio, COLD),
        holds("one file changed, beside it", warm_ratio, WARM),
    ]


def growing(place: Path, size: int, runs: int) -> list[bool]:
    """Measure the change of one file in many. Return which limits are held."""
    root, cache = place / "many", place / "many-cache"
    write_fleet(root, size)
    cold = run([BIN / "pairctl", "validate"], root, cache)
    warm = warm_runs(root, cache, runs)
    tell(f"\n{size} intents, a file each; median of {runs} runs")
    tell(f"{'':34}{'cpu s':>9}{'wall s':>9}{'MiB':>7}")
    row("pairctl validate, the first time", [cold])
    row("pairctl validate, one file changed", warm)
    ratio = median(one.cpu for one in warm) / cold.cpu
    return [holds("one file changed, beside the first", ratio, CHANGED)]


def warm_runs(root: Path, cache: Path, runs: int) -> list[Took]:
    """Run pairctl until its cache is full, then once for each change of a file."""
    command = [BIN / "pairctl", "validate"]
    for path in root.rglob("*.yaml"):  # as files are that were not written just now
        os.utime(path, (0, 0))
    run(command, root, cache)
    took = []
    for number in range(runs):
        touch(root, number)
        took.append(run(command, root, cache))
    return took


def row(name: str, took: Sequence[Took]) -> None:
    """Print the medians of some runs."""
    cpu, wall = median(t.cpu for t in took), median(t.wall for t in took)
    tell(f"{name:34}{cpu:9.2f}{wall:9.2f}{median(t.rss for t in took):7.0f}")


def holds(what: str, ratio: float, limit: float) -> bool:
    """Print a ratio beside its limit. Return whether it is held."""
    is_held = ratio <= limit
    tell(f"{what:38}{ratio:6.2f}  {'holds' if is_held else 'BROKEN'}: at most {limit}")
    return is_held


def tell(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201 - a program of its own, whose output is the result


if __name__ == "__main__":
    main()
