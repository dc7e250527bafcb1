"""Statuses, for people and for machines."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.text import Text

from pairctl.cli.causes_view import Cause, counts_line, show_causes, urgency, with_lookup
from pairctl.cli.layout import show_rows, show_wrapped
from pairctl.cli.screen import Screen
from pairctl.cli.wrapping import wrapped
from pairctl.pairing import Phase, Status, Truth
from pairctl.spec import API_VERSION
from pairctl.text import Said, put_together

_TRUTH = {Truth.TRUE: "green", Truth.FALSE: "red", Truth.UNKNOWN: "dim"}
_SETTLED = frozenset({Phase.PAIRED, Phase.LOCAL, Phase.REJECTED})
_ORDER = (
    Phase.FAILED,
    Phase.BLOCKED,
    Phase.REQUESTED,
    Phase.ACCEPTED,
    Phase.WAITING,
    Phase.PAIRED,
    Phase.LOCAL,
    Phase.REJECTED,
)


def show_statuses(
    screen: Screen,
    statuses: Mapping[str, Status],
    *,
    with_all: bool = False,
    with_settled: bool = False,
    elsewhere: Mapping[tuple[str, str], str] | None = None,
) -> None:
    """Show counts by phase and reason, then what stands in the way, with the names it holds for.

    `with_all` shows a row an intent instead, in the order of names. Settled intents are counted
    only, unless shown `with_settled`. What is said `elsewhere`, by reason and message, is named by
    the words given for it.
    """
    listed = sorted(statuses.values(), key=lambda one: (_ORDER.index(one.phase), one.name))
    heads = [(screen.phase(one.phase), one.reason) for one in listed]
    show_wrapped(
        screen, counts_line(screen, f"{len(heads)} intent{'s' * (len(heads) != 1)}", heads)
    )
    if with_all:
        screen.line()
        show_rows(
            screen,
            _TITLES,
            [_row(screen, one) for _, one in sorted(statuses.items())],
        )
        return
    open_ = [
        one
        for one in listed
        if with_settled or one.phase not in _SETTLED or one.is_blocked or one.health_note
    ]
    if open_:
        screen.line()
        show_causes(screen, list(_causes(screen, open_, elsewhere or {})), len(statuses))


_TITLES = ("INTENT", "PHASE", "WHAT IT WAITS FOR", "WHAT A PERSON DOES")


def _row(screen: Screen, status: Status) -> tuple[Text, ...]:
    waits = status.waiting_for or status.health_note or status.message
    return (
        screen.text(status.name, "bold"),
        screen.phase(status.phase),
        screen.text(waits, "" if status.waiting_for else "dim"),
        screen.text(status.human_action),
    )


def _causes(
    screen: Screen, statuses: Iterable[Status], elsewhere: Mapping[tuple[str, str], str]
) -> Iterator[Cause]:
    """Yield what statuses have in common; in each phase, what waits for others last."""
    said = [_said(screen, one, elsewhere) for one in statuses]
    groups = put_together(said)
    for group in sorted(
        groups, key=lambda one: (_ORDER.index(one.key[0]), *urgency(one.key[1], len(one.names)))
    ):
        (phase, reason), (waits, action) = group.key, group.texts
        action = with_lookup(reason, waits, action)
        head = screen.phase(phase)
        head.append(screen.shown(f", {reason}") if reason and reason != phase else "", "dim")
        texts = [(Text(), Text(screen.spelled(waits)))] if waits else []
        texts += [(Text("do: ", "bold"), Text(screen.spelled(action)))] if action else []
        yield Cause(head, group.names, tuple(texts))


def _said(
    screen: Screen, status: Status, elsewhere: Mapping[tuple[str, str], str]
) -> Said[tuple[Phase, str]]:
    there = elsewhere.get((status.reason, status.message))
    texts = (_cause(status), status.human_action)
    if there:
        texts = (there, "see the error of that Palette")
    shown = tuple(screen.shown(text) for text in texts)
    return Said(status.name, (status.phase, status.reason), shown)


def _cause(status: Status) -> str:
    """Return why an intent is where it is: what is wrong with it, or what it waits for."""
    is_moving = status.waiting_for and not status.is_blocked
    return f"waits for {status.waiting_for}" if is_moving else status.health_note or status.message


def show_status(screen: Screen, status: Status) -> None:
    """Show all of one status."""
    width = screen.prose_width
    head = Text.assemble((screen.shown(status.name), "bold"), "  ", screen.phase(status.phase))
    screen.show(head)
    profiles = ", ".join(f"{use.name} {use.version}" for use in status.profiles)
    for title, value in (
        ("what", status.message),
        ("waits for", status.waiting_for),
        ("what a person does", status.human_action),
        ("pairing id", status.pairing_uid),
        ("requests of an earlier address", ", ".join(status.earlier_requests)),
        ("profiles", profiles),
        ("digest", status.digest),
        ("cluster in Palette", status.palette_uid),
        ("commit", status.source_commit[:7]),
    ):
        if value:
            field = Text.assemble((f"{title}: ", "dim"), screen.shown(value))
            _show_lines(screen, wrapped(field, width, "  ", "    "))
    for condition in status.conditions:
        head = Text.assemble(
            (f"  {condition.type:17}", ""), (f"{condition.status:8}", _TRUTH[condition.status])
        )
        words = Text.assemble(
            (screen.shown(condition.reason), ""),
            (f" {screen.shown(condition.message)}" if condition.message else "", "dim"),
        )
        first, *more = wrapped(words, width - head.cell_len)
        _show_lines(screen, [head + first, *(Text(" " * head.cell_len) + one for one in more)])


def _show_lines(screen: Screen, lines: Iterable[Text]) -> None:
    for line in lines:
        screen.show(line)


def statuses_data(files: Mapping[str, Any]) -> dict[str, Any]:
    """Return statuses as JSON has them: the documents of the status branch in a list."""
    return {
        "apiVersion": API_VERSION,
        "kind": "PairingStatusList",
        "items": [files[name] for name in sorted(files)],
    }
