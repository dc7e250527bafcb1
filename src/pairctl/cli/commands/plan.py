"""`pairctl plan`: what `apply` would do now. It has no hands."""

import typer

from pairctl.cli import options
from pairctl.cli.exits import Exit
from pairctl.cli.plan_view import plan_data, show_plan
from pairctl.cli.progress import Progress
from pairctl.cli.running import Place, Rules, make_keys, open_settings, read_operator, run
from pairctl.cli.screen import Screen
from pairctl.engine import Access, Plan, Stop, make_plan

EXAMPLES = """
Examples:

  pairctl plan --operator ~/operator.yaml --secrets-dir ~/secrets

  pairctl plan -r https://git.example.com/edge/pairing.git --ref main --allow-host '*.example.com'

  pairctl plan --format json | jq '.intents[] | select(.action.isOneWay)'
"""


def plan(
    repository: options.Repository = ".",
    ref: options.Ref = "HEAD",
    under: options.Under = "",
    status_branch: options.StatusBranch = options.DEFAULT_BRANCH,
    remote: options.Remote = "origin",
    operator: options.OperatorFile = None,
    secrets_dir: options.SecretsFolder = None,
    allow_host: options.AllowHost = None,
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Look at the world and show what `apply` would do now. Nothing is written anywhere.

    Exits 0 where there is nothing to do, 2 where there are changes, 3 where something is blocked.
    """
    screen = Screen()
    place = Place(repository, ref, under, status_branch, remote)
    rules = Rules(operator, secrets_dir, tuple(allow_host or ()))
    made = run(lambda stop: _plan(place, rules, screen, stop))
    if format is options.Output.JSON:
        screen.data(plan_data(made))
    else:
        show_plan(screen, made)
    raise typer.Exit(_exit_code(made))


async def _plan(place: Place, rules: Rules, screen: Screen, stop: Stop) -> Plan:
    spec = read_operator(rules, place)
    keys = make_keys(rules, spec, screen)
    with Progress(screen, lines=False) as progress:
        async with (
            open_settings(place, spec, screen, stop, progress) as settings,
            Access(keys, spec, settings.clock) as access,
        ):
            return await make_plan(settings, access)


def _exit_code(made: Plan) -> Exit:
    if made.has_changes:
        return Exit.CHANGES
    return Exit.BLOCKED if made.is_blocked else Exit.OK
