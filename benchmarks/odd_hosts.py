"""What dark, slow and wrong hosts cost the others: one `apply --wait`, with and without them.

Of a fleet 5 % are dark, 5 % take 2.5 s for each call, and 2 % have layers that nothing matches.
When the others are accepted is compared with a run in which the odd hosts are not in the
repository. The simulator runs in one process, pairctl in another, under the vendor's rate
limits. Exits non-zero where the others are accepted later than they may be, where a host does not
end where it belongs, or where nothing is said for long at the beginning. `--clusters` takes a
smaller fleet of the same kind. Where other programs use the machine too, only runs that are made
`--together` can be compared; with `--owned-clock` all is in one process without sockets, on a clock
that stands while anything works: what limits and waits alone take, the same on every machine.
"""

import argparse
import compileall
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from earlier import ROOT
from fleet import claims_in_vain, fleet_files, fleet_world, limited_palette, numbers

from in_process import owned_world
from owned_time import OwnedClock, run_in_owned_time
from pairctl.engine import Event, run_until_settled
from pairctl.sim import LocalProfile, run_in_thread
from repo_factory import STATUS, git
from scenario_factory import World
from sim_factory import LOCAL_PROFILES, OLD_GRAFANA, Document, host_document, make_scenario

CLUSTERS = 1000
SLOW_S = 2.5
MOST_S = 1800
LATER = 1.1
"""How much later the others may be accepted where there are odd hosts."""
SILENT_S = 15.0
"""How long nothing may be said at the beginning: starting and reading the documents included."""


@dataclass(frozen=True)
class Fleet:
    """The odd hosts of a fleet, by number; all others are as they should be."""

    size: int

    @property
    def dark(self) -> frozenset[int]:
        """Those that do not answer."""
        return frozenset(numbers(self.size)[3::20])

    @property
    def slow(self) -> frozenset[int]:
        """Those that take long for each call."""
        return frozenset(numbers(self.size)[7::20])

    @property
    def wrong(self) -> frozenset[int]:
        """Those with layers that nothing matches."""
        return frozenset(numbers(self.size)[11::50])

    @property
    def odd(self) -> frozenset[int]:
        """All of them."""
        return self.dark | self.slow | self.wrong

    def hosts(self) -> list[Document]:
        """Describe all hosts."""
        layers = [
            LOCAL_PROFILES[0],
            LocalProfile("store-addons", "add-on", "1.0.0", (OLD_GRAFANA,)),
        ]
        return [
            host_document(n, delaySeconds=SLOW_S)
            if n in self.slow
            else host_document(n, cluster=host_document(n)["cluster"] | {"profiles": layers})
            if n in self.wrong
            else host_document(n)
            for n in numbers(self.size)
        ]

    def where(self, number: int) -> str:
        """Return phase and reason where a host belongs at the end."""
        if number in self.dark:
            return "Blocked/Unreachable"
        return "Blocked/LayersDiffer" if number in self.wrong else "Paired/Paired"


@dataclass(frozen=True)
class Run:
    """What a run came to; times are seconds since pairctl was started.

    `said_s` is when the first line about a host was said, `accepted_s` when each of the others was
    accepted, `slow_s` when each of the slow ones was, in order. `misplaced` are where hosts ended
    that do not belong there, `in_vain` the claims under which nothing was sent.
    """

    said_s: float
    accepted_s: tuple[float, ...]
    slow_s: tuple[float, ...]
    all_s: float
    ends: Counter[str]
    misplaced: dict[str, str]
    in_vain: int
    commits: int

    def told(self) -> str:
        """Say it in two lines."""
        ends = ", ".join(f"{count} {end}" for end, count in self.ends.most_common())
        slow = f", slow ones {self.slow_s[-1]:.1f} s" if self.slow_s else ""
        return (
            f"first line {self.said_s:.1f} s, the others accepted: median "
            f"{median(self.accepted_s):.1f} s, last {self.accepted_s[-1]:.1f} s{slow}, all over "
            f"{self.all_s:.1f} s; {self.commits} commits, {self.in_vain} claims in vain\n    {ends}"
        )


def run(fleet: Fleet, *, with_odd: bool) -> Run:
    """Pair a fleet, with the odd hosts in the repository or without."""
    scenario = make_scenario(*fleet.hosts(), palette=limited_palette())
    declared = [n for n in numbers(fleet.size) if with_odd or n not in fleet.odd]
    with tempfile.TemporaryDirectory() as folder, run_in_thread(scenario) as running:
        w = fleet_world(Path(folder), running, declared)
        for number in fleet.dark:
            running.wait(lambda sim, name=f"store-{number}": sim.off(name))
        began, began_s = datetime.now(UTC), time.monotonic()
        said_s = _apply(w, began_s)
        return _came_to(w, fleet, declared, began, said_s, time.monotonic() - began_s)


