"""Real processes, each with clocks of its own, in a world that loses, holds and delays answers."""

import os
import random
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from driver_factory import Clocks, Driver, output_file
from pairctl.sim import Fault
from pairctl.sim.faults import FaultAction
from scenario_factory import ACCEPT, PAIR, World, world
from sim_factory import host_document

SEEDS = range(int(os.environ.get("SOAK_SEEDS", "10")))

REQUEST_S, SETTLE_S = 2.0, 0.6
TIMING = {
    "requestSeconds": REQUEST_S,
    "lookSeconds": 3,
    "actSeconds": 3,
    "settleSeconds": SETTLE_S,
    "clockMarginSeconds": 1,
}
CLUSTERS = (1, 2)
TROUBLED_RUNS = 5
"""How often each process is run while there are faults, kills and pauses."""
FAULTS = 3
"""How many faults are planned at a time: the next is, once one has come."""
RUNS = 20
"""How many runs may be needed afterwards: what a killed process claimed has to end first."""

WRITING = (("store-*", "POST", PAIR), ("palette", "POST", ACCEPT))
LOOKING = (
    ("store-*", "GET", "*/pair/details"),
    ("store-*", "GET", "*/settings"),
    ("store-*", "POST", "*/login"),
    ("palette", "POST", "/v1/dashboard/clusterprofiles"),
    ("palette", "POST", "/v1/dashboard/clusterpairs/metadata"),
    ("palette", "GET", "/v1/clusterpairs/*"),
)
LOSSES: Sequence[FaultAction] = ("drop", "error", "drop-after", "cut", "error-after")
LATE: Sequence[FaultAction] = ("drop-late", "hold")


@pytest.fixture(scope="module")
def drivers() -> Iterator[list[Driver]]:
    """Keep three processes that run the program."""
    with ExitStack() as stack:
        yield [stack.enter_context(Driver()) for _ in range(3)]


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_their_clocks_say_each_cluster_is_paired_once(
    tmp_path: Path, drivers: list[Driver], seed: int
) -> None:
    """One request and one acceptance a cluster, whoever dies, sleeps, or hears nothing."""
    hosts = [host_document(number) for number in CLUSTERS]
    with world(tmp_path, *hosts, timing=TIMING) as w:
        w.box.another_clone("other")
        is_over = threading.Event()
        with ThreadPoolExecutor(len(drivers) + 1) as pool:
            trouble = pool.submit(make_trouble, w, seed, is_over)
            works = [
                pool.submit(run_again_and_again, w, driver, number, seed)
                for number, driver in enumerate(drivers)
            ]
            try:
                for work in works:
                    work.result()
            finally:
                is_over.set()
            trouble.result()
        w.running.call(lambda sim: sim.faults.clear())
        settle(w, drivers[0])
        assert_paired_once(w)


def run_again_and_again(w: World, driver: Driver, number: int, seed: int) -> None:
    """Run the program in a loop: from a clone or by URL, in one pass or until all is settled."""
    chance = random.Random(f"{seed} {number}")  # noqa: S311 - spreads faults, guards nothing
    where = (str(w.box.clone), str(w.root / "other"), w.box.url)[number]
    wait = ("--wait", "--interval", "0.3", "--timeout", "5")
    for _ in range(TROUBLED_RUNS):
        driver.run(
            w,
            "apply",
            *("--repository", where),
            *(wait if chance.random() < 0.5 else ()),
            name=f"process-{number}",
            clocks=clocks(chance),
            signals=signals(chance),
        )


def clocks(chance: random.Random) -> Clocks:
    """Make clocks that are off, by seconds or by days, and jump while the process runs."""

    def off_s() -> float:
        return chance.choice((-1, 1)) * chance.choice((0.0, 3.0, 90.0, 4000.0, 500_000.0))

    jumps = sorted(chance.uniform(0, 4) for _ in range(chance.randrange(3)))
    return Clocks(
        off_s(), [(after_s, off_s()) for after_s in jumps], chance.uniform(-100_000, 1_000_000)
    )


def signals(chance: random.Random) -> list[tuple[float, int]]:
    """Choose when a process is killed, or paused for less than a request may take."""
    at_s, kind = 0.1 * 40 ** chance.random(), chance.random()
    if kind < 0.3:
        return [(at_s, signal.SIGKILL)]
    if kind < 0.6:
        return [(at_s, signal.SIGSTOP), (at_s + chance.uniform(0.1, REQUEST_S / 2), signal.SIGCONT)]
    return []


def make_trouble(w: World, seed: int, is_over: threading.Event) -> None:
    """Let answers get lost, come late, or take long, at random requests."""
    chance = random.Random(seed)  # noqa: S311 - as above
    while not is_over.wait(0.05):
        if len(w.running.simulation.faults.remaining) < FAULTS:
            w.plan_faults(fault(chance))


def fault(chance: random.Random) -> Fault:
    """Choose what goes wrong next. What is sent has its effect within the time to settle."""
    is_writing, kind = chance.random() < 0.5, chance.random()
    aim = chance.choice(WRITING if is_writing else LOOKING)
    skip = 0 if is_writing else chance.randrange(8)
    if kind < 0.5:
        return Fault(chance.choice(LOSSES), *aim, skip=skip)
    if kind < 0.8:
        seconds = chance.uniform(0.05, SETTLE_S * 0.8)
        return Fault(chance.choice(LATE), *aim, skip=skip, seconds=seconds)
    return Fault("delay", *aim, skip=skip, seconds=chance.uniform(0.1, REQUEST_S + 0.5))


def settle(w: World, driver: Driver) -> None:
    """Run undisturbed until all is done. Where too much was lost, a person says to go on."""
    attempts = dict.fromkeys(CLUSTERS, 1)
    for _ in range(RUNS):
        if driver.run(w, "apply", "--wait", "--interval", "0.3") == 0:
            return
        lost = [n for n in CLUSTERS if w.told(f"store-{n}")[1] == "OutcomeUnknownAgain"]
        if lost:
            attempts |= {number: attempts[number] + 1 for number in lost}
            w.commit(*(w.intent(number, attempt=attempts[number]) for number in CLUSTERS))
    raise AssertionError(output_file(w).read_text())


def assert_paired_once(w: World) -> None:
    """Check that the world is as if a single process had met no trouble."""
    for number in CLUSTERS:
        assert w.kinds(number) == ["request", "accept"]
        assert w.told(f"store-{number}") == ("Paired", "Paired")
        assert w.mode(number) == "central"
        assert f"evidence/{w.cluster_uid(number)}.yaml" in w.files()
    assert w.claims == []
    palette = w.running.simulation.palette
    found = {one.name: [palette.catalog.version(c.uid) for c in one.choices]
             for one in palette.clusters}  # fmt: skip
    told = {name: [f"{of[0].name} {of[1].version}" for of in versions if of]
            for name, versions in found.items()}  # fmt: skip
    assert told == {f"store-{number}": ["infra 1.1.0", "addons 1.0.0"] for number in CLUSTERS}
