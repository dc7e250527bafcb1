"""`pairctl config`: which options hold where nothing else is typed, and where each comes from."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import typer

from pairctl.cli import options
from pairctl.cli.config_file import ConfigFile, default_path, is_there
from pairctl.cli.layout import show_rows
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Place, Rules
from pairctl.cli.screen import Screen
from pairctl.cli.settings import (
    PREFIX,
    key_of,
    long_name,
    setting_of,
    shared_options,
    source_of,
    variable_of,
)
from pairctl.exits import Exit
from pairctl.secrets.store import VARIABLE_PREFIX

EXAMPLES = """
Examples:

  pairctl config                        # what holds, and where it comes from

  pairctl config -o json

  pairctl config --ref main             # with an option of a command

  PAIRCTL_CONFIG=lab.yaml pairctl config
"""

_SOURCES = {"COMMANDLINE": "flag", "ENVIRONMENT": "environment", "DEFAULT_MAP": "file"}


@dataclass(frozen=True, slots=True)
class Held:
    """An option that several commands share: its value, and where that comes from."""

    name: str
    value: str | list[str]
    source: str
    place: str = ""


@grouped
def config(
    ctx: typer.Context,
    place: Place,
    rules: Rules,
    heartbeat: options.HeartbeatRef = "",
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Show the options that commands share: what holds, and where each value comes from.

    A flag comes first, then the environment, then your configuration file, then the default. The
    file is `~/.config/pairctl/config.yaml`, or what `PAIRCTL_CONFIG` or `pairctl --config` names;
    nothing is read from a repository. It holds names and paths, and no value of a secret.

    `pairctl explain Config.spec` has all that the file may say. Variables of the environment that
    no option has are named too. Exits 1 where the file is
    refused.
    """
    del place, rules, heartbeat
    screen = Screen()
    file: ConfigFile = ctx.obj or ConfigFile()
    held = list(_held(ctx, file))
    others = dict(_others(ctx))
    if format is options.Output.JSON:
        screen.data(
            "Settings",
            {
                "file": str(file.path) if file.path else None,
                "isRefused": file.is_refused,
                "settings": {
                    one.name: {"value": one.value, "source": one.source, "place": one.place}
                    for one in held
                },
                "variables": dict(others),
            },
        )
    else:
        _show(screen, file, held, others)
    raise typer.Exit(Exit.ERROR if file.is_refused else Exit.OK)


def _held(ctx: typer.Context, file: ConfigFile) -> Iterator[Held]:
    shared = shared_options(ctx.command)
    for parameter in ctx.command.params:
        option = long_name(parameter)
        if option in shared and parameter.name:
            yield _one(ctx, file, option, parameter.name, ctx.params[parameter.name])
    root = _root(ctx)
    for option in ("--log-level", "--log-format"):
        name = option.removeprefix("--").replace("-", "_")
        yield _one(root, file, option, name, setting_of(root, name, str(root.params[name])))


def _root(ctx: typer.Context) -> Any:
    """Return the context of the program itself, whose command is the group of all commands."""
    return ctx.parent


def _one(ctx: Any, file: ConfigFile, option: str, name: str, value: Any) -> Held:
    key = key_of(option)
    source = _SOURCES.get(source_of(ctx, name), "default")
    setting = file.settings.get(key)
    shown = list(value) if isinstance(value, list | tuple) else str(value or "")
    if setting and source in {"default", "file"}:  # the log level is asked for by the root itself
        return Held(key, shown, "file", setting.place)
    variable = variable_of(option.removeprefix("--")) if source == "environment" else ""
    return Held(key, shown, source, option if source == "flag" else variable)


def _others(ctx: typer.Context) -> Iterator[tuple[str, str]]:
    """Yield the further variables of the environment with what each is; values are not shown."""
    root = _root(ctx)
    commands = {
        name: root.command.get_command(root, name) for name in root.command.list_commands(root)
    }
    known = dict(_variables(commands))
    for variable in sorted(name for name in os.environ if name.startswith(PREFIX)):
        if variable.startswith(VARIABLE_PREFIX):
            yield variable, "the value of a secret"
        elif variable not in known:
            yield variable, "; ".join(filter(None, ["no option has it", _meant(variable, known)]))
        elif known[variable]:
            yield variable, f"sets {known[variable]}"


def _variables(commands: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield all variables, with the option of one command; empty where it is a shared one."""
    yield from ((f"{PREFIX}{name}", "") for name in ("CONFIG", "LOG_LEVEL", "LOG_FORMAT"))
    for name, command in commands.items():
        shared = shared_options(command)
        for parameter in command.params:
            option = long_name(parameter)
            if isinstance(parameter.envvar, str) and option:
                yield parameter.envvar, "" if option in shared else f"{name} {option}"


def _meant(variable: str, known: Mapping[str, str]) -> str:
    """Say which variable may have been meant: of several, those that are most like it."""
    ends = {one.removeprefix(PREFIX): one for one in known}
    near = get_close_matches(variable.removeprefix(PREFIX), ends, n=2, cutoff=0.7)
    return f"did you mean {' or '.join(ends[one] for one in near)}?" if near else ""


def _show(screen: Screen, file: ConfigFile, held: list[Held], others: Mapping[str, str]) -> None:
    refused = " (refused: nothing is taken from it)" if file.is_refused else ""
    screen.line(f"configuration file: {file.path or _none()}{refused}")
    screen.line()
    rows = []
    for one in held:
        value = ", ".join(one.value) if isinstance(one.value, list) else one.value
        place = one.place.rpartition("/")[2]  # the file is named above
        cells = (one.name, value or "-", place or one.source)
        rows.append([screen.text(cell) for cell in cells])
    show_rows(screen, ("SETTING", "VALUE", "FROM"), rows)
    if others:
        screen.line()
    for variable, words in others.items():
        screen.line(f"{variable}: {words}")


def _none() -> str:
    path = default_path(os.environ)
    return f"none ({path} is not there)" if path and not is_there(path) else "none"
