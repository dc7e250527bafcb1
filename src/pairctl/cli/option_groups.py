"""Options that come in groups: a command asks for a `Place`, say, and gets its options."""

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Annotated, Any, TypeVar

import typer

from pairctl.cli import options
from pairctl.cli.running import Pace, Place, Rules, selection_of
from pairctl.engine import SOON_S, IntentSelection

T = TypeVar("T")
Parameters = list[inspect.Parameter]


def place_of(
    repository: options.Repository = ".",
    ref: options.Ref = "HEAD",
    under: options.Under = "",
    status_branch: options.StatusBranch = options.DEFAULT_BRANCH,
    remote: options.Remote = "origin",
) -> Place:
    """Return the place that the options tell of."""
    return Place(repository, ref, under, status_branch, remote)


def rules_of(
    operator: options.OperatorFile = None,
    secrets_dir: options.SecretsFolder = None,
    allow_host: options.AllowHost = None,
) -> Rules:
    """Return the rules that the options tell of."""
    return Rules(operator, secrets_dir, tuple(allow_host or ()))


def intents_of(
    names: options.Names = None,
    selector: options.Selector = "",
) -> IntentSelection:
    """Return the intents that the options tell of. Raises ConfigurationError."""
    return selection_of(names, selector)


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


def pace_of(
    wait: Wait = False,
    timeout: Timeout = None,
    interval: Interval = None,
) -> Pace:
    """Return how to go on. Raises ConfigurationError for an option that has no effect."""
    for option, given in (("--timeout", timeout), ("--interval", interval)):
        options.refuse_without(option, "--wait", is_given=given is not None, has_needed=wait)
    return Pace((interval or SOON_S) if wait else None, timeout)


_GROUPS: dict[Any, Callable[..., Any]] = {
    Place: place_of,
    Rules: rules_of,
    IntentSelection: intents_of,
    Pace: pace_of,
}


def grouped(command: Callable[..., T]) -> Callable[..., T]:
    """Put the options of a group where a command has a parameter of the group's type."""
    wanted = _parameters(command)
    groups = {p.name: _GROUPS[p.annotation] for p in wanted if p.annotation in _GROUPS}

    @wraps(command)
    def flat(**given: Any) -> T:
        made = {name: _made(make, given) for name, make in groups.items()}
        return command(**given, **made)

    signature = inspect.Signature(list(_spread(wanted, groups)))
    flat.__signature__ = signature  # type: ignore[attr-defined]  # read by inspect.signature
    flat.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    return flat


def _made(make: Callable[..., Any], given: dict[str, Any]) -> Any:
    """Take a group's own values out of what is given, and make the group of them."""
    return make(**{parameter.name: given.pop(parameter.name) for parameter in _parameters(make)})


def _spread(
    wanted: Parameters, groups: dict[str, Callable[..., Any]]
) -> Iterator[inspect.Parameter]:
    for parameter in wanted:
        group = groups.get(parameter.name)
        for each in _parameters(group) if group else [parameter]:
            yield each.replace(kind=inspect.Parameter.KEYWORD_ONLY)


def _parameters(function: Callable[..., Any]) -> Parameters:
    return list(inspect.signature(function, eval_str=True).parameters.values())
