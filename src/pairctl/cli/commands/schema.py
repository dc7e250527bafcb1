"""`pairctl schema`: the JSON Schemas of all kinds and outputs, written from the models."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli.formats import validation_report
from pairctl.cli.options import refuse_together
from pairctl.cli.output_files import refuse_unusable_folder, refuse_unwritable
from pairctl.cli.screen import Screen
from pairctl.engine import plan_schema
from pairctl.exits import Exit
from pairctl.records import rollout_schema
from pairctl.sim import Scenario
from pairctl.spec import model_schema, schemas

EXAMPLES = """
Examples:

  pairctl schema                        # the schema of any document

  pairctl schema --output schemas/      # all of them, as files

  pairctl schema --check schemas/       # are the files current?
"""

ANY_DOCUMENT = "pairctl.json"


def schema(
    output: Annotated[Path | None, typer.Option(help="Write all schemas into this folder.")] = None,
    check: Annotated[Path | None, typer.Option(help="Compare this folder with the models.")] = None,
) -> None:
    """Print or write the JSON Schemas (2020-12) of documents, own files, plans and reports."""
    refuse_together("--output", "--check", is_given=output is not None, has_other=check is not None)
    made = all_schemas()
    if output is not None:
        refuse_unusable_folder(output, "--output")
        for name in made:
            refuse_unwritable(output / name, "--output", makes_folders=True)
    screen = Screen()
    if check is not None:
        found = {path.name: path.read_text(encoding="utf-8") for path in check.glob("*.json")}
        stale = sorted(name for name in {*made, *found} if made.get(name) != found.get(name))
        for name in stale:
            wrong = "is not what the models say" if name in found else "is missing"
            wrong = wrong if name in made else "is no schema of pairctl's"
            screen.line(f"{check / name} {wrong}")
        if stale:
            screen.note(f"run `pairctl schema --output {check}`")
        raise typer.Exit(Exit.ERROR if stale else Exit.OK)
    if output is None:
        screen.plain(made[ANY_DOCUMENT].rstrip("\n"))
        return
    output.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (output / name).write_text(text, encoding="utf-8")
        screen.note(f"wrote {output / name}")


def all_schemas() -> Mapping[str, str]:
    """Return file name and text of every schema: of files, plans, and what `validate` tells."""
    return {
        **schemas(),
        "simulation.json": model_schema(Scenario, "Simulation"),
        "plan.json": plan_schema(),
        "rolloutstatus.json": rollout_schema(),
        f"{validation_report.NAME}.json": validation_report.schema(),
    }
