"""The command line as a whole: its commands, and what becomes of an error."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from pairctl import __version__
from pairctl.cli.completion import join_split_words, name_completions
from pairctl.cli.log_options import add_log_options
from pairctl.cli.logs import (
    LogFormat,
    LogLevel,
    configure_logs,
    end_of_command,
    guard_standard_error,
    open_what_is_closed,
)
from pairctl.cli.narrow_help import fit_help
from pairctl.cli.process_limits import set_process_limits
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
2 something to do (plan) or findings (validate), 3 something is blocked, not known, does not match \
or failed (not status, which only shows it), 4 the last look is too old (status), 130 interrupted."

COMMANDS = {
    "init": "Make a ready repository: folders, a first Palette, CI, hooks, schemas for editors.",
    "validate": "Check documents against their schemas and each other. Needs no"
    " network and no secret.",
    "expand": "Print the intents that PairingIntentSets come to, as documents of their own.",
    "doctor": "Look at Git, Palette and edge hosts, and say what works and what to"
    " do about the rest.",
    "plan": "Look at the world and show what `apply` would do now. Nothing is written to any side.",
    "apply": "Carry the intents out, and write their status into the repository.",
    "pair": "Carry one intent out step by step, at a terminal, as `apply` would.",
    "approve": "Print a PairingApproval for each acceptance that waits for one, or"
    " one of a whole wave.",
    "watch": "Keep carrying the intents out: on every change of the repository, and"
    " at an interval.",
    "status": "Show what the last pass wrote down. Needs no secret, and asks nobody but Git.",
    "report": "Write what is on record as one HTML page: phases, causes, each"
    " cluster with its layers.",
    "export": "Write `import` blocks of the paired clusters, for Terraform 1.5 or later.",
    "explain": "Tell what stands between an intent and its match, what a field is, or"
    " what a word means.",
    "evidence": "Show the evidence of acceptances: who asked, what was accepted, under"
    " which claim.",
    "inventory": "Tell what is at a list of addresses, and write what a pull request"
    " needs to pair it.",
    "discover": "Print pairing requests that no intent names, as intents that reject them.",
    "comment": "Put a text on a GitHub pull request as one comment, or update the one"
    " that is there.",
    "routes": "Find Palette's paths of pairing requests in what a browser recorded.",
    "config": "Show the options that commands share: what holds, and where each value comes from.",
    "schema": "Print or write the JSON Schemas (2020-12) of documents, own files,"
    " plans and reports.",
    "sim": "Serve a simulated Palette and edge hosts over HTTPS on 127.0.0.1, until told to stop.",
    "demo": "Show walkthroughs of a pairing: simulated servers, real HTTPS, real"
    " Git, real commands.",
}
"""All commands, in the order of an operator's day, with the first line of their help.

It is shown, and completed, without loading the 22 of them.
"""


class Commands(TyperGroup):
    """Loads a command only when it is called: `validate` need not wait for HTTP or servers."""

    _lists = False
    _is_whole = False

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, for which each command is one line."""
        fit_help(self, formatter)
        with self._listing(is_whole=True):
            super().format_help(ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete the names of commands, for which each is one line."""
        with self._listing():
            return super().shell_complete(ctx, incomplete)

    @contextmanager
    def _listing(self, *, is_whole: bool = False) -> Iterator[None]:
        """List commands by their lines, or unless these are `is_whole` by their beginnings."""
        self._lists, self._is_whole = True, is_whole
        try:
            yield
        finally:
            self._lists = False

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
            if any(word.partition("=")[0] == "--config" for word in rest):
                ctx.fail(f"--config stands before the command: pairctl --config FILE {name}")
            ctx.obj = find_config(ctx, command, rest)
            ctx.default_map = {command.name: defaults_for(command, ctx.obj)}
        return resolved

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command; its module holds a function of its name, and its examples."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        if self._lists:
            line = COMMANDS[cmd_name]
            return TyperCommand(cmd_name, help=line, short_help=line if self._is_whole else None)
        module = import_module(f"pairctl.cli.commands.{cmd_name}")
        gc.freeze()  # what is loaded stays: the collector need not look through it again
        gc.enable()
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
            autocompletion=lambda: [level.value for level in LogLevel],
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
    set_process_limits()
    may_show = open_what_is_closed()
    guard_standard_error()
    screen = Screen()
    if not may_show:
        screen.problem(Problem("CannotWrite", "standard output is closed", "open it: `> FILE`"))
        sys.exit(Exit.ERROR)
    join_split_words(os.environ)
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
    finally:
        end_of_command()
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
