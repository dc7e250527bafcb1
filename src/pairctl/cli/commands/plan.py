"""`pairctl plan`: what `apply` would do now. It has no hands."""

import typer

from pairctl.cli import options
from pairctl.cli.exits import Exit
from pairctl.cli.grouping import grouped
from pairctl.cli.looking import look
from pairctl.cli.plan_view import plan_data, show_plan
from pairctl.cli.running import Place, Rules, run
from pairctl.cli.screen import Screen
from pairctl.engine import Plan

EXAMPLES = """
Examples:

  pairctl plan --operator ~/operator.yaml --secrets-dir ~/secrets

  pairctl plan -r https://git.example.com/edge/pairing.git --ref main --allow-host '*.example.com'

  pairctl plan --format json | jq '.intents[] | select(.action.isOneWay)'
"""


@grouped
def plan(
    place: Place,
    rules: Rules,
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Look at the world and show what `apply` would do now. Nothing is written anywhere.

    Exits 0 where there is nothing to do, 2 where there are changes, 3 where something is blocked.
    """
    screen = Screen()
    made = run(lambda stop: look(place, rules, screen, stop))
    if format is options.Output.JSON:
        screen.data(plan_data(made))
    else:
        show_plan(screen, made)
    raise typer.Exit(_exit_code(made))


def _exit_code(made: Plan) -> Exit:
    if made.has_changes:
        return Exit.CHANGES
    return Exit.BLOCKED if made.is_blocked else Exit.OK
