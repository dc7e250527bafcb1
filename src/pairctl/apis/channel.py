"""The one seam over HTTP: every request goes through here, with every bound and no other way."""

import asyncio
import json
import logging
import random
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

import h11

from pairctl import __version__
from pairctl.apis.answers import Answer, age_s, read_bounded, server_time
from pairctl.apis.cleaning import Cleaner
from pairctl.apis.client_certificates import says_required
from pairctl.apis.dial import Dial
from pairctl.apis.failures import ApiFailure, RateLimited, RouteClosed, TlsUntrusted
from pairctl.apis.http_connection import HttpRequest, HttpResponse
from pairctl.apis.judgement import judge
from pairctl.apis.kept_connections import KeptConnections
from pairctl.apis.limits import HostLimit, Limit, Sleep
from pairctl.apis.routes import Operation, Route, Routes
from pairctl.apis.tls import (
    Contexts,
    SystemAuthorities,
    Trust,
    is_shut_to_clients,
    shut_to_clients,
    tls_error,
    why_untrusted,
)
from pairctl.apis.translation import FOREIGN, Call, translated
from pairctl.apis.transport import Progress, Transport
from pairctl.backoff import backoff_s
from pairctl.problem import ConfigurationError, Problem
from pairctl.secrets import Redactor, Target, target
from pairctl.secrets.hosts import HTTPS_PORT

if TYPE_CHECKING:
    from pairctl.apis.exchange_log import ExchangeLog, NotedExchange

DEADLINE_S = 30.0
CONNECT_S = 10.0
TRIES = 3
BACKOFF_S = 0.2
LONGEST_BACKOFF_S = 30.0
CONNECTIONS = 20
MOST_HEADS = 8
"""How many heads of requests are kept: those that a host is asked again and again."""

_log = logging.getLogger("pairctl.apis")

NO_VALUES: Mapping[str, str] = {}
REQUEST_ID = "X-Request-Id"

