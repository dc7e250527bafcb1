"""What pairing a fleet costs: requests, TLS handshakes and CPU for each cluster, `make bench`.

Under each row stands what it may be at most; where that is broken, it is said at the end, and the
exit code is 1.

The simulator runs in this process, pairctl in one of its own: CPU is that of pairctl and of the
Git that it starts. `--against COMMIT` measures another commit's pairctl in the same run, with the
dependencies that it pins, and only the ratios mean something: the time that a machine takes drifts.
What CPU a larger fleet takes is told by that of the smallest, at the end. The vendor's rate limits
hold: what they alone take is told beside the wall time, and how many calls they refused (429). `in
vain` are claims under which nothing was sent; `too old` are commits that say so of a look that came
too late. How long it takes is held for 1,000 clusters, where the machine has a core to spare.
`--trust` says how servers prove themselves: by a fingerprint, by a CA file of the repository, or by
the system's authorities, which then are those of this machine and the simulation's.
"""

import argparse
import json
import os
import re
import ssl
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import certifi
from earlier import Build, built, this_tree
from uvicorn.protocols.http.h11_impl import H11Protocol

from monitor import Monitor
from pairctl.sim import Received, ThreadedSimulation, run_in_thread
from pairctl.sim.limits import FAST_PREFIXES, Limiter, prefix_of
from pairctl.sim.listener import Listener
from repo_factory import STATUS, Box, git, make_box
from scenario_factory import DEFAULT_SECRETS, World, document, write_secrets
from sim_factory import Document, host_document, make_scenario, palette_document

SIZES = (100, 500)
MOST_S = 1800
TRUSTS = ("fingerprint", "authority", "system")

MOST_REQUESTS = 30.0
MOST_HANDSHAKES = 4.0
MOST_GROWTH = 1.2
"""What CPU a cluster takes, by what it takes in the smallest fleet, in the mean of its runs."""
TIMES = 3
"""How often the smallest is paired at first, and once more after each other.

It takes seconds only: whatever goes on beside it then makes a third of what it takes.
"""
MOST_OF = {"ff379d0": 0.4, "42079db": 0.55}
"""What CPU a cluster takes at most, by what it took at a commit, in the same run."""
WALL = (1000, 300.0)
"""How many clusters are paired within how many seconds."""

AS_SYSTEM = """
import runpy, ssl, sys
places = ssl.get_default_verify_paths()._replace(openssl_cafile=sys.argv.pop(1), openssl_capath="")
ssl.get_default_verify_paths = lambda: places
runpy.run_module("pairctl", run_name="__main__", alter_sys=True)
"""
"""Runs pairctl where the system's authorities are those of a file."""

A_FILE = 50
"""How many intents stand in one file."""


@dataclass(frozen=True)
class Cost:
    """What it took: in all, and how many clusters were paired."""

    requests: int
    handshakes: int
    cpu_s: float
    wall_s: float
    paired: int
    refused: int = 0
    in_vain: int = 0
    too_old: int = 0
    limits_s: float = 0.0

    def each(self) -> tuple[float, float, float]:
        """Return requests, handshakes and seconds of CPU for one cluster."""
        count = max(1, self.paired)
        return self.requests / count, self.handshakes / count, self.cpu_s / count


Pair = tuple[tuple[Cost, Cost], tuple[Cost, Cost]]
"""What a fleet, and then a settled pass, cost now and at another commit."""


class Connections:
    """Counts the connections that pairctl makes: those of the simulation itself are left out.

    `refused` are the calls that Palette's limits did not let through.
    """

    def __init__(self) -> None:
        self.opened = 0
        self.refused = 0
        self._newest: dict[tuple[str, int], int] = {}
        self._foreign: set[int] = set()

    @property
    def of_pairctl(self) -> int:
        """How many TLS handshakes came to their end that no simulated server began."""
        return self.opened - len(self._foreign)

    def open(self, client: tuple[str, int]) -> None:
        """Count a connection: a port that was given back is soon another connection's."""
        self.opened += 1
        self._newest[client] = self.opened

    def watching(self, app: Any) -> Any:
        """Return an application that notes who calls before the call is answered."""

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                agent = dict(scope["headers"]).get(b"user-agent", b"")
                if not agent.startswith(b"pairctl/"):
                    self._foreign.add(self._newest[tuple(scope["client"])])
            await app(scope, receive, send)

        return watched


