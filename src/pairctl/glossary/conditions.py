"""What each condition means: when it is True, False and Unknown."""

from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.pairing import ConditionType, Truth


@dataclass(frozen=True, slots=True)
class ConditionMeaning:
    """When a condition has which status; empty where it never has it."""

    true: str
    false: str
    unknown: str = ""

    def when(self, truth: Truth) -> str:
        """Return when the condition has this status."""
        match truth:
            case Truth.TRUE:
                return self.true
            case Truth.FALSE:
                return self.false
            case Truth.UNKNOWN:
                return self.unknown


CONDITIONS: Mapping[ConditionType, ConditionMeaning] = {
    ConditionType.VALID: ConditionMeaning(
        "the document, and all it refers to, is valid",
        "there are findings: the first is told",
    ),
    ConditionType.REACHABLE: ConditionMeaning(
        "Palette and Local UI answered in this pass",
        "one did not, or may not be called",
        "nobody looked",
    ),
    ConditionType.HEALTHY: ConditionMeaning(
        "the cluster is Running, and every node is healthy",
        "it is not: the node is named",
        "it was not seen",
    ),
    ConditionType.CONNECTED: ConditionMeaning(
        "all hosts reach Palette by their own check, or a request arrived there",
        "the check said no",
        "it was not asked",
    ),
    ConditionType.LAYERS_MATCHED: ConditionMeaning(
        "the selection matches the layers as they were just seen, or was accepted",
        "it does not: the layers are named",
        "either side was not seen",
    ),
    ConditionType.REQUESTED: ConditionMeaning(
        "the host holds a request to this Palette, or the cluster is paired",
        "it holds none, or one that was refused",
        "the host was not seen",
    ),
    ConditionType.ACCEPTED: ConditionMeaning(
        "either side shows the request as accepted, or the cluster is paired",
        "it is pending, or there is none",
        "a side was not seen",
    ),
    ConditionType.HEALTHY_IN_PALETTE: ConditionMeaning(
        "the cluster is paired, and Palette's cluster list said `Healthy` of it at least once "
        "since; from then on it stays True, however the cluster fares",
        "the list said that it is unhealthy, and never yet that it is healthy",
        "it is not paired, or the list said nothing of its health so far, or a word that is not "
        "known: the word is told",
    ),
    ConditionType.READY: ConditionMeaning(
        "what is desired holds; derived from the decision",
        "not yet: reason and message of the phase",
    ),
}
