"""How soon `watch` calls a host after the commit that asks for it, beside a settled fleet.

A repository holds 1,000 intents that are paired. While `watch` runs, one commit after the other
adds an intent, or resumes one that was suspended; each time the seconds are taken from before the
commit is made, by the very command that moves the branch, until the first call arrives at its host.
`bare` watches a bare repository that is pushed to, `clone` a clone's own branch (`--local`),
`pushed` a clone that is pushed from, where the remote says what is merged. Exits non-zero where a
median is longer than held. The CPU that `watch` and its Git took in between, and what else wants to
run on the machine, are printed beside it: on a busy machine the seconds say nothing.
"""

import argparse
import compileall
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from earlier import ROOT
from settled import Bench, register, write_box

from monitor import Monitor
from pairctl.sim import run_in_thread
from repo_factory import Box, git
from scenario_factory import (
    DEFAULT_SECRETS,
    World,
    document,
    profile_match,
    quick_palette,
    write_secrets,
)
from sim_factory import Document, host_document, make_scenario

CLUSTERS = 1000
COMMITS = 15
MOST_S = 0.5
"""The median that is held."""
QUIET_S = 2.5
"""So long nothing has to arrive anywhere before the next commit is made."""
PATIENCE_S = 120.0
WAYS = ("bare", "clone", "pushed")


def _command(box: Box, which: str) -> list[str]:
    """Return the options that say what is watched."""
    if which == "bare":
        return ["--repository", str(box.bare)]
    return ["--repository", str(box.clone), *(["--local"] if which == "clone" else [])]


@contextmanager
def watching(w: World, which: str) -> Iterator[int]:
    """Run `watch` until the block ends; gives its process id."""
    command = [sys.executable, "-m", "pairctl", "watch", *w.rules, *_command(w.box, which)]
    env = w.environment | {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    log = (w.root / f"{which}.log").open("w")
    with log, subprocess.Popen(command, cwd=w.root, env=env, stdout=log, stderr=log) as program:
        try:
            yield program.pid
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(PATIENCE_S)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end_s = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end_s:
            raise SystemExit("it took too long")
        time.sleep(0.005)


def wait_for_quiet(w: World) -> None:
    """Wait until nothing has arrived at any server for a while."""
    journal = w.running.simulation.journal
    count, since_s = len(journal.received), time.monotonic()
    while time.monotonic() - since_s < QUIET_S:
        time.sleep(0.05)
        if (now := len(journal.received)) != count:
            count, since_s = now, time.monotonic()


def cpu_s(pid: int) -> float:
    """Return how many seconds of CPU a process and its ended children have taken (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def calls_at(w: World, host: str) -> int:
    """Count what has arrived at a host."""
    return sum(one.server == host for one in w.running.simulation.journal.received)


def woken_s(w: World, which: str, number: int, pid: int, *, resumes: bool) -> tuple[float, float]:
    """Commit an intent; return the seconds until its host was called, and those of CPU."""
    intent = w.intent(number)
    name, clone = f"fleet/store-{number}.yaml", w.box.clone
    if resumes:
        _write(clone / name, intent | {"spec": intent["spec"] | {"suspend": True}})
        _commit(clone, name)
        git(clone, "push", "--quiet", "origin", "HEAD")
        wait_for_quiet(w)
    _write(clone / name, intent)
    git(clone, "add", name)
    if which != "clone":
        _commit(clone, name)
    before, used_s = calls_at(w, f"store-{number}"), cpu_s(pid)
    began_s = time.monotonic()
    if which == "clone":
        _commit(clone, name)
    else:
        git(clone, "push", "--quiet", "origin", "HEAD")
    wait_until(lambda: calls_at(w, f"store-{number}") > before)
    took_s, used_s = time.monotonic() - began_s, cpu_s(pid) - used_s
    if which == "clone":
        git(clone, "push", "--quiet", "origin", "HEAD")
    wait_for_quiet(w)
    return took_s, used_s


def _write(path: Path, one: Document) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(one) + "\n")


def _commit(clone: Path, name: str) -> None:
    git(clone, "add", name)
    git(clone, "commit", "--quiet", "--message", "Ask for a host")


def measure(size: int, commits: int, ways: list[str]) -> bool:
    """Measure, print a row for each kind of repository, and return whether all is as held."""
    hosts = [host_document(n + 1) for n in range(commits * len(ways))]
    with (
        tempfile.TemporaryDirectory(prefix="pairctl-bench-") as folder,
        run_in_thread(make_scenario(*hosts, palette=quick_palette())) as running,
    ):
        bench = Bench(Path(folder), running)
        running.call(lambda sim: register([f"store-{n:06}" for n in range(size)], sim))
        spec: Document = {"secrets": {name: {"hosts": ["127.0.0.1"]} for name in DEFAULT_SECRETS}}
        is_well = True
        for index, which in enumerate(ways):
            root = bench.root / which
            box = write_box(bench, root, size)
            w = World(
                root, running, box, Monitor(box.bare, box.clone, root / "operator.yaml"), spec
            )
            w.operator.write_text(json.dumps(document("Operator", "bench", spec)))
            write_secrets(w.secrets, DEFAULT_SECRETS)
            _write(box.clone / "fleet/match.yaml", profile_match())
            _commit(box.clone, "fleet/match.yaml")
            git(box.clone, "push", "--quiet", "origin", "HEAD")
            seen = len(running.simulation.journal.received)
            with watching(w, which) as pid:
                wait_until(lambda seen=seen: len(running.simulation.journal.received) > seen)
                wait_for_quiet(w)
                numbers = range(index * commits + 1, (index + 1) * commits + 1)
                both = [woken_s(w, which, n, pid, resumes=n % 2 == 0) for n in numbers]
            took, used = zip(*both, strict=True)
            held = median(took) <= MOST_S
            broken = "" if held else f"  BROKEN: at most {MOST_S} s"
            is_well &= held
            _tell(
                f"{size} settled, {which:6}: commit to first call median {median(took):.2f} s, "
                f"{min(took):.2f}-{max(took):.2f} s; CPU {median(used):.2f} s, load "
                f"{os.getloadavg()[0]:.0f} on {os.cpu_count()} cores{broken}"
            )
        return is_well


def main() -> None:
    """Measure, and exit 1 where a median is longer than held."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--clusters", type=int, default=CLUSTERS)
    options.add_argument("--commits", type=int, default=COMMITS)
    options.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    given = options.parse_args()
    compileall.compile_dir(ROOT / "src", quiet=1)
    raise SystemExit(not measure(given.clusters, given.commits, given.ways))


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a benchmark's output


if __name__ == "__main__":
    main()
