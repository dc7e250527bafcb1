"""Days of a `watch`, on a clock that the test owns: outages, other people's pushes, restarts.

`SOAK_DAYS` says how many days, `SOAK_CLUSTERS` how many clusters; `make soak` takes seven and
thirty.
"""

import asyncio
import gc
import os
import random
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from in_process import owned_world
from owned_time import OwnedClock, run_in_owned_time
from pairctl.engine import (
    Asking,
    Event,
    Heartbeats,
    OutageBegan,
    OutageEnded,
    PassResult,
    Settings,
    watch,
)
from pairctl.problem import PairctlError
from pairctl.sim import Fault, Simulation
from repo_factory import STATUS, git
from scenario_factory import World, quick_palette
from sim_factory import host_document, make_scenario

DAYS = float(os.environ.get("SOAK_DAYS", "0.4"))
CLUSTERS = int(os.environ.get("SOAK_CLUSTERS", "4"))
HOUR_S = 3600.0
EVERY_S = 900.0
STEPS = 10
"""Commits on the status branch that a pairing may cost: claims, records, evidence, health."""
OWN_CODE = [
    tracemalloc.Filter(True, f"*/pairctl/{room}/*")
    for room in ("engine", "records", "repo", "pairing", "spec", "secrets", "apis", "layers")
]


@dataclass
class Soak:
    """What goes on around a `watch`, by a seed."""

    w: World
    rng: random.Random
    days: float
    events: list[Event] = field(default_factory=list)
    merged: int = 1
    disturbances: int = 0
    outages: int = 0
    restarts: int = 0
    settings: Settings | None = None
    bytes_by_day: dict[int, int] = field(default_factory=dict)

    @property
    def sim(self) -> Simulation:
        return self.w.running.simulation

    def host(self) -> str:
        """Choose a host."""
        return f"store-{self.rng.randint(1, CLUSTERS)}"

    async def merge(self) -> None:
        """Somebody merges one more intent; after the last one, a file that is nobody's."""
        self.merged = min(self.merged + 1, CLUSTERS)
        wanted = range(1, self.merged + 1)
        self.w.commit(*(self.w.intent(number) for number in wanted), notes=f"{self.rng.random()}")

    async def push_to_the_status_branch(self) -> None:
        """Somebody else's commit comes before ours."""
        self.w.push_status({})

    async def darken_host(self) -> None:
        """A site has no power for some hours."""
        await self._off(self.host(), self.rng.uniform(0.5, 3))

    async def darken_palette(self) -> None:
        """Palette is down for some of an hour."""
        await self._off("palette", self.rng.uniform(0.1, 1))

    async def refuse_pushes(self) -> None:
        """The remote takes no commits for an hour or two."""
        self.outages += 1
        self.w.box.hook("update", "exit 1")
        await asyncio.sleep(HOUR_S * self.rng.uniform(0.5, 2))
        (self.w.box.bare / "hooks" / "update").unlink()

    async def lose_the_remote(self) -> None:
        """The remote is not there for an hour or two."""
        self.outages += 1
        away = self.w.box.bare.with_name("away.git")
        self.w.box.bare.rename(away)
        await asyncio.sleep(HOUR_S * self.rng.uniform(0.5, 2))
        away.rename(self.w.box.bare)

    async def expire_logins(self) -> None:
        """Tokens of logins are not taken any more, and some answers are lost."""
        self.sim.faults.add(
            Fault("expire", self.host(), "GET", "*"),
            Fault("error", "palette", "GET", "*"),
            Fault("drop", self.host(), "GET", "*"),
        )

    async def lose_answers(self) -> None:
        """The answer to a request or an acceptance is lost, after it took effect."""
        self.sim.faults.add(Fault("drop-after", "*", "POST", "*pair"))

    async def restart(self) -> None:
        """The process is ended, and another one begins."""
        self.restarts += 1
        if self.settings:
            self.settings.stop.request()

    async def _off(self, server: str, hours: float) -> None:
        if not self.sim._servers[server].listener.is_online:
            return
        await self.sim.off(server)
        await asyncio.sleep(HOUR_S * hours)
        await self.sim.on(server)

    async def happen(self) -> None:
        """Let things happen, one after the other, until the days are almost over."""
        clock = OwnedClock()
        often: list[Callable[[], Awaitable[None]]] = [
            *(self.merge, self.restart, self.lose_answers, self.merge, self.refuse_pushes),
            *(self.merge, self.push_to_the_status_branch, self.expire_logins, self.merge),
            *(self.darken_host, self.lose_answers, self.merge, self.restart, self.darken_palette),
            *(self.merge, self.lose_the_remote, self.darken_host),
        ]
        left = often[::-1]
        end_s = (self.days * 24 - 3) * HOUR_S
        while clock.monotonic() < end_s:
            await asyncio.sleep(HOUR_S * self.rng.uniform(0.05, 0.5))
            if not left:
                left = list(often)
                self.rng.shuffle(left)
            self.disturbances += 1
            await left.pop()()
        while self.merged < CLUSTERS:
            await self.merge()
        await asyncio.sleep(3 * HOUR_S)

    def note(self, _: PassResult | PairctlError) -> None:
        """Note how much is kept, once a day."""
        day = int(OwnedClock().monotonic() / HOUR_S / 24)
        if day not in self.bytes_by_day and tracemalloc.is_tracing():
            gc.collect()
            kept = tracemalloc.take_snapshot().filter_traces(OWN_CODE)
            self.bytes_by_day[day] = sum(one.size for one in kept.statistics("filename"))


