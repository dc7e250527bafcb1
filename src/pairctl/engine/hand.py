"""Carrying one action out: look once more, send once. Its claim is in the repository already."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from pairctl.apis import OutcomeUnknown, is_definite_no
from pairctl.engine.acceptance import build_acceptance
from pairctl.engine.access import WritingAccess
from pairctl.engine.observer import Look, Observer
from pairctl.engine.settings import Settings
from pairctl.pairing import (
    Accept,
    Action,
    Claim,
    Decision,
    Intent,
    Recorded,
    Reject,
    SendRequest,
    Withdraw,
    basis_changes,
    decide,
)
from pairctl.problem import PairctlError, Problem, defect
from pairctl.secrets import Secret

Send = Callable[[], Awaitable[object]]


class Ending(StrEnum):
    """How an action ended. DONE is what the server said: a look has yet to show it."""

    DONE = "done"
    DECLINED = "declined"
    NOT_SENT = "not sent"
    UNKNOWN = "outcome unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one action; `problem` tells why it is not DONE."""

    action: Action
    ending: Ending
    problem: Problem | None = None

    @property
    def may_take_effect(self) -> bool:
        """Whether its claim binds on until its effect is seen, or its time is over.

        A server may say yes, and still show for a while what was before.
        """
        return self.ending in (Ending.DONE, Ending.UNKNOWN)


class Hand:
    """Carries the actions of one pass out, each at most once.

    `claimed_at` is the monotonic moment before their claims were published.
    """

    def __init__(
        self, access: WritingAccess, observer: Observer, settings: Settings, claimed_at: float
    ) -> None:
        self._access = access
        self._observer = observer
        self._settings = settings
        self._claimed_at = claimed_at

    async def carry_out(self, action: Action, planned: Decision, claim: Claim) -> Outcome:
        """Look again; send the action if it is still the one to do and there is time for it.

        All that can be done beforehand is done before the last question is asked.
        """
        try:
            look = await self._look_again(planned)
            send = await self._prepared(action, planned.case.intent, look.token)
        except PairctlError as error:
            return Outcome(action, Ending.NOT_SENT, error.problem)
        except Exception as error:  # noqa: BLE001 - told as the outcome; other intents go on
            return Outcome(action, Ending.NOT_SENT, defect(error))
        obstacle = self._obstacle(action, planned, look, claim)
        if obstacle:
            return Outcome(action, Ending.NOT_SENT, obstacle)
        return await _sent(action, send)

    async def _look_again(self, planned: Decision) -> Look:
        return await self._observer.look(
            planned.case.intent,
            _unclaimed(planned),
            not_before=self._claimed_at,
            at_most_s=self._settings.operator.timing.look_seconds / 2,
        )

    def _obstacle(
        self, action: Action, planned: Decision, look: Look, claim: Claim
    ) -> Problem | None:
        """Say why the action must not be sent now, if anything is against it."""
        timing, clock = self._settings.operator.timing, self._settings.clock
        again = decide(planned.case.intent, look.observed, _unclaimed(planned), now=look.began_at)
        now = clock.monotonic()
        lifetime_s = (claim.until_at - claim.made_at).total_seconds()
        left_s = lifetime_s - (now - self._claimed_at)
        if self._settings.stop.is_requested:
            return Problem("Stopping", "pairctl was asked to stop")
        if again.action != action:
            return Problem("WorldMoved", f"a second look changed it: {again.verdict.message}")
        if moved := basis_changes(planned.basis, again.basis):
            return Problem("WorldMoved", f"a second look found {'; '.join(moved)}")
        if now - look.began > timing.look_seconds:
            return Problem("LookTooOld", "the second look took too long to be acted on")
        if left_s < timing.request_seconds + timing.settle_seconds:
            return Problem("ClaimTooOld", "too little of the claim's time is left")
        return None

    async def _prepared(self, action: Action, intent: Intent, token: Secret | None) -> Send:
        """Open what the action needs, log in, and return the sending as one call."""
        match action:
            case SendRequest():
                return await self._prepared_request(action, intent, token)
            case Withdraw():
                host = await self._access.local_ui_writer(intent)
                return host.withdraw
            case Accept():
                palette = await self._access.palette_writer(intent)
                acceptance = await build_acceptance(action, intent, palette, self._access)
                return lambda: palette.accept(acceptance)
            case Reject():
                palette = await self._access.palette_writer(intent)
                return lambda: palette.reject(action.pairing_uid)
            case _:
                assert_never(action)

    async def _prepared_request(
        self, action: SendRequest, intent: Intent, token: Secret | None
    ) -> Send:
        host = await self._access.local_ui_writer(intent)
        if token is None:
            raise PairctlError(Problem("NoToken", "the registration token was not seen again"))
        insecure = self._access.is_insecure(intent)
        return lambda: host.send_request(action.palette_endpoint, token, insecure=insecure)


async def _sent(action: Action, send: Send) -> Outcome:
    """Send, once, and tell what came of it."""
    try:
        await send()
    except OutcomeUnknown as error:
        return Outcome(action, Ending.UNKNOWN, error.problem)
    except PairctlError as error:
        # A definite no stands until the intent changes; all else passes by itself.
        ending = Ending.DECLINED if is_definite_no(error) else Ending.NOT_SENT
        return Outcome(action, ending, error.problem)
    except Exception as error:  # noqa: BLE001 - it may have been sent: the claim stays open
        return Outcome(action, Ending.UNKNOWN, defect(error))
    return Outcome(action, Ending.DONE)


def _unclaimed(planned: Decision) -> Recorded:
    """Return the record without claims: the one that is open now is our own."""
    return replace(planned.case.recorded, claim=None)
