"""What is sent and answered, told to whoever shows it: before, after, and when it is read.

Telling never steers a call. What is told holds no secret: see `shown_body`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from pairctl.apis.routes import Operation, Route
from pairctl.problem import Problem
from pairctl.spec import PairingRoutes

HIDDEN_HEADER = "(hidden)"
_SHOWN_HEADERS = frozenset({"ProjectUid", "X-Request-Id"})


class PathSource(StrEnum):
    """Where the path of a call comes from."""

    PUBLISHED = "published in the specification"
    INFERRED = "not published, inferred by pairctl"
    OPERATOR = "not published, set in the operator's file"


@dataclass(eq=False, slots=True)
class Exchange:
    """One call as it went, filled in as it goes on.

    `number` counts from 1 within a run. `sent` and `answered` are bodies made fit to be shown.
    `status` is None until there is an answer. `understood` says how the answer was read, `problem`
    why it was not, or what it was refused with.
    """

    number: int
    operation: Operation
    route: Route
    endpoint: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    sent: Any = None
    status: int | None = None
    content_type: str = ""
    size_bytes: int = 0
    answered: Any = None
    understood: str = ""
    problem: Problem | None = field(default=None)


class ExchangeListener(Protocol):
    """Hears of each call three times, in order."""

    def sending(self, exchange: Exchange) -> None:
        """Hear of a call before its first byte leaves."""

    def answered(self, exchange: Exchange) -> None:
        """Hear of an answer as it came, before anything is concluded from it."""

    def judged(self, exchange: Exchange) -> None:
        """Hear how an answer was read, or what ended the call without one."""


def path_source(route: Route, routes: PairingRoutes) -> PathSource:
    """Say where the path of a route comes from, by the `routes` of the operator's file."""
    if not route.setting:
        return PathSource.PUBLISHED
    setting = route.setting.rpartition(".")[2]
    given = routes.model_dump(by_alias=True, exclude_unset=True)
    return PathSource.OPERATOR if setting in given else PathSource.INFERRED


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return headers as they may be shown: of most of them only that they are there."""
    return {
        name: value if name in _SHOWN_HEADERS else HIDDEN_HEADER for name, value in headers.items()
    }
