"""Acting: the admitted actions of a pass, claimed together, each sent once and looked after."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from pairctl.engine.apply.claiming import Acts, Claimed, claim_all
from pairctl.engine.apply.executor import Ending, Executor, Outcome
from pairctl.engine.apply.writing_access import WritingAccess
from pairctl.engine.desired.merged import merged_commit
from pairctl.engine.desired.source import Source
from pairctl.engine.observe.observer import Observer
from pairctl.engine.runtime.events import Acted, Acting, Decided
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import (
    Action,
    Claim,
    Decision,
    Declined,
    Sent,
    Unanswered,
    Withdraw,
    Withdrawn,
    canonical_endpoint,
    decide,
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
        self, settings: Settings, access: WritingAccess, observer: Observer, source: Source
    ) -> None:
        self._settings = settings
        self._access = access
        self._observer = observer
        self._source = source

    async def act(self, acts: Acts, ledger: Ledger) -> Done:
        """Claim all, send each, and look at what came of it.

        Raises ClaimLost, and what `Repository.publish` raises; then nothing was sent.
        """
        claimed = await claim_all(self._settings, acts, self._source, ledger, self._observer)
        outcomes = await self._carry_out(acts, claimed)
        looked = await self._look_after(acts, claimed, outcomes)
        return Done(
            claimed,
            outcomes,
            {name: decision for name, (decision, _) in looked.items()},
            {name: began_s for name, (_, began_s) in looked.items()},
        )

    async def _carry_out(self, acts: Acts, claimed: Claimed) -> dict[str, Outcome]:
        settings = self._settings
        executor = Executor(self._access, self._observer, settings, claimed)
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

    async def _has_moved(self) -> bool:
        """Whether the intents changed while the pass was looking: then its decisions are stale."""
        await self._settings.repository.refresh()
        return await merged_commit(self._settings) != self._source.commit

    async def _look_after(
        self, acts: Acts, claimed: Claimed, outcomes: Mapping[str, Outcome]
    ) -> dict[str, tuple[Decision, float]]:
        """Look at what came of each action, and decide anew."""
        settings, not_before = self._settings, self._settings.clock.monotonic()

        async def one(name: str, decision: Decision) -> tuple[Decision, float]:
            outcome, intent = outcomes[name], decision.case.intent
            ledger, claim = claimed.ledger, claimed.claims[name]
            now_on_it = ledger if outcome.may_take_effect else ledger.without_claim(claim.id)
            recorded = now_on_it.record_of(intent, decision.case.recorded.over)
            recorded = replace(
                recorded,
                sent=_sent(decision, outcome) or recorded.sent,
                withdrawn=_withdrawn(decision, outcome) or recorded.withdrawn,
                declined=_declined(decision, outcome) or recorded.declined,
                unanswered=_unanswered(decision, outcome, claim) or recorded.unanswered,
            )
            # What was sent was looked at in full just before.
            look = await self._observer.look(
                intent, recorded, not_before=not_before, before=decision.case.observed
            )
            after = decide(intent, look.observed, recorded, now=look.began_at)
            settings.listener(Decided(name, after))
            return after, look.began

        looked = await asyncio.gather(*(one(name, d) for name, (_, d) in acts.items()))
        return dict(zip(acts, looked, strict=True))


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
