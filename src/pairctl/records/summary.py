"""STATUS.md: the status branch for people.

A forge renders it: text from outside is as harmless in it as in a comment on a pull request.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from pairctl.pairing import MemberState, Phase, RolloutPhase, Status, Unrecognized
from pairctl.records.rollout_record import RecordedRollout, rollout_path
from pairctl.text import Alike, Said, name_list, prose, put_together

LONGEST = 1_000
"""How many signs of one text are shown; the status file has more."""

MOST_NAMES = 1_000
"""How many signs the names take that share a row; each has a status file."""

_Key = tuple[bool, Phase]
Row = Said[_Key]

_UNNAMED = "## Pairing requests that no intent names"

_SIGNS = {
    Phase.PAIRED: "✅",
    Phase.LOCAL: "✅",
    Phase.REJECTED: "✅",
    Phase.REQUESTED: "⏳",
    Phase.ACCEPTED: "⏳",
    Phase.WAITING: "⏸",
    Phase.BLOCKED: "⛔",
    Phase.FAILED: "❌",
}
_SIGNS_OF_ROLLOUTS = {
    RolloutPhase.PROGRESSING: "⏳",
    RolloutPhase.WAITING: "⏸",
    RolloutPhase.SUSPENDED: "⏸",
    RolloutPhase.HALTED: "❌",
    RolloutPhase.COMPLETE: "✅",
}


def render_summary(
    statuses: Iterable[Status],
    unrecognized: Mapping[str, Unrecognized] | None = None,
    rollouts: Mapping[str, RecordedRollout] | None = None,
    clean: Callable[[str], str] = str,
    row_of: Callable[[Status], Row] | None = None,
) -> bytes:
    """Return STATUS.md: counts by phase, then what intents have in common, with their names.

    Those that need somebody are first. Below that, how far rollouts are, and the pairing requests
    that no intent names. Texts are given to `clean` first. `row_of` gives the row of a status where
    it is known already.
    """
    row_of = row_of or partial(row_of_status, clean=clean)
    listed = sorted(statuses, key=lambda status: (not status.is_blocked, status.name))
    counts = Counter(status.phase for status in listed)
    shown = (
        ", ".join(f"{counts[phase]} {phase}" for phase in Phase if counts[phase]) or "no intents"
    )
    groups = put_together(map(row_of, listed))
    lines = [
        "# Pairing status",
        "",
        f"{len(listed)} intent{'s' * (len(listed) != 1)}: {shown}.",
        "",
        "| | intent | phase | what it waits for | what a person does |",
        "| --- | --- | --- | --- | --- |",
        *map(_row, groups),
        *_rollouts(rollouts or {}, clean),
        *_unnamed(unrecognized or {}, clean),
    ]
    return ("\n".join(lines) + "\n").encode()


def unnamed_section(summary: bytes) -> bytes:
    """Return the part of a STATUS.md about requests that no intent names; empty where none is."""
    start = summary.find(f"\n{_UNNAMED}\n".encode())
    return summary[start:] if start >= 0 else b""


def _rollouts(rollouts: Mapping[str, RecordedRollout], clean: Callable[[str], str]) -> list[str]:
    if not rollouts:
        return []
    return [
        "",
        "## Rollouts",
        "",
        "| | rollout | phase | wave | paired | what it waits for | goes on at |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(_rollout(name, one, clean) for name, one in sorted(rollouts.items())),
    ]


def _rollout(name: str, one: RecordedRollout, clean: Callable[[str], str]) -> str:
    waits = prose(clean(one.waits_for.message), LONGEST) if one.waits_for else ""
    cells = (
        _SIGNS_OF_ROLLOUTS[one.phase],
        f"[{prose(name)}]({rollout_path(name)})",
        one.phase,
        prose(one.current),
        f"{one.count(MemberState.PAIRED)} of {one.size}",
        waits,
        f"{one.goes_on_at:%Y-%m-%d %H:%M} UTC" if one.goes_on_at else "",
    )
    return "| " + " | ".join(cells) + " |"


def _unnamed(unrecognized: Mapping[str, Unrecognized], clean: Callable[[str], str]) -> list[str]:
    rows = [
        f"| {name} | {prose(clean(request.pairing_uid))} | {prose(clean(request.name))} |"
        for name, found in sorted(unrecognized.items())
        for request in found.requests
    ]
    if not rows:
        return []
    head = ["", _UNNAMED, ""]
    hint = "`pairctl discover` prints them as intents that can be committed."
    return [*head, hint, "", "| Palette | pairing id | cluster |", "| --- | --- | --- |", *rows]


def row_of_status(status: Status, clean: Callable[[str], str]) -> Row:
    """Return what STATUS.md says of one intent; what it says of several alike is one row."""
    note = status.health_note
    texts = (
        clean((status.waiting_for or status.message) + (f"; {note}" if note else "")),
        clean(status.human_action),
    )
    return Said(status.name, (not status.is_blocked, status.phase), texts)


def _row(group: Alike[_Key]) -> str:
    _, phase = group.key
    cells = (
        _SIGNS[phase],
        name_list(group.names, MOST_NAMES, _link),
        phase if len(group.names) == 1 else f"{len(group.names)} {phase}",
        *(prose(text, LONGEST) for text in group.texts),
    )
    return "| " + " | ".join(cells) + " |"


def _link(name: str) -> str:
    return f"[{prose(name)}](status/{name}.yaml)"
