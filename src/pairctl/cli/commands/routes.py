"""`pairctl routes`: Palette's paths of pairing requests, from a recording of a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from pairctl.apis import (
    MAX_RECORDING_BYTES,
    ROUTE_SETTINGS,
    BadRecording,
    Recording,
    read_recording,
)
from pairctl.cli.screen import Screen
from pairctl.exits import Exit
from pairctl.spec import PairingRoutes

EXAMPLES = """
Examples:

  pairctl routes --har pairing.har                 # and what is missing

  pairctl routes --har pairing.har > routes.yaml   # only the block

To record: open the browser's developer tools in Palette's console, pair one cluster by hand (open
the list of pairing requests, open the request, accept it), and save the network view as HAR with
content.
"""

_TO_SHOW = {
    "listRequests": "open the list of pairing requests while one is pending",
    "getRequest": "open a pending request",
    "accept": "accept a request to its end",
    "validate": "go through the acceptance to its end",
    "reject": "reject a request that nobody needs",
}


def routes(
    har: Annotated[
        Path, typer.Option(help="A HAR 1.2 file, with content.", exists=True, dir_okay=False)
    ],
) -> None:
    """Find Palette's paths of pairing requests in what a browser recorded.

    Prints the `routes` block for the operator's file. Nothing else of the recording is shown: no
    key, cookie, query or body. Exits 3 where the list of requests or the acceptance is missing.
    """
    screen = Screen()
    recording = read_recording(_content(har))
    for line in _block(recording):
        screen.line(line)
    for missing in recording.missing:
        screen.note(f"not found: {missing.setting}: {missing.why}", "yellow")
        screen.note(f"  do: {_TO_SHOW[missing.setting]} while recording")
    raise typer.Exit(Exit.OK if recording.is_enough else Exit.BLOCKED)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_RECORDING_BYTES + 1)
    except OSError as error:
        raise BadRecording(
            f"{file} cannot be read: {error.strerror}", "correct the path"
        ) from error


def _block(recording: Recording) -> Iterator[str]:
    """Yield the block, a line at a time; each route is told, or said to be missing."""
    found = {one.setting: one for one in recording.found}
    missing = {one.setting: one for one in recording.missing}
    defaults = PairingRoutes().model_dump(by_alias=True)
    if recording.origin:
        yield f"# From a recording of {recording.origin}; goes into `spec` of the operator's file."
    yield "routes:" if found else "routes: {}"
    for setting in ROUTE_SETTINGS:
        if setting in missing:
            yield f"  # {setting} was not found: {missing[setting].why}."
            yield f"  # Left out, the default holds: {defaults[setting]}"
            continue
        one = found[setting]
        same = ", the default" if one.path == defaults[setting] else ""
        yield f"  # request {one.number}: {one.method}, answered with {one.status}{same}"
        yield f"  {setting}: {one.path}"
