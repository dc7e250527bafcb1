"""What each phase means: when an intent, or a rollout, has it, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.pairing import Phase, RolloutPhase


@dataclass(frozen=True, slots=True)
class PhaseMeaning:
    """When an intent, or a rollout, has a phase, and until when."""

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

ROLLOUT_PHASES: Mapping[RolloutPhase, PhaseMeaning] = {
    RolloutPhase.PROGRESSING: PhaseMeaning(
        "intents of it are under way, or nothing but the sites themselves, such as those that are "
        "dark, keeps the rest from beginning",
        "all of its intents are paired, or it holds back what is left",
    ),
    RolloutPhase.WAITING: PhaseMeaning(
        "nothing of it is under way, and what is left may not begin: `waitsFor` says for what",
        "what it waits for is there: an approval, a window, a place, a wave that is complete",
    ),
    RolloutPhase.SUSPENDED: PhaseMeaning(
        "the rollout has `suspend`. What was accepted is seen through",
        "a commit takes `suspend` out",
    ),
    RolloutPhase.HALTED: PhaseMeaning(
        "as many of its intents have failed as `haltWhen` names. What was accepted is seen through",
        "a commit mends what failed and raises `attempt`, or changes `haltWhen`",
    ),
    RolloutPhase.COMPLETE: PhaseMeaning(
        "all of its intents are paired, in the generation that is wanted now",
        "an intent comes into it, or one of its intents changes",
    ),
}
