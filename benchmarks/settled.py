"""What a settled fleet costs: one `apply` in a new process over intents that are all paired.

A repository is written with a file for each intent, and a status branch as the recorder writes it:
statuses, evidence, what was observed. The simulated Palette has the clusters; the hosts do not
exist, since a settled pass asks none. Then `apply` is run in a process of its own, without a cache
folder (cold) and again with the one that it left (warm). CPU is user and system time of pairctl and
of the Git that it starts. `--against COMMIT` runs another commit's pairctl in turn on a copy of its
own, with the dependencies that it pins; only the ratios mean something: the time that a machine
takes drifts. What is held is printed where it is broken, and the exit code is 1.
"""

import argparse
import asyncio
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from earlier import Build, built, this_tree
from fleet_documents import SHARED, intent, intent_path

from pairctl.engine.desired.source import Source, read_source
from pairctl.layers import Layer, Profile, stack
from pairctl.pairing import (
    AcceptanceGrounds,
    Claim,
    ConditionType,
    EdgeHost,
    Evidence,
    Intent,
    LayerUse,
    LocalCluster,
    LocalRequest,
    LocalRequestStatus,
    ManagementMode,
    Node,
    Observed,
    PaletteCluster,
    PaletteView,
    Recorded,
    Status,
    completed,
    decide,
    evidence_of,
    profile_use,
    status_of,
)
from pairctl.records import Ledger, Record, changes_on, cluster_document, evidence_path
from pairctl.repo import Repository
from pairctl.sim import Simulation, ThreadedSimulation, run_in_thread
from pairctl.sim.identity import uid_of
from pairctl.sim.palette.pairings import Cluster
from repo_factory import Box, git, make_box
from scenario_factory import DEFAULT_SECRETS, document, quick_palette, write_secrets
from sim_factory import INFRA_PACKS, PALETTE, Document, make_scenario

SIZES = (1_000, 10_000)
HELD = SIZES[-1]
NOW = "now"
MOST_OF = {("ff379d0", "warm"): 0.2, ("ff379d0", "cold"): 0.6}
"""What of another commit's CPU a pass takes at most, in a fleet of 10,000."""
MOST_MIB = 300.0
"""How much memory a warm pass holds at most."""
PAIRED_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LAYERS = stack(Layer(one.layer, one.name, one.version) for one in INFRA_PACKS)
PROFILE = Profile("5" * 24, "retail-infra", "3.2.0", "infra", LAYERS)

LAUNCHER = """
import os, sys
null = os.open(os.devnull, os.O_WRONLY)
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[
    (os.POSIX_SPAWN_DUP2, null, 1)])
_, status, used = os.wait4(child, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A small process that starts pairctl: of a large one its child would seem to hold the memory."""


@dataclass(frozen=True, slots=True)
class Took:
    """What a run took: seconds, requests, and `rss`, the most memory it held, in MiB."""

    cpu_s: float
    wall_s: float
    rss: float
    requests: int


