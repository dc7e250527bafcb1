"""The very request that an action will be sent as, to be shown before anybody says yes to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

from pairctl.apis import WRITING_LOCAL_UI, Operation, Route, sent_body, writing_palette
from pairctl.engine.observe.acceptance_to_send import build_acceptance
from pairctl.engine.observe.access import Access
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import Accept, Action, Case, Reject, SendRequest, Withdraw, acceptance_of
from pairctl.text import MASK


@dataclass(frozen=True, slots=True)
class Preview:
    """Method and path by the `route`, where it goes, and its body without secrets."""

    action: Action
    operation: Operation
    route: Route
    endpoint: str
    path: str
    body: Any = None


async def preview_of(action: Action, case: Case, access: Access, settings: Settings) -> Preview:
    """Return what would be sent. Reads the variables of profiles where an intent sets some.

    Raises PairctlError where it cannot be put together.
    """
    operation = _OPERATIONS[action.verb]
    match action:
        case SendRequest():
            body = {
                "paletteEndpoint": action.palette_endpoint,
                "registrationToken": MASK,
                "insecure": access.is_insecure(case.intent),
            }
            return _at_host(action, case, operation, body)
        case Withdraw():
            return _at_host(action, case, operation)
        case Accept():
            return await _acceptance(action, case, access, settings)
        case Reject():
            return _at_palette(action, case, settings, {"pairingUid": action.pairing_uid})
        case _:
            assert_never(action)


async def acceptance_to_come(case: Case, access: Access, settings: Settings) -> Preview | None:
    """Return how the request would be accepted, as far as it is known before it is there.

    Where the pairing id is not known yet, a word in capitals stands for it; None where the
    selection is not known.
    """
    if not case.selection:
        return None
    action = acceptance_of(case)
    known = action.pairing_uid or "PAIRING-ID"
    return await _acceptance(replace(action, pairing_uid=known), case, access, settings)


_OPERATIONS: Mapping[str, Operation] = {
    SendRequest.verb: Operation.SEND_REQUEST,
    Withdraw.verb: Operation.WITHDRAW_REQUEST,
    Accept.verb: Operation.ACCEPT_REQUEST,
    Reject.verb: Operation.REJECT_REQUEST,
}


async def _acceptance(action: Accept, case: Case, access: Access, settings: Settings) -> Preview:
    palette = await access.palette(case.intent.palette)
    acceptance = await build_acceptance(action, case.intent, palette, access)
    shown = sent_body(acceptance.payload(), settings.clean)
    return replace(_at_palette(action, case, settings, {}), body=shown)


def _at_host(action: Action, case: Case, operation: Operation, body: Any = None) -> Preview:
    route = WRITING_LOCAL_UI[operation]
    return Preview(action, operation, route, case.observed.endpoint, route.path, body)


def _at_palette(
    action: Action, case: Case, settings: Settings, values: Mapping[str, str]
) -> Preview:
    operation = _OPERATIONS[action.verb]
    route = writing_palette(settings.operator.routes)[operation]
    endpoint = case.intent.palette.endpoint
    return Preview(action, operation, route, endpoint, route.fill(values))
