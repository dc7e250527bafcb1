"""Options that commands share, in groups: a parameter whose type is a group gets all its options.

A group is a dataclass, its options are the fields that are `Annotated` with one.
"""

import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Annotated, Any, TypeVar, get_origin, get_type_hints

T = TypeVar("T")
Parameters = list[inspect.Parameter]


def grouped(command: Callable[..., T]) -> Callable[..., T]:
    """Put the options of a group where a command has a parameter of the group's type.

    typer reads options off a signature; so the command gets one, of what it is called with.
    """
    wanted = list(inspect.signature(command, eval_str=True).parameters.values())
    groups = {p.name: _options(p.annotation) for p in wanted if is_dataclass(p.annotation)}

    @wraps(command)
    def flat(**given: Any) -> T:
        for parameter in wanted:
            if own := groups.get(parameter.name):
                given[parameter.name] = parameter.annotation(
                    **{o.name: given.pop(o.name) for o in own}
                )
        return command(**given)

    spread = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for parameter in wanted
        for each in groups.get(parameter.name, [parameter])
    ]
    signature = inspect.Signature(spread)
    flat.__signature__ = signature  # type: ignore[attr-defined]  # read by inspect.signature
    flat.__annotations__ = {p.name: p.annotation for p in signature.parameters.values()}
    return flat


def _options(group: Any) -> Parameters:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            one.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=one.default,
            annotation=hints[one.name],
        )
        for one in fields(group)
        if get_origin(hints[one.name]) is Annotated
    ]
