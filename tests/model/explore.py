"""Seeded exploration: what happens next is drawn, and the same seed draws the same."""

import os
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from model.executor import close_leftovers, reconcile
from model.process import UNKNOWN, WALL_OFFSETS_S, Ask, Kind, Process, Sleep, Steps
from model.rules import Rules
from model.scene import LATE_FAULTS, Fault, Scene
from model.world import LateEffect, Violation, World
from model.writer import write

FAULTS_OF = {
    Kind.LOOK: (Fault.CRASH_BEFORE, Fault.NOT_APPLIED),
    Kind.PUSH: tuple(fault for fault in Fault if fault is not Fault.LATE_AND_CRASH),
    Kind.SEND: tuple(Fault),
}
CRASHES = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.LATE_AND_CRASH)
NOT_SENT = (Fault.CRASH_BEFORE, Fault.NOT_APPLIED)
PAUSES_S = (4, 12, 36)
OFTEN = {Kind.LOOK: 0.3, Kind.PUSH: 1.0, Kind.SEND: 2.0}
"""How often something goes wrong with a request, for its kind: looks are many."""
RUNS_EACH = 300
"""So many runs a test makes where nothing is to be found."""
PARTS = int(os.environ.get("MODEL_RUNS", "1"))
"""So many such tests there are for each scene, each with runs of its own."""
MOST_STEPS = 6000
NEXT_RUN_AFTER_S = 3


@dataclass(slots=True, eq=False)
class Task:
    """A task of a process: what it asked, what it was answered, what it waits for.

    `asked_at` is the true time at which it asked: for an action, the time of its last check.
    """

    process: Process
    name: str
    steps: Steps[None]
    ask: Ask | None = None
    asked_at: int = 0
    answer: Any = None
    asleep_until: int = 0
    condition: Callable[[], bool] | None = None
    is_over: bool = False

    def is_ready(self, now: int) -> bool:
        """Whether it can go on at a time."""
        return not (
            self.is_over
            or self.asleep_until > now
            or self.process.frozen_until > now
            or (self.condition and not self.condition())
        )


