"""`pairctl sim`: Palette and edge hosts on this machine, to try things on."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli.layout import show_rows
from pairctl.cli.output_files import refuse_unwritable
from pairctl.cli.running import run
from pairctl.cli.screen import Screen
from pairctl.demo.pinning import pin_documents
from pairctl.engine import Stop
from pairctl.sim import Simulation, load_scenario

EXAMPLES = """
Examples:

  pairctl sim examples/quickstart/simulation.yaml

  pairctl sim world.yaml --any-ports --pin ./repository
"""


def sim(
    file: Annotated[Path, typer.Argument(help="The world to simulate.", exists=True)],
    any_ports: Annotated[
        bool, typer.Option("--any-ports", help="Take free ports in place of the declared ones.")
    ] = False,
    pin: Annotated[
        Path | None,
        typer.Option(
            help="Write the servers' real addresses and certificates into the documents here.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    ca_file: Annotated[
        Path | None, typer.Option(help="Write the authority's certificate (PEM) here.")
    ] = None,
) -> None:
    """Serve a simulated Palette and edge hosts over HTTPS on 127.0.0.1, until told to stop.

    Real sockets, TLS, tokens, limits and pages; a rehearsal for the real, one-way thing.
    """
    if ca_file is not None:
        refuse_unwritable(ca_file, "--ca-file")
    screen = Screen()
    run(lambda stop: _serve(screen, stop, file, any_ports, pin, ca_file), finishes=True)


async def _serve(
    screen: Screen, stop: Stop, file: Path, any_ports: bool, pin: Path | None, ca_file: Path | None
) -> None:
    scenario = await asyncio.to_thread(load_scenario, file)
    async with Simulation.start(scenario, ports="any" if any_ports else "declared") as simulation:
        if pin is not None:
            changed = await asyncio.to_thread(pin_documents, pin, simulation.addresses)
            screen.note(f"pinned {changed} file{'s' * (changed != 1)} below {pin}")
        if ca_file is not None:
            await asyncio.to_thread(ca_file.write_text, simulation.ca_pem)
        rows = [
            [screen.text(cell) for cell in (declared, address.endpoint, address.fingerprint)]
            for declared, address in simulation.addresses.items()
        ]
        show_rows(screen, ("DECLARED", "SERVED AT", "CERTIFICATE"), rows)
        screen.note("serving; Ctrl-C ends it")
        while not await stop.wait(3600):
            pass
    screen.note("stopped")