async def live(root: Path) -> Soak:
    """Watch a fleet for days; gives what came of it."""
    hosts = [host_document(number) for number in range(1, CLUSTERS + 1)]
    scenario = make_scenario(*hosts, palette=quick_palette(pairing={"acceptSeconds": 20}))
    async with owned_world(root, scenario, 1) as w:
        soak = Soak(w, random.Random(7), DAYS)  # noqa: S311 - the same days each time
        happening = asyncio.ensure_future(soak.happen())
        while not happening.done():
            holder = f"run-{soak.restarts}"
            engine = w.engine(holder=holder, clock=OwnedClock(), listener=soak.events.append)
            async with engine as (reconciler, settings):
                soak.settings = settings
                happening.add_done_callback(lambda _, s=settings: s.stop.request())
                hearts = Heartbeats(settings, f"refs/pairctl/heartbeat/{STATUS}")
                await watch(
                    reconciler,
                    settings,
                    soak.note,
                    every_s=EVERY_S,
                    asking=Asking(EVERY_S, 60),
                    heartbeats=hearts,
                )
        await happening
    return soak


def test_days_of_a_fleet_end_where_they_should(tmp_path: Path) -> None:
    """Each cluster is paired once, whatever happened; commits are bounded, and memory is flat."""
    has_weeks = DAYS >= 7
    if has_weeks:
        tracemalloc.start()
    try:
        soak = run_in_owned_time(live(tmp_path))
    finally:
        tracemalloc.stop()
    w = soak.w
    for number in range(1, CLUSTERS + 1):
        assert w.told(f"store-{number}")[0] == "Paired"
        assert w.kinds(number) == ["request", "accept"], number
    assert w.claims == []
    began = sum(isinstance(one, OutageBegan) for one in soak.events)
    assert began >= sum(isinstance(one, OutageEnded) for one in soak.events) > 0
    assert began <= 3 * soak.outages, "it says more than what begins and ends"
    commits = int(git(w.box.bare, "rev-list", "--count", STATUS))
    assert commits <= STEPS * CLUSTERS + 6 * soak.disturbances, commits
    assert git(w.box.bare, "rev-list", "--count", f"refs/pairctl/heartbeat/{STATUS}") == "1"
    if has_weeks:
        days = soak.bytes_by_day
        assert days[6] <= 1.3 * days[1] + (1 << 20), days
