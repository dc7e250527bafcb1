"""The login of a host's Local UI: once, when it is first needed, and never again once refused."""

import asyncio
import hashlib
import hmac
import re
import secrets

from pairctl.apis.answers import Answer
from pairctl.apis.channel import Channel
from pairctl.apis.failures import (
    ApiFailure,
    AuthenticationFailed,
    LoginUnusable,
    NotSent,
    RateLimited,
    ServerError,
)
from pairctl.apis.local_ui_answers import Login, LoginToken
from pairctl.apis.routes import Operation
from pairctl.secrets import Credentials, Secret

_HEADER_VALUE = re.compile(r"[\x21-\x7e]{1,16384}")
_REFUSALS = frozenset({400, 401, 403})


class RefusedLogins:
    """Which credentials which host has refused, by keyed digest; shared by the passes of a run.

    Operating systems lock an account after a few failures: refused credentials are not tried
    again until they change.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._digests: set[bytes] = set()

    def add(self, endpoint: str, credentials: Credentials) -> None:
        """Remember that the host has refused them."""
        self._digests.add(self._digest(endpoint, credentials))

    def has(self, endpoint: str, credentials: Credentials) -> bool:
        """Whether the host has refused exactly these."""
        return self._digest(endpoint, credentials) in self._digests

    def _digest(self, endpoint: str, credentials: Credentials) -> bytes:
        parts = (endpoint, credentials.username, credentials.password.reveal())
        return hmac.digest(self._key, "\0".join(parts).encode(), hashlib.sha256)


class LocalLogin:
    """Keeps one login alive. Many tasks may ask at once: one of them logs in, all go on."""

    def __init__(
        self,
        channel: Channel,
        credentials: Credentials,
        refused: RefusedLogins,
    ) -> None:
        self._channel = channel
        self._credentials = credentials
        self._refused = refused
        self._token: Secret | None = None
        self._refresh: Secret | None = None
        self._final: ApiFailure | None = None
        self._turn = asyncio.Lock()

    async def token(self) -> Secret:
        """Return the token to send, after a login where there is none.

        Raises AuthenticationFailed, LoginUnusable, or what kept the login from being answered.
        """
        if self._token is not None:
            return self._token
        async with self._turn:
            if self._token is None:
                await self._log_in()
            return self._held()

    async def renewed(self, stale: Secret) -> Secret:
        """Return a token to use instead of one that was refused: renewed, else by a new login."""
        async with self._turn:
            if self._token is None or self._token == stale:
                refresh, self._token, self._refresh = self._refresh, None, None
                if refresh is None or not await self._renewed_by(refresh):
                    await self._log_in()
            return self._held()

    def forget(self, stale: Secret) -> None:
        """Drop a token that was refused; the next call gets another."""
        if self._token is not None and self._token == stale:
            self._token = None

    def _held(self) -> Secret:
        if self._token is None:
            raise LoginUnusable(f"{self._channel.endpoint} gave no token to work with")
        return self._token

    async def _renewed_by(self, refresh: Secret) -> bool:
        try:
            answer = await self._channel.call(
                Operation.RENEW_LOGIN,
                body={"refreshToken": refresh.reveal()},
            )
            self._keep(answer.read(LoginToken))
        except NotSent:
            raise
        except ApiFailure:
            return False
        return self._token is not None

    async def _log_in(self) -> None:
        if self._final is not None:
            raise self._final
        if self._refused.has(self._channel.endpoint, self._credentials):
            raise self._refusal("they were refused before and have not changed")
        answer = await self._login_answer()
        login = answer.read(Login)
        if login.is_first:
            raise self._finally(
                LoginUnusable(
                    f"{self._channel.endpoint} wants a new password at the first login",
                    "log in to Local UI once and change the password",
                )
            )
        self._keep(login.token)
        if self._token is None:
            raise self._finally(
                LoginUnusable(
                    f"{answer.call}: the answer holds no usable token",
                    "look at the host's Local UI",
                )
            )

    async def _login_answer(self) -> Answer:
        try:
            return await self._channel.call(
                Operation.LOG_IN,
                query={"setCookie": "false"},
                body={
                    "username": self._credentials.username,
                    "password": self._credentials.password.reveal(),
                },
            )
        except ApiFailure as failure:
            raise self._judged(failure) from None

    def _judged(self, failure: ApiFailure) -> ApiFailure:
        """Return the failure; one that may count as a failed login is the last of this client."""
        if failure.status in _REFUSALS:
            self._refused.add(self._channel.endpoint, self._credentials)
            return self._finally(self._refusal(failure.problem.message))
        if isinstance(failure, NotSent | RateLimited) or (
            isinstance(failure, ServerError) and failure.is_passing
        ):
            return failure
        return self._finally(failure)

    def _refusal(self, why: str) -> AuthenticationFailed:
        return AuthenticationFailed(
            f"{self._channel.endpoint} does not accept the credentials: {why}",
            "correct the secret; it is not tried again until it changes",
        )

    def _finally(self, failure: ApiFailure) -> ApiFailure:
        self._final = failure
        return failure

    def _keep(self, token: LoginToken) -> None:
        """Keep the tokens, if the first can be sent in a header; a refresh token as long at most.

        The host chose them: they are masked in what this host says, and nowhere else.
        """
        self._channel.cleaner.hold(token.authorization)
        self._channel.cleaner.hold(token.refresh)
        if _HEADER_VALUE.fullmatch(token.authorization) is not None:
            self._token = Secret(token.authorization)
            self._refresh = (
                Secret(token.refresh) if _HEADER_VALUE.fullmatch(token.refresh) else None
            )
