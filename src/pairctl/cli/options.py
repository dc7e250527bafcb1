"""The options that commands share, each told once."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pairctl import validation  # what it offers is loaded when it is used
from pairctl.cli.settings import is_set_for_all_runs
from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import IntentSelection, parse_selector


class Output(StrEnum):
    """How a result is shown: for people, or for machines."""

    TEXT = "text"
    JSON = "json"


def _folder(given: str) -> str:
    """Return a folder as Git names it: `./intents/` as `intents`, and the top as nothing."""
    plain = posixpath.normpath(given) if given else ""
    return "" if plain == "." else plain


DEFAULT_BRANCH = "pairctl-status"
SOON_S = 2.0
"""Seconds between two passes, unless said otherwise."""

_WHERE = "Repository"
_RULES = "Secrets and rules"

Repository = Annotated[
    str,
    typer.Option(
        "--repository", "-r", help="A path, or a clone URL (https, ssh).", rich_help_panel=_WHERE
    ),
]
Ref = Annotated[
    str,
    typer.Option(
        "--ref",
        help="The branch, tag or commit that holds the intents."
        " In a clone, `apply` and `watch` take it as its remote has it.",
        rich_help_panel=_WHERE,
    ),
]
Under = Annotated[
    str,
    typer.Option(
        "--path",
        help="The folder of the repository that holds them.",
        callback=_folder,
        rich_help_panel=_WHERE,
    ),
]
Local = Annotated[
    bool,
    typer.Option(
        "--local",
        help="In a clone: carry out the commit that the clone has, pushed or not."
        " Left out: what its remote has.",
        rich_help_panel=_WHERE,
    ),
]
StatusBranch = Annotated[
    str,
    typer.Option(
        "--status-branch",
        help="Where statuses are written; a branch that holds nothing else.",
        rich_help_panel=_WHERE,
    ),
]
Remote = Annotated[
    str,
    typer.Option(
        "--remote",
        help="For a path: the remote where intents are merged, and that keeps the status branch;"
        " without it the path keeps both.",
        rich_help_panel=_WHERE,
    ),
]
HeartbeatRef = Annotated[
    str,
    typer.Option(
        "--heartbeat",
        metavar="REF",
        help="The ref, no branch, where `watch` says when it looked last; `none` for none."
        " Left out: `refs/pairctl/heartbeat/` with the name of the status branch.",
        show_default=False,
        rich_help_panel=_WHERE,
    ),
]
MaxAge = Annotated[
    str,
    typer.Option(
        "--max-age",
        metavar="DURATION",
        help="Exit 4 where the last look of `watch` is older, or not known: `15m`, `90s`, `2h`.",
        show_default=False,
    ),
]
OperatorFile = Annotated[
    Path | None,
    typer.Option(
        "--operator",
        envvar="PAIRCTL_OPERATOR",
        help="The operator's file; it never lies in the repository.",
        exists=True,
        dir_okay=False,
        rich_help_panel=_RULES,
    ),
]
SecretsFolder = Annotated[
    Path | None,
    typer.Option(
        "--secrets-dir",
        envvar="PAIRCTL_SECRETS_DIR",
        help="One file or folder a secret; else PAIRCTL_SECRET_NAME in the environment.",
        exists=True,
        file_okay=False,
        rich_help_panel=_RULES,
    ),
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="PATTERN",
        help="Without an operator's file: where secrets may go. May be given several times.",
        rich_help_panel=_RULES,
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME", help="Intents; left out: all.", show_default=False),
]
Selector = Annotated[
    str,
    typer.Option(
        "--selector",
        "-l",
        metavar="LABELS",
        help="Intents with these labels: `region=emea,wave in (1,2),!retired`.",
        show_default=False,
    ),
]
All = Annotated[
    bool, typer.Option("--all", help="Show every intent, each by itself: settled ones too.")
]
Format = Annotated[Output, typer.Option("--format", "-o", help="How to show the result.")]


Wait = Annotated[bool, typer.Option("--wait", help="Go on until nothing is under way any more.")]
Timeout = Annotated[
    float | None, typer.Option(min=1, help="With --wait: seconds after which to stop waiting.")
]
Interval = Annotated[
    float | None,
    typer.Option(
        min=0.1, show_default=str(SOON_S), help="With --wait: seconds between two passes."
    ),
]


@dataclass(frozen=True, slots=True)
class Place:
    """Which commit of which repository, and where its statuses are kept.

    Where it `is_local`, what is only in a clone is carried out too.
    """

    repository: Repository = "."
    ref: Ref = "HEAD"
    under: Under = ""
    status_branch: StatusBranch = DEFAULT_BRANCH
    remote: Remote = "origin"
    is_local: bool = False

    @property
    def top(self) -> Path:
        """The top folder of the repository that a path is in; else the path itself."""
        path = Path(self.repository)
        return (validation.repository_of(path) if path.is_dir() else None) or path


@dataclass(frozen=True, slots=True)
class Rules:
    """What no pull request decides: the operator's file, secrets, and where they may go."""

    operator: OperatorFile = None
    secrets_dir: SecretsFolder = None
    allow_host: AllowHost = None


