"""`pairctl report --html FILE`: the fleet as one page, from what is on record. Asks no API."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pairctl import __version__
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Intents, Place
from pairctl.cli.output_files import refuse_unwritable, write_output
from pairctl.cli.recorded_fleet import recorded_fleet
from pairctl.cli.screen import Screen
from pairctl.exits import Exit
from pairctl.fleet_report import Heading, campaigns_of, render_page, report_document
from pairctl.problem import ConfigurationError, Problem

EXAMPLES = """
Examples:

  pairctl report --html report.html

  pairctl report --html report.html -l region=emea --title "EMEA stores"

  pairctl report --html public/index.html --made-at "$(date -u +%FT%TZ)"

  pairctl report --html - | gzip > report.html.gz
"""

_STDOUT = Path("-")


@grouped
def report(
    place: Place,
    intents: Intents,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Where to write the page; `-` for standard output. An older one is replaced.",
            show_default=False,
        ),
    ] = None,
    title: Annotated[str, typer.Option("--title", help="What stands at its top.")] = "Pairings",
    made_at: Annotated[
        str,
        typer.Option(
            "--made-at",
            metavar="TIME",
            help="When the page is made, to be shown on it: 2026-03-01T09:00:00Z."
            " Left out: the same record makes the same bytes.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Write what is on record as one HTML page: phases, causes, each cluster with its layers.

    The page needs no server and no network: it can be opened from a disk, sent, or kept as an
    artifact of CI. It holds names, addresses and messages of the fleet, redacted as everything is
    that leaves. Needs no secret, and asks nobody but Git. Labels are those of the documents at
    --ref.
    """
    if html is None:
        raise ConfigurationError(
            Problem(
                "NoOutput",
                "`pairctl report` needs to know where to write the page",
                "give --html FILE, or --html - for standard output; "
                "`pairctl status` shows the fleet in a terminal",
            )
        )
    if html != _STDOUT:
        refuse_unwritable(html, "--html")
    screen, heading = Screen(), Heading(title, __version__, _time(made_at))
    record = recorded_fleet(place, intents.selection, screen)
    campaigns = campaigns_of(record.rollouts)
    page = render_page(report_document(record, heading, campaigns, screen.clean))
    if html == _STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(page.encode())
        sys.stdout.buffer.flush()
    else:
        write_output(html, page, "--html")
        count = len(record.intents)
        screen.note(f"wrote {count} cluster{'s' * (count != 1)} to {html}")
    for path in record.unreadable:
        screen.note(f"{path}: cannot be read", "red")
    raise typer.Exit(Exit.ERROR if record.unreadable else Exit.OK)


def _time(given: str) -> datetime | None:
    """Read a moment. Raises ConfigurationError where it is none, or has no time zone."""
    if not given:
        return None
    try:
        read = datetime.fromisoformat(given)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise ConfigurationError(
            Problem(
                "BadTime",
                f"--made-at: {given!r} is no moment with a time zone",
                "write it as 2026-03-01T09:00:00Z",
            )
        )
    return read.astimezone(UTC)
