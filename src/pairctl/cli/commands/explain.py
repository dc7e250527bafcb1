"""`pairctl explain NAME`: the two stacks side by side, and what would make them match."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.table import Table

from pairctl.cli import options
from pairctl.cli.exits import Exit
from pairctl.cli.grouping import grouped
from pairctl.cli.proposals_view import (
    profiles_data,
    proposals_data,
    show_proposals,
    write_repair,
)
from pairctl.cli.running import Place, open_settings, run
from pairctl.cli.screen import Screen
from pairctl.engine import Explanation, Stop, explain_observed
from pairctl.layers import Row, Verdict
from pairctl.spec import OperatorSpec

EXAMPLES = """
Examples:

  pairctl explain store-0042            # from what the last pass saw

  pairctl explain store-0042 -o json

  pairctl explain store-0042 --repair profile.json    # what to publish, for Palette
"""

_STYLES = {Verdict.SAME: "green", Verdict.MISSING: "red", Verdict.WRONG_VERSION: "red"}


@grouped
def explain(
    name: Annotated[str, typer.Argument(help="The intent.")],
    place: Place,
    repair: Annotated[
        Path | None,
        typer.Option(
            "--repair",
            metavar="FILE",
            dir_okay=False,
            help="Write the profiles to publish as JSON, in the fields of Palette's profile models."
            " Registries, pack values, variables and the cloud type are not known, and left out.",
        ),
    ] = None,
    nearest: Annotated[
        int, typer.Option("--nearest", min=1, help="For --repair: which of the selections shown.")
    ] = 1,
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Show a cluster's layers beside those of its selection, and what would make them match.

    Told are the nearest selections, and for each what has to be published. It works on what the
    last pass saw of both sides, and needs no secret. Exits 3 where the selection does not match.
    """
    screen = Screen()
    explanation = run(lambda stop: _explain(name, place, screen, stop))
    if format is options.Output.JSON:
        screen.data(_data(explanation))
    else:
        _show(screen, explanation)
    if repair and explanation.proof.holds:
        screen.note(f"nothing is written to {repair}: the selection matches")
    elif repair:
        write_repair(screen, explanation.proposals.nearest, nearest, repair)
    raise typer.Exit(Exit.OK if explanation.proof.holds else Exit.BLOCKED)


async def _explain(name: str, place: Place, screen: Screen, stop: Stop) -> Explanation:
    async with open_settings(place, OperatorSpec(), screen, stop) as settings:
        return await explain_observed(name, settings)


def _show(screen: Screen, explanation: Explanation) -> None:
    proof = explanation.proof
    chosen = " + ".join(map(str, proof.selection)) or "no profiles"
    screen.line(f"{explanation.name}: cluster {explanation.cluster} and {chosen}", "bold")
    screen.line()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("LAYER", "CLUSTER", "SELECTION", "FROM", ""):
        table.add_column(title, overflow="fold")
    for row in explanation.rows:
        table.add_row(*_cells(screen, row))
    screen.show(table)
    screen.line()
    if proof.problem is None:
        screen.line("The selection matches every layer, and brings nothing else.", "green")
        return
    screen.line(proof.problem.message, "red")
    if proof.problem.hint:
        screen.line(f"do: {proof.problem.hint}")
    show_proposals(screen, explanation)


def _cells(screen: Screen, row: Row) -> list[RenderableType]:
    either = row.local or row.selected
    style = _STYLES.get(row.verdict, "yellow")
    return [
        screen.text(either.kind if either else ""),
        screen.text(str(row.local or "")),
        screen.text(str(row.selected or "")),
        screen.text(row.profile, "dim"),
        screen.text(row.verdict, style),
    ]


def _data(explanation: Explanation) -> dict[str, object]:
    problem = explanation.proof.problem
    return {
        "name": explanation.name,
        "cluster": explanation.cluster,
        "isExact": explanation.proof.holds,
        "reason": problem.reason if problem else "ExactMatch",
        "message": problem.message if problem else "",
        "humanAction": problem.hint if problem else "",
        "profiles": profiles_data(explanation.proof.selection),
        "layers": [
            {
                "cluster": str(row.local) if row.local else None,
                "selection": str(row.selected) if row.selected else None,
                "profile": row.profile,
                "verdict": row.verdict,
            }
            for row in explanation.rows
        ],
        **proposals_data(explanation),
    }
