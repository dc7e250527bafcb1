"""What a plan says of rollouts, in a terminal and in a comment: what cannot be undone first."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from rich.text import Text

from pairctl.cli.layout import first_lines, shortened
from pairctl.cli.rollouts_view import instant, phase_text
from pairctl.cli.screen import Screen
from pairctl.cli.wrapping import wrapped
from pairctl.engine import PlannedRollout, PlannedWave
from pairctl.text import markdown_name, prose

MOST_LINES, MORE_LINES = 7, 13
"""How many lines rollouts take of a screen, and of two."""

_LINES_OF_WAIT = 2
"""How many lines what the one rollout waits for takes: it may name what a person has to do."""

MOST_ROLLOUTS, MOST_WAVES = 6, 12
"""How many rollouts a comment has, and how many waves of each."""

LONGEST_WAIT = 400
"""How many signs of what a rollout waits for a comment shows."""

_TABLE = (
    "| wave | intents | paired | to be accepted for good | earliest from | earliest until |",
    "| --- | --- | --- | --- | --- | --- |",
)
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3_600, 86_400


def rollout_lines(screen: Screen, rollouts: Sequence[PlannedRollout], most: int) -> list[Text]:
    """Return at most so many lines about rollouts: each with its waves, as far as there is room.

    The waves that are yet to be paired come first; what has no room is counted.
    """
    waits = _LINES_OF_WAIT if len(rollouts) == 1 else 1
    heads = [_head_lines(screen, one, waits) for one in rollouts]
    totals = list(accumulate(map(len, heads), initial=0))
    is_all = totals[-1] <= most
    number = len(heads) if is_all else sum(total < most for total in totals) - 1
    left = most - totals[number] - (not is_all)
    lines: list[Text] = []
    for head, one in zip(heads[:number], rollouts, strict=False):
        waves = _wave_lines(screen, one, left)
        left -= len(waves)
        lines += [*head, *waves]
    if not is_all:
        words = f"and {len(heads) - number} more rollouts: `plan -o json` has all"
        lines.append(_on_one_line(screen, Text(words, style="dim"), ""))
    return lines


def rollouts_markdown(rollouts: Sequence[PlannedRollout]) -> str:
    """Return the part of a comment about rollouts; empty where there are none."""
    lines = [line for one in rollouts[:MOST_ROLLOUTS] for line in _markdown(one)]
    if len(rollouts) > MOST_ROLLOUTS:
        lines += [f"And {len(rollouts) - MOST_ROLLOUTS} more rollouts.", ""]
    return "".join(f"{line}\n" for line in lines)


def _head_lines(screen: Screen, one: PlannedRollout, waits: int) -> list[Text]:
    """Return what cannot be undone, what it takes: a line each; and what it `waits` for in some."""
    head = Text.assemble(
        "rollout ", (screen.shown(one.name), "bold"), " ", phase_text(one.phase), ": "
    )
    head.append(_verdict(one))
    texts = [head]
    if effort := _effort(one):
        texts.append(Text(effort))
    lines = [_on_one_line(screen, text, "  " * (text is not head)) for text in texts]
    if one.waits_for:
        text = Text("waits for: ", style="dim") + screen.text(one.waits_for)
        width, cut = screen.prose_width, screen.spelled("…")
        lines += first_lines(wrapped(text, width, "  ", "    "), waits, width, cut)
    return lines


def _wave_lines(screen: Screen, one: PlannedRollout, most: int) -> list[Text]:
    to_come = [wave for wave in one.waves if wave.leads_one_way] or list(one.waves)
    room = most if len(to_come) <= most else most - 1
    shown = to_come[: max(0, room)]
    lines = [_on_one_line(screen, screen.text(_wave_words(wave)), "  ") for wave in shown]
    if most > 0 and len(shown) < len(to_come):
        lines.append(Text(f"  and {len(to_come) - len(shown)} more waves", style="dim"))
    return lines


def _on_one_line(screen: Screen, text: Text, lead: str) -> Text:
    return Text(lead) + shortened(text, screen.prose_width - len(lead), screen.spelled("…"))


def _wave_words(wave: PlannedWave) -> str:
    approval = f", {wave.unapproved} not approved" if wave.unapproved else ""
    words = f"wave {wave.name}: {wave.leads_one_way} of {wave.intents}{approval}"
    begins, ends = instant(wave.begins_at), instant(wave.ends_at)
    day = begins[: len("2026-03-03 ")]
    ends = ends.removeprefix(day) or ends
    times = f"earliest {begins} to {ends}" if begins and ends else f"earliest end {ends}"
    return f"{words}; {times}" if ends else words


def _verdict(one: PlannedRollout) -> str:
    number = one.leads_one_way
    if not number:
        return f"none of {one.intents} to accept, {one.paired} paired"
    paired = f", {one.paired} paired" if one.paired else ""
    return f"{number} of {one.intents} to accept for good{paired}"


def _effort(one: PlannedRollout) -> str:
    """Say what it takes at the least, by pace, windows and limits; nothing where none is left."""
    if not one.calls:
        return ""
    calls = f"{one.calls:,} calls"
    if one.ends_at is None or one.lasts_seconds is None:
        return f"at least {calls}; it does not end within a year"
    return (
        f"at least {calls} and {lasting(one.lasts_seconds)}: not done before {instant(one.ends_at)}"
    )


def lasting(seconds: int) -> str:
    """Return a length of time in its two largest units: "2 d 3 h", "13 s"."""
    units = ((_DAY_S, "d"), (_HOUR_S, "h"), (_MINUTE_S, "min"), (1, "s"))
    first = next((n for n, (size, _) in enumerate(units) if seconds >= size), len(units) - 1)
    parts: list[str] = []
    for size, unit in units[first : first + 2]:
        count, seconds = divmod(seconds, size)
        if count or not parts:
            parts.append(f"{count} {unit}")
    return " ".join(parts)


def _markdown(one: PlannedRollout) -> Iterator[str]:
    effort = f" It takes {_effort(one)}." if one.calls else ""
    waits = f" It waits for: {prose(one.waits_for, LONGEST_WAIT)}." if one.waits_for else ""
    once = ", once nothing is in the way" if one.leads_one_way else ""
    verdict = f"**Rollout {markdown_name(one.name)} is {one.phase}: {_verdict(one)}{once}.**"
    yield f"{verdict}{effort}{waits}"
    yield ""
    yield from _TABLE
    waves = [wave for wave in one.waves if wave.leads_one_way] or list(one.waves)
    for wave in waves[:MOST_WAVES]:
        approval = f"{wave.unapproved} not approved" if wave.unapproved else ""
        cells = (
            markdown_name(wave.name),
            str(wave.intents),
            str(wave.paired),
            f"**{wave.leads_one_way}**" if wave.leads_one_way else "0",
            ", ".join(filter(None, (approval, instant(wave.begins_at)))),
            instant(wave.ends_at),
        )
        yield f"| {' | '.join(cells)} |"
    if len(waves) > MOST_WAVES:
        yield f"| and {len(waves) - MOST_WAVES} more waves | | | | | |"
    yield ""
