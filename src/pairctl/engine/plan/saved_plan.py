"""What a run may do: what one plan holds, as long as all of it still is what would be decided.

A plan permits nothing by itself. What is not decided now is not done, whatever a plan says; what is
decided now and stands in no plan is left alone.
"""

from collections.abc import Collection, Iterable

from pairctl.engine.plan.document import PlanDocument, PlannedIntent
from pairctl.engine.plan.plan import Plan
from pairctl.engine.plan.planned import Clean, cleaned_action, plan_document
from pairctl.pairing import PlanInForce, PlannedStep, basis_changes
from pairctl.problem import PairctlError, Problem

MOST_SHOWN = 20
"""How many differences an error tells; there are more only where much has moved."""


class StalePlan(PairctlError):
    """The world, or the documents, are not what a plan was made on any more."""


class SavedPlan:
    """One plan that is carried out by the passes of one run.

    `names` are the intents that it has actions for, `open` those whose action is still to be done.
    """

    def __init__(self, document: PlanDocument, clean: Clean = str) -> None:
        self._planned = {one.name: one for one in document.intents if one.action}
        self._clean = clean
        self.names = frozenset(self._planned)
        self.open = self.names

    @property
    def in_force(self) -> PlanInForce:
        """What it still permits, as `decide_all` takes it."""
        planned = {name: self._planned[name] for name in sorted(self.open)}
        steps = {name: PlannedStep(one.action, one.digest) for name, one in planned.items()}
        return PlanInForce(steps, lambda action: cleaned_action(action, self._clean))

    def refuse_if_moved(self, now: Plan) -> None:
        """Raise StalePlan, with every difference, unless each open action is decided on again."""
        moved = self.in_force.moved(now.decisions)
        if not moved:
            return
        found = {one.name: one for one in plan_document(now, self._clean).intents}
        differences = [
            f"{name}: {shown}"
            for name in sorted(moved)
            for shown in _moves(self._planned[name], found.get(name))
        ]
        how_much = "nothing" if self.open == self.names else "nothing more"
        is_known = bool(self.open & found.keys())
        raise StalePlan(_moved(differences, how_much, is_known=is_known))

    def note(self, over: Collection[str]) -> None:
        """Take note of the intents whose action is over; what was not sent may be tried again."""
        self.open = self.open - frozenset(over)


def _moves(planned: PlannedIntent, now: PlannedIntent | None) -> Iterable[str]:
    """Tell how what is decided now differs from what was planned."""
    assert planned.action is not None
    if now is None:
        yield "the commit has no such intent"
        return
    if planned.digest != now.digest:
        changes = basis_changes(planned.basis, now.basis) if planned.basis and now.basis else ()
        if changes or now.basis:
            yield from changes or ("what it rests on has changed, where it may not be shown",)
    if planned.action != now.action:
        instead = f"to {now.action.text}" if now.action else f"{now.phase}: {now.message}"
        yield f"planned was to {planned.action.text}; now it is {instead}"


def _moved(moved: list[str], how_much: str, *, is_known: bool) -> Problem:
    more = [f"and {len(moved) - MOST_SHOWN} more"] if len(moved) > MOST_SHOWN else []
    lines = "".join(f"\n  {line}" for line in [*moved[:MOST_SHOWN], *more])
    return Problem(
        "PlanMoved",
        f"{how_much} is done, for things are not as they were when the plan was made:{lines}",
        "make a new plan, and look at it"
        if is_known
        else "check the repository and the ref: this seems to be the plan of others",
    )
