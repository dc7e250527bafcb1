"""A plan, for people."""

from rich.table import Table
from rich.text import Text

from pairctl.cli.configuration_view import changing_values
from pairctl.cli.plan_markdown import unsure_words
from pairctl.cli.refusals_view import show_refusals
from pairctl.cli.screen import Screen
from pairctl.cli.sent_secrets_text import TITLE, sent_secrets
from pairctl.engine import (
    ONLY_CREDENTIALS_TELL,
    ChangeKind,
    PlanDocument,
    PlannedIntent,
    PlanSummary,
)

ONE_WAY = ("ONE WAY", "bold white on red")


def show_plan(screen: Screen, plan: PlanDocument) -> None:
    """Show a row an intent: what would be done, or why nothing is; one-way steps stand out."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for intent in plan.intents:
        phase = screen.phase(intent.phase) if intent.phase else Text("not known", style="dim")
        words = _shown(screen, intent)
        for line in changing_values(intent):
            words.append_text(Text.assemble("\n", screen.shown(line)))
        if intent.change is ChangeKind.AFFECTED:
            words.append("\nits documents are the same", "dim")
        table.add_row(screen.text(intent.name, "bold"), phase, words)
    for gone in plan.deleted:
        table.add_row(
            screen.text(gone.name, "bold"), Text("deleted"), screen.text(gone.message, "dim")
        )
    since = f", as far as it differs from {plan.base[:7]}" if plan.base else ""
    screen.line(f"Plan for commit {plan.commit[:7]}{since}")
    screen.line()
    show_refusals(screen, plan.refused)
    screen.show(table)
    screen.line()
    _show_secrets(screen, plan)
    screen.line(_summary(plan))
    if plan.unsure:
        screen.line(f"Not known: {unsure_words(plan)}", "yellow")
    if plan.is_remembered:
        screen.line(f"Not asked, and taken to be well: {', '.join(ONLY_CREDENTIALS_TELL)}.", "dim")


def _show_secrets(screen: Screen, plan: PlanDocument) -> None:
    stated = sent_secrets(plan.secrets)
    if not (stated or plan.refused_secrets):
        return
    screen.line(f"{TITLE}:", "bold")
    for text in plan.refused_secrets:
        screen.line(f"  refused: {text}")
    for name, where in stated:
        screen.line(f"  {name}: {where}")
    screen.line()


def _shown(screen: Screen, intent: PlannedIntent) -> Text:
    if intent.action is None:
        return _why(screen, intent)
    stated = Text.assemble(("→ ", "bold cyan"), screen.shown(intent.action.text))
    if intent.action.is_one_way:
        stated.append_text(Text.assemble(" ", ONE_WAY))
    elif intent.leads_one_way:
        stated.append_text(Text.assemble((", then accept it ", "dim"), ONE_WAY))
    return stated


def _why(screen: Screen, intent: PlannedIntent) -> Text:
    if intent.is_settled:
        stated = screen.text(intent.message, "dim")
    else:
        stated = Text.assemble(
            (f"{screen.shown(intent.reason)}: ", "dim"), screen.shown(intent.message)
        )
    if intent.human_action:
        stated.append_text(Text.assemble(("\ndo: ", "bold"), screen.shown(intent.human_action)))
    return stated


def _summary(plan: PlanDocument) -> str:
    counts = plan.summary
    intents = f"{counts.intents} intent{'s' * (counts.intents != 1)}"
    to_do = f"{counts.to_do} to do now ({counts.one_way} of them one way)"
    unknown = f", {counts.not_known} not known" if counts.not_known else ""
    findings = f"{counts.refused} finding{'s' * (counts.refused != 1)}"
    unread = f", {findings} about what is refused" if counts.refused else ""
    stated = f"{intents}: {to_do}, {counts.blocked} blocked{unknown}{unread}."
    return f"{stated}{_leading(counts)} Each step is followed by another look."


def _leading(counts: PlanSummary) -> str:
    """Tell how many intents come to an acceptance by themselves, where more do than do so now."""
    number = counts.leads_one_way
    if number <= counts.one_way:
        return ""
    return f" {number} lead{'s' * (number == 1)} to an acceptance, which cannot be undone."
