"""Options that come in groups: a command asks for a `Place` or `Rules`, and gets their options."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, TypeVar

from pairctl.cli import options
from pairctl.cli.running import Place, Rules

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


Groups = Mapping[Any, Callable[..., Any]]
_GROUPS: Groups = {Place: place_of, Rules: rules_of}


def grouped(command: Callable[..., T], more: Groups = MappingProxyType({})) -> Callable[..., T]:
    """Put the options of a group where a command has a parameter of the group's type.

    `more` are groups that are this command's alone.
    """
    wanted, known = _parameters(command), {**_GROUPS, **more}
    groups = {p.name: known[p.annotation] for p in wanted if p.annotation in known}

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
