"""`decide`: what is wanted and seen, in; a phase, conditions and at most one action, out.

Pure: time is an argument, and nothing is remembered. What is on record can hold an action back,
it never causes one.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from pairctl.pairing.action import Action
from pairctl.pairing.basis.basis import Basis, basis_of
from pairctl.pairing.case import (
    ACCEPTED_STATES,
    Case,
    Declined,
    Recorded,
    Refused,
    Unanswered,
    canonical_endpoint,
)
from pairctl.pairing.facts.claim import Claim, UnreadableClaim
from pairctl.pairing.facts.identity import canonical_uid, is_same_uid
from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.facts.observation import (
    LocalRequest,
    LocalRequestStatus,
    Observed,
    PaletteView,
)
from pairctl.pairing.facts.palette import RequestState
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.outcome.conditions import Condition, conditions
from pairctl.pairing.predicates import OPEN_STATES, REFUSED_BY_HOST, is_central, refusal
from pairctl.pairing.rules.approval import missing_consent, needs_no_more_commits
from pairctl.pairing.rules.decision_table import TABLES
from pairctl.pairing.verdict import Pace, Verdict, blocked
from pairctl.problem import Problem

MOST_UNANSWERED = 3
"""How often an action is sent without a known outcome, in one generation, before a person decides.

Each is sent after the claim of the one before has ended and nothing of it was to be seen.
"""

_SETTINGS = {"accept": "accept", "reject": "reject"}
"""What the path of an action at Palette is called in the operator's file."""


@dataclass(frozen=True)
class Decision:
    """What follows for one intent. `case` is what it was decided on."""

    case: Case
    verdict: Verdict
    conditions: tuple[Condition, ...]

    @cached_property
    def came_to(self) -> dict[str, Any]:
        """What it came to last, as it stands for many passes: see `with_verdict`, `status_of`."""
        return {}

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
    def missing_consent(self) -> str:
        """The reason for which a person has to consent before an acceptance; empty where none."""
        return missing_consent(self.case)

    @property
    def is_under_way(self) -> bool:
        """Whether looking again soon can show something new without anybody's help."""
        return self.verdict.pace is Pace.SOON

    @property
    def waits_for_turn(self) -> bool:
        """Whether its action is only put off: see `held_for_turn`."""
        return self.verdict.reason == "WaitingForTurn"

    @property
    def refused(self) -> Refused | None:
        """What goes on record of a refused request: the generation it counts against."""
        return refusal(self.case)

    @property
    def spent_claims(self) -> tuple[Claim, ...]:
        """The claims that are seen to have done their work, or that can do none any more."""
        return tuple(claim for claim in self.case.recorded.claims if is_spent(claim, self.case))


def decide(
    intent: Intent, observed: Observed, recorded: Recorded | None = None, *, now: datetime
) -> Decision:
    """Decide on one intent. Total: every observation leads to a decision.

    `now` is when the looking began: a look from before a claim's end says nothing about after it.
    """
    case = Case(intent, observed, recorded or Recorded(), now=now)
    rules = TABLES[case.intent.spec.desired]
    verdict = next(v for rule in rules if (v := rule.judge(case)) is not None)
    verdict = _held_back(case, verdict)
    return Decision(case, verdict, conditions(case, verdict))


def _held_back(case: Case, verdict: Verdict) -> Verdict:
    """Hold back what was declined before, and all while an earlier outcome is unknown."""
    declined = case.recorded.declined
    if (
        declined
        and verdict.action
        and declined.action == verdict.action.verb
        and declined.generation == case.intent.generation
    ):
        return _declined(declined, _binding_claim(case, verdict))
    held, unanswered = _held_by_claim(case, verdict), case.recorded.unanswered
    if unanswered and held.action and _is_for_a_person(unanswered, case, held.action):
        return _unknown_again(unanswered)
    return held


def _declined(declined: Declined, claim: Claim | None) -> Verdict:
    """Tell of the no. While its claim binds, it did not prove that nothing was applied."""
    hint, words = f"{_what_mends(declined)}, then raise `attempt` in the intent", declined.message
    if claim is None or claim.action != declined.action:
        said = f"the {declined.action} was declined: {words}"
        return blocked(Problem(declined.reason, said, hint), "a change of the intent")
    said = (
        f"the {declined.action} was refused, in a way that does not prove that nothing comes of "
        f"it, and it may still take effect: {words}"
    )
    hint = f"look at both sides; where nothing came of it, {hint}"
    waiting_for = f"{_end_of(claim)}, then a change of the intent"
    return blocked(Problem(declined.reason, said, hint), waiting_for)


def _is_for_a_person(one: Unanswered, case: Case, action: Action) -> bool:
    is_same = (one.action, one.generation) == (action.verb, case.intent.generation)
    return is_same and one.count >= MOST_UNANSWERED


def _unknown_again(one: Unanswered) -> Verdict:
    return blocked(
        Problem(
            "OutcomeUnknownAgain",
            f"the {one.action} was sent {one.count} times under claims that ended, without a known "
            f"outcome or an effect: {one.message or 'the answer was a yes'}",
            "look at both sides, do what these words ask for, then raise `attempt` in the intent"
            if one.message
            else "look at both sides, and at what answers in their place, then raise `attempt` in "
            "the intent",
        ),
        "a change of the intent",
    )


