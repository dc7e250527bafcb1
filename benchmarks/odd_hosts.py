"""What dark, slow and wrong hosts cost the others: one `apply --wait`, with and without them.

Of a fleet 5 % are dark, 5 % take 2.5 s for each call, and 2 % have layers that nothing matches. The
time until the last of the others is accepted is compared with a run in which the odd hosts are not
in the repository. The simulator runs in this process, under the vendor's rate limits.
"""

import argparse
import compileall
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from fleet import ROOT, fleet_world, limited_palette, numbers

from pairctl.sim import LocalProfile, run_in_thread
from sim_factory import LOCAL_PROFILES, OLD_GRAFANA, Document, host_document, make_scenario

SLOW_S = 2.5
MOST_S = 1800


def odd_hosts(size: int) -> dict[int, Document]:
    """Return the odd hosts of a fleet, by number, spread over it: what is described of each."""
    every = list(numbers(size))
    dark = every[3::20]
    slow = every[7::20]
    wrong = every[11::50]
    layers = [LOCAL_PROFILES[0], LocalProfile("store-addons", "add-on", "1.0.0", (OLD_GRAFANA,))]
    return {
        **{number: {} for number in dark},
        **{number: {"delaySeconds": SLOW_S} for number in slow},
        **{n: {"cluster": host_document(n)["cluster"] | {"profiles": layers}} for n in wrong},
    }


def run(size: int, *, with_odd: bool) -> tuple[float, Counter[str]]:
    """Pair a fleet; return when the last of the others was accepted, and how all ended."""
    odd = odd_hosts(size)
    hosts = [host_document(number, **odd.get(number, {})) for number in numbers(size)]
    scenario = make_scenario(*hosts, palette=limited_palette())
    with tempfile.TemporaryDirectory() as folder, run_in_thread(scenario) as running:
        declared = [n for n in numbers(size) if with_odd or n not in odd]
        w = fleet_world(Path(folder), running, declared)
        for number, changes in odd.items():
            if not changes:
                running.wait(lambda sim, name=f"store-{number}": sim.off(name))
        began = datetime.now(UTC)
        command = [sys.executable, "-m", "pairctl", "apply", *w.rules, "--wait"]
        env = w.environment | {"PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        with subprocess.Popen(
            [*command, "--timeout", str(MOST_S)],
            cwd=w.box.clone,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as program:
            program.wait()
        uids = {w.cluster_uid(n) for n in numbers(size) if n not in odd}
        accepted = [one.at for one in w.effects("accept") if one.cluster_uid in uids]
        ends = Counter("/".join(w.told(f"store-{number}")) for number in declared)
        return (max(accepted) - began).total_seconds(), ends


def main() -> None:
    """Measure both, and print how long the others took, and where each host stands."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--clusters", type=int, default=200)
    size = options.parse_args().clusters
    compileall.compile_dir(ROOT / "src", quiet=1)
    times = {}
    for with_odd in (False, True):
        began = time.monotonic()
        times[with_odd], ends = run(size, with_odd=with_odd)
        words = ", ".join(f"{count} {end}" for end, count in ends.most_common())
        which = "with the odd hosts" if with_odd else "without them"
        _tell(f"{size} clusters {which}: the others accepted in {times[with_odd]:.1f} s, "
              f"all over in {time.monotonic() - began:.1f} s: {words}")  # fmt: skip
    _tell(f"with / without: {times[True] / times[False]:.2f}")


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a benchmark's output


if __name__ == "__main__":
    main()
