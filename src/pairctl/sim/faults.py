"""Faults to come: which requests go wrong, how, and how often."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from pairctl.sim.answers import SHAPES, ErrorShape

FaultAction = Literal[
    "error",
    "error-after",
    "drop",
    "drop-after",
    "drop-late",
    "cut",
    "limit",
    "delay",
    "hold",
    "drip",
    "redirect",
    "html",
    "huge",
    "answer",
    "more",
    "expire",
]
ACTIONS: Mapping[FaultAction, str] = {
    "error": "`status` and `message` in `shape`, nothing applied",
    "error-after": "applied, then the same",
    "drop": "the connection is reset, nothing applied",
    "drop-after": "applied, then the connection is reset",
    "drop-late": "the connection is reset; applied `seconds` later",
    "cut": "applied; half of the answer's body, then the connection is reset",
    "limit": "429, nothing applied",
    "delay": "applied; the answer comes `seconds` later",
    "hold": "applied `seconds` later, then answered; also where the client is gone by then",
    "drip": "the answer's body comes a byte every `seconds`",
    "redirect": "307 to `location`, nothing applied",
    "html": "200 with a web page, nothing applied",
    "huge": "200 with a body of 32 MiB, nothing applied",
    "answer": "200 with `body` as JSON, nothing applied",
    "more": "applied; the items of the answer's list come after those in `body`",
    "expire": "all tokens of this server expire just before the request",
}
"""What each action does, for people."""

_ACTIONS = "; ".join(f"`{action}`: {words}" for action, words in ACTIONS.items())
_PATTERN = "`*` and `?` stand for anything."


@dataclass(frozen=True, slots=True)
class Fault:
    """Requests that match, and go wrong."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    action: Annotated[FaultAction, Field(description=f"What goes wrong. {_ACTIONS}.")]
    server: Annotated[str, Field(description=f"`palette`, or a host's name. {_PATTERN}")] = "*"
    method: Annotated[str, Field(description=f"The request's method. {_PATTERN}")] = "*"
    path: Annotated[str, Field(description=f"The request's path. {_PATTERN}")] = "*"
    times: Annotated[int, Field(description="How many requests go wrong.")] = 1
    skip: Annotated[int, Field(description="How many go through before.")] = 0
    seconds: Annotated[float, Field(description="How long it takes, where it takes time.")] = 0.0
    location: Annotated[str, Field(description="For `redirect`: where to.")] = (
        "https://127.0.0.1:9/"
    )
    status: Annotated[int, Field(description="For `error`: the status of the answer.")] = 500
    message: Annotated[str, Field(description="For `error`: its words.")] = "a planned fault"
    shape: Annotated[ErrorShape, Field(description=f"For `error`: its form. {SHAPES}")] = "whole"
    body: Annotated[
        Any, Field(description="For `answer` and `more`: what is answered, or comes first.")
    ] = None

    def fits(self, server: str, method: str, path: str) -> bool:
        """Whether a request is one of those this fault is meant for."""
        return (
            fnmatchcase(server, self.server)
            and fnmatchcase(method, self.method.upper())
            and fnmatchcase(path, self.path)
        )


class FaultPlan:
    """The faults still to come; the first that fits a request takes it."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._faults = list(faults)

    @property
    def remaining(self) -> tuple[Fault, ...]:
        """The faults that have not happened yet."""
        return tuple(self._faults)

    def add(self, *faults: Fault) -> None:
        """Plan more faults."""
        self._faults.extend(faults)

    def clear(self) -> None:
        """Forget every fault that has not happened yet."""
        self._faults.clear()

    def take(self, server: str, method: str, path: str) -> Fault | None:
        """Give the fault for this request and count it as used, or None."""
        fitting = (i for i, one in enumerate(self._faults) if one.fits(server, method, path))
        index = next(fitting, None)
        if index is None:
            return None
        fault = self._faults[index]
        if fault.skip > 0:
            self._faults[index] = replace(fault, skip=fault.skip - 1)
            return None
        if fault.times <= 1:
            del self._faults[index]
        else:
            self._faults[index] = replace(fault, times=fault.times - 1)
        return fault
