"""The loop for one intent at a person's pace: the passes of `apply`, with a gate before steps."""

from dataclasses import replace

from pairctl.engine.apply.executor import Outcome
from pairctl.engine.apply.gate import Gate
from pairctl.engine.apply.pass_result import PassResult
from pairctl.engine.apply.reconciler import Reconciler
from pairctl.engine.runtime.settings import Settings

SOON_S = 2.0
"""How long to wait between two looks."""


async def run_step_by_step(
    reconciler: Reconciler, gate: Gate, settings: Settings, *, every_s: float = SOON_S
) -> PassResult | None:
    """Do passes for the gate's intent until nothing is under way, or the gate ends it.

    None where not even the first look was permitted. Raises as `Reconciler.run_recorded` does.
    """
    if not await gate.may_look():
        return None
    earlier: tuple[tuple[str, Outcome], ...] = ()
    while True:
        result = await reconciler.run_recorded(stays=True)
        result = replace(result, earlier=(*earlier, *result.earlier))
        earlier = result.all_outcomes
        decision = result.decisions[gate.name]
        is_over = result.is_settled or result.undone or settings.stop.is_requested
        if is_over or not gate.may_go_on():
            return result
        # An action that can be sent at once is asked about at once.
        if decision.action is None and not await gate.has_patience(decision, every_s):
            return result
