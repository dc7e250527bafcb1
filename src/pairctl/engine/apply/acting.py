"""Acting: the admitted actions of a pass, claimed together, each sent once and looked after."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from pairctl.engine.apply.claiming import Acts, Claimed, claim_all
from pairctl.engine.apply.executor import Ending, Executor, Outcome
from pairctl.engine.apply.writing_access import WritingAccess
from pairctl.engine.desired.merged import merged_commit
from pairctl.engine.desired.rollouts import rollout_documents
from pairctl.engine.desired.source import Source
from pairctl.engine.observe.look import Look
from pairctl.engine.observe.lookers import Lookers
from pairctl.engine.observe.observer import Observer
from pairctl.engine.runtime.events import Acted, Acting, Decided
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import (
    Action,
    Claim,
    Decision,
    Declined,
    Intent,
    Recorded,
    RolloutDocuments,
    Sent,
    Unanswered,
    Withdraw,
    Withdrawn,
    canonical_endpoint,
    decide,
    pinned_cluster,
)
from pairctl.problem import Problem
from pairctl.records import Ledger

SOURCE_MOVED = Problem("SourceMoved", "the intents changed while the pass was looking")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of the actions, by intent: outcomes, and what was decided on the look after each.

    `after_s` is when those looks began (monotonic).
    """

    claimed: Claimed
    outcomes: Mapping[str, Outcome]
    after: Mapping[str, Decision]
    after_s: Mapping[str, float]


class Actor:
    """Does the actions of one pass, on the intents of one commit."""

    def __init__(
        self,
        settings: Settings,
        access: WritingAccess,
        observer: Observer,
        lookers: Lookers,
        source: Source,
    ) -> None:
        self._settings = settings
        self._access = access
        self._observer = observer
        self._lookers = lookers
        self._source = source

    async def act(self, acts: Acts, ledger: Ledger) -> Done:
        """Claim all, send each, and look at what came of it.

        Raises ClaimLost, and what `Repository.publish` raises; then nothing was sent.
        """
        claimed = await claim_all(self._settings, acts, self._source, ledger, self._observer)
        outcomes = await self._carry_out(acts, claimed)
        recorded = {
            name: _recorded(decision, claimed, outcomes[name])
            for name, (_, decision) in acts.items()
        }
        looks = await self._look_after(acts, claimed, recorded)
        after = {
            name: self._decided(decision, recorded[name], looks.get(name))
            for name, (_, decision) in acts.items()
        }
        return Done(claimed, outcomes, after, {name: look.began for name, look in looks.items()})

    async def _carry_out(self, acts: Acts, claimed: Claimed) -> dict[str, Outcome]:
        settings = self._settings
        executor = Executor(
            self._access, self._observer, settings, claimed, self._rollouts(claimed)
        )
        has_moved = await self._has_moved()

        async def one(name: str, action: Action, decision: Decision) -> Outcome:
            settings.listener(Acting(name, action))
            if has_moved:
                outcome = Outcome(action, Ending.NOT_SENT, SOURCE_MOVED)
            else:
                outcome = await executor.carry_out(action, decision, claimed.claims[name])
            shown = outcome.problem.message if outcome.problem else ""
            settings.listener(Acted(name, action, outcome.ending, shown))
            return outcome

        outcomes = await asyncio.gather(*(one(name, *pair) for name, pair in acts.items()))
        return dict(zip(acts, outcomes, strict=True))

    def _rollouts(self, claimed: Claimed) -> RolloutDocuments:
        return rollout_documents(self._source, claimed.ledger, self._settings.operator)

    async def _has_moved(self) -> bool:
        """Whether the intents changed while the pass was looking: then its decisions are stale."""
        await self._settings.repository.refresh()
        return await merged_commit(self._settings) != self._source.commit

    async def _look_after(
        self, acts: Acts, claimed: Claimed, recorded: Mapping[str, Recorded]
    ) -> dict[str, Look]:
        """Look at what came of each action; a look that takes long is heard of in a later pass."""
        not_before = self._settings.clock.monotonic()
        known = frozenset(claim.id for claim in claimed.ledger.claims.values())
        looks: dict[str, Look] = {}

        def seen(intent: Intent, look: Look, _: frozenset[str]) -> None:
            looks[intent.name] = look

        for _, decision in acts.values():
            intent, case = decision.case.intent, decision.case
            # What was sent was looked at in full just before.
            look = partial(
                self._observer.look,
                intent,
                recorded[intent.name],
                not_before=not_before,
                before=case.observed,
            )
            self._lookers.begin_again(intent, look, known)
        await self._lookers.wait(acts.keys(), seen)
        return looks

    def _decided(self, planned: Decision, recorded: Recorded, look: Look | None) -> Decision:
        """Decide anew: on what was seen since, or, where nothing was, on what was seen before."""
        case, intent = planned.case, planned.case.intent
        observed = look.observed if look else case.observed
        after = decide(intent, observed, recorded, now=look.began_at if look else case.now)
        self._settings.listener(Decided(intent.name, after))
        return after


def _recorded(planned: Decision, claimed: Claimed, outcome: Outcome) -> Recorded:
    """Return what is on record after an action, with what its outcome adds."""
    case, ledger = planned.case, claimed.ledger
    claim = claimed.claims[case.intent.name]
    now_on_it = ledger if outcome.may_take_effect else ledger.without_claim(claim.id)
    recorded = now_on_it.record_of(case.intent, case.recorded.over)
    return replace(
        recorded,
        # What was looked at first counts, whichever host of the cluster answers by now.
        pinned=recorded.pinned or pinned_cluster(case),
        sent=_sent(planned, outcome) or recorded.sent,
        withdrawn=_withdrawn(planned, outcome) or recorded.withdrawn,
        declined=_declined(planned, outcome) or recorded.declined,
        unanswered=_unanswered(planned, outcome, claim) or recorded.unanswered,
    )


def _sent(decision: Decision, outcome: Outcome) -> Sent | None:
    """Return the request that the answer to a sending named, and in which attempt."""
    if not outcome.pairing_uid:
        return None
    return Sent(outcome.pairing_uid, decision.case.intent.spec.attempt)


def _withdrawn(decision: Decision, outcome: Outcome) -> Withdrawn | None:
    """Return the request to this Palette that was withdrawn, if the withdrawal was sent."""
    case = decision.case
    is_sent = isinstance(outcome.action, Withdraw) and outcome.may_take_effect
    if not is_sent or not case.request_is_ours:
        return None
    palette = canonical_endpoint(case.intent.palette.endpoint)
    return Withdrawn(case.request_uid, case.intent.spec.attempt, palette)


def _unanswered(decision: Decision, outcome: Outcome, claim: Claim) -> Unanswered | None:
    """Return the action whose outcome is not known, counted within its generation."""
    if outcome.ending is not Ending.UNKNOWN or outcome.problem is None:
        return None
    verb, generation = outcome.action.verb, decision.case.intent.generation
    before = decision.case.recorded.unanswered
    is_again = before is not None and (before.action, before.generation) == (verb, generation)
    count = before.count + 1 if before and is_again else 1
    return Unanswered(verb, generation, claim.id, count, outcome.problem.message)


def _declined(decision: Decision, outcome: Outcome) -> Declined | None:
    """Return the definite no that an action met, so that it is not sent again and again."""
    if outcome.ending is not Ending.DECLINED or outcome.problem is None:
        return None
    return Declined(
        outcome.action.verb,
        decision.case.intent.generation,
        outcome.problem.reason,
        outcome.problem.message,
    )
