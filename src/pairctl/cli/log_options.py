"""The options of logs, which may stand before a command, and after it."""

from typing import Annotated, Any

import typer

from pairctl.cli.logs import LogFormat, LogLevel


def add_log_options(command: Any) -> None:
    """Give a command the options of logs; where they stand behind it they hold."""
    alone = typer.Typer(add_completion=False)
    alone.command()(_options)
    made: Any = typer.main.get_command(alone)
    for parameter in made.params:
        if parameter.name in ("log_level", "log_format"):
            parameter.expose_value = False
            command.params.append(parameter)


def _note(ctx: typer.Context, parameter: typer.CallbackParam, value: str | None) -> str | None:
    if value is not None:
        ctx.meta[f"pairctl.{parameter.name}"] = value
    return value


def _option(words: str) -> Any:
    return typer.Option(callback=_note, help=words, show_default=False, rich_help_panel="Logs")


def _options(
    log_level: Annotated[
        LogLevel | None, _option("From which level on log lines are written.")
    ] = None,
    log_format: Annotated[LogFormat | None, _option("How log lines are written.")] = None,
) -> None:
    """Take both; what they are is noted where they are read."""
    del log_level, log_format