class Run:
    """One run of a scene: what the scene is made of, and how much may still go wrong."""

    def __init__(self, scene: Scene, rules: Rules, seed: str) -> None:
        self.scene = scene
        self.rng = rng = random.Random(seed)  # noqa: S311 - for cases, not for secrets
        self.world = World(scene, rng)
        self.processes = [
            Process(self.world, setup, f"P{n}", rules) for n, setup in enumerate(scene.processes)
        ]
        self.tasks = {p: self._tasks_of(p) for p in self.processes}
        self.faults, self.pauses, self.hesitations = scene.faults, scene.pauses, scene.hesitations
        self.kinds = {
            kind: tuple(f for f in faults if f in scene.kinds) for kind, faults in FAULTS_OF.items()
        }
        self.disturbances: list[Callable[[], object]] = [
            *(self._step_wall_clock for _ in range(scene.wall_steps)),
            *(self._step_palette_clock for _ in range(bool(scene.palette_step))),
            *(self._rewind for _ in range(scene.rewinds)),
        ]
        self.events = list(scene.events)
        self.chance = scene.chances.drawn(rng)

    def play(self) -> None:
        """Play until all is Paired, or the time is over.

        Raises Violation: something happened that must not, or nothing gets done any more.
        """
        world = self.world
        task: Task | None = None
        for _ in range(MOST_STEPS):
            self._disturb()
            task = self._next(task)
            if task:
                self._step(task)
            elif world.now > self.scene.until_s or self._is_done():
                break
            else:
                world.tick(1)
        else:
            raise Violation("the run did not come to an end")
        world.tick(self.scene.settles_within_s)
        if not self._is_paired(self.scene.must_pair):
            raise Violation("not all is Paired and recorded in the end")

    # Who can go on.

    def _tasks_of(self, p: Process) -> list[Task]:
        intents = [Task(p, name, reconcile(p, name)) for name in self.world.intents]
        leftovers = Task(p, "leftovers", close_leftovers(p))
        return [Task(p, "writer", write(p)), *intents, leftovers]

    def _next(self, task: Task | None) -> Task | None:
        """Return the task that goes on: often the same, else any; None where all of them wait."""
        if task and task.is_ready(self.world.now) and self.rng.random() >= self.chance.switches:
            return task
        ready = [task for p in self.processes for task in self._tasks_ready(p)]
        return self.rng.choice(ready) if ready else None

    def _tasks_ready(self, p: Process) -> list[Task]:
        now, tasks = self.world.now, self.tasks[p]
        if p.frozen_until > now:
            return []
        if len(tasks) == 1 and not p.setup.stays:
            self._restart(p)
            p.frozen_until = now + NEXT_RUN_AFTER_S
            return []
        return [task for task in tasks if task.is_ready(now)]

    def _restart(self, p: Process) -> None:
        for task in self.tasks[p]:
            task.is_over = True
        p.start()
        self.tasks[p] = self._tasks_of(p)

    def _is_paired(self, names: Iterable[str]) -> bool:
        world, intents = self.world, self.world.intents
        return all(
            world.hosts[intents[name].address].is_central
            and world.tip(branch).records.status_of(name, intents[name]).is_paired
            for name in names
            if name in intents
            for branch in range(self.scene.branches)
        )

    def _is_done(self) -> bool:
        return not self.events and not self.world.late and self._is_paired(self.world.intents)

    # One step of one task.

    def _step(self, task: Task) -> None:
        if task.ask is None:
            self._go_on(task)
            return
        self._arrive(task, task.ask)
        if not task.is_over and self.rng.random() >= self.chance.lags:
            self._go_on(task)

    def _go_on(self, task: Task) -> None:
        """Let a task go on to the next thing that it asks or waits for."""
        try:
            event = task.steps.send(task.answer)
        except StopIteration:
            task.is_over = True
            self.tasks[task.process].remove(task)
            return
        task.answer = task.condition = None
        if isinstance(event, Ask):
            task.ask, task.asked_at = event, self.world.now
        elif isinstance(event, Sleep):
            task.asleep_until = self.world.now + event.seconds
        else:
            task.condition = event.condition

    def _arrive(self, task: Task, ask: Ask) -> None:
        """Let what a task asked arrive, or not."""
        world, rng, p = self.world, self.rng, task.process
        task.ask = None
        if self.hesitations and rng.random() < self.chance.slow:
            self.hesitations -= 1
            world.tick(rng.choice((1, 2, 5)))
        if ask.kind is Kind.SEND and world.now - task.asked_at > self.scene.leaves_within_s:
            self._restart(p)  # by assumption it never leaves so late
            return
        fault = self._fault(ask.kind)
        if ask.kind is Kind.SEND and fault not in NOT_SENT:
            world.leave(ask.cluster)
        answer: object = UNKNOWN
        if fault in LATE_FAULTS:
            longest_s = self.scene.settles_within_s
            due_at = world.now + rng.choice((1, longest_s - 1, longest_s))
            world.late.append(LateEffect(due_at, ask.apply, ask.cluster))
        elif fault not in NOT_SENT:
            answer = ask.apply()
        if ask.kind is not Kind.LOOK or fault:
            world.note(p.name, task.name, ask.what, "->", fault.name if fault else "", answer)
        if self.pauses and rng.random() < self.chance.paused * OFTEN[ask.kind]:
            self._pause(p)
        if fault in CRASHES:
            self._restart(p)
        else:
            task.answer = UNKNOWN if fault else answer

    def _fault(self, kind: Kind) -> Fault | None:
        kinds = self.kinds[kind]
        if not self.faults or not kinds or self.rng.random() >= self.chance.faulty * OFTEN[kind]:
            return None
        self.faults -= 1
        return self.rng.choice(kinds)

    # What happens by itself.

    def _disturb(self) -> None:
        if not (self.disturbances or self.events) or self.rng.random() >= self.chance.disturbed:
            return
        number = self.rng.randrange(len(self.disturbances) + bool(self.events))
        if number < len(self.disturbances):
            self.disturbances.pop(number)()
        else:
            event = self.events[0]
            if event(self.world):
                self.events.pop(0)
                self.world.note("event:", event.__name__)

    def _pause(self, p: Process) -> None:
        """Let a process sleep; its wall clock may be another when it wakes."""
        self.pauses -= 1
        seconds = self.rng.randint(1, self.rng.choice(PAUSES_S))
        p.sleep(seconds)
        self.world.note(p.name, "sleeps for", seconds)
        if self._step_wall_clock in self.disturbances and self.rng.random() < 0.5:
            self.disturbances.remove(self._step_wall_clock)
            self._set_wall_clock(p)

    def _step_wall_clock(self) -> None:
        self._set_wall_clock(self.rng.choice(self.processes))

    def _set_wall_clock(self, p: Process) -> None:
        p.wall_offset = self.rng.choice(WALL_OFFSETS_S)
        self.world.note(p.name, "wall clock is off by", p.wall_offset)

    def _step_palette_clock(self) -> None:
        self.world.palette_offset = self.scene.palette_step
        self.world.note("Palette's clock steps by", self.scene.palette_step)

    def _rewind(self) -> None:
        """Rewind a branch: now, or when nothing is on its way."""
        commits = self.world.branches[0]
        is_busy = self.world.late or any(p.sending for p in self.processes)
        if len(commits) < 2 or (is_busy and not self.scene.rewinds_any_time):
            self.disturbances.append(self._rewind)
            return
        del commits[self.rng.randrange(1, len(commits)) :]
        self.world.note("the branch is rewound to", commits[-1])


class Found(NamedTuple):
    """What a run found: the seed replays it."""

    run: int
    seed: str
    what: str


def explore(scene: Scene, rules: Rules, runs: Iterable[int], name: str = "") -> Found | None:
    """Play runs until one finds a violation."""
    for number in runs:
        seed = f"{name}/{number}"
        try:
            Run(scene, rules, seed).play()
        except Violation as violation:
            return Found(number, seed, str(violation))
    return None


def replay(scene: Scene, rules: Rules, seed: str) -> list[str]:
    """Play one run again, and return what happened in it."""
    run = Run(scene, rules, seed)
    run.world.journal = journal = []
    try:
        run.play()
    except Violation as violation:
        journal.append(str(violation))
    return journal


def story(scene: Scene, rules: Rules, found: Found | None) -> str:
    """Return what happened in the run that found something, for people."""
    if found is None:
        return "nothing was found"
    return "\n".join([f"seed {found.seed!r}:", *replay(scene, rules, found.seed)])
