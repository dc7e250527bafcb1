"""Carrying one action out: look once more, send once. Its claim is in the repository already."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import assert_never

from pairctl.apis import ApiFailure, OutcomeUnknown, is_definite_no
from pairctl.engine.apply.claiming import Permit
from pairctl.engine.apply.source_check import SourceCheck
from pairctl.engine.apply.tip_reader import TipReader
from pairctl.engine.apply.writing_access import WritingAccess
from pairctl.engine.observe.acceptance_to_send import build_acceptance
from pairctl.engine.observe.look import Look
from pairctl.engine.observe.observer import Observer
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import (
    Accept,
    Action,
    Claim,
    Decision,
    Intent,
    Reject,
    RolloutDocuments,
    SendRequest,
    Withdraw,
    basis_changes,
    decide,
    outside_windows,
)
from pairctl.problem import PairctlError, Problem, defect
from pairctl.records import Ledger

LOOK_TOO_OLD = Problem(
    "LookTooOld",
    "the last look before the sending took longer than it may be old, so nothing was sent",
    "see why the host, or Palette, is slow; where it stays so, raise `timing.lookSeconds` in the "
    "operator's file above twice what one call at the host takes, and `timing.actSeconds` to "
    "three times that: a claim then holds longer after an answer that was lost",
)

LOOKS = 3
"""How often a look is tried under one claim, where each takes longer than it may be old."""

Send = Callable[[], Awaitable[object]]


class Ending(StrEnum):
    """How an action ended. DONE is what the server said: a look has yet to show it.

    DECLINED is a no in the API's own words, DOUBTFUL one that does not prove that nothing comes of
    it: neither is sent again before the intent changes. UNKNOWN is sent again once its claim is
    over, NOT_SENT as soon as it may be: it did not go out, or nothing was applied.
    """

    DONE = "done"
    DECLINED = "declined"
    DOUBTFUL = "refused, outcome unknown"
    NOT_SENT = "not sent"
    UNKNOWN = "outcome unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one action; `problem` tells why it is not DONE.

    `pairing_uid` is the request that the answer to a sending named: only that makes it our own.
    `is_answered` is whether it went out and was answered, with a no too.
    """

    action: Action
    ending: Ending
    problem: Problem | None = None
    pairing_uid: str = ""
    is_answered: bool = False

    @property
    def may_take_effect(self) -> bool:
        """Whether its claim binds on until its effect is seen, or its time is over.

        A server may say yes, and still show for a while what was before; and not each no is one.
        """
        return self.ending in (Ending.DONE, Ending.UNKNOWN, Ending.DOUBTFUL)


