"""A plan, for people and for machines."""

from collections.abc import Iterator
from typing import Any

from rich.table import Table
from rich.text import Text

from pairctl.cli.screen import Screen
from pairctl.engine import Plan
from pairctl.pairing import Accept, Action, Decision, Phase, Status
from pairctl.spec import API_VERSION


def show_plan(screen: Screen, plan: Plan) -> None:
    """Show a row an intent: what would be done, or why nothing is; one-way steps stand out."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for name, phase, told in sorted(_rows(screen, plan), key=lambda row: row[0]):
        table.add_row(screen.text(name, "bold"), screen.phase(phase), told)
    screen.line(f"Plan for commit {plan.source.commit[:7]}")
    screen.line()
    screen.show(table)
    screen.line()
    screen.line(_summary(plan))


def plan_data(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON has it."""
    return {
        "apiVersion": API_VERSION,
        "kind": "Plan",
        "commit": plan.source.commit,
        "intents": [
            *({"name": n, **decision_data(d)} for n, d in plan.decisions.items()),
            *(
                {"name": n, "phase": s.phase, "reason": s.reason, "message": s.message}
                for n, s in plan.kept.items()
            ),
            *(
                {"name": n, "phase": Phase.BLOCKED, "reason": p.reason, "message": p.message}
                for n, p in plan.invalid.items()
            ),
        ],
        "summary": _counts(plan),
    }


def decision_data(decision: Decision) -> dict[str, Any]:
    """Return one decision as JSON has it."""
    verdict = decision.verdict
    return {
        "phase": verdict.phase,
        "reason": verdict.reason,
        "message": verdict.message,
        "action": action_data(decision.action) if decision.action else None,
        "waitingFor": verdict.waiting_for,
        "humanAction": verdict.human_action,
        "conditions": [
            {"type": c.type, "status": c.status, "reason": c.reason, "message": c.message}
            for c in decision.conditions
        ],
    }


def action_data(action: Action) -> dict[str, Any]:
    """Return one action as JSON has it."""
    data: dict[str, Any] = {
        "verb": action.verb,
        "isOneWay": action.is_one_way,
        "text": str(action),
        "localUid": action.local_uid,
    }
    if isinstance(action, Accept):
        data["profiles"] = [
            {"name": p.name, "version": p.version, "uid": p.uid} for p in action.profiles
        ]
    return data


def _rows(screen: Screen, plan: Plan) -> Iterator[tuple[str, Phase, Text]]:
    for name, decision in plan.decisions.items():
        yield name, decision.phase, _told(screen, decision)
    for name, status in plan.kept.items():
        yield name, status.phase, _kept(screen, status)
    for name, problem in plan.invalid.items():
        yield name, Phase.BLOCKED, _why(screen, problem.reason, problem.message, problem.hint)


def _told(screen: Screen, decision: Decision) -> Text:
    verdict = decision.verdict
    if decision.action is None:
        return _why(screen, verdict.reason, verdict.message, verdict.human_action)
    sign = ("→ ", "bold cyan")
    told = Text.assemble(sign, screen.clean(str(decision.action)))
    if decision.action.is_one_way:
        told.append_text(Text.assemble(" ", ("ONE WAY", "bold white on red")))
    return told


def _why(screen: Screen, reason: str, message: str, hint: str) -> Text:
    told = Text.assemble((f"{reason}: ", "dim"), screen.clean(message))
    if hint:
        told.append_text(Text.assemble(("\ndo: ", "bold"), screen.clean(hint)))
    return told


def _kept(screen: Screen, status: Status) -> Text:
    return screen.text(status.message, "dim")


def _counts(plan: Plan) -> dict[str, int]:
    actions = [decision.action for decision in plan.decisions.values() if decision.action]
    stuck = (Phase.BLOCKED, Phase.FAILED)
    blocked = [d for d in plan.decisions.values() if d.phase in stuck and not d.action]
    return {
        "intents": len(plan.decisions) + len(plan.kept) + len(plan.invalid),
        "toDo": len(actions),
        "oneWay": sum(action.is_one_way for action in actions),
        "blocked": len(blocked) + len(plan.invalid),
    }


def _summary(plan: Plan) -> str:
    counts = _counts(plan)
    intents = f"{counts['intents']} intent{'s' * (counts['intents'] != 1)}"
    to_do = f"{counts['toDo']} to do now ({counts['oneWay']} of them one way)"
    return (
        f"{intents}: {to_do}, {counts['blocked']} blocked. Each step is followed by another look."
    )
