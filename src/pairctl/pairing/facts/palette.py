"""What Palette lists: requests with their states, clusters, profiles; as frozen facts."""

from dataclasses import dataclass
from enum import StrEnum

from pairctl.layers import Profile


class RequestState(StrEnum):
    """What Palette's word for a request's state means here. The words are not published."""

    PENDING = "Pending"
    ACCEPTED = "Accepted"
    PAIRED = "Paired"
    REJECTED = "Rejected"
    FAILED = "Failed"
    UNKNOWN = "Unknown"


_STATE_WORDS = {
    "pending": RequestState.PENDING,
    "pairing": RequestState.PENDING,
    "requested": RequestState.PENDING,
    "pendingapproval": RequestState.PENDING,
    "waiting": RequestState.PENDING,
    "accepted": RequestState.ACCEPTED,
    "approved": RequestState.ACCEPTED,
    "provisioning": RequestState.ACCEPTED,
    "inprogress": RequestState.ACCEPTED,
    "paired": RequestState.PAIRED,
    "completed": RequestState.PAIRED,
    "success": RequestState.PAIRED,
    "rejected": RequestState.REJECTED,
    "cancelled": RequestState.REJECTED,
    "canceled": RequestState.REJECTED,
    "withdrawn": RequestState.REJECTED,
    "declined": RequestState.REJECTED,
    "failed": RequestState.FAILED,
    "error": RequestState.FAILED,
}


def request_state(word: str) -> RequestState:
    """Map Palette's word; case, spaces, `-` and `_` do not matter, other words are UNKNOWN."""
    folded = word.casefold().translate({ord(sign): None for sign in " -_"})
    return _STATE_WORDS.get(folded, RequestState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class PaletteRequest:
    """A pairing request as Palette lists it. `cluster_uid` is empty until it is accepted.

    `pairing_uid` is empty where Palette gives none that could be named: then its state is UNKNOWN.
    """

    pairing_uid: str
    local_uid: str
    name: str
    state: RequestState
    word: str = ""
    cluster_uid: str = ""
    created_at: str = ""

    @property
    def called(self) -> str:
        """What it is called in a message."""
        if self.pairing_uid:
            return self.pairing_uid
        when = f", created {self.created_at}" if self.created_at else ""
        return f"(listed without a usable id{when})"


@dataclass(frozen=True, slots=True)
class PaletteCluster:
    """A cluster registered in Palette."""

    uid: str
    name: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class ProfileListing:
    """A profile as Palette lists it. `latest` is None where it cannot be selected: see `why_not`.

    `doubt` is what is odd about one that can be, for people; nothing follows from it.
    """

    name: str
    latest: Profile | None
    why_not: str = ""
    scope: str = ""
    doubt: str = ""