class Executor:
    """Carries one action out, at most once, by a permit: its claim is published.

    The `tip` and the `check` are shared by those who act at the same time.
    """

    def __init__(
        self,
        permit: Permit,
        access: WritingAccess,
        observer: Observer,
        settings: Settings,
        rollouts: RolloutDocuments,
        tip: TipReader,
        check: SourceCheck,
    ) -> None:
        self._permit = permit
        self._access = access
        self._observer = observer
        self._settings = settings
        self._rollouts = rollouts
        self._tip = tip
        self._check = check

    async def carry_out(self, action: Action, planned: Decision) -> Outcome:
        """Look again; send the action if it is still the one to do and there is time for it.

        A host that was not known to be slow, or a busy machine, is worth another look under the
        same claim, while there is time for a whole one: what was seen too late counts for nothing.
        Before each, as before the first one, it is asked whether the intents are still the same.
        """
        for _ in range(LOOKS):
            found = await self._ready(action, planned)
            if found != LOOK_TOO_OLD or not self._may_look_once_more():
                break
            if moved := await self._check.obstacle(self._settings.clock.monotonic()):
                found = moved
                break
        if isinstance(found, Problem):
            return Outcome(action, Ending.NOT_SENT, found)
        return await _sent(action, found)

    async def _ready(self, action: Action, planned: Decision) -> Send | Problem:
        """Look, and return the sending; or what is against it.

        All that can be done beforehand is done before the last question is asked. The status
        branch is read last: a claim that is gone from it, or that is not alone, permits nothing.
        """
        claim = self._permit.claim
        try:
            look = await self._look_again(planned)
            send = await self._prepared(action, planned.case.intent, look, claim)
            ledger = await self._tip.read(self._settings.clock.monotonic())
        except PairctlError as error:
            return error.problem
        except Exception as error:  # noqa: BLE001 - told as the outcome; other intents go on
            return defect(error)
        return self._obstacle(planned, look, ledger, claim) or send

    async def _look_again(self, planned: Decision) -> Look:
        """Look in full. Raises PairctlError where that takes longer than a look may be old."""
        look_s, case = self._settings.operator.timing.look_seconds, planned.case
        is_request = isinstance(planned.action, SendRequest)
        try:
            async with asyncio.timeout(look_s):
                return await self._observer.look(
                    case.intent,
                    case.recorded,
                    not_before=self._permit.claimed_s,
                    at_most_s=look_s / 2,
                    planned=case.observed if is_request else None,
                )
        except TimeoutError:
            raise PairctlError(LOOK_TOO_OLD) from None

    def _may_look_once_more(self) -> bool:
        timing, permit = self._settings.operator.timing, self._permit
        passed_s = self._settings.clock.monotonic() - permit.asked_s
        left_s = permit.claim.lifetime_seconds - passed_s
        needed_s = timing.look_seconds + timing.request_seconds + timing.settle_seconds
        return left_s >= needed_s and not self._settings.stop.is_requested

    def _obstacle(
        self, planned: Decision, look: Look, ledger: Ledger, claim: Claim
    ) -> Problem | None:
        """Say why the action must not be sent now, if anything is against it."""
        intent = planned.case.intent
        recorded = ledger.without_claim(claim.id).record_of(intent, planned.case.recorded.over)
        again = decide(intent, look.observed, recorded, now=look.began_at)
        if self._settings.stop.is_requested:
            return Problem("Stopping", "pairctl was asked to stop")
        margin = timedelta(seconds=self._settings.operator.timing.clock_margin_seconds)
        now = self._settings.clock.now()
        if outside := outside_windows(self._rollouts, again.case, now, margin):
            return outside  # the window may have ended since the claim
        if claim.id not in {one.id for one in ledger.claims.values()}:
            return Problem("ClaimGone", "the claim is not on the status branch any more")
        if again.action != planned.action:
            return Problem("WorldMoved", f"a second look changed it: {again.verdict.message}")
        if moved := basis_changes(planned.basis, again.basis):
            return Problem("WorldMoved", f"a second look found {'; '.join(moved)}")
        return self._too_late(look, claim)

    def _too_late(self, look: Look, claim: Claim) -> Problem | None:
        """Say whether the look, or the claim, is too old by this process's own clock.

        The claim's time runs from when its date was asked for: others may count from then.
        """
        timing, now = self._settings.operator.timing, self._settings.clock.monotonic()
        if now - look.began > timing.look_seconds:
            return LOOK_TOO_OLD
        left_s = claim.lifetime_seconds - (now - self._permit.asked_s)
        if left_s < timing.request_seconds + timing.settle_seconds:
            return Problem("ClaimTooOld", "too little of the claim's time is left")
        return None

    async def _prepared(self, action: Action, intent: Intent, look: Look, claim: Claim) -> Send:
        """Open what the action needs, log in, and return the sending as one call.

        The call carries the claim's id, for the server's logs. It goes to the host that this look
        was at, and to no other.
        """
        match action:
            case SendRequest():
                return await self._prepared_request(action, intent, look, claim)
            case Withdraw():
                host = await self._access.local_ui_writer(intent, look.observed.endpoint)
                return lambda: host.withdraw(request_id=claim.id)
            case Accept():
                palette = await self._access.palette_writer(intent)
                acceptance = await build_acceptance(action, intent, palette, self._access)
                return lambda: palette.accept(acceptance, request_id=claim.id)
            case Reject():
                palette = await self._access.palette_writer(intent)
                return lambda: palette.reject(action.pairing_uid, request_id=claim.id)
            case _:
                assert_never(action)

    async def _prepared_request(
        self, action: SendRequest, intent: Intent, look: Look, claim: Claim
    ) -> Send:
        host = await self._access.local_ui_writer(intent, look.observed.endpoint)
        token = look.token
        if token is None:
            raise PairctlError(Problem("NoToken", "the registration token was not seen again"))
        insecure = self._access.is_insecure(intent)
        return lambda: host.send_request(
            action.palette_endpoint, token, insecure=insecure, request_id=claim.id
        )


async def _sent(action: Action, send: Send) -> Outcome:
    """Send, once, and tell what came of it."""
    try:
        answer = await send()
    except OutcomeUnknown as error:
        return Outcome(action, Ending.UNKNOWN, error.problem)
    except ApiFailure as error:
        is_answered = error.status is not None
        return Outcome(action, _ending_of(error), error.problem, is_answered=is_answered)
    except PairctlError as error:
        return Outcome(action, Ending.NOT_SENT, error.problem)
    except Exception as error:  # noqa: BLE001 - it may have been sent: the claim stays open
        return Outcome(action, Ending.UNKNOWN, defect(error))
    uid = answer if isinstance(action, SendRequest) and isinstance(answer, str) else ""
    return Outcome(action, Ending.DONE, pairing_uid=uid)


def _ending_of(error: ApiFailure) -> Ending:
    """Return how a refused action ended.

    A definite no stands until the intent changes, a refused key or a limit passes by itself; and
    either proves something in the API's own words alone.
    """
    if is_definite_no(error):
        return Ending.DOUBTFUL if error.leaves_doubt else Ending.DECLINED
    return Ending.UNKNOWN if error.leaves_doubt else Ending.NOT_SENT
