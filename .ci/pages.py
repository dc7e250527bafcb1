#!/usr/bin/env python3
"""Writes what the documentation takes from the code, or with `--check` says what is not current.

Two pages are written whole; ARCHITECTURE.md has the decision tables between two marks.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from pairctl.glossary import CONDITIONS, GROUPS, PHASES, Group, Lesson, Reason, lesson_of
from pairctl.pairing import TABLES, Truth
from pairctl.spec import Code

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
GENERATED = "<!-- Written by `make schemas` from {}; changes belong there. -->"

CODES = """\
# The codes of findings

What `pairctl validate` may find in documents. An **error** refuses its document, and what refers
to it; a **warning** or an **info** refuses nothing. A code never changes its meaning: tools may
build on it. `pairctl explain CODE` shows the same in a terminal.

The examples are whole files. They refer to the Palettes `production` and `lab`, and to the
ProfileMatch `retail-split` for `production`; everything else stands in them."""

STATUSES = """\
# What a status says

pairctl writes a status for every intent, on the branch `pairctl-status`: a phase with its reason,
what it waits for, what a person does, and conditions. It is written from what each pass
sees, and changes only where something did; nothing in it ticks. `pairctl explain WORD` shows each
word in a terminal.

[Phases](#phases) · [Conditions](#conditions) · [Reasons](#reasons)"""

CONDITIONS_NOTE = """\
They follow the Kubernetes conventions; `lastTransitionTime` changes only when `status` does, and
`observedGeneration` is the hash of the intent with all that it refers to, as it was judged."""

REASONS_NOTE = """\
`reason` is one word, beside a phase and in each condition. The condition `Ready` always has the
reason of the phase; where other conditions can have the word too, they are named. `message`,
`waitingFor` and `humanAction` tell the case at hand: which layer, which node, which secret."""


def main() -> None:
    """Write, or with `--check` compare."""
    pages = dict(all_pages())
    if "--check" not in sys.argv[1:]:
        for path, text in pages.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
    elif stale := [path for path, text in pages.items() if read(path) != text]:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        sys.exit(f"{names}: not what the code says; run `make schemas`")


def read(path: Path) -> str:
    """Return a page as it is; empty where there is none."""
    return path.read_text("utf-8") if path.exists() else ""


def all_pages() -> Iterator[tuple[Path, str]]:
    """Yield each page's path, and the text that it should have."""
    architecture = ROOT / "ARCHITECTURE.md"
    before, rest = read(architecture).split(BEGIN)
    yield architecture, f"{before}{BEGIN}\n\n{decision_tables()}\n\n{END}{rest.split(END)[1]}"
    yield ROOT / "docs/codes.md", page("src/pairctl/spec/codes.py and glossary/lessons", codes())
    yield ROOT / "docs/statuses.md", page("src/pairctl/glossary", statuses())


def page(source: str, parts: Iterable[str]) -> str:
    """Return a page of parts, headed by where its text comes from."""
    return "\n\n".join([GENERATED.format(source), *parts]) + "\n"


def table(*rows: Iterable[str]) -> str:
    """Return a table; the first row is its head."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * lines[0].count(" | ") + " --- |", *lines[1:]])


# ── ARCHITECTURE.md ──────────────────────────────────────────────────────────────────────────────


def decision_tables() -> str:
    """Return all decision tables as Markdown."""
    parts = []
    for desired, rules in TABLES.items():
        rows = [(rule.observed, rule.decision) for rule in rules]
        parts += [f"### `desired: {desired}`", table(("observed", "decision"), *rows)]
    return "\n\n".join(parts)


# ── docs/codes.md ────────────────────────────────────────────────────────────────────────────────


def codes() -> Iterator[str]:
    """Yield the parts of the page of codes: a table of all, then a lesson each."""
    lessons = [lesson_of(code) for code in Code]
    rows = [
        (f"[{one.code}](#{one.code.lower()})", one.severity, one.code.meaning) for one in lessons
    ]
    yield CODES
    yield table(("code", "severity", "meaning"), *rows)
    for one in lessons:
        yield from lesson(one)


def lesson(one: Lesson) -> Iterator[str]:
    """Yield the parts of one code. GitHub makes the heading's anchor: the code in lower case."""
    yield f"## {one.code}"
    yield f"*{one.severity}*: {one.code.meaning}"
    yield one.why
    yield f"**Wrong**\n\n{one.wrong.text}"
    yield f"**Right**\n\n{one.right.text}"


# ── docs/statuses.md ─────────────────────────────────────────────────────────────────────────────


def statuses() -> Iterator[str]:
    """Yield the parts of the page of statuses: phases, conditions, and reasons in their groups."""
    phases = [(f"`{phase}`", told.when, told.until) for phase, told in PHASES.items()]
    conditions = [
        (f"`{kind}`", *(told.when(truth) for truth in Truth)) for kind, told in CONDITIONS.items()
    ]
    yield STATUSES
    yield "## Phases"
    yield table(("phase", "when", "until"), *phases)
    yield "## Conditions"
    yield CONDITIONS_NOTE
    yield table(("condition", *(f"{truth} when" for truth in Truth)), *conditions)
    yield "## Reasons"
    yield REASONS_NOTE
    for group in GROUPS:
        yield from reasons(group)


def reasons(group: Group) -> Iterator[str]:
    """Yield the parts of one group of reasons."""
    rows = [
        (f"`{one.word}`", places(one), one.when, one.until, one.action or "nothing")
        for one in group.reasons
    ]
    yield f"### {group.title}"
    yield group.about
    yield table(("reason", "where", "when", "until", "what a person does"), *rows)


def places(reason: Reason) -> str:
    """Return where a reason can stand: phases, then conditions with their status."""
    phases = " or ".join(f"`{phase}`" for phase in reason.phases)
    conditions = " or ".join(f"`{kind}`" for kind in reason.conditions)
    return "; ".join(filter(None, [phases, conditions and f"{conditions} {reason.truth}"]))


if __name__ == "__main__":
    main()
