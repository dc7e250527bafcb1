"""What happened in the simulated world: effects that were applied, and requests that arrived."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

EffectKind = Literal[
    "login",
    "login-refused",
    "request",
    "withdraw",
    "accept",
    "reject",
]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that changed the world for good; `details` never holds a secret's value.

    `request`, `accept` and `reject` are Palette's; `login` and `withdraw` are an edge host's.
    `request_id` is the `X-Request-Id` of the call that led to it; empty where nobody gave one.
    """

    kind: EffectKind
    server: str
    at: datetime
    cluster_uid: str = ""
    pairing_uid: str = ""
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it arrived, before any rule or fault looked at it.

    Of headers only the names, and two values: `User-Agent`, and `X-Request-Id` where there is one.
    """

    server: str
    method: str
    path: str
    at: datetime
    header_names: tuple[str, ...]
    user_agent: str = ""
    request_id: str = ""


Entry = Effect | Received


class Journal:
    """Append-only, in memory; what is read from it is a snapshot, safe in any thread."""

    def __init__(self) -> None:
        self._effects: list[Effect] = []
        self._received: list[Received] = []
        self._listeners: list[Callable[[Entry], None]] = []

    @property
    def effects(self) -> tuple[Effect, ...]:
        """Everything applied so far, in order."""
        return tuple(self._effects)

    @property
    def received(self) -> tuple[Received, ...]:
        """Every request so far, in order of arrival, those between the servers included."""
        return tuple(self._received)

    def effects_of(self, *kinds: EffectKind) -> tuple[Effect, ...]:
        """Give the effects of these kinds, in order."""
        return tuple(effect for effect in self._effects if effect.kind in kinds)

    def listen(self, listener: Callable[[Entry], None]) -> None:
        """Tell a listener of every entry to come, in the servers' thread, before they go on.

        It hears of a request before any rule or fault looks at it, and of an effect before it is
        answered.
        """
        self._listeners.append(listener)

    def apply(self, effect: Effect) -> None:
        """Append an effect; for the servers only."""
        self._effects.append(effect)
        self._tell(effect)

    def receive(self, received: Received) -> None:
        """Append a request; for the servers only."""
        self._received.append(received)
        self._tell(received)

    def _tell(self, entry: Entry) -> None:
        for listener in self._listeners:
            listener(entry)
