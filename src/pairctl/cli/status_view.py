"""Statuses, for people and for machines."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from pairctl.cli.screen import Screen
from pairctl.pairing import Status, Truth

_TRUTH = {Truth.TRUE: "green", Truth.FALSE: "red", Truth.UNKNOWN: "dim"}


def show_statuses(screen: Screen, statuses: Mapping[str, Status]) -> None:
    """Show a row an intent, in the order of names."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for title in ("INTENT", "PHASE"):
        table.add_column(title, no_wrap=True)
    table.add_column("WHAT IT WAITS FOR", ratio=1, overflow="fold")
    table.add_column("WHAT A PERSON DOES", ratio=1, overflow="fold")
    for name, status in sorted(statuses.items()):
        waits = screen.text(
            status.waiting_for or status.health_note or status.message,
            "" if status.waiting_for or status.health_note else "dim",
        )
        table.add_row(
            screen.text(name, "bold"),
            screen.phase(status.phase),
            waits,
            screen.text(status.human_action),
        )
    screen.show(table)


def show_status(screen: Screen, status: Status) -> None:
    """Show all of one status."""
    head = Text.assemble((screen.shown(status.name), "bold"), "  ", screen.phase(status.phase))
    screen.show(head)
    for title, value in _fields(status):
        if value:
            screen.show(Text.assemble((f"  {title}: ", "dim"), screen.shown(value)))
    for condition in status.conditions:
        screen.show(
            Text.assemble(
                ("  ", ""),
                (f"{condition.type:17}", ""),
                (f"{condition.status:8}", _TRUTH[condition.status]),
                (screen.shown(condition.reason), ""),
                (f"  {screen.shown(condition.message)}" if condition.message else "", "dim"),
            )
        )


def statuses_data(files: Mapping[str, Any]) -> dict[str, Any]:
    """Return statuses as JSON has them: the documents of the status branch in a list."""
    return {"kind": "PairingStatusList", "items": [files[name] for name in sorted(files)]}


def _fields(status: Status) -> tuple[tuple[str, str], ...]:
    profiles = ", ".join(f"{use.name} {use.version}" for use in status.profiles)
    return (
        ("what", status.message),
        ("waits for", status.waiting_for),
        ("what a person does", status.human_action),
        ("pairing id", status.pairing_uid),
        ("requests of an earlier address", ", ".join(status.earlier_requests)),
        ("profiles", profiles),
        ("digest", status.digest),
        ("cluster in Palette", status.palette_uid),
        ("commit", status.source_commit[:7]),
    )
