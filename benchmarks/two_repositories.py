"""Two repositories with an intent for one cluster, both applied at the same time: `make bench`.

Claims of one repository bind nobody in the other. Two requests can happen: whoever lists requests
just before the other's arrives does not see it. Two acceptances must not. The windows are times on
this machine, from what arrived at the simulated servers.
"""

import random
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from driver_factory import Driver
from pairctl.sim import Journal, Received
from repo_factory import make_box
from scenario_factory import ACCEPT, PAIR, world

TRIES = 20
SEED = 20240607
APART_S = 0.3
"""How much later the second may begin, at most."""
PROFILES = "/v1/dashboard/clusterprofiles"
REQUESTS = "/v1/dashboard/clusterpairs/metadata"
TIMING = {
    "requestSeconds": 10,
    "lookSeconds": 10,
    "actSeconds": 20,
    "settleSeconds": 1,
    "adoptAfterSeconds": 15,
}


@dataclass(frozen=True)
class Window:
    """How long before a POST arrived its sender had begun to look, and to list requests, in ms."""

    path: str
    look_ms: float
    list_ms: float


def main(tries: int) -> None:
    """Try, and print what came of it."""
    effects: Counter[str] = Counter()
    windows: list[Window] = []
    with Driver() as first, Driver() as second:
        for number in range(tries):
            with tempfile.TemporaryDirectory() as folder:
                kinds, found = one_try(Path(folder), (first, second), number)
            effects.update(kind for kind in ("request", "accept") if kinds.count(kind) > 1)
            effects["paired"] += kinds.count("accept") == 1
            windows += found
    _tell(f"{tries} tries, seed {SEED}; the second begins at most {APART_S * 1000:.0f} ms later")
    _tell(f"two requests:    {effects['request']:4}")
    _tell(f"two acceptances: {effects['accept']:4}")
    _tell(f"one acceptance:  {effects['paired']:4}")
    for path in (PAIR, ACCEPT):
        _tabulate(path, [window for window in windows if window.path == path])
    if effects["accept"]:
        sys.exit("one cluster was accepted twice")


def one_try(
    root: Path, drivers: Sequence[Driver], number: int
) -> tuple[list[str], Iterator[Window]]:
    """Let both apply; return the effects on the cluster, and the window of each POST."""
    apart_s = random.Random(SEED + number).uniform(0, APART_S)  # noqa: S311 - spreads starts
    # Not monitored: the monitor looks at one repository, and this is about two.
    with world(root, timing=TIMING, monitored=False) as w:
        (root / "second").mkdir()
        other = make_box(root / "second", {"fleet.yaml": w.fleet(w.intent(1))})
        wait = ("--wait", "--interval", "0.2", "--timeout", "60")

        def apply(driver: Driver, name: str, clone: Path, delay_s: float) -> None:
            threading.Event().wait(delay_s)
            driver.run(w, "apply", "--repository", str(clone), *wait, name=name)

        with ThreadPoolExecutor(2) as pool:
            works = [
                pool.submit(apply, drivers[0], "first", w.box.clone, 0.0),
                pool.submit(apply, drivers[1], "second", other.clone, apart_s),
            ]
            for work in works:
                work.result()
        return w.kinds(1), windows(w.running.simulation.journal)


def windows(journal: Journal) -> Iterator[Window]:
    """Measure each POST against what its sender asked last."""
    received = journal.received
    for index, sent in enumerate(received):
        if sent.method == "POST" and sent.path in (PAIR, ACCEPT):
            before = [one for one in received[:index] if one.user_agent == sent.user_agent]
            yield Window(sent.path, _since(before, PROFILES, sent), _since(before, REQUESTS, sent))


def _since(before: Sequence[Received], path: str, sent: Received) -> float:
    last = next(one for one in reversed(before) if one.path == path)
    return (sent.at - last.at).total_seconds() * 1000


def _tabulate(path: str, found: Sequence[Window]) -> None:
    """Print the windows before the POSTs to one path."""
    _tell(f"\n{len(found)} x POST {path}")
    measures: Sequence[tuple[str, Callable[[Window], float]]] = (
        ("from the last look's beginning", lambda window: window.look_ms),
        ("from its list of requests", lambda window: window.list_ms),
    )
    for name, measure in measures if found else ():
        times = sorted(map(measure, found))
        _tell(f"{name:32} median {median(times):7.1f} ms   maximum {times[-1]:7.1f} ms")


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TRIES)
