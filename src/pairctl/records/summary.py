"""STATUS.md: the status branch for people.

A forge renders it: text from outside is as harmless in it as in a comment on a pull request.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from pairctl.pairing import Phase, Status, Unrecognized
from pairctl.text import prose

LONGEST = 1_000
"""How many signs of one text are shown; the status file has more."""

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


def render_summary(
    statuses: Iterable[Status],
    unrecognized: Mapping[str, Unrecognized] | None = None,
    clean: Callable[[str], str] = str,
) -> bytes:
    """Return STATUS.md: counts by phase, then a row an intent, those that need somebody first.

    Below that, the pairing requests that no intent names. Texts are given to `clean` first.
    """
    rows = sorted(statuses, key=lambda status: (not status.is_blocked, status.name))
    counts = Counter(status.phase for status in rows)
    shown = (
        ", ".join(f"{counts[phase]} {phase}" for phase in Phase if counts[phase]) or "no intents"
    )
    lines = [
        "# Pairing status",
        "",
        f"{len(rows)} intent{'s' * (len(rows) != 1)}: {shown}.",
        "",
        "| | intent | phase | what it waits for | what a person does |",
        "| --- | --- | --- | --- | --- |",
        *(_row(status, clean) for status in rows),
        *_unnamed(unrecognized or {}, clean),
    ]
    return ("\n".join(lines) + "\n").encode()


def unnamed_section(summary: bytes) -> bytes:
    """Return the part of a STATUS.md about requests that no intent names; empty where none is."""
    start = summary.find(f"\n{_UNNAMED}\n".encode())
    return summary[start:] if start >= 0 else b""


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


def _waits_for(status: Status) -> str:
    note = status.health_note
    return (status.waiting_for or status.message) + (f"; {note}" if note else "")


def _row(status: Status, clean: Callable[[str], str]) -> str:
    cells = (
        _SIGNS[status.phase],
        f"[{prose(status.name)}](status/{status.name}.yaml)",
        status.phase,
        prose(clean(_waits_for(status)), LONGEST),
        prose(clean(status.human_action), LONGEST),
    )
    return "| " + " | ".join(cells) + " |"
