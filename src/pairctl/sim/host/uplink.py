"""How a simulated host speaks to the Palette it was told of: real HTTPS, on loopback only."""

import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from pairctl.sim.palette.uplink_routes import PAIRINGS_PATH, PING_PATH
from pairctl.sim.world import REQUEST_ID

TIMEOUT_S = 10.0
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost"})


class UplinkError(Exception):
    """Palette could not be reached, or refused; `status` is None where no answer came."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Uplink:
    """The hosts' way to Palette, shared by all hosts of a simulation."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        self._strict = _client(trust)
        # For `insecure: true`, which an operator asked for; on loopback it is safe.
        unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        unverified.check_hostname = False
        unverified.verify_mode = ssl.CERT_NONE
        self._insecure = _client(unverified)

    async def __aenter__(self) -> Self:
        """Take part in an exit stack; there is nothing to open."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close both clients."""
        await self._strict.aclose()
        await self._insecure.aclose()

    async def ping(self, endpoint: str, *, insecure: bool) -> None:
        """Try whether Palette answers; raises UplinkError."""
        await self._call("GET", endpoint, PING_PATH, insecure=insecure)

    async def apply(self, endpoint: str, payload: Mapping[str, Any], *, insecure: bool) -> str:
        """Send a pairing request; return its pairing id; raises UplinkError."""
        answer = await self._call(
            "POST", endpoint, PAIRINGS_PATH, insecure=insecure, payload=payload
        )
        return str(answer.json()["pairingUid"])

    async def withdraw(self, endpoint: str, pairing_uid: str, *, insecure: bool) -> None:
        """Take a pairing request back; raises UplinkError."""
        path = f"{PAIRINGS_PATH}/{pairing_uid}"
        await self._call("DELETE", endpoint, path, insecure=insecure)

    async def _call(
        self,
        method: str,
        endpoint: str,
        path: str,
        *,
        insecure: bool,
        payload: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        client = self._insecure if insecure else self._strict
        headers = {"X-Request-Id": REQUEST_ID.get()} if REQUEST_ID.get() else {}
        try:
            answer = await client.request(
                method, _origin(endpoint) + path, json=payload, headers=headers
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            message = f"cannot reach Palette at {endpoint}: {type(error).__name__}"
            raise UplinkError(message) from error
        if answer.is_error:
            raise UplinkError(f"Palette refused: {_message_in(answer)}", answer.status_code)
        return answer


def _origin(endpoint: str) -> str:
    """Give the origin of an endpoint that may lack its scheme; nothing but loopback is called."""
    parts = urlsplit(endpoint if "//" in endpoint else f"https://{endpoint}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme != "https" or parts.hostname not in LOOPBACK_HOSTS or port is None:
        message = f"cannot reach {endpoint}: a simulated host reaches https://127.0.0.1:PORT only"
        raise UplinkError(message)
    return f"https://{parts.hostname}:{port}"


def _message_in(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"


def _client(context: ssl.SSLContext) -> httpx.AsyncClient:
    # No kept connections: a Palette that was switched off and on would break the next call.
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncClient(verify=context, trust_env=False, timeout=TIMEOUT_S, limits=limits)