@contextmanager
def counted() -> Iterator[Connections]:
    """Count the connections of all simulated servers that are started in the block."""
    found, made, start = Connections(), H11Protocol.connection_made, Listener.start
    admits = Limiter.admits

    def connection_made(self: Any, transport: Any) -> None:
        found.open(tuple(transport.get_extra_info("peername")))
        made(self, transport)

    async def started(self: Listener, app: Any) -> None:
        await start(self, found.watching(app))

    def admitted(self: Limiter, source: str, path: str) -> bool:
        may_pass = admits(self, source, path)
        found.refused += not may_pass
        return may_pass

    Limiter.admits = admitted  # type: ignore[method-assign]
    H11Protocol.connection_made = connection_made  # type: ignore[method-assign]
    Listener.start = started  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Limiter.admits = admits  # type: ignore[method-assign]
        H11Protocol.connection_made = made  # type: ignore[method-assign]
        Listener.start = start  # type: ignore[method-assign]


def numbers(size: int) -> range:
    """Return the numbers of a fleet's hosts: their declared ports begin beyond Palette's."""
    return range(1000, 1000 + size)


def limited_palette() -> Document:
    """Describe a Palette that pairs at once, and holds the vendor's limits."""
    return palette_document(pairing={"acceptSeconds": 0.0})


def pair_fleet(
    build: Build,
    size: int,
    *,
    trust: str = TRUSTS[0],
    tells_paths: bool = False,
) -> tuple[Cost, Cost]:
    """Pair a new fleet with a pairctl; return its cost, and a settled pass's."""
    hosts = [host_document(number) for number in numbers(size)]
    scenario = make_scenario(*hosts, palette=limited_palette())
    with (
        tempfile.TemporaryDirectory() as folder,
        counted() as connections,
        run_in_thread(scenario) as running,
    ):
        w = fleet_world(Path(folder), running, numbers(size), trust)
        program = [build.python, *_program(w, trust)]
        first = _run(w, build, program, connections, "--wait", "--timeout", str(MOST_S))
        settled = _run(w, build, program, connections)
        if tells_paths:
            _paths(w, size)
        return first, settled


def fleet_world(
    root: Path, running: ThreadedSimulation, declared: Sequence[int], trust: str = TRUSTS[0]
) -> World:
    """Write a repository with an intent for each of these hosts, and what its run is given."""
    box, values = Box(root), DEFAULT_SECRETS
    monitor = Monitor(box.bare, box.clone, root / "operator.yaml")  # it watches nothing here
    spec = {"secrets": {name: {"hosts": ["127.0.0.1"]} for name in values}}
    w = World(root, running, box, monitor, spec)
    files = fleet_files(w, declared, trust)
    make_box(root, {**files, "ca.pem": running.simulation.ca_pem})
    w.operator.write_text(json.dumps(document("Operator", "bench", spec)))
    write_secrets(w.secrets, values)
    return w


def fleet_files(w: World, declared: Sequence[int], trust: str = TRUSTS[0]) -> dict[str, str]:
    """Write an intent for each of these hosts, so many in a file."""
    intents = [_trusting(w.intent(number), trust) for number in declared]
    palette = _trusting(w.palette(), trust)
    return {
        f"fleet/{begin:04}.yaml": w.fleet(palette, *intents[begin : begin + A_FILE])
        if begin == 0
        else "---\n".join(json.dumps(one) + "\n" for one in intents[begin : begin + A_FILE])
        for begin in range(0, len(intents), A_FILE)
    }


def _trusting(declared: Document, trust: str) -> Document:
    """Return a document whose server is proven in another way than by its fingerprint."""
    spec = declared["spec"]
    place = spec.get("localUI", spec)
    if trust == "authority":
        place["tls"] = {"caFile": "ca.pem"}
    if trust == "system":
        del place["tls"]
    return declared


def _program(w: World, trust: str) -> list[str]:
    if trust != "system":
        return ["-m", "pairctl"]
    own = Path(ssl.get_default_verify_paths().openssl_cafile)
    bundle = w.root / "bundle.pem"
    texts = [own if own.is_file() else Path(certifi.where())]
    bundle.write_text(
        "\n".join([*(text.read_text() for text in texts), w.running.simulation.ca_pem])
    )
    return ["-c", AS_SYSTEM, str(bundle)]


