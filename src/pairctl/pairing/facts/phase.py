"""Where an intent is in its life: a word that rules, records and screens share."""

from enum import StrEnum


class Phase(StrEnum):
    """Where an intent is in its life."""

    WAITING = "Waiting"
    BLOCKED = "Blocked"
    REQUESTED = "Requested"
    ACCEPTED = "Accepted"
    PAIRED = "Paired"
    LOCAL = "Local"
    REJECTED = "Rejected"
    FAILED = "Failed"
