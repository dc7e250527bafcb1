"""The one table that turns exceptions of the libraries below into failures."""

import json
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

import h11
import pydantic

from pairctl.apis.failures import (
    ApiFailure,
    NoAnswer,
    OutcomeUnknown,
    UnexpectedAnswer,
    Unreachable,
)
from pairctl.apis.routes import Operation, Route
from pairctl.apis.tls import causes, system_words
from pairctl.apis.tls_stream import ConnectError, ConnectTimeout, ReadError


@dataclass(frozen=True, slots=True)
class Call:
    """What is being called, for messages and for judging the outcome. Holds no secret."""

    operation: Operation
    route: Route
    endpoint: str

    def __str__(self) -> str:
        return f"could not {self.operation} at {self.endpoint}"

    def settled(self, failure: ApiFailure) -> ApiFailure:
        """Return the failure, or for a call with an effect that nobody knows what it did."""
        if not self.route.has_effect:
            return failure
        return OutcomeUnknown(
            f"it is not known whether the call to {self.operation} was applied at"
            f" {self.endpoint}: {failure.problem.message}",
            "nothing is sent again before the state was looked at",
            status=failure.status,
        )


class Fate(Enum):
    """How far a request came when an exception ended it."""

    NOT_SENT = auto()
    CUT = auto()
    UNREADABLE = auto()


FATES: Mapping[type[BaseException], Fate] = MappingProxyType(
    {
        ConnectError: Fate.NOT_SENT,
        ConnectTimeout: Fate.NOT_SENT,
        ReadError: Fate.CUT,
        h11.ProtocolError: Fate.CUT,
        h11.LocalProtocolError: Fate.CUT,
        h11.RemoteProtocolError: Fate.CUT,
        ssl.SSLError: Fate.CUT,
        OSError: Fate.CUT,
        zlib.error: Fate.UNREADABLE,
        json.JSONDecodeError: Fate.UNREADABLE,
        UnicodeError: Fate.UNREADABLE,
        RecursionError: Fate.UNREADABLE,
        pydantic.ValidationError: Fate.UNREADABLE,
    }
)
"""Each exception by its exact class; others by the nearest class above them."""

FOREIGN = tuple(FATES)
"""What a call may end with; all of it is translated."""


def fate_of(error: BaseException) -> Fate:
    """Return how far the request came, by the nearest class of the table."""
    return next((FATES[kind] for kind in type(error).__mro__ if kind in FATES), Fate.CUT)


def translated(error: BaseException, call: Call, *, has_begun: bool) -> ApiFailure:
    """Return what an exception means for the call. `has_begun`: a first byte may have left."""
    fate = fate_of(error)
    if not has_begun and isinstance(error, UnicodeError | h11.LocalProtocolError):
        return Unreachable(
            f"{call}: the name of the server, or what was to be sent, cannot be written as such a"
            " call needs it; nothing was sent",
            "check the endpoint: no part of its name is empty, or longer than 63 characters",
        )
    if fate is Fate.UNREADABLE:
        return call.settled(UnexpectedAnswer(f"{call}: {_unreadable(error)}"))
    is_passing = not isinstance(error, TimeoutError)
    if fate is Fate.NOT_SENT or (isinstance(error, TimeoutError) and not has_begun):
        return Unreachable(
            f"{call}: {_plain(error)}", "check the address and the network", is_passing=is_passing
        )
    return call.settled(
        NoAnswer(f"{call}: the answer was cut off ({_plain(error)})", is_passing=is_passing)
    )


def _plain(error: BaseException) -> str:
    """Return the reason in the system's words or ours: texts of libraries may quote headers."""
    if isinstance(error, TimeoutError):
        return "it took too long"
    system = [system_words(cause) for cause in causes(error) if isinstance(cause, OSError)]
    return next(filter(None, reversed(system)), type(error).__name__)


def _unreadable(error: BaseException) -> str:
    if isinstance(error, pydantic.ValidationError):
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"])) or "the answer"
        return f"the answer does not fit: {field}: {first['type']}"
    if isinstance(error, RecursionError):
        return "the answer is nested too deeply"
    return "the answer is not readable JSON"
