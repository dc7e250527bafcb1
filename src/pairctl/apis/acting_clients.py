"""The clients that can act: four calls, each sent once. Only `engine/apply` has them."""

from typing import Any

from pairctl.apis.acceptance import Acceptance
from pairctl.apis.answers import Answer
from pairctl.apis.failures import Unauthorized
from pairctl.apis.local_ui import LocalUI, authorization
from pairctl.apis.local_ui_answers import SentRequest
from pairctl.apis.palette import Palette
from pairctl.apis.routes import WRITING_LOCAL_UI, Operation, is_uid, writing_palette
from pairctl.secrets import Secret


class LocalUIWriter(LocalUI):
    """Sends and withdraws pairing requests too. Each call is sent once, whatever comes back.

    Every failure but OutcomeUnknown, and a refusal that `leaves_doubt`, means that nothing was
    applied. `request_id` is for the server's logs.
    """

    ROUTES = WRITING_LOCAL_UI

    async def send_request(
        self, palette_endpoint: str, token: Secret, *, insecure: bool = False, request_id: str = ""
    ) -> str:
        """Send the cluster's pairing request to Palette and return its pairing id."""
        body = self._pair_body(palette_endpoint, token, insecure=insecure)
        answer = await self._write(Operation.SEND_REQUEST, body, request_id)
        uid = answer.read(SentRequest).pairing_uid
        if not is_uid(uid):
            raise answer.unexpected("the answer holds no usable pairing id")
        return uid

    async def withdraw(self, *, request_id: str = "") -> None:
        """Take the pending pairing request back."""
        (await self._write(Operation.WITHDRAW_REQUEST, None, request_id)).document()

    async def _write(self, operation: Operation, body: Any, request_id: str) -> Answer:
        """Send a call with an effect, once: a token that was refused is not sent again."""
        token = await self._login.token()
        try:
            return await self._channel.call(
                operation, headers=authorization(token), body=body, request_id=request_id
            )
        except Unauthorized:
            self._login.forget(token)
            raise


class PaletteWriter(Palette):
    """Accepts and rejects pairing requests too. Each call is sent once, whatever comes back.

    Every failure but OutcomeUnknown, and a refusal that `leaves_doubt`, means that nothing was
    applied. `request_id` is for the server's logs.
    """

    _routes = staticmethod(writing_palette)

    async def accept(self, acceptance: Acceptance, *, request_id: str = "") -> None:
        """Accept a pairing request. There is no way back."""
        self._learn_values(acceptance)
        answer = await self._in_project(
            Operation.ACCEPT_REQUEST, body=acceptance.payload(), request_id=request_id
        )
        answer.document()

    async def reject(self, pairing_uid: str, *, request_id: str = "") -> None:
        """Reject a pairing request."""
        answer = await self._in_project(
            Operation.REJECT_REQUEST, values={"pairingUid": pairing_uid}, request_id=request_id
        )
        answer.document()
