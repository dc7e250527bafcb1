"""The explanation of an intent's match: its two stacks side by side, and what would match."""

from rich.console import RenderableType
from rich.table import Table

from pairctl.cli.configuration_view import configuration_data, show_configuration
from pairctl.cli.proposals_view import profiles_data, proposals_data, show_proposals
from pairctl.cli.screen import Screen
from pairctl.engine import Explanation
from pairctl.layers import Row, Verdict
from pairctl.pairing import Status
from pairctl.text import Own

_STYLES = {
    Verdict.SAME: "green",
    Verdict.MISSING: "red",
    Verdict.WRONG_VERSION: "red",
    Verdict.OTHER_TYPE: "red",
}


def show_explanation(screen: Screen, explanation: Explanation) -> None:
    """Show the stacks layer by layer, then what is wrong, and what would make them match."""
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
        show_configuration(screen, explanation.configuration)
        _show_status(screen, explanation.status)
        return
    screen.line(proof.problem.message, "red")
    if proof.problem.hint:
        screen.line(f"do: {proof.problem.hint}")
    show_proposals(screen, explanation)


def _show_status(screen: Screen, status: Status | None) -> None:
    """Say where the intent stands: that its match holds is not all there is."""
    if status is None:
        return
    shown = f": {status.message}" if status.message else ""
    screen.line(f"By the last pass it is {status.phase} ({status.reason}){shown}")
    if status.human_action:
        screen.line(f"do: {status.human_action}")


def explanation_data(explanation: Explanation) -> dict[str, object]:
    """Return the explanation as JSON has it."""
    problem = explanation.proof.problem
    return {
        "name": Own(explanation.name),
        "cluster": explanation.cluster,
        "isExact": explanation.proof.holds,
        "reason": Own(problem.reason if problem else "ExactMatch"),
        "message": problem.message if problem else "",
        "humanAction": problem.hint if problem else "",
        "profiles": profiles_data(explanation.proof.selection),
        "layers": [
            {
                "cluster": str(row.local) if row.local else None,
                "selection": str(row.selected) if row.selected else None,
                "profile": row.profile,
                "verdict": row.verdict,
                "note": row.note,
            }
            for row in explanation.rows
        ],
        **proposals_data(explanation),
        "configuration": configuration_data(explanation.configuration),
        "status": _status_data(explanation.status),
    }


def _status_data(status: Status | None) -> dict[str, str] | None:
    if status is None:
        return None
    return {
        "phase": status.phase,
        "reason": Own(status.reason),
        "message": status.message,
        "humanAction": status.human_action,
    }


def _cells(screen: Screen, row: Row) -> list[RenderableType]:
    either = row.local or row.selected
    style = _STYLES.get(row.verdict, "yellow")
    return [
        screen.text(either.kind if either else ""),
        screen.text(str(row.local or "")),
        screen.text(str(row.selected or "")),
        screen.text(row.profile, "dim"),
        screen.text(f"{row.verdict}: {row.note}" if row.note else row.verdict, style),
    ]