@dataclass(frozen=True, slots=True)
class Intents:
    """Which intents a command is about."""

    names: Names = None
    selector: Selector = ""

    @property
    def selection(self) -> IntentSelection:
        """The same as the rest knows it. Raises ConfigurationError where both are given."""
        return selection_of(self.names, self.selector)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to go on, and how fast."""

    wait: Wait = False
    timeout: Timeout = None
    interval: Interval = None

    def __post_init__(self) -> None:
        for option, given in (("--timeout", self.timeout), ("--interval", self.interval)):
            is_given = given is not None
            refuse_without(option, "--wait", is_given=is_given, has_needed=self.wait)

    @property
    def interval_s(self) -> float | None:
        """Seconds between two passes; None for a single one."""
        return (self.interval or SOON_S) if self.wait else None


def selection_of(names: Sequence[str] | None, selector: str) -> IntentSelection:
    """Return which intents a run is about. Raises ConfigurationError where both are given."""
    if names and selector:
        raise ConfigurationError(
            Problem(
                "NamesAndSelector",
                "intents are named, and --selector selects others by their labels",
                "give names, or --selector",
            )
        )
    parsed = parse_selector(selector) if selector else None
    return IntentSelection(tuple(dict.fromkeys(names or ())), parsed)


def refuse_without(option: str, needed: str, *, is_given: bool, has_needed: bool) -> None:
    """Refuse an option that has no effect without another one. Raises ConfigurationError.

    A variable, or the user's file, is set for all runs, and need not have an effect in each.
    """
    if not is_set_for_all_runs(option):
        refuse_alone(option, needed, is_given=is_given, has_needed=has_needed)


def refuse_alone(option: str, needed: str, *, is_given: bool, has_needed: bool) -> None:
    """Refuse an option that cannot do without another one, wherever it is set.

    Raises ConfigurationError.
    """
    if is_given and not has_needed:
        raise ConfigurationError(
            Problem(
                "OptionWithoutEffect",
                f"{option} has no effect without {needed}",
                f"add {needed}, or leave out {option}",
            )
        )


def refuse_beside(option: str, other: str, *, is_given: bool, has_other: bool) -> None:
    """Refuse an option that is left unread beside another one, unless it is set for all runs.

    Raises ConfigurationError.
    """
    if not is_set_for_all_runs(option):
        refuse_together(option, other, is_given=is_given, has_other=has_other)


def refuse_together(option: str, other: str, *, is_given: bool, has_other: bool) -> None:
    """Refuse an option that has no effect beside another one. Raises ConfigurationError."""
    if is_given and has_other:
        raise ConfigurationError(
            Problem(
                "OptionWithoutEffect",
                f"{option} has no effect beside {other}",
                f"leave out {option}, or {other}",
            )
        )
