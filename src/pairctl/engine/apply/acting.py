"""Acting: the actions that were claimed, each sent once and looked after."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from pairctl.engine.apply.claiming import Acts, Claimed
from pairctl.engine.apply.executor import Ending, Executor, Outcome
from pairctl.engine.apply.executors import Executors, Report
from pairctl.engine.apply.source_check import SourceCheck
from pairctl.engine.apply.tip_reader import TipReader
from pairctl.engine.apply.writing_access import WritingAccess
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


@dataclass(frozen=True, slots=True)
class Done:
    """What came of actions, by intent: what was heard, and what was decided on the look after each.

    `first` is what the story of each begins with: what was decided before the action. `after_s` is
    when the looks after began (monotonic). Of an intent that cannot be read by now nothing is
    decided: what was heard of its action is in `first`. One that is gone leaves nothing.
    """

    reports: Mapping[str, Report]
    first: Mapping[str, Decision]
    after: Mapping[str, Decision]
    after_s: Mapping[str, float]

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """The ends of the actions."""
        return {name: report.outcome for name, report in self.reports.items()}


class Actor:
    """Begins the actions of one pass, on the intents of one commit, and hears what came of them.

    What is begun in one pass may be heard of in another, by an actor of another commit.
    """

    def __init__(
        self,
        settings: Settings,
        access: WritingAccess,
        observer: Observer,
        lookers: Lookers,
        executors: Executors,
        source: Source,
    ) -> None:
        self._settings = settings
        self.access = access
        self._observer = observer
        self._lookers = lookers
        self._executors = executors
        self._source = source

    async def begin(self, acts: Acts, claimed: Claimed) -> None:
        """Begin to carry out what was claimed."""
        settings = self._settings
        rollouts = rollout_documents(self._source, claimed.ledger, settings.operator)
        tip, check = TipReader(settings), SourceCheck(settings, self._source.commit)
        obstacle = await check.obstacle(settings.clock.monotonic())
        for name, (action, decision) in acts.items():
            permit = claimed.permits[name]
            executor = Executor(permit, self.access, self._observer, settings, rollouts, tip, check)
            self._lookers.end(name)  # what it sees is of no use any more
            work = partial(self._carry_out, executor, action, decision, obstacle)
            is_declared = name in self._source.intents
            self._executors.begin(name, decision, permit.claim, work, is_declared=is_declared)

    async def hear(self, ledger: Ledger, decisions: Mapping[str, Decision]) -> Done:
        """Wait for a while for what is under way, and look at what came of it.

        `ledger` is the status branch as it is now, `decisions` are those of this pass.
        """
        stops = self._settings.stop.is_requested
        reports = await self._executors.wait(self._lookers.slow, waits_for_all=stops)
        # An intent counts as it is declared now, or as it was where it is not any more.
        intents = {
            name: self._source.intents.get(name, report.planned.case.intent)
            for name, report in reports.items()
        }
        recorded = {name: _recorded(one, intents[name], ledger) for name, one in reports.items()}
        here = {
            name: one
            for name, one in reports.items()
            if name in self._source.intents or not one.is_declared
        }
        looks = await self._look_after(here, intents, recorded, ledger)
        after = {
            name: self._decided(intents[name], decisions.get(name), recorded[name], looks.get(name))
            for name in here
            if name in looks or name in decisions
        }
        first = {
            name: one.planned if name in after else _heard_of(one.planned, recorded[name])
            for name, one in reports.items()
            if name in here or name in self._source.names
        }
        return Done(reports, first, after, {name: look.began for name, look in looks.items()})

    async def _carry_out(
        self,
        executor: Executor,
        action: Action,
        decision: Decision,
        obstacle: Problem | None,
    ) -> Outcome:
        name, listener = decision.case.intent.name, self._settings.listener
        listener(Acting(name, action))
        if obstacle:
            outcome = Outcome(action, Ending.NOT_SENT, obstacle)
        else:
            outcome = await executor.carry_out(action, decision)
        words = outcome.problem.message if outcome.problem else ""
        listener(Acted(name, action, outcome.ending, words))
        return outcome

    async def _look_after(
        self,
        reports: Mapping[str, Report],
        intents: Mapping[str, Intent],
        recorded: Mapping[str, Recorded],
        ledger: Ledger,
    ) -> dict[str, Look]:
        """Look at what came of each action; a look that takes long is heard of in a later pass."""
        not_before = self._settings.clock.monotonic()
        known = frozenset(claim.id for claim in ledger.claims.values())
        looks: dict[str, Look] = {}

        def seen(intent: Intent, look: Look, _: frozenset[str]) -> None:
            looks[intent.name] = look

        for name, report in reports.items():
            intent, case = intents[name], report.planned.case
            # What was sent was looked at in full just before, for the very same intent.
            before = case.observed if intent == case.intent else None
            look = partial(
                self._observer.look, intent, recorded[name], not_before=not_before, before=before
            )
            self._lookers.begin_again(intent, look, known)
        await self._lookers.wait(reports.keys(), seen)
        return looks

    def _decided(
        self, intent: Intent, before: Decision | None, recorded: Recorded, look: Look | None
    ) -> Decision:
        """Decide anew: on what was seen since, or, where nothing was, on what was seen before."""
        if look is not None:
            after = decide(intent, look.observed, recorded, now=look.began_at)
        else:
            assert before is not None
            after = decide(intent, before.case.observed, recorded, now=before.case.now)
        self._settings.listener(Decided(intent.name, after))
        return after


def _heard_of(planned: Decision, recorded: Recorded) -> Decision:
    """Return what was decided, with what was heard since: its intent cannot be read by now."""
    case = planned.case
    return decide(case.intent, case.observed, recorded, now=case.now)


def _recorded(report: Report, intent: Intent, ledger: Ledger) -> Recorded:
    """Return what is on record after an action, with what its outcome adds."""
    planned, claim, outcome = report.planned, report.claim, report.outcome
    case = planned.case
    now_on_it = ledger if outcome.may_take_effect else ledger.without_claim(claim.id)
    recorded = now_on_it.record_of(intent, case.recorded.over)
    return replace(
        recorded,
        # What was looked at first counts, whichever host of the cluster answers by now.
        pinned=recorded.pinned or (pinned_cluster(case) if intent == case.intent else None),
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
    """Return the action whose outcome is not known, counted within its generation.

    A yes is none before its effect is seen: a server may go on saying yes, and do nothing.
    """
    if outcome.ending not in (Ending.UNKNOWN, Ending.DONE):
        return None
    verb, generation = outcome.action.verb, decision.case.intent.generation
    before = decision.case.recorded.unanswered
    is_again = before is not None and (before.action, before.generation) == (verb, generation)
    count = before.count + 1 if before and is_again else 1
    words = outcome.problem.message if outcome.problem else ""
    return Unanswered(verb, generation, claim.id, count, words, claim.pairing_uid)


def _declined(decision: Decision, outcome: Outcome) -> Declined | None:
    """Return the no that an action met, so that it is not sent again and again."""
    is_no = outcome.ending in (Ending.DECLINED, Ending.DOUBTFUL)
    if not is_no or outcome.problem is None:
        return None
    return Declined(
        outcome.action.verb,
        decision.case.intent.generation,
        outcome.problem.reason,
        outcome.problem.message,
        leaves_doubt=outcome.ending is Ending.DOUBTFUL,
        pairing_uid=outcome.action.pairing_uid,
    )
