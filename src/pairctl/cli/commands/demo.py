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
from pairctl.cli.options import refuse_beside, refuse_together
from pairctl.cli.output_files import refuse_unusable_folder
from pairctl.cli.screen import Screen
from pairctl.demo.runner import play
from pairctl.demo.walkthrough import Walkthrough
from pairctl.demo.walkthroughs import STORY, WALKTHROUGHS
from pairctl.exits import Exit
from pairctl.problem import PairctlError, Problem
from pairctl.text import did_you_mean

EXAMPLES = """
Examples:

  pairctl demo                    # one story, from a commit to STATUS.md

  pairctl demo --all              # every walkthrough, in a minute or two

  pairctl demo withdraw           # one of them; `--list` names them

  pairctl demo --folder ./demo    # and keep what it made, to look around
"""

NAMES = tuple(walkthrough.name for walkthrough in WALKTHROUGHS)


def _names() -> list[str]:
    return list(NAMES)


def demo(
    walkthrough: Annotated[
        str | None,
        typer.Argument(help="One walkthrough; left out: a story.", autocompletion=_names),
    ] = None,
    play_all: Annotated[
        bool, typer.Option("--all", help="Show every walkthrough, one after the other.")
    ] = False,
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
    given = (("--folder", bool(folder)), ("WALKTHROUGH", bool(walkthrough)), ("--all", play_all))
    for other, is_given in given:
        refuse_beside(other, "--list", is_given=is_given, has_other=list_walkthroughs)
    refuse_together("WALKTHROUGH", "--all", is_given=bool(walkthrough), has_other=play_all)
    if list_walkthroughs:
        rows = [[screen.text(one.name), screen.text(one.title)] for one in WALKTHROUGHS]
        show_rows(screen, ("WALKTHROUGH", "WHAT IT SHOWS"), rows)
        raise typer.Exit(Exit.OK)
    walkthroughs = WALKTHROUGHS if play_all else (_chosen(walkthrough) if walkthrough else (STORY,))
    began = time.monotonic()
    with _workfolder(folder) as place:
        screen.line(
            "Palette and edge hosts are simulated, over HTTPS; commands run in a Git clone."
        )
        for number, one in enumerate(walkthroughs, 1):
            where = place / one.name
            where.mkdir()
            if not one.is_brief:
                screen.line()
                title = f"{number}/{len(walkthroughs)} {one.name}: {one.title}"
                screen.line(f"══ {title}", "bold cyan")
            play(one, where, screen)
    _end(screen, walkthroughs, time.monotonic() - began, folder)


def _chosen(name: str) -> Sequence[Walkthrough]:
    chosen = [walkthrough for walkthrough in WALKTHROUGHS if name == walkthrough.name]
    if not chosen:
        raise PairctlError(
            Problem(
                "NoWalkthrough",
                f"there is no walkthrough named {name}",
                did_you_mean(name, NAMES) or f"name one of {', '.join(NAMES)}",
            )
        )
    return chosen


def _end(
    screen: Screen, walkthroughs: Sequence[Walkthrough], took_s: float, folder: Path | None
) -> None:
    screen.line()
    several = len(walkthroughs) > 1
    what = f"all {len(walkthroughs)} walkthroughs" if several else walkthroughs[0].name
    title = what if several or walkthroughs[0].is_brief else f"walkthrough {what}"
    screen.line(f"── {title}: every cluster ended as it should, in {took_s:.0f} s", "bold cyan")
    clone = (folder or Path("demo")) / walkthroughs[0].name / "clone"
    program = sys.argv[0] if sys.argv[0].endswith("pairctl") else "pairctl"
    steps = {"demo --all": "the rest: withdraw, reject, approve and more"}
    if folder is None:
        steps["demo --folder demo"] = "the same, and all of it is kept, to look around"
    else:
        steps[f"status -r {clone}"] = "what stands in the way of each intent?"
        steps["sim --help"] = "rehearse a fleet of your own"
    width = max(map(len, steps))
    for command, why in steps.items():
        screen.line(f"{program} {command:{width}}   # {why}")


@contextmanager
def _workfolder(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="pairctl-demo-") as temporary:
            yield Path(temporary)
        return
    refuse_unusable_folder(folder, "--folder")
    if folder.exists() and any(folder.iterdir()):
        raise PairctlError(
            Problem("FolderNotEmpty", f"{folder} is not empty", "name a new folder, or empty it")
        )
    folder.mkdir(parents=True, exist_ok=True)
    yield folder.resolve()
