"""Days of a `watch`, on a clock that the test owns: outages, other people's pushes, restarts.

`SOAK_DAYS` says how many days, `SOAK_CLUSTERS` how many clusters; `make soak` takes seven and
thirty.
"""

import asyncio
import gc
import itertools
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from in_process import owned_world
from owned_time import OwnedClock, run_in_owned_time
from pairctl.engine import (
    Asking,
    Event,
    EvidenceReport,
    Heartbeats,
    OutageBegan,
    OutageEnded,
    PassResult,
    Settings,
    verify_evidence,
    watch,
)
from pairctl.problem import PairctlError
from pairctl.sim import Fault, Simulation
from repo_factory import STATUS, git
from scenario_factory import World, quick_palette
from sim_factory import host_document, make_scenario

DAYS = float(os.environ.get("SOAK_DAYS", "1"))
CLUSTERS = int(os.environ.get("SOAK_CLUSTERS", "3"))
SEED = int(os.environ.get("SOAK_SEED", "7"))
HOUR_S = 3600.0
IS_LONG = DAYS > 1
EVERY_S = 600.0
ASKING = Asking(60 if IS_LONG else EVERY_S, 2)
PAUSE_S = (180.0, 1800.0) if IS_LONG else (900.0, 3600.0)
"""The shortest and the longest time between two things that happen."""
HEARTBEAT = f"refs/pairctl/heartbeat/{STATUS}"
PAIRING_PART = 0.7
"""In this part of the time all clusters are merged; in the rest they are there."""
GROWTH_BYTES = 4 << 20
"""What a fleet that stays as it is may add in days, the simulation's journal included."""
CLUSTER_BYTES = 512 << 10
"""What each cluster may take: its document and status, the simulated host, clients for it."""
STEPS = 8
"""Commits on the status branch that a pairing may cost: claims, records, evidence, health."""
Happening = Callable[[], Awaitable[None]]
LOG = Path(os.environ["SOAK_LOG"]) if "SOAK_LOG" in os.environ else None


