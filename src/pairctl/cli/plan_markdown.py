"""A plan as a comment on a pull request: what a merge will do, and what cannot be undone of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from pairctl.cli.plan_notes import intent_notes
from pairctl.cli.refusals_view import place
from pairctl.cli.rollout_plan_view import rollouts_markdown
from pairctl.cli.sent_secrets_text import secrets_markdown
from pairctl.engine import ONLY_CREDENTIALS_TELL, ChangeKind, PlanDocument, PlannedIntent
from pairctl.pairing import Phase
from pairctl.text import Alike, Said, markdown_name, name_list, prose, put_together

MARKER = "<!-- pairctl-plan -->"
"""The first line, by which a comment is found again to be updated in place."""

MOST_CHARACTERS = 65_536
"""What a forge takes, in whatever it counts: bytes here, and two for the end of a line."""

MOST_NAMED = 5
"""How many intents a sentence names before it counts the rest."""

MOST_NAMES = 600
"""How many signs the names of a row take before the rest is counted."""

TABLE = "| | intents | what a merge does | what a person does |\n| --- | --- | --- | --- |\n"
FOR_GOOD = "**cannot be undone**"
_FOR_GOOD = "which cannot be undone"


class Kind(Enum):
    """What a row is about, the most important first: its sign, and how many of it are told."""

    ONE_WAY = "🔴", "that cannot be undone"
    REFUSED = "🚫", "refused"
    BLOCKED = "⛔", "blocked"
    NOT_KNOWN = "❔", "not known"
    STEP = "➡️", "other steps"
    GONE = "🗑️", "deleted"
    WAITING = "⏳", "waiting or under way"
    SETTLED = "✅", "with nothing to do"

    @property
    def sign(self) -> str:
        """What marks a row of this kind."""
        return self.value[0]

    @property
    def words(self) -> str:
        """How rows of this kind are counted."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table, about so many things; its cells are Markdown."""

    kind: Kind
    name: str
    stated: str
    hint: str = ""
    count: int = 1

    def __str__(self) -> str:
        return f"| {self.kind.sign} | {self.name} | {self.stated} | {self.hint} |\n"


class Key(NamedTuple):
    """What intents share that have one row, beside the texts."""

    kind: Kind
    has_action: bool
    is_one_way: bool
    leads_one_way: bool


def plan_markdown(document: PlanDocument, clean: Callable[[str], str] = str) -> str:
    """Return the comment. It is never longer than a forge takes: what has no room is counted."""
    rows = _rows(document)
    counts = _count(rows)
    secrets = secrets_markdown(document.secrets, document.refused_secrets)
    rollouts = rollouts_markdown(document.rollouts)
    verdict = _verdict(document, counts)
    head = clean("\n".join([MARKER, "### pairctl plan", "", verdict, "", rollouts + secrets]))
    room = MOST_CHARACTERS
    room -= cost(head) + cost(clean(TABLE)) + cost(clean(_tail(document, counts)))
    shown = []
    for row in rows:
        line = clean(str(row))
        room -= cost(line)
        if room < 0:
            break
        shown.append(line)
    table = clean(TABLE) + "".join(shown) if shown else ""
    return head + table + clean(_tail(document, _count(rows[len(shown) :])))


def _count(rows: Sequence[Row]) -> Counter[Kind]:
    counts: Counter[Kind] = Counter()
    for row in rows:
        counts[row.kind] += row.count
    return counts


def cost(text: str) -> int:
    """Return how much of the room a text takes, counted in the way that makes it longest."""
    return len(text.encode()) + text.count("\n")


def _rows(document: PlanDocument) -> list[Row]:
    """Return the rows in their order. What is settled is a row only where it was changed."""
    said = [_said(one) for one in document.intents if document.base or not one.is_settled]
    gone = (
        Said(one.name, Key(Kind.GONE, False, False, False), (one.message, ""))
        for one in document.deleted
    )
    order = list(Kind)
    refused = [
        Row(
            Kind.REFUSED,
            prose(place(one)),
            f"nothing: {one.code}: {prose(one.message)}",
            prose(one.hint),
        )
        for one in document.refused
    ]
    groups = put_together([*said, *gone])
    sortable = sorted(groups, key=lambda group: (order.index(group.key.kind), group.names[0]))
    # What is refused comes with its causes first, which no name tells.
    before = sum(order.index(group.key.kind) < order.index(Kind.REFUSED) for group in sortable)
    rows = [_row(group) for group in sortable]
    return [*rows[:before], *refused, *rows[before:]]


def _said(intent: PlannedIntent) -> Said[Key]:
    action = intent.action
    is_one_way = action is not None and action.is_one_way
    key = Key(kind_of(intent), action is not None, is_one_way, intent.leads_one_way)
    same = "its documents are the same: " * (intent.change is ChangeKind.AFFECTED)
    words = same + (action.text if action else _why(intent))
    return Said(intent.name, key, (words, intent.human_action, *intent_notes(intent)))


