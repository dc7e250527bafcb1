"""What each phase means: when an intent has it, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.pairing import Phase


@dataclass(frozen=True, slots=True)
class PhaseMeaning:
    """When an intent has a phase, and until when."""

    when: str
    until: str


PHASES: Mapping[Phase, PhaseMeaning] = {
    Phase.WAITING: PhaseMeaning(
        "suspended, or the next step has been decided and not been done",
        "the intent changes, or the next pass",
    ),
    Phase.BLOCKED: PhaseMeaning(
        "something stands in the way; `waitingFor` says what, `humanAction` what a person does",
        "the world, or the intent, changes",
    ),
    Phase.REQUESTED: PhaseMeaning(
        "the pairing request is pending",
        "it is accepted, rejected or withdrawn",
    ),
    Phase.ACCEPTED: PhaseMeaning(
        "accepted; the host changes over",
        "the host is managed centrally and Palette has the cluster",
    ),
    Phase.PAIRED: PhaseMeaning(
        "the host says central, and the cluster is registered in Palette",
        "for ever",
    ),
    Phase.LOCAL: PhaseMeaning(
        "`desired: Local`, and no request is pending",
        "the intent changes",
    ),
    Phase.REJECTED: PhaseMeaning(
        "`desired: Rejected`, and Palette has no such request pending",
        "the intent changes",
    ),
    Phase.FAILED: PhaseMeaning(
        "the other side rejected or failed the request",
        "the intent allows another `attempt`",
    ),
}