@dataclass(frozen=True, slots=True)
class Bench:
    """A running Palette and the folder of repositories."""

    root: Path
    running: ThreadedSimulation

    @property
    def environment(self) -> dict[str, str]:
        """A child's whole environment, but for its cache and the pairctl that it runs."""
        return {"PATH": os.environ["PATH"], "HOME": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}

    def received(self) -> int:
        """Return how many requests pairctl has sent so far."""
        journal = self.running.simulation.journal.received
        return sum(one.user_agent.startswith("pairctl/") for one in journal)

    def apply(self, box: Box, build: Build, cache: Path, *, is_first: bool = False) -> Took:
        """Run one pass; unless it is the first in a box, it has to be one with nothing to write."""
        before, calls, began = box.status_log(), self.received(), time.monotonic()
        rules = ("--operator", self.root / "operator.yaml", "--secrets-dir", self.root / "secrets")
        env = {**self.environment, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(build.source)}
        command = [build.python, "-m", "pairctl", "apply", *map(str, rules)]
        done = subprocess.run(
            [sys.executable, "-S", "-c", LAUNCHER, *command],
            cwd=box.clone,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        result, cpu_s, rss = map(float, done.stdout.split())
        is_settled = box.status_log() == before or is_first
        if result or not is_settled:
            raise SystemExit(f"no settled pass: {result:.0f}: {done.stderr[-2000:]}")
        return Took(cpu_s, time.monotonic() - began, rss / 1024, self.received() - calls)


def write_box(bench: Bench, root: Path, size: int, *, is_earlier: bool = False) -> Box:
    """Write a repository of paired intents, and their status branch.

    One that `is_earlier` holds no condition that the versions of before do not know.
    """
    root.mkdir()
    address = bench.running.simulation.addresses[PALETTE]
    shared = SHARED.replace(
        "https://palette.example.com",
        f"{address.endpoint}\n  tls: {{fingerprint: {json.dumps(address.fingerprint)}}}",
    )
    box = make_box(root, {"shared.yaml": shared})
    for number in range(size):
        path = intent_path(box.clone, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(intent(number))
    box.commit({})
    asyncio.run(_record(box, is_earlier=is_earlier))
    git(box.clone, "fetch", "--quiet", "origin")
    git(box.clone, "gc", "--quiet")
    git(box.bare, "gc", "--quiet")
    return box


async def _record(box: Box, *, is_earlier: bool) -> None:
    async with await Repository.open(str(box.clone)) as repository:
        source = await read_source(repository, "HEAD")
        record = record_of(source)
        if is_earlier:
            statuses = {name: _earlier(one) for name, one in record.statuses.items()}
            record = replace(record, statuses=statuses)
        changes = changes_on(Ledger(), record)
        await repository.publish(None, changes, message="Record a fleet", now=PAIRED_AT)


def _earlier(one: Status) -> Status:
    known = (c for c in one.conditions if c.type is not ConditionType.HEALTHY_IN_PALETTE)
    return replace(one, conditions=tuple(known))


def record_of(source: Source) -> Record:
    """Return what the recorder has to say of intents that were paired."""
    clusters = tuple(cluster_of(name) for name in source.intents)
    view = PaletteView(clusters=clusters)
    statuses = {n: status(one, view, source.commit) for n, one in source.intents.items()}
    evidence = [evidence_of_intent(one, source.commit) for one in source.intents.values()]
    observed = dict(filter(None, (_observed(name) for name in source.intents)))
    return Record(
        source_commit=source.commit,
        statuses=statuses,
        observed=observed,
        evidence={evidence_path(one.cluster): one for one in evidence},
        branch="b" * 32,
    )


def _observed(name: str) -> tuple[str, Mapping[str, object]] | None:
    return cluster_document(name, host_of(name, ManagementMode.LOCAL), PAIRED_AT)


def local_uid(name: str) -> str:
    """Return the uid of an intent's cluster at its host."""
    return uid_of("local", name)


def cluster_of(name: str) -> PaletteCluster:
    """Return an intent's cluster as Palette lists it."""
    return PaletteCluster(uid_of("palette", name), name, "Running", "Healthy")


def host_of(name: str, mode: ManagementMode) -> EdgeHost:
    """Return an intent's host as Local UI shows it."""
    node = Node("node-a", "Running", is_healthy=True)
    local = LocalCluster(local_uid(name), name, "Running", True, (node,), LAYERS)
    request = LocalRequest(uid_of("pairing", name), PALETTE, LocalRequestStatus.PAIRED)
    return EdgeHost(uid_of("host", name), mode, "airgap", cluster=local, request=request)


def status(one: Intent, view: PaletteView, commit: str) -> Status:
    """Return the status of an intent as the pass that saw it paired decides it."""
    observed = Observed(view, host_of(one.name, ManagementMode.CENTRAL))
    recorded = Recorded(palette_uid=cluster_of(one.name).uid, local_uid=local_uid(one.name))
    decision = decide(one, observed, recorded, now=PAIRED_AT)
    return status_of(decision, None, commit=commit, now=PAIRED_AT)


def evidence_of_intent(one: Intent, commit: str) -> Evidence:
    """Return the completed evidence of an intent's acceptance."""
    claim = Claim(
        id=uid_of("claim", one.name),
        cluster=local_uid(one.name),
        intent=one.name,
        action="accept",
        attempt=1,
        holder="bench",
        lifetime_seconds=60.0,
        made_at=PAIRED_AT,
        pairing_uid=uid_of("pairing", one.name),
        palette="palette.example.com",
        branch="b" * 32,
        grounds=AcceptanceGrounds(
            name=one.name,
            commit=commit,
            generation=one.generation,
            digest=one.generation,
            origin="Sent",
            layers=tuple(LayerUse(layer.kind, layer.name, layer.version) for layer in LAYERS),
            profiles=(profile_use(PROFILE),),
            asked_in=commit,
        ),
    )
    seen = evidence_of(claim, claim.pairing_uid, seen_at=PAIRED_AT, dated_at=PAIRED_AT)
    return completed(seen, cluster_of(one.name).uid, paired_at=PAIRED_AT)


def register(names: Sequence[str], simulation: Simulation) -> None:
    """Have clusters of these names registered in Palette."""
    palette = simulation.palette
    project = palette.access.project_uid("edge-retail")
    palette._clusters = [  # noqa: SLF001 - pairing them one by one would take hours
        Cluster(uid_of("palette", n), n, {}, {}, project, (), "", local_uid(n), PAIRED_AT)
        for n in names
    ]


def measure(size: int, runs: int, builds: Mapping[str, Build]) -> list[str]:
    """Measure each in turn, and print what came out; return what is broken."""
    with (
        tempfile.TemporaryDirectory(prefix="pairctl-bench-") as folder,
        run_in_thread(make_scenario(palette=quick_palette())) as running,
    ):
        bench = Bench(Path(folder), running)
        names = [f"store-{number:06}" for number in range(size)]
        running.call(lambda simulation: register(names, simulation))
        operator: Document = {
            "secrets": {name: {"hosts": ["127.0.0.1"]} for name in DEFAULT_SECRETS}
        }
        (bench.root / "operator.yaml").write_text(json.dumps(document("Operator", "b", operator)))
        write_secrets(bench.root / "secrets", DEFAULT_SECRETS)
        boxes = {}
        for name, build in builds.items():
            boxes[name] = write_box(bench, bench.root / name, size, is_earlier=name != NOW)
            for _ in range(2):  # what each version writes down of this in its own form
                bench.apply(boxes[name], build, bench.root / "first", is_first=True)
        took: dict[tuple[str, str], list[Took]] = {}
        for number in range(runs):
            for name, build in builds.items():
                cache = bench.root / f"cache-{name}-{number}"
                for state in ("cold", "warm"):
                    one = bench.apply(boxes[name], build, cache)
                    took.setdefault((name, state), []).append(one)
                shutil.rmtree(cache, ignore_errors=True)
        return _report(size, took)


def _report(size: int, took: Mapping[tuple[str, str], Sequence[Took]]) -> list[str]:
    for (name, state), each in took.items():
        cpu, wall = median(one.cpu_s for one in each), median(one.wall_s for one in each)
        rss, calls = max(one.rss for one in each), each[-1].requests
        spread = f"{min(one.cpu_s for one in each):.2f}-{max(one.cpu_s for one in each):.2f}"
        _tell(
            f"{size:8}  {name:10}  {state:5}  {cpu:7.2f}  {spread:>13}  {wall:6.1f}"
            f"  {rss:6.0f}  {calls:8}"
        )
    most_mib = max(one.rss for one in took[NOW, "warm"])
    broken = [f"{size} clusters: {most_mib:.0f} MiB"] if most_mib > MOST_MIB else []
    for name, state in took:
        if name == NOW:
            continue
        pairs = zip(took[NOW, state], took[name, state], strict=True)
        ratio = median(now.cpu_s / before.cpu_s for now, before in pairs)
        most = MOST_OF.get((name[:7], state), math.inf) if size == HELD else math.inf
        limit = f" (at most {most})" if most < math.inf else ""
        _tell(f"{'':8}  now / {name}, {state}: CPU {ratio:.2f}{limit}")
        broken += [f"{size} clusters, {state}: {ratio:.2f} of {name}"] if ratio > most else []
    return broken


def main() -> None:
    """Measure, and print a row for each size, pairctl and state of the cache."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--clusters", type=int, nargs="+", default=list(SIZES))
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--against", metavar="COMMIT", nargs="*", default=[])
    given = options.parse_args()
    _tell("clusters  pairctl     cache    CPU s        min-max  wall s     MiB  requests")
    with ExitStack() as stack_:
        others = {c[:10]: stack_.enter_context(built(c)) for c in given.against}
        builds = {NOW: this_tree(), **others}
        broken = [one for size in given.clusters for one in measure(size, given.runs, builds)]
    for one in broken:
        _tell(f"broken: {one}")
    raise SystemExit(bool(broken))


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a benchmark's output


if __name__ == "__main__":
    main()
