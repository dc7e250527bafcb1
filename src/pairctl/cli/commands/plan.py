"""`pairctl plan`: what `apply` would do now. It cannot write."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Intents, Place, Rules
from pairctl.cli.output_files import refuse_unwritable
from pairctl.cli.plan_markdown import plan_markdown
from pairctl.cli.plan_view import show_plan
from pairctl.cli.planning import look, remember
from pairctl.cli.running import run
from pairctl.cli.screen import Screen
from pairctl.cli.unseen_view import tell_unseen
from pairctl.engine import Plan, plan_document, refuse_other_file, write_plan
from pairctl.exits import Exit
from pairctl.problem import ConfigurationError, Problem

EXAMPLES = """
Examples:

  pairctl plan --operator ~/operator.yaml --secrets-dir ~/secrets

  pairctl plan store-0042 store-0043     # these only

  pairctl plan -l region=emea,wave=1     # those with these labels

  pairctl plan -r https://git.example.com/edge/pairing.git --ref main

  pairctl plan --out plan.json    # then: pairctl apply --plan plan.json

  pairctl plan --offline --base origin/main --format markdown > plan.md

  pairctl plan --format json | jq '.intents[] | select(.action.isOneWay)'
"""


class Output(StrEnum):
    """How a plan is shown: for people, for machines, or as a comment on a pull request."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


@grouped
def plan(
    place: Place,
    rules: Rules,
    intents: Intents,
    base: Annotated[
        str | None,
        typer.Option(
            "--base", metavar="REF", help="Show only what the documents change since this ref."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="Write the plan for `apply --plan`. An older plan there is replaced.",
        ),
    ] = None,
    offline: Annotated[
        bool,
        typer.Option(
            "--offline", help="Ask nobody but Git: plan on what the last pass wrote down."
        ),
    ] = False,
    all_intents: options.All = False,
    format: Annotated[  # noqa: A002 - the option's name
        Output, typer.Option("--format", "-o", help="How to show the plan.")
    ] = Output.TEXT,
) -> None:
    """Look at the world and show what `apply` would do now. Nothing is written to any side.

    Intents that the same holds for are shown together, with their names.

    Exits 2 where anything is to do or under way, even if other intents are blocked; else 3 where
    something is blocked or a document could not be read, 1 where nothing is and a Palette could not
    be looked at, 3 where it is not known what is to do, as with --offline of a host that no pass
    has seen yet, 0 where there is nothing to do.
    """
    if offline and out:
        words = (
            "a plan for `apply --plan` is made with a look at the world, and --offline takes none"
        )
        hint = "leave out --offline, or --out"
        raise ConfigurationError(Problem("OfflinePlan", words, hint))
    if out:
        refuse_unwritable(out, "--out")
        refuse_other_file(out)
    screen, selection = Screen(), intents.selection
    make = remember if offline else look
    made = run(lambda stop: make(place, rules, screen, stop, base, selection=selection))
    document = plan_document(made, screen.clean)
    if out:
        write_plan(out, document, screen.clean)
    if format is Output.TEXT:
        show_plan(
            screen, document, made.caps, with_all=all_intents, with_settled=bool(selection.names)
        )
    elif format is Output.JSON:
        screen.plain(json.dumps(document.data(), indent=2, ensure_ascii=False))
    else:
        screen.plain(plan_markdown(document, screen.redactor.mask).rstrip("\n"))
    tell_unseen(screen, made.unseen_palettes)
    raise typer.Exit(_exit_code(made))


def _exit_code(made: Plan) -> Exit:
    if made.has_changes:
        return Exit.CHANGES
    if made.is_blocked:
        return Exit.BLOCKED
    if made.unseen_palettes:
        return Exit.ERROR
    return Exit.BLOCKED if made.is_partly_unknown else Exit.OK