def _row(group: Alike[Key]) -> Row:
    """Return the row of intents that the same is said of, with their names."""
    stated, hint, *changing = map(prose, group.texts)
    count = len(group.names)
    number = f"{count}: " if count > 1 else ""
    names = number + name_list(group.names, MOST_NAMES, markdown_name)
    lines = "".join(f"<br>{line}" for line in changing)
    return Row(group.key.kind, names, f"{_marked(stated, group.key)}{lines}", hint, count)


def _marked(words: str, key: Key) -> str:
    """Say of what is stated whether it, or what follows by itself, cannot be undone."""
    if key.is_one_way:
        return f"{words}: {FOR_GOOD}"
    if not key.leads_one_way:
        return words
    when = "Then it" if key.has_action else "As soon as the world lets it, it"
    return f"{words}. {when} is accepted by itself, which {FOR_GOOD}"


def kind_of(intent: PlannedIntent) -> Kind:
    """Return what kind of row an intent is. What leads to an acceptance by itself is one way."""
    if intent.phase is None:
        return Kind.NOT_KNOWN
    if intent.is_blocked:
        return Kind.BLOCKED
    if intent.leads_one_way:
        return Kind.ONE_WAY
    if intent.action:
        return Kind.STEP
    return Kind.SETTLED if intent.is_settled else Kind.WAITING


def _why(intent: PlannedIntent) -> str:
    if intent.phase in (Phase.BLOCKED, Phase.FAILED):
        return f"nothing: {intent.reason}: {intent.message}"
    return intent.message


def _verdict(document: PlanDocument, counts: Counter[Kind]) -> str:
    """Say in two sentences what it comes to, beginning with what cannot be undone."""
    is_one, number = document.summary.intents == 1, document.summary.leads_one_way
    differ = f"differ{'s' * is_one} from"
    since = f" that {differ} `{document.base[:7]}`" if document.base else ""
    count = f"{document.summary.intents} intent{'s' * (not is_one)}{since}"
    unread = document.refused or document.unseen_palettes
    is_unsure = document.summary.not_known or document.unsure or unread
    leads = "is known to lead" if is_unsure else "leads"
    if number:
        first = f"**{number} of {count} lead{'s' * (number == 1)} to an acceptance, {_FOR_GOOD}.**"
    elif is_all_unknown(document):
        first = f"**It is not known what a merge does for {'any of ' * (not is_one)}{count}: it "
        first += f"may lead to an acceptance, {_FOR_GOOD}.**"
    else:
        first = f"None of {count} {leads} to an acceptance, or to anything else that cannot be "
        first += "undone."
    others = _counted(counts, [kind for kind in Kind if kind is not Kind.ONE_WAY])
    stated = f"{first} Planned for `{document.commit[:7]}`"
    return f"{stated}: {others}." if others else f"{stated}."


def is_all_unknown(document: PlanDocument) -> bool:
    """Whether a plan has intents, and knows of none of them what is to do."""
    return bool(document.intents) and all(one.phase is None for one in document.intents)


def not_asked_words(document: PlanDocument) -> str:
    """Say what a plan without credentials rests on, and what it cannot know."""
    if is_all_unknown(document):
        return (
            "Made without credentials: no server was asked, and what earlier passes wrote down "
            "does not tell what is to do. It may be what cannot be undone. A plan with credentials "
            "looks."
        )
    *first, last = ONLY_CREDENTIALS_TELL
    return (
        "Made without credentials: no server was asked, and what was seen is as old as "
        "the last pass. What it cannot see counts as last seen, or as fine: "
        f"{', '.join(first)}, and {last}. A plan with credentials looks."
    )


def unsure_words(document: PlanDocument, shown: Callable[[str], str] = str) -> str:
    """Say of which intents it is not known whether the change lets them go on."""
    named = ", ".join(shown(one) for one in document.unsure[:MOST_NAMED])
    more = len(document.unsure) - MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    is_one = len(document.unsure) == 1
    are, themselves, their = ("is", "itself", "its") if is_one else ("are", "themselves", "their")
    return (
        f"whether {named}{rest} {are} held back by what the change takes away, and then accepted "
        f"by {themselves}; {their} own documents are the same."
    )


def _counted(counts: Counter[Kind], kinds: list[Kind]) -> str:
    return ", ".join(f"{counts[kind]} {kind.words}" for kind in kinds if counts[kind])


def _tail(document: PlanDocument, left: Counter[Kind]) -> str:
    return "".join(f"\n{line}\n" for line in _closing(document, left))


def _closing(document: PlanDocument, left: Counter[Kind]) -> Iterator[str]:
    if left:
        stated = _counted(left, list(Kind))
        yield f"**There was no room for {left.total()} more: {stated}.** `pairctl plan` shows all."
    for one in document.unseen_palettes:
        yield f"**Palette {markdown_name(one.name)} was not looked at**: {prose(one.message)}"
    if document.unsure:
        yield f"**Not known: {unsure_words(document, markdown_name)}**"
    if document.is_remembered:
        yield f"> {not_asked_words(document)}"
    yield f"<sub>plan `{document.digest}`</sub>"
