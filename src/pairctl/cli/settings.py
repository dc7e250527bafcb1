"""Where options come from: a flag, else a variable of the environment, else the user's file.

Each option has one variable: `PAIRCTL_REF` for what several commands share, and with the command's
name for what is its own, `PAIRCTL_PLAN_OUT`. The file has the shared ones only.
"""

import os
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from pairctl.cli.config_file import ConfigFile, config_path, read_config_file
from pairctl.cli.logs import LogFormat, configure_logs
from pairctl.cli.narrow_help import fit_help
from pairctl.cli.screen import Screen
from pairctl.problem import PairctlError
from pairctl.text import model_words

RULES = frozenset({"--operator", "--secrets-dir", "--allow-host"})
PLACE = frozenset({"--repository", "--ref", "--path", "--status-branch", "--remote", "--heartbeat"})
ACTING = frozenset({"apply", "pair", "watch"})
"""They say where they act, where the file says it and not the command line."""
SERVICES = frozenset({"watch"})
"""They have no end and no result: all that they say is log lines, from `info` on."""
FORGIVING = frozenset({"config", "explain"})
"""They work beside a broken file: it is what they help with."""
PREFIX = "PAIRCTL_"

_SET_FOR_ALL_RUNS: ContextVar[frozenset[str]] = ContextVar("set for all runs", default=frozenset())


def key_of(option: str) -> str:
    """Return the file's key of an option: `--status-branch` is `statusBranch`."""
    first, *more = option.removeprefix("--").split("-")
    return first + "".join(map(str.capitalize, more))


class Configured(TyperCommand):
    """A command whose options have variables, and defaults in the user's file."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, as wide as the terminal is."""
        fit_help(self, formatter)
        super().format_help(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options; of a wrong one, say where it was not typed but comes from."""
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter as error:
            error.message = model_words(error.message)
            option = long_name(error.param) if error.param else ""
            if option and (place := _place_of(ctx, error.param, option)):
                error.param_hint = f"'{option}' (from {place})"
            raise

    def invoke(self, ctx: Any) -> Any:
        """Run the command, unless the file that its options come from lies in the repository."""
        config: ConfigFile = ctx.obj or ConfigFile()
        set_up_logs(ctx, is_service=self.name in SERVICES)
        config.refuse_inside(Path(ctx.params.get("repository") or "."))
        used = [name for name in ctx.params if source_of(ctx, name) == "DEFAULT_MAP"]
        if used and self.name in ACTING:
            options = (parameter for parameter in self.params if parameter.name in used)
            shown = ", ".join(f"{key_of(long_name(o))} {ctx.params[o.name]}" for o in options)
            Screen().note(f"from {config.path}: {shown}")
        for_all = (
            o for o in self.params if source_of(ctx, o.name) in ("ENVIRONMENT", "DEFAULT_MAP")
        )
        before = _SET_FOR_ALL_RUNS.set(frozenset(map(long_name, for_all)))
        try:
            return super().invoke(ctx)
        finally:
            _SET_FOR_ALL_RUNS.reset(before)


def is_set_for_all_runs(option: str) -> bool:
    """Whether an option of the command that runs comes from a variable or the user's file."""
    return option in _SET_FOR_ALL_RUNS.get()


def set_up_logs(ctx: Any, *, is_service: bool) -> None:
    """Set logs up as the command asks for it, else as the program was asked to. Raises."""
    found: dict[str, str] = {}
    for name in ("log_level", "log_format"):
        root = ctx.parent
        at_command = ctx.meta.get(f"pairctl.{name}")
        found[name] = at_command or setting_of(root, name, str(root.params[name]))
        has_default = source_of(root, name) == "DEFAULT" and not at_command
        is_set = root.obj and root.obj.settings.get(key_of(f"--{name.replace('_', '-')}"))
        if name == "log_level" and is_service and has_default and not is_set:
            found[name] = "info"
    configure_logs(found["log_level"], LogFormat(found["log_format"]), is_service=is_service)


def name_variables(command: Any) -> None:
    """Give each option of a command its variable; that of a shared option stands in its help."""
    shared = shared_options(command)
    for parameter in command.params:
        option = long_name(parameter)
        if not option or parameter.is_eager or parameter.envvar:
            continue
        owner = "" if option in shared else f"{command.name}-"
        parameter.envvar = variable_of(f"{owner}{option.removeprefix('--')}")
        parameter.show_envvar = option in shared


def shared_options(command: Any) -> frozenset[str]:
    """Return which of a command's options mean the same for all commands.

    `--ref` and `--path` do so beside `--repository` only: for `validate` and `init` they are
    something else.
    """
    options = {long_name(parameter) for parameter in command.params}
    return frozenset(options & (RULES | PLACE if "--repository" in options else RULES))


def long_name(parameter: Any) -> str:
    """Return an option's long name; empty for an argument."""
    if parameter.param_type_name != "option":
        return ""
    return next((one for one in parameter.opts if one.startswith("--")), "")


def variable_of(words: str) -> str:
    """Return the variable of words with hyphens."""
    return PREFIX + words.upper().replace("-", "_")


def source_of(ctx: Any, name: str) -> str:
    """Return where a parameter has its value from: COMMANDLINE, ENVIRONMENT, DEFAULT_MAP, ..."""
    source = ctx.get_parameter_source(name)
    return source.name if source else "DEFAULT"


def setting_of(ctx: Any, name: str, given: str) -> str:
    """Return what holds of an option of the program itself: what is given, else the file's."""
    is_left_out = source_of(ctx, name) == "DEFAULT"
    option = f"--{name.replace('_', '-')}"
    setting = ctx.obj.settings.get(key_of(option)) if is_left_out and ctx.obj else None
    return str(setting.value) if setting else given


def find_config(ctx: Any, command: Any, rest: list[str]) -> ConfigFile:
    """Read the file for a command that takes anything from it. Raises ConfigurationError.

    Help needs none; completion, `config` and `explain` go on without one that is broken.
    """
    is_asked = {"--help", "-h"} & set(rest)
    if is_asked or "--repository" not in shared_options(command):
        return ConfigFile()
    try:
        return read_config_file(ctx.params.get("config"), os.environ)
    except PairctlError as error:
        if ctx.resilient_parsing:
            return ConfigFile()
        if command.name not in FORGIVING:
            raise
        Screen().problem(error.problem)
        named = config_path(ctx.params.get("config"), os.environ)
        return ConfigFile(named, is_refused=True)


def defaults_for(command: Any, config: ConfigFile) -> dict[str, Any]:
    """Return what the file says of a command's options, by the names of its parameters."""
    shared = shared_options(command)
    return {
        parameter.name: config.settings[key].value
        for parameter in command.params
        if (option := long_name(parameter)) in shared and (key := key_of(option)) in config.settings
    }


def _place_of(ctx: Any, parameter: Any, option: str) -> str:
    """Return which variable, or which line of the file, an option has its value from."""
    match source_of(ctx, parameter.name):
        case "ENVIRONMENT":
            return str(parameter.envvar)
        case "DEFAULT_MAP":
            return str(ctx.obj.settings[key_of(option)].place)
        case _:
            return ""