def _what_mends(declined: Declined) -> str:
    """Say what a person does; where no path answered, there is nothing to settle with anybody."""
    if declined.reason == "NotTheApi":
        return "see that the endpoint is the API, and that nothing answers in its place"
    if declined.reason != "NoSuchRoute":
        return "settle it with the other side"
    setting = _SETTINGS.get(declined.action)
    if setting is None:
        return "check the version of Local UI: one that is too old has no pairing"
    return f"give the path as `routes.{setting}` in the operator's file"


def _held_by_claim(case: Case, verdict: Verdict) -> Verdict:
    if verdict.action is None and not verdict.is_done:
        return verdict
    recorded = case.recorded
    clusters, requests = _touched(case, verdict)
    for unreadable in recorded.unreadable:
        if unreadable.binds(case.intent.name, clusters | requests):
            return _claim_unreadable(unreadable)
    claim = _binding_claim(case, verdict)
    if claim is None:
        return verdict
    return replace(_outcome_unknown(claim, recorded.unanswered), pace=Pace.SOON)


def _touched(case: Case, verdict: Verdict) -> tuple[set[str], set[str]]:
    """Return the uids of the clusters, and of the requests, that a verdict is about."""
    action = verdict.action
    clusters = {case.local_uid, case.subject, action.local_uid if action else ""}
    requests = {case.request_uid, action.pairing_uid if action else ""}
    return clusters, requests | {entry.pairing_uid for entry in case.own_entries}


def _binding_claim(case: Case, verdict: Verdict) -> Claim | None:
    """Return a claim whose action may still take effect where a verdict would act."""
    clusters, requests = (set(map(canonical_uid, uids)) for uids in _touched(case, verdict))
    for claim in case.recorded.claims:
        is_over = claim.id in case.recorded.over or is_spent(claim, case)
        if not is_over and claim.binds(case.intent.name, clusters, requests):
            return claim
    return None


def _outcome_unknown(claim: Claim, unanswered: Unanswered | None) -> Verdict:
    words = hint = ""
    if unanswered and unanswered.claim == claim.id:
        words = f"; {_said(unanswered)}"
        hint = "nothing yet: pairctl looks when the claim ends"
        hint += "; see what the answer's words ask for" if unanswered.message else ""
    return blocked(
        Problem(
            "OutcomeUnknown",
            f"{claim.holder} was about to {claim.action}, and what came of it is not to be seen; "
            f"it may still take effect, so nothing else is done{words}",
            hint,
        ),
        _end_of(claim),
    )


def _said(unanswered: Unanswered) -> str:
    """Return what the last answer was; without words it was a yes."""
    words = unanswered.message
    return f"the answer was: {words}" if words else "the answer was a yes"


def _end_of(claim: Claim) -> str:
    """Say what has to come first: the end of a claim, by the clock that dates it."""
    at = claim.dated_at or claim.made_at
    whose = "Palette's clock" if claim.dated_at else "its own clock"
    return (
        f"the claim of {claim.holder} to end: made at {at:%Y-%m-%dT%H:%M:%SZ} by {whose}, "
        f"for {claim.lifetime_seconds:g} s"
    )


def _claim_unreadable(unreadable: UnreadableClaim) -> Verdict:
    path = unreadable.path
    return blocked(
        Problem(
            "ClaimUnreadable",
            f"{path} on the status branch cannot be read as a claim, and may be about this cluster",
            f"look at both sides; if nothing is under way, delete {path} from the status branch",
        ),
        f"{path} to be gone from the status branch",
    )


def is_spent(claim: Claim, case: Case) -> bool:
    """Whether what was claimed can be seen to have happened, so that it cannot happen later.

    What Palette was asked to do, Palette's list alone shows: a host may say anything, and an
    acceptance leaves evidence, with the date of a list that shows it. A host's word counts for what
    was done at that host in the name of its own intent: once it is managed centrally, no request
    and no withdrawal can take effect any more. What is seen of another cluster, where the intent
    leads to by now, tells nothing of the one that is claimed.
    """
    if claim.action in ("accept", "reject"):
        is_asked = (
            canonical_endpoint(case.intent.palette.endpoint) == claim.palette or not claim.palette
        )
        return is_asked and is_over_in_palette(case.observed.palette, claim)
    if not is_same_uid(claim.cluster, case.subject) or claim.intent != case.intent.name:
        return False
    match claim.action:
        case "request":
            is_new = case.request is not None and not is_same_uid(
                case.request_uid, claim.pairing_uid
            )
            return is_new or is_central(case)
        case "withdraw":
            return is_central(case) or (case.host is not None and _is_past(case.request))
        case _:
            return False


def is_over_in_palette(view: PaletteView, claim: Claim) -> bool:
    """Whether Palette shows that nothing more comes of the request that a claim is about.

    A request that it does not list was rejected, as rejected ones go; it may yet be accepted.
    """
    if view.problem or view.requests is None:
        return False
    states = listed_states(view, claim)
    return claim.action == "reject" if not states else states.isdisjoint(OPEN_STATES)


def is_accepted_in_palette(view: PaletteView, claim: Claim) -> bool:
    """Whether Palette shows the request that a claim is about as accepted."""
    states = frozenset() if view.problem else listed_states(view, claim)
    return bool(states) and states <= ACCEPTED_STATES


def listed_states(view: PaletteView, claim: Claim) -> frozenset[RequestState]:
    """Return the states in which Palette lists the request of a claim: several while it moves."""
    return frozenset(row.state for row in view.index.rows_of(claim.pairing_uid))


def _is_past(request: LocalRequest | None) -> bool:
    past = REFUSED_BY_HOST | {LocalRequestStatus.PAIRED}
    return request is None or request.status in past