def _run(
    w: World, build: Build, program: Sequence[str], connections: Connections, *more: str
) -> Cost:
    opened, received = connections.of_pairctl, _received(w)
    refused, calls = connections.refused, len(w.running.simulation.journal.received)
    command = [*program, "apply", *w.rules, *more]
    env = w.environment | {"PYTHONPATH": str(build.source), "PYTHONDONTWRITEBYTECODE": "1"}
    began = time.monotonic()
    with subprocess.Popen(
        command, cwd=w.box.clone, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as child:
        assert child.stderr
        noise = child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"apply ended with {child.returncode}: {noise.decode()[-2000:]}")
    return Cost(
        requests=_received(w) - received,
        handshakes=connections.of_pairctl - opened,
        cpu_s=used.ru_utime + used.ru_stime,
        wall_s=time.monotonic() - began,
        paired=len(w.effects("accept")),
        refused=connections.refused - refused,
        in_vain=claims_in_vain(w),
        too_old=len(git(w.box.bare, "log", "--format=%H", "-GLookTooOld", STATUS).split()),
        limits_s=_limits_s(w.running.simulation.journal.received[calls:]),
    )


def claims_in_vain(w: World) -> int:
    """Count the claims under which nothing was sent: their commits name them, a line each."""
    log = git(w.box.bare, "log", "--format=%B", "--grep=^Claim ", STATUS)
    return sum(line.startswith("- ") for line in log.splitlines()) - len(w.effects())


def _limits_s(received: Sequence[Received]) -> float:
    """Return how long Palette's limits alone keep pairctl's calls: those of the slowest bucket.

    The limits hold for each address: what the hosts themselves send does not count.
    """
    counts = Counter(
        prefix_of(one.path)
        for one in received
        if one.server == "palette" and one.user_agent.startswith("pairctl/")
    )
    seconds = [
        (count - 250) / 50 if prefix in FAST_PREFIXES else (count - 50) / 10
        for prefix, count in counts.items()
    ]
    return max([0.0, *seconds])


def _paths(w: World, size: int) -> None:
    counts = Counter(
        f"{one.method} {re.sub('[0-9a-f]{24}', 'UID', one.path)}"
        for one in w.running.simulation.journal.received
        if one.user_agent.startswith("pairctl/")
    )
    for path, count in counts.most_common():
        _tell(f"{count / size:8.2f}  {path}")


def _received(w: World) -> int:
    return sum(
        one.user_agent.startswith("pairctl/") for one in w.running.simulation.journal.received
    )


