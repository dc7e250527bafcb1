"""What `doctor` found, for people and for machines."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from pairctl.cli.screen import Screen
from pairctl.cli.wrapping import wrapped
from pairctl.doctor import Check, Examination, Verdict
from pairctl.text import Own

_SIGNS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.OK: ("✓", "green"),
    Verdict.WARNING: ("!", "yellow"),
    Verdict.FAILED: ("✗", "bold red"),
    Verdict.SKIPPED: ("-", "dim"),
}

_NARROW_INDENT = 6
_SNIPPET = re.compile(r"`([^`]* [^`]*)`")


def show_examination(screen: Screen, found: Examination) -> None:
    """Show a line a check, grouped by server; what was skipped for one reason shares a line."""
    width = max((len(check.name) for check in found.checks), default=0)
    for subject, checks in groupby(found.checks, lambda check: check.subject):
        screen.line(subject, "bold")
        for check in _joined(checks):
            sign, style = _SIGNS[check.verdict]
            head = Text.assemble("  ", (sign, style), f" {screen.shown(check.name):{width}}  ")
            is_dim = check.verdict is Verdict.SKIPPED
            _show(screen, head, screen.text(check.message, "dim" if is_dim else ""))
            if check.hint:
                hint = Text.assemble(("do: ", "bold"), screen.shown(check.hint))
                _show(screen, Text(" " * head.cell_len), hint)
        screen.line()
    counts = found.counts
    screen.line(
        f"{counts[Verdict.OK]} fine, {counts[Verdict.WARNING]} warnings,"
        f" {counts[Verdict.FAILED]} failed, {counts[Verdict.SKIPPED]} not looked at."
        " Nothing was changed."
    )


def doctor_data(found: Examination) -> dict[str, Any]:
    """Return the checks as JSON has them: each on its own."""
    return {
        "commit": Own(found.commit),
        "checks": [
            {
                "subject": Own(check.subject),
                "name": check.name,
                "verdict": check.verdict,
                "message": check.message,
                "hint": check.hint,
            }
            for check in found.checks
        ],
        "summary": {verdict.value: found.counts[verdict] for verdict in Verdict},
    }


def _joined(checks: Iterable[Check]) -> Iterator[Check]:
    """Yield the checks; neighbours that were skipped for one reason as one."""
    for is_skipped, group in groupby(checks, lambda it: it.verdict is Verdict.SKIPPED):
        if not is_skipped:
            yield from group
            continue
        for message, same in groupby(group, lambda it: it.message):
            first, *rest = same
            names = ", ".join(check.name for check in rest)
            words = f"{message} (nor: {names})" if names else message
            yield Check(first.subject, first.name, first.verdict, words)


def _show(screen: Screen, head: Text, words: Text) -> None:
    """Show words behind what heads them; in a narrow terminal, or with a long word, below it.

    What is to be pasted and has no room stands alone, whole, at the margin.
    """
    before, pasted, after = _with_pasted(words, screen.prose_width)
    _show_prose(screen, head, before)
    if pasted:
        screen.show(pasted)
        _show_prose(screen, Text(" " * head.cell_len), after)


def _with_pasted(words: Text, width: int) -> tuple[Text, Text, Text]:
    """Split words at the first snippet in back quotes that no line has room for, if any."""
    for found in _SNIPPET.finditer(words.plain):
        if cell_len(found.group()) + _NARROW_INDENT > width:
            return (
                words[: found.start()],
                words[found.start(1) : found.end(1)],
                words[found.end() :],
            )
    return words, Text(), Text()


def _show_prose(screen: Screen, head: Text, words: Text) -> None:
    width = head.cell_len
    longest = max((cell_len(word) for word in words.plain.split()), default=0)
    if width > screen.prose_width // 2 or width + longest > screen.prose_width:
        if head.plain.strip():
            screen.show(head)
        head, width = Text(" " * _NARROW_INDENT), _NARROW_INDENT
    first, *more = wrapped(words, screen.prose_width - width)
    for line in (head + first, *(Text(" " * width) + one for one in more)):
        screen.show(line)