def run_on_owned_clock(fleet: Fleet, *, with_odd: bool) -> Run:
    """Do the same in one process without sockets, where only waiting takes time."""
    with tempfile.TemporaryDirectory() as folder:
        return run_in_owned_time(_in_process(Path(folder), fleet, with_odd=with_odd))


async def _in_process(root: Path, fleet: Fleet, *, with_odd: bool) -> Run:
    scenario = make_scenario(*fleet.hosts(), palette=limited_palette())
    declared = [n for n in numbers(fleet.size) if with_odd or n not in fleet.odd]
    timing = {"lookSeconds": 5}  # as usual
    async with owned_world(root, scenario, *declared[:1], timing=timing) as w:
        (w.box.clone / "fleet.yaml").unlink()
        w.box.commit(fleet_files(w, declared))
        for number in fleet.dark:
            await w.running.simulation.off(f"store-{number}")
        clock, said = OwnedClock(), list[float]()
        began, began_s = clock.now(), clock.monotonic()

        def hear(_: Event) -> None:
            said.append(clock.monotonic() - began_s)

        async with w.engine(clock=clock, listener=hear) as (reconciler, settings):
            await run_until_settled(reconciler, settings)
        return _came_to(w, fleet, declared, began, said[0], clock.monotonic() - began_s)


def _came_to(
    w: World, fleet: Fleet, declared: Sequence[int], began: datetime, said_s: float, all_s: float
) -> Run:
    at = {e.cluster_uid: (e.at - began).total_seconds() for e in w.effects("accept")}
    ends = {n: "/".join(w.told(f"store-{n}")) for n in declared}
    return Run(
        said_s,
        _times(at, w, (n for n in declared if n not in fleet.odd)),
        _times(at, w, (n for n in declared if n in fleet.slow)),
        all_s,
        Counter(ends.values()),
        {f"store-{n}": end for n, end in ends.items() if end != fleet.where(n)},
        claims_in_vain(w),
        int(git(w.box.bare, "rev-list", "--count", STATUS)),
    )


def _apply(w: World, began_s: float) -> float:
    """Run `apply --wait` to its end; return when it said first how far it is."""
    command = [sys.executable, "-m", "pairctl", "apply", *w.rules, "--wait"]
    env = w.environment | {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    said_s = float("inf")
    with subprocess.Popen(
        [*command, "--timeout", str(MOST_S)],
        cwd=w.box.clone,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stderr
        for line in program.stderr:
            if "store-" in line or " at rest: " in line:
                said_s = min(said_s, time.monotonic() - began_s)
    return said_s


def _times(at: dict[str, float], w: World, numbers: Iterable[int]) -> tuple[float, ...]:
    """Return when these were accepted, in order; those that were not are left out."""
    uids = (w.cluster_uid(number) for number in numbers)
    return tuple(sorted(at[uid] for uid in uids if uid in at))


def broken(without: Run, with_odd: Run) -> list[str]:
    """Say what does not hold."""
    ratio = with_odd.accepted_s[-1] / without.accepted_s[-1]
    found = [f"{name} ended as {end}" for name, end in sorted(with_odd.misplaced.items())]
    found += [f"without odd hosts {name} ended as {end}" for name, end in without.misplaced.items()]
    if ratio > LATER:
        found.append(f"the others were accepted {ratio:.2f} times as late, at most {LATER} is held")
    found += [
        f"nothing was said of a host for {one.said_s:.1f} s, at most {SILENT_S:g} s is held"
        for one in (without, with_odd)
        if one.said_s > SILENT_S
    ]
    return found


def main() -> None:
    """Measure both, print what they came to, and exit 1 where something does not hold."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--clusters", type=int, default=CLUSTERS)
    options.add_argument("--together", action="store_true", help="both at once, on a busy machine")
    options.add_argument(
        "--owned-clock", action="store_true", help="in process, where only waiting takes time"
    )
    given = options.parse_args()
    fleet, measure = Fleet(given.clusters), run_on_owned_clock if given.owned_clock else run
    compileall.compile_dir(ROOT / "src", quiet=1)
    _tell(f"{fleet.size} clusters, {len(fleet.dark)} dark, {len(fleet.slow)} slow, "
          f"{len(fleet.wrong)} with wrong layers")  # fmt: skip
    with ProcessPoolExecutor(2 if given.together else 1, get_context("spawn")) as pool:
        runs = [pool.submit(measure, fleet, with_odd=with_odd) for with_odd in (False, True)]
        without, with_odd = (one.result() for one in runs)
    _tell(f"  without them: {without.told()}")
    _tell(f"  with them: {with_odd.told()}")
    for name, one in (("median", median), ("last", max)):
        _tell(f"  {name}, with / without: {one(with_odd.accepted_s) / one(without.accepted_s):.2f}")
    wrong = broken(without, with_odd)
    for line in wrong:
        _tell(f"  BROKEN: {line}")
    raise SystemExit(bool(wrong))


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a benchmark's output


if __name__ == "__main__":
    main()
