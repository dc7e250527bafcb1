"""A saved plan: it permits nothing by itself, and holds back all that it does not hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pairctl.pairing.action import Action
from pairctl.pairing.outcome.decision import Decision


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One action of a plan, as the plan shows it, and the digest of what it rested on."""

    action: object
    digest: str | None


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """The steps of a saved plan that are still to be done, by intent.

    `shown` tells how an action stands in the plan, where secrets are masked.
    """

    steps: Mapping[str, PlannedStep]
    shown: Callable[[Action], object] = lambda action: action

    def own(self, decisions: Mapping[str, Decision]) -> dict[str, Decision]:
        """Return the decisions on intents that it has a step for."""
        return {name: one for name, one in decisions.items() if name in self.steps}

    def moved(self, decisions: Mapping[str, Decision]) -> frozenset[str]:
        """Return the intents whose step is not what is decided now, on the very same basis."""
        return frozenset(
            name for name in self.steps if not self._is_decided_on(name, decisions.get(name))
        )

    def _is_decided_on(self, name: str, decision: Decision | None) -> bool:
        if decision is None or decision.action is None:
            return False
        step = self.steps[name]
        return step.digest == decision.basis.digest and step.action == self.shown(decision.action)
