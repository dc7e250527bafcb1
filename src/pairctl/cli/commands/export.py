"""`pairctl export terraform`: what is paired, for a tool that takes over. Asks no API."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Intents, Place
from pairctl.cli.output_files import refuse_unwritable, write_output
from pairctl.cli.recorded_fleet import recorded_fleet
from pairctl.cli.screen import Screen
from pairctl.cli.terraform import is_paired, terraform_imports
from pairctl.exits import Exit

EXAMPLES = """
Examples:

  pairctl export terraform > imports.tf

  pairctl export terraform --out imports.tf -l region=emea

  pairctl export terraform store-0042      # one cluster
"""


class Tool(StrEnum):
    """For which tool the export is."""

    TERRAFORM = "terraform"


@grouped
def export(
    place: Place,
    tool: Annotated[Tool, typer.Argument(metavar="TOOL", help="`terraform`.")],
    intents: Intents,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write there; an older file is replaced. Left out: standard output.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write `import` blocks of the paired clusters, for Terraform 1.5 or later.

    Needs no secret, and asks nobody but Git. A paired cluster whose uid, Palette or project is not
    on record is left out, with the reason, and the exit code is 3; so it is where one that is named
    is not paired. docs/terraform.md says what to do with the blocks, and what was not tried.
    """
    del tool  # there is one
    if out:
        refuse_unwritable(out, "--out")
    screen = Screen()
    record = recorded_fleet(place, intents.selection, screen)
    made = terraform_imports(record, screen.clean)
    if out:
        write_output(out, made.text, "--out")
        screen.note(f"wrote {made.count} cluster{'s' * (made.count != 1)} to {out}")
    else:
        screen.plain(made.text.rstrip("\n"))
    for name, why in made.left_out.items():
        screen.note(f"{name} is paired, and left out: {why}", "yellow")
    named = [one for one in record.intents if intents.selection.names and not is_paired(one)]
    for one in named:
        screen.note(f"{one.name} is not paired, and left out", "yellow")
    raise typer.Exit(Exit.BLOCKED if made.left_out or named else Exit.OK)
