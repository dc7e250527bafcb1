"""`pairctl demo`: every walkthrough on this machine, in the very commands that operators use."""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli.layout import show_rows
from pairctl.cli.options import refuse_together
from pairctl.cli.screen import Screen
from pairctl.demo.runner import play
from pairctl.demo.walkthrough import Walkthrough
from pairctl.demo.walkthroughs import WALKTHROUGHS
from pairctl.exits import Exit
from pairctl.problem import PairctlError, Problem
from pairctl.text import did_you_mean

EXAMPLES = """
Examples:

  pairctl demo                    # every walkthrough, in a minute or so

  pairctl demo withdraw           # one of them; `--list` names them

  pairctl demo --folder ./demo    # and keep what it made, to look around
"""

NAMES = tuple(walkthrough.name for walkthrough in WALKTHROUGHS)


def _names() -> list[str]:
    return list(NAMES)


def demo(
    walkthrough: Annotated[
        str | None, typer.Argument(help="One walkthrough; left out: all.", autocompletion=_names)
    ] = None,
    list_walkthroughs: Annotated[
        bool, typer.Option("--list", help="List the walkthroughs, and end.")
    ] = False,
    folder: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Work here, and keep it. Left out: nothing is kept."),
    ] = None,
) -> None:
    """Show walkthroughs of a pairing: simulated servers, real HTTPS, real Git, real commands.

    Nothing outside this machine is called. Exits 0 if every cluster ended as it should.
    """
    screen = Screen()
    for other, is_given in (("--folder", folder), ("WALKTHROUGH", walkthrough)):
        refuse_together(other, "--list", is_given=bool(is_given), has_other=list_walkthroughs)
    if list_walkthroughs:
        _list(screen)
        raise typer.Exit(Exit.OK)
    walkthroughs = _chosen(walkthrough)
    began = time.monotonic()
    with _workfolder(folder) as place:
        _play_all(screen, walkthroughs, place)
    _end(screen, walkthroughs, time.monotonic() - began, folder)


def _list(screen: Screen) -> None:
    rows = [[screen.text(one.name), screen.text(one.title)] for one in WALKTHROUGHS]
    show_rows(screen, ("WALKTHROUGH", "WHAT IT SHOWS"), rows)


def _chosen(name: str | None) -> Sequence[Walkthrough]:
    chosen = [walkthrough for walkthrough in WALKTHROUGHS if name in {None, walkthrough.name}]
    if not chosen:
        raise PairctlError(
            Problem(
                "NoWalkthrough",
                f"there is no walkthrough named {name}",
                did_you_mean(name or "", NAMES) or f"name one of {', '.join(NAMES)}",
            )
        )
    return chosen


def _play_all(screen: Screen, walkthroughs: Sequence[Walkthrough], place: Path) -> None:
    screen.line("Palette and edge hosts are simulated, over HTTPS on this machine. Operators keep")
    screen.line("their intents in Git, in pairing.git; every command runs in their clone of it.")
    for number, walkthrough in enumerate(walkthroughs, 1):
        where = place / walkthrough.name
        where.mkdir()
        screen.line()
        screen.line(
            f"══ {number}/{len(walkthroughs)} {walkthrough.name}: {walkthrough.title}", "bold cyan"
        )
        play(walkthrough, where, screen)


def _end(
    screen: Screen, walkthroughs: Sequence[Walkthrough], took_s: float, folder: Path | None
) -> None:
    screen.line()
    count = (
        f"all {len(walkthroughs)} walkthroughs"
        if len(walkthroughs) > 1
        else f"walkthrough {walkthroughs[0].name}"
    )
    screen.line(f"── {count}: every cluster ended as it should, in {took_s:.0f} s", "bold cyan")
    _next_steps(screen, walkthroughs[0], folder)


def _next_steps(screen: Screen, walkthrough: Walkthrough, folder: Path | None) -> None:
    clone = (folder or Path("demo")) / walkthrough.name / "clone"
    program = sys.argv[0] if sys.argv[0].endswith("pairctl") else "pairctl"
    steps = {
        f"status -r {clone}": "what does each intent wait for?",
        "demo --list": "list the walkthroughs",
        "sim --help": "rehearse a fleet of your own",
    }
    if folder is None:
        steps = {"demo --folder demo": "the same, and all of it is kept", **steps}
    screen.line("What to try next:")
    width = max(map(len, steps))
    for command, why in steps.items():
        screen.line(f"{program} {command:{width}}   # {why}")
    screen.line("The folders in examples/ have the same walkthroughs, to type by hand.")
    screen.line("README.md tells how to point pairctl at a real Palette.")


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