def main() -> None:
    """Measure, and print a row for each size and pairctl."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--clusters", type=int, nargs="+", default=list(SIZES))
    options.add_argument("--against", metavar="COMMIT", help="measure this commit's pairctl, too")
    options.add_argument("--trust", choices=TRUSTS, default=TRUSTS[0])
    options.add_argument("--paths", action="store_true", help="tell how often each path is called")
    given = options.parse_args()
    _tell(
        f"servers are proven by: {given.trust}\n"
        "clusters  pairctl     requests  handshakes  CPU s  wall s  limits s  429  in vain  too old"
        "   settled pass: CPU s  requests"
    )
    broken: list[str] = []
    costs: dict[int, list[Cost]] = {}
    compared: dict[int, list[Pair]] = {}
    with ExitStack() as stack:
        other = stack.enter_context(built(given.against)) if given.against else None
        for size in _in_turn(given.clusters, is_compared=other is not None):
            tells_paths = given.paths and size not in costs
            now = pair_fleet(this_tree(), size, trust=given.trust, tells_paths=tells_paths)
            costs.setdefault(size, []).append(now[0])
            _row(size, "now", *now)
            broken += _held(size, now[0])
            if other and len(costs[size]) <= (TIMES if size == min(given.clusters) else 1):
                before = pair_fleet(other, size, trust=given.trust)
                _row(size, given.against[:10], *before)
                compared.setdefault(size, []).append((now, before))
    for size, pairs in compared.items():
        broken += _compared(size, given.against[:7], pairs)
    broken += _grown(costs)
    for one in broken:
        _tell(f"broken: {one}")
    raise SystemExit(bool(broken))


def _in_turn(sizes: Sequence[int], *, is_compared: bool) -> list[int]:
    """Return the sizes in the order in which fleets are paired: the smallest before and after."""
    smallest, *larger = sorted(set(sizes))
    if not larger and not is_compared:
        return [smallest]
    return [*[smallest] * TIMES, *(size for one in larger for size in (one, smallest))]


def _held(size: int, cost: Cost) -> list[str]:
    """Tell what a fleet may cost at most; return what of it is broken."""
    requests, handshakes, _ = cost.each()
    wall_s = WALL[1] if size == WALL[0] else 0.0
    shown = f"{wall_s:6.1f}" if wall_s else " " * 6
    _tell(
        f"{'':8}  {'at most':10}  {MOST_REQUESTS:8.1f}  {MOST_HANDSHAKES:10.1f}  {'':5}"
        f"  {shown}  {'':8}  {0:3}  {'':7}  {0:7}"
    )
    is_spare = os.getloadavg()[0] < (os.cpu_count() or 1)
    rules = {
        f"{requests:.1f} requests a pairing": requests <= MOST_REQUESTS,
        f"{handshakes:.2f} handshakes a pairing": handshakes <= MOST_HANDSHAKES,
        f"{cost.refused} calls beyond Palette's limits": not cost.refused,
        f"{cost.too_old} looks that were too old": not cost.too_old,
        f"{cost.wall_s:.0f} s in all": not (wall_s and is_spare) or cost.wall_s <= wall_s,
        f"{cost.paired} clusters paired": cost.paired == size,
    }
    return [f"{size} clusters: {rule}" for rule, holds in rules.items() if not holds]


def _grown(costs: Mapping[int, Sequence[Cost]]) -> list[str]:
    """Tell what CPU a cluster takes by what it takes in the smallest fleet; return what is broken.

    Each in the mean of its runs.
    """
    means = {size: mean(one.each()[2] for one in costs[size]) for size in sorted(costs)}
    smallest, *larger = means
    growth = {size: means[size] / means[smallest] for size in larger}
    for size, ratio in growth.items():
        runs = f"{len(costs[smallest])} runs of {smallest}"
        _tell(f"CPU of {size:5} by that of {runs}: {ratio:.2f} (at most {MOST_GROWTH})")
    return [
        f"{size} clusters: {ratio:.2f} of the CPU of {smallest}"
        for size, ratio in growth.items()
        if ratio > MOST_GROWTH
    ]


def _compared(size: int, commit: str, pairs: Sequence[Pair]) -> list[str]:
    """Tell how much it is of what another commit's pairctl takes; return what is broken.

    Each in the sum of its runs.
    """
    requests, handshakes, cpu = (
        sum(now[0].each()[at] for now, _ in pairs) / sum(other[0].each()[at] for _, other in pairs)
        for at in range(3)
    )
    wall = sum(now[0].wall_s for now, _ in pairs) / sum(other[0].wall_s for _, other in pairs)
    settled = sum(now[1].cpu_s for now, _ in pairs) / sum(other[1].cpu_s for _, other in pairs)
    most = MOST_OF.get(commit)
    limit = f" (at most {most})" if most else ""
    _tell(
        f"{size:8}  now / {commit}: requests {requests:.2f}, handshakes {handshakes:.2f}, "
        f"CPU {cpu:.2f}{limit}, wall {wall:.2f}, settled pass {settled:.2f}"
    )
    is_broken = most is not None and cpu > most
    return [f"{size} clusters: {cpu:.2f} of the CPU of {commit}"] if is_broken else []


def _row(size: int, name: str, cost: Cost, settled: Cost) -> None:
    requests, handshakes, cpu_s = cost.each()
    _tell(
        f"{size:8}  {name:10}  {requests:8.1f}  {handshakes:10.1f}  {cpu_s:5.3f}"
        f"  {cost.wall_s:6.1f}  {cost.limits_s:8.1f}  {cost.refused:3}  {cost.in_vain:7}"
        f"  {cost.too_old:7}  {settled.cpu_s:20.2f}  {settled.requests:8}"
    )


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a benchmark's output


if __name__ == "__main__":
    main()
