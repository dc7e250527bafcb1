"""`decide`: what is wanted and seen, in; a phase, conditions and at most one action, out.

Pure: time is an argument, and nothing is remembered. What is on record can hold an action back,
it never causes one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pairctl.pairing import local, paired, rejected
from pairctl.pairing.action import Action
from pairctl.pairing.approval import needs_no_more_commits
from pairctl.pairing.assessment import conditions
from pairctl.pairing.basis import Basis, basis_of
from pairctl.pairing.case import Case, Declined, Recorded, Refused
from pairctl.pairing.claim import Claim
from pairctl.pairing.condition import Condition
from pairctl.pairing.intent import Intent
from pairctl.pairing.observation import LocalRequest, LocalRequestStatus, Observed
from pairctl.pairing.standing import OPEN_STATES, REFUSED_BY_HOST, is_central, refusal
from pairctl.pairing.verdict import Pace, Phase, Rule, Verdict, blocked
from pairctl.problem import Problem
from pairctl.spec import Desired

TABLES: Mapping[Desired, tuple[Rule, ...]] = {
    Desired.PAIRED: paired.RULES,
    Desired.LOCAL: local.RULES,
    Desired.REJECTED: rejected.RULES,
}
"""The decision tables: the first row that applies decides, and the last row always applies."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows for one intent. `case` is what it was decided on."""

    case: Case
    verdict: Verdict
    conditions: tuple[Condition, ...]

    @property
    def phase(self) -> Phase:
        """The phase of the intent."""
        return self.verdict.phase

    @property
    def action(self) -> Action | None:
        """The one thing to do now, if any."""
        return self.verdict.action

    @property
    def basis(self) -> Basis:
        """All that the decision rests on."""
        return basis_of(self.case)

    @property
    def leads_one_way(self) -> bool:
        """Whether the cluster gets accepted without any more commits, as soon as the world lets it.

        True for what is accepted now, too; not for what failed until its intent changes.
        """
        return self.phase is not Phase.FAILED and needs_no_more_commits(self.case)

    @property
    def is_under_way(self) -> bool:
        """Whether looking again soon can show something new without anybody's help."""
        return self.verdict.pace is Pace.SOON

    @property
    def refused(self) -> Refused | None:
        """What goes on record of a refused request: the generation it counts against."""
        return refusal(self.case)

    @property
    def closes_claim(self) -> bool:
        """Whether the open claim has done its work, or its time is over: then it can go."""
        claim = self.case.recorded.claim
        if claim is None:
            return False
        return is_spent(claim, self.case) or not claim.is_open(self.case.now)


def decide(
    intent: Intent, observed: Observed, recorded: Recorded | None = None, *, now: datetime
) -> Decision:
    """Decide on one intent. Total: every observation leads to a decision.

    `now` is when the looking began: a look from before a claim's end says nothing about after it.
    """
    case = Case(intent, observed, recorded or Recorded(), now=now)
    verdict = _held_back(case, _judge(case))
    return Decision(case, verdict, conditions(case, verdict))


def _judge(case: Case) -> Verdict:
    rules = TABLES[case.intent.spec.desired]
    return next(v for rule in rules if (v := rule.judge(case)) is not None)


def _held_back(case: Case, verdict: Verdict) -> Verdict:
    """Hold back what was declined before, and all while an earlier outcome is unknown."""
    declined = case.recorded.declined
    if declined and verdict.action and _is_declined(declined, case, verdict.action):
        return _declined(declined)
    return _held_by_claim(case, verdict)


def _is_declined(declined: Declined, case: Case, action: Action) -> bool:
    return declined.action == action.verb and declined.generation == case.intent.generation


def _declined(declined: Declined) -> Verdict:
    return blocked(
        Problem(
            declined.reason,
            f"the {declined.action} was declined: {declined.message}",
            "settle it with the other side, then raise `attempt` in the intent",
        ),
        "a change of the intent",
    )


def _held_by_claim(case: Case, verdict: Verdict) -> Verdict:
    claim = case.recorded.claim
    if claim is None or not claim.is_open(case.now) or is_spent(claim, case):
        return verdict
    if verdict.action is None and not verdict.is_done:
        return verdict
    return replace(_outcome_unknown(claim), pace=Pace.SOON)


def _outcome_unknown(claim: Claim) -> Verdict:
    return blocked(
        Problem(
            "OutcomeUnknown",
            f"{claim.holder} was about to {claim.action}, and what came of it is not to be seen; "
            "it may still take effect, so nothing else is done",
        ),
        f"the claim of {claim.holder} to end at {claim.until_at:%Y-%m-%dT%H:%M:%SZ}",
    )


def is_spent(claim: Claim, case: Case) -> bool:
    """Whether what was claimed can be seen to have happened, so that it cannot happen later.

    Once the host is managed centrally nothing that was sent can take effect any more. What is seen
    of another cluster, where the intent leads to by now, tells nothing of the one that is claimed.
    """
    is_its_own = claim.cluster == case.subject
    if is_its_own and is_central(case):
        return True
    match claim.action:
        case "accept" | "reject":
            return _is_over_in_palette(case, claim)
        case "request":
            is_new = case.request is not None and case.request_uid != claim.pairing_uid
            return is_its_own and is_new
        case "withdraw":
            return is_its_own and case.host is not None and _is_past(case.request)
        case _:
            return False


def _is_over_in_palette(case: Case, claim: Claim) -> bool:
    """Whether Palette shows that nothing more comes of the request.

    A request that it does not list was rejected, as rejected ones go; it may yet be accepted.
    """
    if case.observed.palette.problem or case.observed.palette.requests is None:
        return False
    listed = case.listed_as(claim.pairing_uid)
    return claim.action == "reject" if listed is None else listed.state not in OPEN_STATES


def _is_past(request: LocalRequest | None) -> bool:
    past = REFUSED_BY_HOST | {LocalRequestStatus.PAIRED}
    return request is None or request.status in past


def held_as_twin(decision: Decision, names: Sequence[str]) -> Decision:
    """Return the decision with its action held back: several intents are about this cluster."""
    others = ", ".join(name for name in sorted(names) if name != decision.case.intent.name)
    problem = Problem(
        "DuplicateTarget",
        f"the host belongs to the same cluster as that of {others}",
        "keep one intent for the cluster, with one of its hosts",
    )
    verdict = blocked(problem, "one intent for this cluster")
    return Decision(decision.case, verdict, conditions(decision.case, verdict))


def held_by_cap(decision: Decision, cap: int, unit: str) -> Decision:
    """Return the decision with its one-way action held back by a cap for `a run` or `an hour`."""
    problem = Problem(
        "TooManyAtOnce",
        f"ready to be accepted, and held back: the operator's file allows {cap} {unit}",
        f"wait for the next {unit.rpartition(' ')[2]}, or raise `limits` in the operator's file",
    )
    verdict = blocked(problem, "a free place under the cap")
    return Decision(decision.case, verdict, conditions(decision.case, verdict))
