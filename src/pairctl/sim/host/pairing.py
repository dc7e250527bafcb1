"""A pairing as the host itself remembers it."""

from dataclasses import dataclass, field
from typing import Literal

PairingStatus = Literal["Pairing", "Paired", "Rejected", "Failed"]


@dataclass(frozen=True, slots=True)
class PairTarget:
    """Where a pairing request goes, and what lets it in."""

    endpoint: str
    registration_token: str = field(repr=False)
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Pairing:
    """The last pairing request of a host; a new request takes its place."""

    uid: str
    target: PairTarget
    status: PairingStatus = "Pairing"
    message: str = ""
