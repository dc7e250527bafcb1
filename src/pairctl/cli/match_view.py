"""The explanation of an intent's match: its two stacks side by side, and what would match."""

from rich.text import Text

from pairctl.cli.configuration_view import configuration_data, show_configuration
from pairctl.cli.layout import show_rows, show_wrapped
from pairctl.cli.proposals_view import profiles_data, proposals_data, show_proposals
from pairctl.cli.screen import Screen
from pairctl.engine import Explanation, Explanations
from pairctl.layers import Row, Verdict
from pairctl.pairing import Status
from pairctl.problem import Problem
from pairctl.text import Own, Said, name_list, put_together

_STYLES = {
    Verdict.SAME: "green",
    Verdict.MISSING: "red",
    Verdict.WRONG_VERSION: "red",
    Verdict.OTHER_TYPE: "red",
}


def show_explanations(screen: Screen, found: Explanations) -> None:
    """Show each match that differs once, with all the intents that it holds for."""
    groups: dict[object, list[Explanation]] = {}
    for one in found.items:
        problem = one.proof.problem
        groups.setdefault((one.proof.selection, one.rows, problem, one.proposals), []).append(one)
    for same in sorted(groups.values(), key=len, reverse=True):
        if len(same) == 1:
            show_explanation(screen, same[0])
        else:
            intents = name_list((one.name for one in same), 200)
            chosen = _chosen(same[0])
            _show_match(
                screen, same[0], f"{intents}: {len(same)} clusters of the same layers and {chosen}"
            )
        screen.line()
    said = (
        Said(name, problem.reason, (screen.shown(problem.message), screen.shown(problem.hint)))
        for name, problem in found.unexplained.items()
    )
    for group in put_together(said):
        names, reason = name_list(group.names, screen.out.width), group.key
        screen.problem(Problem(reason, f"{names}: {group.texts[0]}", group.texts[1]))


def explanations_data(found: Explanations) -> dict[str, object]:
    """Return explanations as JSON has them: each whole, and why others could not be explained."""
    return {
        "items": [explanation_data(one) for one in found.items],
        "unexplained": [
            {"name": Own(name), "reason": Own(problem.reason), "message": problem.message}
            for name, problem in found.unexplained.items()
        ],
    }


def _chosen(explanation: Explanation) -> str:
    chosen = " + ".join(map(str, explanation.proof.selection)) or "no profiles"
    nearest = " + ".join(map(str, explanation.nearest_beside))
    return f"{chosen}; nearest: {nearest}" if nearest else chosen


def show_explanation(screen: Screen, explanation: Explanation) -> None:
    """Show the stacks layer by layer, then what is wrong, and what would make them match."""
    title = f"{explanation.name}: cluster {explanation.cluster} and {_chosen(explanation)}"
    _show_match(screen, explanation, title)
    if explanation.proof.holds:
        show_configuration(screen, explanation.configuration)
        _show_status(screen, explanation.status)


def _show_match(screen: Screen, explanation: Explanation, title: str) -> None:
    """Show what an explanation says of layers and profiles, which several may have in common."""
    proof = explanation.proof
    show_wrapped(screen, screen.text(title, "bold"))
    screen.line()
    beside = "NEAREST" if explanation.nearest_beside else "SELECTION"
    titles = ("LAYER", "CLUSTER", beside, "FROM", "")
    show_rows(screen, titles, [_cells(screen, row) for row in explanation.rows])
    screen.line()
    if proof.problem is None:
        screen.line("The selection matches every layer, and brings nothing else.", "green")
        return
    show_wrapped(screen, screen.text(proof.problem.message, "red"))
    if proof.problem.hint:
        show_wrapped(screen, screen.text(f"do: {proof.problem.hint}"))
    show_proposals(screen, explanation)


def _show_status(screen: Screen, status: Status | None) -> None:
    """Say where the intent stands: that its match holds is not all there is."""
    if status is None:
        return
    shown = f": {status.message}" if status.message else ""
    said = f"By the last pass it is {status.phase} ({status.reason}){shown}"
    show_wrapped(screen, screen.text(said))
    if status.human_action:
        show_wrapped(screen, screen.text(f"do: {status.human_action}"))


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
        "nearestBeside": profiles_data(explanation.nearest_beside),
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


def _cells(screen: Screen, row: Row) -> list[Text]:
    either = row.local or row.selected
    style = _STYLES.get(row.verdict, "yellow")
    return [
        screen.text(either.kind if either else ""),
        screen.text(str(row.local or "")),
        screen.text(str(row.selected or "")),
        screen.text(row.profile, "dim"),
        screen.text(f"{row.verdict}: {row.note}" if row.note else row.verdict, style),
    ]
