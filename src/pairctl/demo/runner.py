"""Running a walkthrough by the commands that operators use, and checking how it ends."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import ndiff
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol, assert_never

from pairctl.demo.sandbox import Sandbox, example_folder, prepare
from pairctl.demo.walkthrough import Document, Edit, Person, Run, Show, Step, Walkthrough
from pairctl.problem import PairctlError, Problem
from pairctl.sim import EffectKind, Simulation, ThreadedSimulation, load_scenario, run_in_thread

RULES = ("--operator", "../operator.yaml", "--secrets-dir", "../secrets")
RULES_BY_NAME = {"PAIRCTL_OPERATOR": "../operator.yaml", "PAIRCTL_SECRETS_DIR": "../secrets"}
NEEDS_RULES = frozenset({"plan", "apply", "discover", "inventory"})
KINDS: Mapping[EffectKind, str] = {
    "request": "sent a pairing request",
    "withdraw": "took a request back",
    "reject": "was rejected in Palette",
    "accept": "was accepted",
}


def without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which nothing of the user's own says what a command acts on."""
    kept = {name: value for name, value in environment.items() if not name.startswith("PAIRCTL_")}
    return {**kept, "PAIRCTL_CONFIG": os.devnull}


_CUT = 78


class Display(Protocol):
    """Where a walkthrough is shown."""

    def line(self, text: str = "", style: str = "") -> None:
        """Show one line, never wrapped."""

    def plain(self, text: str) -> None:
        """Show a document as it is."""


def play(walkthrough: Walkthrough, folder: Path, screen: Display) -> None:
    """Show a walkthrough in a folder of its own. Raises PairctlError where it ends otherwise.

    Nothing outside this machine is called.
    """
    example = walkthrough.example or walkthrough.name
    scenario = load_scenario(example_folder(example) / "simulation.yaml")
    with run_in_thread(scenario) as running:
        addresses = running.simulation.addresses
        work = prepare(folder, example, addresses, walkthrough.intents)
        runner = _Runner(walkthrough, work, running, screen)
        if walkthrough.is_brief:
            given = " ".join(f"{name}={value}" for name, value in RULES_BY_NAME.items())
            screen.line(f"$ export {given}", "bold")
        names = running.call(_names)
        for step in walkthrough.steps:
            runner.title(step.why)
            runner.do(step)
        runner.check_statuses()
        runner.check_servers(names | running.call(_names))


@dataclass(frozen=True, slots=True)
class _Runner:
    """A walkthrough, its sandbox, and where it is shown."""

    walkthrough: Walkthrough
    work: Sandbox
    running: ThreadedSimulation
    screen: Display

    def do(self, step: Step) -> None:
        match step:
            case Run():
                self._run(step)
            case Show():
                command, text = (
                    f"$ git show origin/pairctl-status:{step.path}",
                    self.work.written(step.path),
                )
                if self.walkthrough.is_brief:
                    command += f" | tail -n +3 | cut -c -{_CUT}"
                    text = "\n".join(line[:_CUT] for line in text.splitlines()[2:])
                self.screen.line(command, "bold")
                self.screen.plain(text.rstrip())
            case Document():
                self.screen.line(f"$ grep -E '{'|'.join(step.words)}' {step.path}", "bold")
                lines = (self.work.clone / step.path).read_text().splitlines()
                shown = [line for line in lines if any(word in line for word in step.words)]
                self.screen.plain("\n".join(shown))
            case Edit():
                for file, old, new in step.changes:
                    path = self.work.clone / file
                    before = path.read_text() if old else ""
                    if old and before.count(old) != 1:
                        self._fail(f"{file} has {old!r} {before.count(old)} times, not once")
                    self._write(file, before.replace(old, new) if old else new, before)
                self._commit(step.why)
            case Person():
                step.act(self.running, self.work)
                self.screen.line(f"({step.done})", "dim")
            case _:
                assert_never(step)

    def title(self, text: str) -> None:
        self.screen.line()
        self.screen.line(f"── {text}", "cyan")

    def _run(self, step: Run) -> None:
        """Run pairctl as an operator would, in the clone; its exit code is part of what it says."""
        words = shlex.split(step.words)
        is_brief = self.walkthrough.is_brief
        words += RULES if words[0] in NEEDS_RULES and not is_brief else ()
        into = f" > {step.into}" if step.into else ""
        self.screen.line(f"$ pairctl {shlex.join(words)}{into}", "bold")
        sys.stdout.flush()
        # A terminal takes progress away again, a log does not.
        is_left_out = self.walkthrough.is_brief and not sys.stderr.isatty()
        done = subprocess.run(
            [sys.executable, "-m", "pairctl", *words],
            cwd=self.work.clone,
            stdout=subprocess.PIPE if step.into else None,
            stderr=subprocess.DEVNULL if is_left_out else None,
            env={**without_settings(os.environ), **(RULES_BY_NAME if is_brief else {})},
            check=False,
        )
        if not is_brief:
            self.screen.line(f"(exit code {done.returncode})", "dim")
        if done.returncode != step.code:
            self._fail(f"pairctl {words[0]} ended with {done.returncode}, not {step.code:d}")
        if step.into:
            self._write(step.into, done.stdout.decode())
            self._commit(step.why)

    def _write(self, file: str, text: str, before: str = "") -> None:
        path = self.work.clone / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.screen.line(file, "bold")
        for line in ndiff(before.splitlines(), text.splitlines()):
            if line.startswith(("+ ", "- ")):
                self.screen.line(line, "green" if line.startswith("+") else "red")

    def _commit(self, message: str) -> None:
        self.work.commit(message)
        self.screen.line(f"$ git commit --all --message {shlex.quote(message)} && git push", "bold")

    def check_statuses(self) -> None:
        """Hold the phase of each intent against what it should be: the demo is a promise."""
        found = {n: s.phase if s else "nothing" for n, s in self.work.statuses().items()}
        for wanted, phase in self.walkthrough.ends.items():
            names = [name for name in found if fnmatchcase(name, wanted)]
            if [found.pop(name) for name in names] != [phase]:
                self._fail(f"{wanted} should be {phase}")
        if found:
            self._fail(f"nobody expected {', '.join(found)}")

    def check_servers(self, names: Mapping[str, str]) -> None:
        """Tell what was really done, by the servers' own journal, and hold it to the data."""
        if not self.walkthrough.is_brief:
            self.title("What the simulated servers saw")
        done: dict[str, tuple[EffectKind, ...]] = {}
        for effect in self.running.simulation.journal.effects_of(*KINDS):
            name = names[effect.cluster_uid]
            done[name] = (*done.get(name, ()), effect.kind)
        for name, kinds in sorted(done.items()):
            if not self.walkthrough.is_brief:
                self.screen.line(f"{name} {', '.join(KINDS[kind] for kind in kinds)}")
        if done != self.walkthrough.done:
            self._fail("the servers saw something else than they should")

    def _fail(self, why: str) -> None:
        raise PairctlError(Problem("DemoFailed", f"walkthrough {self.walkthrough.name}: {why}"))


def _names(simulation: Simulation) -> dict[str, str]:
    """Return the hosts' names by the uids of their clusters as they are now."""
    return {host.cluster.uid: name for name, host in simulation.hosts.items() if host.cluster}
