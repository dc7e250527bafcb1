"""Intents by what stands in their way: what is alike is shown once, with all their names.

Within one screen for a fleet that fits one, and within two for any other: what has no room is
shortened first, and counted then.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rich.text import Text

from pairctl.cli.layout import first_lines
from pairctl.cli.screen import Screen
from pairctl.cli.wrapping import wrapped
from pairctl.text import LEFT_OUT, name_list

FEW = 10
"""So many intents are no fleet: what is said of them is shown whole, as long as it may be."""

FLEET_OF_ONE_SCREEN = 100
"""So many intents are shown within one screen, more within two."""

ROOM, MORE_ROOM = 15, 36
"""How many lines the causes take of a screen of 24 lines, and of two."""

SCREEN_LINES = 24

WAITS_FOR_OTHERS = frozenset({"WaitingForWave", "OutsideWindow", "PaceReached", "TooManyAtOnce"})
"""Reasons that end by themselves, once others have gone on: a person has nothing to do for them."""

MOST_REASONS = 3
"""How many reasons of a phase the summary names before it counts the rest."""

_LEVELS = (3, 2, 1)
"""How many lines one text takes at most, where whole texts are too much."""

_LINES_OF_NAMES = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """What several intents have in common. `head` is put behind their number.

    Each of `texts` is what leads it, and the text; of their own lines.
    """

    head: Text
    names: tuple[str, ...]
    texts: tuple[tuple[Text, Text], ...] = ()


def show_causes(screen: Screen, causes: Sequence[Cause], fleet: int, taken: int = 0) -> None:
    """Show causes within the room that a fleet of this size has; those of a few intents whole.

    `taken` is how many of the lines that there is room for are taken by something else.
    """
    width, room = screen.prose_width, room_for(screen, fleet) - taken
    blocks = [_lines(screen, cause, width, None) for cause in causes]
    if fleet <= FEW or sum(map(len, blocks)) <= room:
        _show(screen, blocks)
        return
    for level in _LEVELS:
        blocks = [_lines(screen, cause, width, level) for cause in causes]
        if sum(map(len, blocks)) < room:
            break
    fitting = [total < room for total in accumulate(map(len, blocks))].count(True)
    _show(screen, blocks[:fitting])
    screen.line(_what_is_left(causes[fitting:]), "dim")


def _show(screen: Screen, blocks: Iterable[Iterable[Text]]) -> None:
    for block in blocks:
        for line in block:
            screen.out.print(line, soft_wrap=True)


def _what_is_left(causes: Sequence[Cause]) -> str:
    """Say how to see what was shortened, or had no room."""
    if not causes:
        return "`--all`, or names of intents, show whole texts"
    intents = sum(len(cause.names) for cause in causes)
    count = f"{len(causes)} more cause{'s' * (len(causes) != 1)}"
    return f"and {count}, of {intents} intent{'s' * (intents != 1)}: `--all` shows each"


def with_lookup(reason: str, message: str, action: str) -> str:
    """Return what to do, with what shows the values that a text of several intents leaves out."""
    lookup = _LOOKUPS.get(reason) if LEFT_OUT in message else None
    return f"{action}; {lookup}" if lookup else action


_LOOKUPS = {"CertificateChanged": "`pairctl doctor NAME` shows both of each"}
"""By the reason: what shows the values without which what is to do cannot be done."""


def room_for(screen: Screen, fleet: int) -> int:
    """Return how many lines the causes of such a fleet may take; of a tall terminal more."""
    more = max(screen.out.height - SCREEN_LINES, 0) if screen.out.is_terminal else 0
    return ROOM + more if fleet <= FLEET_OF_ONE_SCREEN else MORE_ROOM + 2 * more


def urgency(reason: str, count: int) -> tuple[bool, int]:
    """Return the order of causes of one sort: what a person does first, then what most have."""
    return reason in WAITS_FOR_OTHERS, -count


def counts_line(screen: Screen, title: str, heads: Iterable[tuple[Text, str]]) -> Text:
    """Return the summary: how many there are of each phase, and of each reason in it."""
    counts: dict[str, Counter[str]] = {}
    styled: dict[str, Text] = {}
    for head, reason in heads:
        styled.setdefault(head.plain, head)
        counts.setdefault(head.plain, Counter())[reason] += 1
    line = Text(title)
    for number, (word, reasons) in enumerate(counts.items()):
        line.append_text(Text.assemble(", " if number else ": ", f"{reasons.total()} "))
        line.append_text(styled[word])
        reasons[""] += reasons.pop(word, 0)  # a reason that only repeats the phase says nothing
        if named := _reasons(reasons):
            line.append(screen.shown(f" ({named})"), "dim")
    line.append(".")
    return line


def _reasons(reasons: Counter[str]) -> str:
    known = [(reason, count) for reason, count in reasons.most_common() if reason]
    if len(known) == 1 and known[0][1] == reasons.total():
        return known[0][0]
    named = [f"{count} {reason}" for reason, count in known[:MOST_REASONS]]
    rest = sum(count for _, count in known[MOST_REASONS:])
    return ", ".join([*named, f"{rest} for other reasons"] if rest else named)


def _lines(screen: Screen, cause: Cause, width: int, level: int | None) -> list[Text]:
    cut, names = screen.spelled("…"), len(cause.names)
    head = Text.assemble(f"{names} ", cause.head, ": ")
    lines_of_names = min(level or _LINES_OF_NAMES, _LINES_OF_NAMES)
    room = min(width, screen.out.width) * lines_of_names - head.cell_len
    shown = name_list(cause.names, room - room // 8)  # lines end before a name, not within it
    lines = wrapped(head + screen.text(shown, "bold"), width, indent="    ")
    for lead, text in cause.texts:
        whole = wrapped(lead + text, width, "  ", "    ")
        lines += first_lines(whole, level or len(whole), width, cut)
    return lines