_NO_TOKEN = re.compile(r"[^A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""What a token of a header may not hold (RFC 9110, 5.6.2)."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Wire:
    """How a server is called: what proves it, how fast, how long, and what keeps texts clean.

    `deadline_s` is for the whole of one request, from connecting to the last byte. For a call with
    an effect it includes the wait for room within the limit. `dial` says where a name may lead.
    `sender` names this process in `User-Agent`; empty: it is not named. `contexts` are shared
    by all that trust the same authorities, `kept` by all clients. `log` tells of each exchange;
    None: nobody is told.
    """

    redactor: Redactor
    trust: Trust = field(default_factory=SystemAuthorities)
    limit: Limit = field(default_factory=lambda: HostLimit(time.monotonic))
    deadline_s: float = DEADLINE_S
    rng: random.Random = field(default_factory=random.Random)
    sleep: Sleep = asyncio.sleep
    now: Callable[[], datetime] = _utc_now
    dial: Dial = field(default_factory=Dial)
    contexts: Contexts = field(default_factory=Contexts)
    kept: KeptConnections = field(default_factory=KeptConnections)
    sender: str = ""
    log: "ExchangeLog | None" = None

    @property
    def user_agent(self) -> str:
        """Program, version and sender; what a header may not hold stands as `-`."""
        program, sender = f"pairctl/{__version__}", _NO_TOKEN.sub("-", self.sender)
        return f"{program} ({sender})" if sender else program


@dataclass(frozen=True, slots=True, repr=False)
class _Request:
    """A request, ready to be sent. `headers` may hold a secret."""

    call: Call
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any


@dataclass(slots=True)
class _Progress(Progress):
    """How far a request came, and who is told of it."""

    noted: "NotedExchange | None" = None


class Channel:
    """Calls one server, by a closed table of routes.

    Reads are tried up to three times. A call with an effect is sent once, on a connection of its
    own. No redirects, no cookies, no proxies or CAs from the environment.
    """

    def __init__(self, endpoint: str, routes: Routes, wire: Wire) -> None:
        self.endpoint = endpoint
        self._server = _target(endpoint)
        self._routes = routes
        self._wire = wire
        self.cleaner = Cleaner(wire.redactor)
        self._client: Transport | None = None
        self._headers = {
            "Host": _authority(self._server),
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Cache-Control": "no-cache",  # a look is at what is there now
            "Connection": "keep-alive",
            "User-Agent": wire.user_agent,
        }
        self._heads: dict[tuple[str, str, tuple[tuple[str, str], ...]], h11.Request] = {}
        self._opening = asyncio.Lock()
        self._has_answered = False
        self._is_shut: bool | None = None
        self._asking = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections. The channel can be used again."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def call(
        self,
        operation: Operation,
        *,
        values: Mapping[str, str] = NO_VALUES,
        query: Mapping[str, str] = NO_VALUES,
        headers: Mapping[str, str] = NO_VALUES,
        body: Any = None,
        request_id: str = "",
    ) -> Answer:
        """Send one call and return its 2xx answer. Raises an ApiFailure for anything else.

        `request_id` is for the server's logs: the id of the claim that the call is made under.
        Raises RouteClosed before any I/O where the operation is not in the table, and
        EndpointNotAllowed before a connection to an address that may not be called.
        """
        route = self._route(operation)
        call = Call(operation, route, self.endpoint)
        sent = {**headers, REQUEST_ID: request_id} if request_id else headers
        request = _Request(call, route.fill(values), query, sent, body)
        if route.has_effect:
            return await self._call_once(request)
        return await self._call_patiently(request)

    def _route(self, operation: Operation) -> Route:
        route = self._routes.get(operation)
        if route is None:
            raise RouteClosed(
                f"this client may not {operation} at {self.endpoint}",
                "it was made for looking only",
            )
        return route

    async def _call_once(self, request: _Request) -> Answer:
        progress = _Progress()
        try:
            async with (
                asyncio.timeout(self._wire.deadline_s),
                self._wire.limit.admit(request.call.route),
                self._fresh_client() as client,
            ):
                answer = await self._exchange(client, request, progress)
        except FOREIGN as error:
            failure = await self._failure(error, request.call, progress)
        else:
            return self._judged(answer)
        raise failure

    async def _call_patiently(self, request: _Request) -> Answer:
        for attempt in range(TRIES - 1):
            try:
                return await self._try(request)
            except ApiFailure as failure:
                if not _is_worth_another_try(failure, request.call.route):
                    raise
                # A 429 has slowed the limit down: the wait happens there, for all tasks.
                if not isinstance(failure, RateLimited):
                    chance = self._wire.rng.random()
                    await self._wire.sleep(
                        backoff_s(
                            attempt, first_s=BACKOFF_S, longest_s=LONGEST_BACKOFF_S, chance=chance
                        )
                    )
        return await self._try(request)

    async def _try(self, request: _Request) -> Answer:
        progress = _Progress()
        async with self._wire.limit.admit(request.call.route):
            try:
                async with asyncio.timeout(self._wire.deadline_s):
                    client = await self._shared_client()
                    answer = await self._exchange(client, request, progress)
            except FOREIGN as error:
                failure = await self._failure(error, request.call, progress)
            else:
                return self._judged(answer)
        # Outside of `except`: what the libraries raise may quote headers, and is not passed on.
        raise failure

    async def _exchange(self, client: Transport, request: _Request, progress: _Progress) -> Answer:
        started_s = time.monotonic()
        sent = self._http_request(request)
        if wire_log := self._wire.log:
            progress.noted = wire_log.sending(
                request.call,
                request.path,
                request.query,
                request.headers,
                request.body,
                self.cleaner.redact,
            )
        async with client.answered(sent, progress) as response:
            self._has_answered = True
            self._hear(response.headers)
            encoding = response.headers.get("content-encoding", "").strip().casefold()
            body = await read_bounded(response.body, encoding, request.call)
        called = {
            "operation": request.call.operation.name,
            "endpoint": self.endpoint,
            "status": response.status,
            "size_bytes": len(body),
            "duration_s": round(time.monotonic() - started_s, 3),
        }
        _log.debug("Called", extra={"fields": called})
        answer = _answer(request.call, response, body, self.cleaner.redact)
        return progress.noted.answered(answer) if progress.noted else answer

    def _http_request(self, request: _Request) -> HttpRequest:
        """Write a request as it goes out. Raises UnicodeError for what none can hold."""
        target = f"{request.path}?{urlencode(request.query)}" if request.query else request.path
        headers, content = {**self._headers, **request.headers}, b""
        if request.body is not None:
            content = json.dumps(
                request.body, ensure_ascii=False, separators=(",", ":"), allow_nan=False
            ).encode()
            headers["Content-Type"] = "application/json"
        if content or request.call.route.method == "POST":
            headers["Content-Length"] = str(len(content))
        return HttpRequest(self._head(request.call.route.method, target, headers), content)

    def _head(self, method: str, target: str, headers: Mapping[str, str]) -> h11.Request:
        """Return the head of a request; h11 checks the same one once."""
        key = (method, target, tuple(headers.items()))
        if key not in self._heads:
            if len(self._heads) >= MOST_HEADS:
                self._heads.clear()
            self._heads[key] = h11.Request(method=method, target=target, headers=list(key[2]))
        return self._heads[key]

    def _judged(self, answer: Answer) -> Answer:
        try:
            judge(answer, self.cleaner, now=self._wire.now())
        except RateLimited as failure:
            self._wire.limit.slow_down(answer.call.route, failure.retry_after_s)
            answer.heard(failure)
            raise
        except ApiFailure as failure:
            answer.heard(failure)
            raise
        return answer

    async def _failure(self, error: BaseException, call: Call, progress: _Progress) -> ApiFailure:
        failure = await self._why(error, call, progress)
        if progress.noted:
            progress.noted.ended(failure)
        return failure

    async def _why(self, error: BaseException, call: Call, progress: _Progress) -> ApiFailure:
        tls, wire = tls_error(error), self._wire
        if tls is not None and not progress.has_begun:
            return await why_untrusted(wire.trust, self._server, tls, self._connect_s, wire.dial)
        failure = translated(error, call, has_begun=progress.has_begun)
        may_be_shut = progress.is_connected and failure.is_passing and not call.route.has_effect
        if says_required(tls) or (may_be_shut and await self._is_shut_to_clients()):
            return call.settled(shut_to_clients(self._server))
        return failure

    async def _is_shut_to_clients(self) -> bool:
        """Whether the server wants a client certificate: found out once, before it ever answered.

        TLS 1.3 says so only after a request was on its way, and then the alert is often lost.
        """
        wire = self._wire
        async with self._asking:
            if self._has_answered:
                return False
            if self._is_shut is None:
                self._is_shut = await is_shut_to_clients(
                    self._server, None, self._connect_s, wire.dial
                )
            return self._is_shut

    @property
    def _connect_s(self) -> float:
        # A third each for the connection and for TLS, so that there is time for an answer.
        return min(CONNECT_S, self._wire.deadline_s / 3)

    async def _shared_client(self) -> Transport:
        if self._client is not None:
            return self._client
        async with self._opening:
            if self._client is None:
                self._client = await self._new_client(kept=CONNECTIONS)
            return self._client

    @asynccontextmanager
    async def _fresh_client(self) -> AsyncIterator[Transport]:
        async with await self._new_client(kept=0) as client:
            yield client

    async def _new_client(self, *, kept: int) -> Transport:
        wire = self._wire
        context = await wire.contexts.of(wire.trust)
        return Transport(
            self._server,
            wire.trust,
            context,
            wire.dial,
            connect_s=self._connect_s,
            connections=CONNECTIONS,
            kept=kept,
            of_all=wire.kept,
        )

    def _hear(self, headers: Mapping[str, str]) -> None:
        """Take note of an answer's head, before its body is read."""


def _is_worth_another_try(failure: ApiFailure, route: Route) -> bool:
    if isinstance(failure, TlsUntrusted) or not failure.is_passing:
        return False
    return route.is_repeatable or isinstance(failure, RateLimited)


def _answer(call: Call, response: HttpResponse, body: bytes, clean: Callable[[str], str]) -> Answer:
    headers = response.headers
    content_type = headers.get("content-type", "").partition(";")[0].strip().casefold()
    return Answer(
        call,
        response.status,
        content_type,
        body,
        headers.get("retry-after", ""),
        server_time(headers.get("date", "")),
        age_s(headers.get("age", "")),
        clean,
    )


def _authority(server: Target) -> str:
    """Return host and port as `Host` names them: without the usual port."""
    return server.host if server.port == HTTPS_PORT else f"{server.host}:{server.port}"


def _target(endpoint: str) -> Target:
    try:
        return target(endpoint)
    except ValueError as error:
        raise ConfigurationError(
            Problem("BadEndpoint", f"{endpoint!r} is not an endpoint: {error}", "correct it")
        ) from error
