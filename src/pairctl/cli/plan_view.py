"""A plan, for people: what is alike is shown once, with all the intents that it holds for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from rich.text import Text

from pairctl.cli.causes_view import (
    FLEET_OF_ONE_SCREEN,
    Cause,
    counts_line,
    show_causes,
    urgency,
    with_lookup,
)
from pairctl.cli.layout import show_rows, show_wrapped
from pairctl.cli.plan_markdown import not_asked_words, unsure_words
from pairctl.cli.plan_notes import intent_notes
from pairctl.cli.refusals_view import show_refusals
from pairctl.cli.rollout_plan_view import MORE_LINES, MOST_LINES, rollout_lines
from pairctl.cli.screen import STYLES, Screen
from pairctl.cli.sent_secrets_text import TITLE, sent_secrets
from pairctl.engine import ChangeKind, PlanDocument, PlannedIntent
from pairctl.pairing import Phase
from pairctl.spec import Limits
from pairctl.text import Said, put_together

ONE_WAY = ("ONE WAY", "bold white on red")
NOT_KNOWN = "not known"
NO_INTENTS = (
    "No intents yet. Write one in a YAML file (`pairctl init` makes an example in intents/), "
    "commit it, and run `pairctl plan` again."
)


class _Consent(NamedTuple):
    """What a person still has to consent to: in the row of one intent, and where it is counted."""

    why: str
    wanted: str = "a person"


_CONSENTS = {
    "NotAcknowledged": _Consent("not acknowledged", "an acknowledgement"),
    "ConfigurationNotReviewed": _Consent("its configuration is not reviewed", "a review"),
    "ApprovalMissing": _Consent("not approved", "an approval"),
    "ApprovalOutdated": _Consent("its approval is outdated", "an approval"),
    "WaitingForConsole": _Consent("accepted in Palette's console", "Palette's console"),
}
"""By the reason that a plan gives."""


class _Kind(IntEnum):
    """What a row is about, in the order in which rows are shown."""

    ONE_WAY = 0
    STEP = 1
    HELD = 2
    OPEN = 3
    SETTLED = 4


@dataclass(frozen=True, slots=True)
class _Key:
    """What intents share that are shown together, beside the texts."""

    kind: _Kind
    phase: Phase | None
    reason: str
    leads_one_way: bool
    missing_consent: str
    is_same: bool


def show_plan(
    screen: Screen,
    plan: PlanDocument,
    caps: Limits | None = None,
    *,
    with_all: bool = False,
    with_settled: bool = False,
) -> None:
    """Show the counts, then what would be done or why nothing is; one-way steps stand out.

    `with_all` shows a row an intent. Settled intents are counted only, unless shown `with_settled`
    or changed. `caps` are told where more leads to an acceptance than they let through.
    """
    since = f", as far as it differs from {plan.base[:7]}" if plan.base else ""
    screen.line(f"Plan for commit {plan.commit[:7]}{since}")
    if not (plan.intents or plan.refused or plan.deleted or plan.base):
        show_wrapped(screen, screen.text(NO_INTENTS))
        return
    show_wrapped(screen, _summary(screen, plan))
    screen.line()
    most = MOST_LINES if len(plan.intents) <= FLEET_OF_ONE_SCREEN else MORE_LINES
    shown = rollout_lines(screen, plan.rollouts, most)
    for line in shown:
        screen.out.print(line, soft_wrap=True)
    if shown:
        screen.line()
    lines = len(shown) + bool(shown)
    show_refusals(screen, plan.refused)
    if with_all:
        show_rows(screen, ("INTENT", "PHASE", "WHAT APPLY DOES"), list(_rows(screen, plan)))
        screen.line()
    else:
        _show_causes(screen, plan, lines, with_settled=with_settled or bool(plan.base))
    _show_secrets(screen, plan)
    show_wrapped(screen, screen.text(_closing(plan, caps or Limits())))
    if plan.unsure:
        show_wrapped(screen, screen.text(f"Not known: {unsure_words(plan)}", "yellow"))
    if plan.is_remembered:
        show_wrapped(screen, screen.text(not_asked_words(plan), "dim"))


def _show_causes(screen: Screen, plan: PlanDocument, taken: int, *, with_settled: bool) -> None:
    unseen = {(one.reason, one.message): one.name for one in plan.unseen_palettes}
    shown = [one for one in plan.intents if with_settled or not one.is_settled]
    causes = [*_causes(screen, shown, unseen), *_deleted(screen, plan)]
    if causes:
        show_causes(screen, causes, len(plan.intents), taken)
        screen.line()


def _show_secrets(screen: Screen, plan: PlanDocument) -> None:
    stated = sent_secrets(plan.secrets)
    if not (stated or plan.refused_secrets):
        return
    screen.line(f"{TITLE}:", "bold")
    for text in plan.refused_secrets:
        show_wrapped(screen, screen.text(f"refused: {text}"))
    for name, where in stated:
        show_wrapped(screen, screen.text(f"{name}: {where}"))
    screen.line()


# ── what intents have in common ──────────────────────────────────────────────────────────────────


def _causes(
    screen: Screen, intents: Iterable[PlannedIntent], unseen: Mapping[tuple[str, str], str]
) -> Iterator[Cause]:
    """Yield what intents have in common: one-way steps first, what waits for others last."""
    groups = put_together(_said(screen, one, unseen) for one in intents)
    for group in sorted(
        groups, key=lambda one: (one.key.kind, *urgency(one.key.reason, len(one.names)))
    ):
        key = group.key
        message, action, *more = group.texts
        action = with_lookup(key.reason, message, action)
        first, do, *values = (Text(screen.spelled(one)) for one in (message, action, *more))
        lead = Text()
        if key.kind in (_Kind.ONE_WAY, _Kind.STEP):
            lead = Text(screen.spelled("→ "), style="bold cyan")
            first = _with_mark(first, key)
        texts = [(lead, first)]
        if do:
            texts.append((Text("do: ", "bold"), do))
        texts += [(Text(), value) for value in values]
        if key.is_same:
            texts.append((Text(), Text("its documents are the same", "dim")))
        yield Cause(_head(screen, key), group.names, tuple(texts))


def _head(screen: Screen, key: _Key) -> Text:
    if key.kind in (_Kind.ONE_WAY, _Kind.STEP):
        return Text("to do", "bold cyan")
    head = _phase(screen, key.phase)
    is_more = key.reason and key.reason != key.phase
    head.append(screen.shown(f", {key.reason}") if is_more else "", "dim")
    return head


def _with_mark(text: Text, key: _Key) -> Text:
    if key.kind is _Kind.ONE_WAY:
        return Text.assemble(text, " ", ONE_WAY)
    if key.leads_one_way:
        return Text.assemble(text, (", then accept it ", "dim"), ONE_WAY)
    if key.missing_consent:
        why = _CONSENTS.get(key.missing_consent, _Consent(key.missing_consent)).why
        return Text.assemble(text, (f", then wait: {why}", "dim"))
    return text


def _said(
    screen: Screen, intent: PlannedIntent, unseen: Mapping[tuple[str, str], str]
) -> Said[_Key]:
    is_same = intent.change is ChangeKind.AFFECTED
    key = _key(intent, intent.reason, is_same=is_same)
    texts = [intent.action.text if intent.action else intent.message, ""]
    if intent.action is None:
        texts[1] = intent.human_action
        if palette := unseen.get((intent.reason, intent.message)):
            texts = [f"Palette {palette} was not looked at", f"see the error of Palette {palette}"]
    texts += intent_notes(intent)
    return Said(intent.name, key, tuple(map(screen.shown, texts)))


def _key(intent: PlannedIntent, reason: str, *, is_same: bool) -> _Key:
    leads, missing = intent.leads_one_way, intent.missing_consent or ""
    return _Key(_kind(intent), intent.phase, reason, leads, missing, is_same)


def _kind(intent: PlannedIntent) -> _Kind:
    if intent.action:
        return _Kind.ONE_WAY if intent.action.is_one_way else _Kind.STEP
    if intent.phase is None or intent.is_blocked:
        return _Kind.HELD
    return _Kind.SETTLED if intent.is_settled else _Kind.OPEN


def _phase(screen: Screen, phase: Phase | None) -> Text:
    return screen.phase(phase) if phase else Text(NOT_KNOWN, style="dim")


def _deleted(screen: Screen, plan: PlanDocument) -> Iterator[Cause]:
    groups = put_together(
        Said(one.name, "deleted", (screen.shown(one.message),)) for one in plan.deleted
    )
    for group in groups:
        yield Cause(Text("deleted"), group.names, ((Text(), Text(group.texts[0], style="dim")),))


# ── a row an intent ──────────────────────────────────────────────────────────────────────────────


def _rows(screen: Screen, plan: PlanDocument) -> Iterator[tuple[Text, ...]]:
    for intent in plan.intents:
        words = _words(screen, intent)
        for line in intent_notes(intent):
            words.append_text(Text.assemble("\n", screen.shown(line)))
        if intent.change is ChangeKind.AFFECTED:
            words.append("\nits documents are the same", "dim")
        yield screen.text(intent.name, "bold"), _phase(screen, intent.phase), words
    for gone in plan.deleted:
        yield screen.text(gone.name, "bold"), Text("deleted"), screen.text(gone.message, "dim")


def _words(screen: Screen, intent: PlannedIntent) -> Text:
    if intent.action is None:
        return _why(screen, intent)
    stated = Text.assemble((screen.spelled("→ "), "bold cyan"), screen.shown(intent.action.text))
    key = _key(intent, "", is_same=False)
    return _with_mark(stated, key)


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


# ── counts ───────────────────────────────────────────────────────────────────────────────────────


def _summary(screen: Screen, plan: PlanDocument) -> Text:
    """Return how many intents there are of each sort, and for which reasons."""
    counts = plan.summary
    listed = sorted(plan.intents, key=_kind)
    heads = []
    for one in listed:
        if one.action:
            word = Text("to do now", STYLES[Phase.REQUESTED])
            heads.append((word, "ONE WAY" if one.action.is_one_way else ""))
        else:
            heads.append((_phase(screen, one.phase), one.reason))
    intents = f"{counts.intents} intent{'s' * (counts.intents != 1)}"
    line = counts_line(screen, intents, heads)
    if counts.refused:
        findings = f"{counts.refused} finding{'s' * (counts.refused != 1)}"
        line.append(f" {findings} about what is refused.", "bold red")
    return line


def _closing(plan: PlanDocument, caps: Limits) -> str:
    """Say what is done now, which of it can be taken back, and what it leads to by itself."""
    held = sum(one.leads_one_way and not one.action for one in plan.intents)
    what = "; ".join(_steps([one for one in plan.intents if one.action]))
    unknown = sum(one.phase is None for one in plan.intents)
    lines = [f"{what}."] if what else [] if unknown else ["Nothing to do now."]
    if unknown:
        one = "1 intent that was" if unknown == 1 else f"{unknown} intents that were"
        lines.append(f"What is to do for {one} not looked at yet is not known.")
    if held:
        more = " more" * bool(plan.summary.leads_one_way - held)
        lines.append(f"Once nothing is in the way, {held}{more} {_are(held)} accepted, ONE WAY.")
    binding = [
        f"{most} {per}"
        for most, per in (
            (caps.acceptances_at_once, "at once"),
            (caps.acceptances_per_hour, "an hour"),
        )
        if most is not None and most < plan.summary.leads_one_way
    ]
    if binding:
        lines.append(f"The operator's file lets at most {' and '.join(binding)} be accepted.")
    if what:
        lines.append("Each step is followed by another look.")
    return " ".join(lines)


def _steps(acting: Sequence[PlannedIntent]) -> Iterator[str]:
    """Yield what is done now, counted; of requests also what becomes of them."""
    verbs = Counter[str](one.action.verb for one in acting if one.action)
    for verb, noun, effect in _STEPS:
        if number := verbs[verb]:
            yield f"{number} {noun}{'s' * (number != 1)} now{effect}"
    requests = [one for one in acting if one.action and one.action.verb == "request"]
    if leading := sum(one.leads_one_way for one in requests):
        yield f"{leading} {_are(leading)} then accepted, ONE WAY"
    missing = Counter(one.missing_consent for one in requests if one.missing_consent)
    wanted: Counter[str] = Counter()
    for reason, number in missing.items():
        wanted[_CONSENTS.get(reason, _Consent(reason)).wanted] += number
    for consent, number in wanted.items():
        yield f"{number} then wait{'s' * (number == 1)} for {consent}"


_STEPS = (
    ("accept", "acceptance", ", ONE WAY"),
    ("reject", "rejection", ""),
    ("withdraw", "withdrawal", ""),
    ("request", "request", ", which can be taken back"),
)
"""The verbs of actions, with their nouns; requests come last: what becomes of them follows."""


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
