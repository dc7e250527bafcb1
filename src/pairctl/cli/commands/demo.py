"""`pairctl demo`: a small fleet on this machine, from a commit to Paired, in the very commands."""

import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli.exits import Exit
from pairctl.cli.quickstart import Workplace, example_folder, prepare
from pairctl.cli.screen import Screen
from pairctl.pairing import Phase
from pairctl.problem import PairctlError, Problem
from pairctl.records import parse_status
from pairctl.sim import EffectKind, Simulation, load_scenario, run_in_thread

EXAMPLES = """
Examples:

  pairctl demo

  pairctl demo --folder ./demo    # and keep what it made, to look around
"""

VERBS: dict[EffectKind, str] = {
    "request": "sent a pairing request",
    "accept": "was accepted",
}

EXPECTED = {
    "store-0001": Phase.PAIRED,
    "store-0002": Phase.PAIRED,
    "store-0003": Phase.BLOCKED,
    "store-0004": Phase.BLOCKED,
    "store-0005": Phase.BLOCKED,
    "store-0006": Phase.BLOCKED,
}


def demo(
    folder: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Work here, and keep it. Left out: nothing is kept."),
    ] = None,
) -> None:
    """Show a whole fleet being paired: simulated servers, real HTTPS, real Git, real commands.

    Nothing outside this machine is called. Exits 0 if every cluster ended as it should.
    """
    screen = Screen()
    scenario = load_scenario(example_folder() / "simulation.yaml")
    with _workfolder(folder) as place, run_in_thread(scenario) as running:
        simulation = running.simulation
        work = prepare(place, scenario, simulation.addresses)
        _title(
            screen, f"Palette and {len(scenario.spec.hosts)} edge hosts are simulated, over HTTPS"
        )
        screen.line(
            "Operators keep their intents in Git, in pairing.git; this is their clone.", "dim"
        )
        _walk(screen, work)
        _title(screen, "What the simulated servers saw")
        _tell_journal(screen, simulation)
        _check(work)
    _next_steps(screen, folder)


def _walk(screen: Screen, work: Workplace) -> None:
    rules = ["--operator", "../operator.yaml", "--secrets-dir", "../secrets"]
    _title(screen, "A pull request proves the documents: no network, no secrets")
    _pairctl(screen, work, ["validate"], Exit.OK)
    _title(screen, "The plan: what would be done now, by a client that cannot write")
    _pairctl(screen, work, ["plan", *rules], Exit.CHANGES)
    _title(screen, "Carry it out, until nothing is under way any more")
    _pairctl(screen, work, ["apply", "--wait", "--interval", "0.5", *rules], Exit.BLOCKED)
    _title(screen, "The status is in the repository, on a branch of its own")
    work.git("fetch", "--quiet", "origin")
    for path in ("STATUS.md", "status/store-0001.yaml"):
        _git_show(screen, work, path)
    _title(screen, "Once more: a settled world costs no write and no commit")
    _pairctl(screen, work, ["apply", *rules], Exit.BLOCKED)


def _title(screen: Screen, text: str) -> None:
    screen.line()
    screen.line(f"── {text}", "bold cyan")


def _pairctl(screen: Screen, work: Workplace, arguments: list[str], expected: Exit) -> None:
    """Run pairctl as an operator would, in the clone; its exit code is part of what it says."""
    screen.line(f"$ pairctl {shlex.join(arguments)}", "bold")
    sys.stdout.flush()
    command = [sys.executable, "-m", "pairctl", *arguments]
    code = subprocess.run(command, cwd=work.clone, check=False).returncode
    screen.line(f"(exit code {code})", "dim")
    if code != expected:
        raise PairctlError(
            Problem("DemoFailed", f"pairctl {arguments[0]} ended with {code}, not {expected:d}")
        )


def _git_show(screen: Screen, work: Workplace, path: str) -> None:
    screen.line(f"$ git show origin/pairctl-status:{path}", "bold")
    screen.line(work.git("show", f"origin/pairctl-status:{path}"))


def _tell_journal(screen: Screen, simulation: Simulation) -> None:
    """Tell what was really done to the simulated world, by its own journal."""
    names = {host.cluster.uid: name for name, host in simulation.hosts.items() if host.cluster}
    for kind, verb in VERBS.items():
        done = Counter(names[effect.cluster_uid] for effect in simulation.journal.effects_of(kind))
        for name, times in sorted(done.items()):
            screen.line(f"{name} {verb} {_times(times)}")
            if times > 1:
                raise PairctlError(Problem("DemoFailed", f"{name} {verb} {times} times"))


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _check(work: Workplace) -> None:
    """Hold the end against what it should be: the demo is a promise."""
    for name, phase in EXPECTED.items():
        written = parse_status(
            work.git("show", f"origin/pairctl-status:status/{name}.yaml").encode()
        )
        if written is None or written.phase is not phase:
            found = written.phase if written else "nothing"
            raise PairctlError(Problem("DemoFailed", f"{name} is {found}, and should be {phase}"))


def _next_steps(screen: Screen, folder: Path | None) -> None:
    where = folder or Path("demo")
    program = sys.argv[0] if sys.argv[0].endswith("pairctl") else "pairctl"
    steps = {
        f"explain store-0003 -r {where}/clone": "two stacks side by side: what differs?",
        f"status store-0006 -r {where}/clone": "what does it wait for?",
        "sim --help": "rehearse a fleet of your own",
    }
    if folder is None:
        steps = {f"demo --folder {where}": "the same, and all of it is kept", **steps}
    _title(screen, "What to try next")
    width = max(map(len, steps))
    for command, why in steps.items():
        screen.line(f"{program} {command:{width}}   # {why}")
    screen.line()
    screen.line("README.md tells how to point it at a real Palette.")


@contextmanager
def _workfolder(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="pairctl-demo-") as temporary:
            yield Path(temporary)
        return
    if folder.exists() and any(folder.iterdir()):
        raise PairctlError(
            Problem("FolderNotEmpty", f"{folder} is not empty", "name a new folder, or empty it")
        )
    folder.mkdir(parents=True, exist_ok=True)
    yield folder.resolve()
