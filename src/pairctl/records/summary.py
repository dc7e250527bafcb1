"""STATUS.md: the status branch for people."""

from collections import Counter
from collections.abc import Iterable, Mapping

from pairctl.pairing import Phase, Status, Unrecognized

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
    statuses: Iterable[Status], unrecognized: Mapping[str, Unrecognized] | None = None
) -> bytes:
    """Return STATUS.md: counts by phase, then a row an intent, those that need somebody first.

    Below that, the pairing requests that no intent names.
    """
    rows = sorted(statuses, key=lambda status: (not needs_somebody(status), status.name))
    counts = Counter(status.phase for status in rows)
    told = ", ".join(f"{counts[phase]} {phase}" for phase in Phase if counts[phase]) or "no intents"
    lines = [
        "# Pairing status",
        "",
        f"{len(rows)} intent{'s' * (len(rows) != 1)}: {told}.",
        "",
        "| | intent | phase | what it waits for | what a person does |",
        "| --- | --- | --- | --- | --- |",
        *(_row(status) for status in rows),
        *_nobodys(unrecognized or {}),
    ]
    return ("\n".join(lines) + "\n").encode()


def _nobodys(unrecognized: Mapping[str, Unrecognized]) -> list[str]:
    rows = [
        f"| {name} | {escape_cell(request.pairing_uid)} | {escape_cell(request.name)} |"
        for name, found in sorted(unrecognized.items())
        for request in found.requests
    ]
    if not rows:
        return []
    head = ["", "## Pairing requests that no intent names", ""]
    hint = "`pairctl discover` prints them as intents that can be committed."
    return [*head, hint, "", "| Palette | pairing id | cluster |", "| --- | --- | --- |", *rows]


def needs_somebody(status: Status) -> bool:
    """Whether an intent goes on only if a person, or the world, does something."""
    return status.phase in (Phase.BLOCKED, Phase.FAILED) or bool(status.human_action)


def _row(status: Status) -> str:
    cells = (
        _SIGNS[status.phase],
        f"[{status.name}](status/{status.name}.yaml)",
        status.phase,
        escape_cell(status.waiting_for or status.message),
        escape_cell(status.human_action),
    )
    return "| " + " | ".join(cells) + " |"


def escape_cell(text: str) -> str:
    """Return text as it may stand in a Markdown table: no markup, one line, no column breaks."""
    escaped = "".join(f"\\{sign}" if sign in "\\|`*_[]<>#~" else sign for sign in text)
    return " ".join(escaped.split())