def rss_bytes() -> int:
    """Give the memory that this process takes."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@dataclass
class Soak:
    """What goes on around a `watch`, by a seed."""

    w: World
    rng: random.Random
    days: float
    outages_said: list[OutageBegan | OutageEnded] = field(default_factory=list)
    merged: int = 1
    happened: Counter[str] = field(default_factory=Counter)
    settings: Settings | None = None
    watching: asyncio.Task[None] | None = None
    dark: set[asyncio.Task[None]] = field(default_factory=set)
    runs: int = 0
    passes: int = 0
    rss_by_day: dict[int, int] = field(default_factory=dict)
    merged_by_day: dict[int, int] = field(default_factory=dict)

    @property
    def end_s(self) -> float:
        """When the last thing happens: some hours before the end."""
        return (self.days * 24 - 3) * HOUR_S

    @property
    def commits(self) -> int:
        """How many commits the status branch has; 0 while it is away."""
        has_any = (self.w.box.bare / "refs" / "heads" / STATUS).exists()
        return int(git(self.w.box.bare, "rev-list", "--count", STATUS)) if has_any else 0

    @property
    def most_commits(self) -> int:
        """How many there may be: by what has happened, never by how much time has passed."""
        upsets = self.happened.total() - self.happened["merge"]
        return STEPS * CLUSTERS + self.happened["push_to_the_status_branch"] + upsets

    @property
    def sim(self) -> Simulation:
        return self.w.running.simulation

    def host(self) -> str:
        """Choose a host, the one that is paired last as often as all others."""
        number = self.merged if self.rng.random() < 0.5 else self.rng.randint(1, CLUSTERS)
        return f"store-{number}"

    async def merge(self) -> None:
        """Somebody merges one more intent where one is due, or else a mere note.

        Where it is an intent, something else happens while its cluster is paired, as a rule.
        """
        due = 1 + int(CLUSTERS * OwnedClock().monotonic() / (self.end_s * PAIRING_PART))
        before, self.merged = self.merged, min(self.merged + 1, max(self.merged, due), CLUSTERS)
        wanted = range(1, self.merged + 1)
        self.w.commit(*(self.w.intent(number) for number in wanted), notes=f"{self.rng.random()}")
        if self.merged > before and self.rng.random() < 0.8:
            await asyncio.sleep(self.rng.uniform(0, ASKING.quiet_s + 40))
            await self.upset()

    async def push_to_the_status_branch(self) -> None:
        """Somebody else's commit comes before ours."""
        self.w.push_status({})

    async def darken_host(self) -> None:
        """A site has no power for some hours; other things happen meanwhile."""
        self._off(self.host(), self.rng.uniform(0.5, 3))

    async def darken_palette(self) -> None:
        """Palette is down for some of an hour; other things happen meanwhile."""
        self._off("palette", self.rng.uniform(0.1, 1))

    async def refuse_pushes(self) -> None:
        """The remote takes no commits for a while."""
        self.w.box.hook("update", "exit 1")
        await self._some_time()
        (self.w.box.bare / "hooks" / "update").unlink()

    async def lose_the_remote(self) -> None:
        """The remote is not there for a while."""
        away = self.w.box.bare.with_name("away.git")
        self.w.box.bare.rename(away)
        await self._some_time()
        away.rename(self.w.box.bare)

    async def _some_time(self) -> None:
        """Let some minutes pass, or an hour; the process may end meanwhile."""
        await asyncio.sleep(HOUR_S * self.rng.uniform(0, 0.6))
        if self.rng.random() < 0.3:
            await self._let(self.rng.choice([self.restart, self.crash]))
        await asyncio.sleep(HOUR_S * self.rng.uniform(0, 0.6))

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
        """The process is asked to end, and another one begins."""
        if self.settings:
            self.settings.stop.request()

    async def crash(self) -> None:
        """The process ends wherever it is, and another one begins."""
        if self.watching:
            self.watching.cancel()

    def _off(self, server: str, hours: float) -> None:
        async def story() -> None:
            await self.sim.off(server)
            await asyncio.sleep(HOUR_S * hours)
            await self.sim.on(server)

        if self.sim._servers[server].listener.is_online:
            task = asyncio.ensure_future(story())
            self.dark.add(task)
            task.add_done_callback(self.dark.discard)

    async def upset(self) -> None:
        """Let one thing happen that is no merge."""
        await self._let(self.rng.choice(self.upsets))

    async def _let(self, one: Happening) -> None:
        self.happened[one.__name__] += 1
        await one()

    @property
    def upsets(self) -> list[Happening]:
        """All kinds of things that happen beside merges."""
        return [
            *(self.restart, self.crash, self.refuse_pushes, self.lose_the_remote),
            *(self.push_to_the_status_branch, self.expire_logins, self.lose_answers),
            *(self.darken_host, self.darken_palette),
        ]

    async def happen(self) -> None:
        """Let all kinds of things happen again and again, until the days are almost over."""
        left: list[Happening] = []
        while OwnedClock().monotonic() < self.end_s:
            await asyncio.sleep(self.rng.uniform(*PAUSE_S))
            if not left:
                left = [*self.upsets, *[self.merge] * 9]
                self.rng.shuffle(left)
            await self._let(left.pop())
        self.merged = CLUSTERS
        self.w.commit(*(self.w.intent(number) for number in range(1, CLUSTERS + 1)))
        await asyncio.sleep(3 * HOUR_S)

    async def watch(self) -> None:
        """Run one process after the other until all has happened."""
        happening = asyncio.ensure_future(self.happen())
        measuring = asyncio.ensure_future(self.measure())
        while not happening.done():
            self.runs += 1
            self.watching = asyncio.ensure_future(self._run())
            await asyncio.wait([self.watching, happening], return_when=asyncio.FIRST_COMPLETED)
            if happening.done():
                await self.restart()
            with suppress(asyncio.CancelledError):
                await self.watching
        measuring.cancel()
        await happening

    async def _run(self) -> None:
        """Be one process: watch until it is asked to stop."""
        engine = self.w.engine(holder=f"run-{self.runs}", clock=OwnedClock(), listener=self.hear)
        async with engine as (reconciler, settings):
            self.settings = settings
            hearts = Heartbeats(settings, HEARTBEAT)
            await watch(
                *(reconciler, settings, self.note),
                every_s=EVERY_S,
                asking=ASKING,
                heartbeats=hearts,
            )

    async def evidence(self) -> EvidenceReport:
        """Verify all evidence."""
        async with self.w.engine(holder="auditor", clock=OwnedClock()) as (_, settings):
            return await verify_evidence(settings)

    def hear(self, event: Event) -> None:
        """Keep what is said of outages; all that is said in a week would be the memory it takes."""
        if isinstance(event, OutageBegan | OutageEnded):
            self.outages_said.append(event)

    def note(self, _: PassResult | PairctlError) -> None:
        """Count the passes."""
        self.passes += 1

    async def measure(self) -> None:
        """Note each day, an hour before its end, how much memory is taken; say each hour."""
        for hour in itertools.count():
            rss = rss_bytes()
            if hour % 24 == 23:
                gc.collect()
                rss = self.rss_by_day[hour // 24] = rss_bytes()
                self.merged_by_day[hour // 24] = self.merged
            self.say(hour, rss)
            await asyncio.sleep(HOUR_S)

    def say(self, hour: int, rss: int) -> None:
        """Write a line of what came of it by now, where somebody waits for a week to end."""
        if not LOG:
            return
        pairs = len(self.sim.journal.effects_of("accept"))
        requests = len(self.sim.journal.received)
        with LOG.open("a") as log:
            log.write(
                f"hour {hour}: {rss >> 20} MiB, {self.commits} commits, {self.passes} passes,"
                f" {self.merged} intents, {pairs} accepted, {requests} requests,"
                f" {self.happened.total()} happened, {self.runs} runs\n"
            )


async def live(root: Path) -> tuple[Soak, EvidenceReport]:
    """Watch a fleet for days; gives what came of it, and its evidence."""
    hosts = [host_document(number) for number in range(1, CLUSTERS + 1)]
    scenario = make_scenario(*hosts, palette=quick_palette(pairing={"acceptSeconds": 20}))
    async with owned_world(root, scenario, 1) as w:
        soak = Soak(w, random.Random(SEED), DAYS)  # noqa: S311 - the same days each time
        await soak.watch()
        return soak, await soak.evidence()


def test_days_of_a_fleet_end_where_they_should(tmp_path: Path) -> None:
    """Each cluster is paired once, whatever happened; commits are bounded, and memory is flat."""
    soak, report = run_in_owned_time(live(tmp_path))
    w = soak.w
    for number in range(1, CLUSTERS + 1):
        assert w.told(f"store-{number}")[0] == "Paired"
        assert w.kinds(number) == ["request", "accept"], number
    assert w.claims == []
    assert len(report.items) == CLUSTERS
    assert report.is_verified, report
    outages = soak.happened["refuse_pushes"] + soak.happened["lose_the_remote"]
    began = sum(isinstance(one, OutageBegan) for one in soak.outages_said)
    assert began >= sum(isinstance(one, OutageEnded) for one in soak.outages_said) > 0
    assert began <= 3 * outages + soak.runs, "it says more than what begins and ends"
    assert soak.commits <= soak.most_commits
    assert git(w.box.bare, "rev-list", "--count", HEARTBEAT) == "1"
    for kind in soak.upsets:
        assert soak.happened[kind.__name__] >= int(DAYS), soak.happened
    for day, rss in soak.rss_by_day.items():
        added = CLUSTER_BYTES * (soak.merged_by_day[day] - soak.merged_by_day[0])
        assert rss - soak.rss_by_day[0] <= GROWTH_BYTES + added, (day, soak.rss_by_day)
    whole = [rss for day, rss in soak.rss_by_day.items() if soak.merged_by_day[day] == CLUSTERS]
    assert not whole or max(whole) - whole[0] <= GROWTH_BYTES, soak.rss_by_day
