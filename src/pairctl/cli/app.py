"""The command line as a whole: its commands, and what becomes of an error."""

import gc
import resource
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from pairctl import __version__
from pairctl.cli.completion import name_completions
from pairctl.cli.log_options import add_log_options
from pairctl.cli.logs import LogFormat, configure_logs, guard_standard_error, open_what_is_closed
from pairctl.cli.screen import Screen
from pairctl.cli.settings import (
    Configured,
    defaults_for,
    find_config,
    name_variables,
    setting_of,
)
from pairctl.exits import Exit, Interrupted, of_signal
from pairctl.problem import PairctlError, Problem, defect
from pairctl.text import did_you_mean

HELP = """
Hand locally managed edge clusters over to Palette, from a Git repository.

Operators commit pairing intents as YAML. pairctl proves them, sends each cluster's pairing request
through Local UI, accepts it in Palette with profiles that match every layer exactly, and writes the
status back into the repository.
"""

EPILOG = "`pairctl demo` tells one story of it on this machine. Exit codes: 0 fine, 1 an error, \
2 something to do (plan) or findings (validate), 3 something is blocked (not status, which only \
shows it), 4 the last look is too old (status), 130 interrupted."

COMMANDS = (
    "init",
    "validate",
    "expand",
    "doctor",
    "plan",
    "apply",
    "pair",
    "approve",
    "watch",
    "status",
    "report",
    "export",
    "explain",
    "evidence",
    "inventory",
    "discover",
    "comment",
    "routes",
    "config",
    "schema",
    "sim",
    "demo",
)


class Commands(TyperGroup):
    """Loads a command only when it is called: `validate` need not wait for HTTP or servers."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands, in the order of an operator's day."""
        del ctx
        return list(COMMANDS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is meant; of an unknown one, say which may have been."""
        name = args[0]
        if not name.startswith("-") and name not in COMMANDS:
            near = did_you_mean(name, COMMANDS) or f"the commands are {', '.join(COMMANDS)}"
            ctx.fail(f"there is no command {name!r}: {near}")
        resolved = super().resolve_command(ctx, args)
        _, command, rest = resolved
        if command is not None:
            ctx.obj = find_config(ctx, command, rest)
            ctx.default_map = {command.name: defaults_for(command, ctx.obj)}
        return resolved

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; its module holds a function of its name, and its examples."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"pairctl.cli.commands.{cmd_name}")
        gc.freeze()  # what is loaded stays: the collector need not look through it again
        alone = typer.Typer(rich_markup_mode="markdown", add_completion=False)
        alone.command(cmd_name, cls=Configured, epilog=module.EXAMPLES)(getattr(module, cmd_name))
        command = typer.main.get_command(alone)
        name_variables(command)
        name_completions(command)
        add_log_options(command)
        return command


app = typer.Typer(
    name="pairctl",
    cls=Commands,
    help=HELP,
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pairctl {__version__}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    log_level: Annotated[
        str,
        typer.Option(
            envvar="PAIRCTL_LOG_LEVEL",
            help="debug, info, warning or error; `watch` begins with info.",
        ),
    ] = "warning",
    log_format: Annotated[
        LogFormat, typer.Option(envvar="PAIRCTL_LOG_FORMAT", help="How log lines are written.")
    ] = LogFormat.TEXT,
    config: Annotated[
        Path | None,
        typer.Option(
            envvar="PAIRCTL_CONFIG",
            metavar="FILE",
            help="Your configuration file, /dev/null for none."
            " Left out: pairctl/config.yaml below ~/.config, or XDG_CONFIG_HOME.",
        ),
    ] = None,
) -> None:
    """Set up what all commands share."""
    del version, config
    configure_logs(setting_of(ctx, "log_level", log_level), log_format)


def main() -> NoReturn:
    """Run the command line. An error is told in words; a traceback is never shown."""
    # A core dump would hold every secret in use.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    may_show = open_what_is_closed()
    guard_standard_error()
    screen = Screen()
    if not may_show:
        screen.problem(Problem("CannotWrite", "standard output is closed", "open it: `> FILE`"))
        sys.exit(Exit.ERROR)
    try:
        sys.exit(app(standalone_mode=False, prog_name="pairctl") or Exit.OK)
    except PairctlError as error:
        screen.problem(error.problem)
    except Interrupted as end:
        screen.note("interrupted", "yellow")
        sys.exit(end.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        screen.note("interrupted", "yellow")
        sys.exit(of_signal(signal.SIGINT))
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as error:
        screen.problem(_refused_by_system(error))
    except Exception as error:  # noqa: BLE001 - the last resort: a traceback could show a secret
        _tell(error, screen)
    sys.exit(Exit.ERROR)


def _refused_by_system(error: OSError) -> Problem:
    """Say what the operating system refused: a full disk behind the output, say."""
    where = f" ({error.filename})" if error.filename else ""
    words = f"the operating system refused: {error.strerror or type(error).__name__}{where}"
    return Problem("SystemRefused", words, "see that the output and the files can be used")


def _tell(error: Exception, screen: Screen) -> None:
    """Tell of a wrong option, which knows how to show itself, or of a defect of ours."""
    show = getattr(error, "show", None)
    if show is not None:
        show()
    else:
        screen.problem(defect(error))
