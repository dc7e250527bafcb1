"""Clients of the two APIs, opened after asking whether they may be.

What is refused is refused before a connection is made. Clients outlive a pass, so that one login
serves several; a secret that was changed in between opens a new client.
"""

import asyncio
import copy
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Self

from pairctl.apis import (
    Authorities,
    Contexts,
    Dial,
    HostLimit,
    KeptConnections,
    LocalUI,
    Palette,
    PaletteLimit,
    Pinned,
    RefusedLogins,
    SystemAuthorities,
    Trust,
    Unchecked,
    Wire,
)
from pairctl.engine.observe.client_pool import MAX_AGE_S, Clients
from pairctl.engine.runtime.clock import Clock, SystemClock
from pairctl.pairing import Intent
from pairctl.problem import ConfigurationError, PairctlError, Problem
from pairctl.secrets import Credentials, Destinations, Redactor, Secret, SecretStore
from pairctl.spec import LocalUIPlace, OperatorSpec, PaletteSpec, SecretReference, SecretRole, Tls

if TYPE_CHECKING:
    from pairctl.apis import ExchangeLog

CheckDestination = Callable[[str, str, str, SecretRole], None]
ReadFile = Callable[[str], Awaitable[bytes | None]]


@dataclass(frozen=True, slots=True)
class Keys:
    """Where secrets come from, where they may go, and what keeps them out of texts."""

    store: SecretStore
    destinations: Destinations
    redactor: Redactor


HostKey = tuple[int, str, Credentials, Trust]
PaletteKey = tuple[int, str, Secret, Trust, str]


class Access:
    """Opens clients that can only look. An async context manager: closes what it opened.

    `read_file` reads a file of the commit that is worked on (for `caFile`). `holder` is what claims
    call this process: servers are told it in `User-Agent`. `log` tells of each call.
    """

    _LOCAL_UI: type[LocalUI] = LocalUI
    _PALETTE: type[Palette] = Palette

    def __init__(
        self,
        keys: Keys,
        operator: OperatorSpec,
        clock: Clock | None = None,
        *,
        holder: str = "",
        log: "ExchangeLog | None" = None,
    ) -> None:
        self._keys = _with_roles(keys, operator)
        self._operator = operator
        self._holder = holder
        self._log = log
        self._clock = clock or SystemClock()
        self._hosts: Clients[HostKey, LocalUI] = Clients(self._clock)
        self._palettes: Clients[PaletteKey, Palette] = Clients(self._clock)
        self._limits: dict[str, PaletteLimit] = {}
        self._refused = RefusedLogins()
        self._files = _FilesOfCommit(_no_file)
        self._credentials, self._secret = keys.store.credentials, keys.store.get
        self._check_destination: CheckDestination = self._keys.destinations.check
        self._kept = KeptConnections()
        self._contexts, self._contexts_s = Contexts(), self._clock.monotonic()
        self._taken_over = 0

    def seal_key(self, purpose: str) -> bytes:
        """Return a key that only a run with the same secrets has; empty where there are none."""
        return self._keys.store.seal_key(purpose)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._hosts.aclose()
        await self._palettes.aclose()

    async def at(self, read_file: ReadFile) -> Self:
        """Begin a pass: renew what has grown old, read secrets and files of its commit from now on.

        What is returned shares clients and limits, and keeps to the files of this commit: what is
        begun with it may go on in later passes.
        """
        self._files = _FilesOfCommit(read_file)
        # A fleet shares its secrets: each is read once a pass, and what cannot be had each time.
        # A host is looked at several times in a pass: where its secret may go is asked once.
        store = self._keys.store
        self._credentials, self._secret = cache(store.credentials), cache(store.get)
        self._check_destination = cache(self._keys.destinations.check)
        if self._clock.monotonic() - self._contexts_s >= MAX_AGE_S:
            self._contexts, self._contexts_s = Contexts(), self._clock.monotonic()
        await self._hosts.renew()
        await self._palettes.renew()
        return copy.copy(self)

    def take_over(self, operator: OperatorSpec, keys: Keys) -> None:
        """Go by other rules and keys from now on; calls that are under way end as they began.

        What was begun before shares no client with what is begun from now on, later either.
        """
        self._taken_over += 1
        self._keys, self._operator = _with_roles(keys, operator), operator
        self._credentials, self._secret = keys.store.credentials, keys.store.get
        self._check_destination = self._keys.destinations.check
        self._hosts.retire()
        self._palettes.retire()

    @property
    def dial(self) -> Dial:
        """The way to addresses that every client of this access takes."""
        return Dial(self._keys.destinations.check_address)

    @property
    def request_s(self) -> float:
        """How long the whole of one request may take."""
        return self._operator.timing.request_seconds

    def endpoint_problem(self, secret: str, endpoint: str) -> Problem | None:
        """Return why a server may not be called at all; the secret is the one it would be sent."""
        try:
            self._keys.destinations.check_endpoint(endpoint, secret)
        except PairctlError as error:
            return error.problem
        return None

    async def local_ui(self, spec: LocalUIPlace) -> LocalUI:
        """Return the client of an edge host. Raises PairctlError before anything is connected."""
        self._check(SecretRole.LOCAL_UI, spec.credentials.secret, spec.endpoint, spec.tls)
        credentials = self._credentials(spec.credentials.secret)
        trust = await self._trust(spec.tls, spec.endpoint)
        return self._hosts.get(
            (self._taken_over, spec.endpoint, credentials, trust),
            lambda: self._LOCAL_UI(spec.endpoint, credentials, self._wire(trust), self._refused),
        )

    async def palette(self, spec: PaletteSpec) -> Palette:
        """Return the client of a Palette. Raises PairctlError before anything is connected."""
        self._check(SecretRole.API_KEY, spec.api_key.secret, spec.endpoint, spec.tls)
        api_key = self._secret(spec.api_key.secret)
        trust = await self._trust(spec.tls, spec.endpoint)
        return self._palettes.get(
            (self._taken_over, spec.endpoint, api_key, trust, spec.project or ""),
            lambda: self._PALETTE(
                spec.endpoint,
                api_key,
                self._wire(trust, self._limit(spec.endpoint)),
                project=spec.project,
                pairing=self._operator.routes,
            ),
        )

    def token_secret(self, intent: Intent, endpoint: str = "") -> Secret | None:
        """Return the registration token that an intent gives as a secret; None where it names one.

        The token is handed to the edge host, so it must be bound to that host: the one at
        `endpoint`, or all that may answer.
        """
        spec = intent.spec
        if spec.registration_token is None or spec.registration_token.secret is None:
            return None
        name, role = spec.registration_token.secret, SecretRole.REGISTRATION_TOKEN
        self._keys.destinations.check_role(name, role)
        for place in spec.local_ui.places if spec.local_ui else ():
            if endpoint in ("", place.endpoint):
                self._check(role, name, place.endpoint, place.tls)
        return self._secret(name)

    def variables(self, intent: Intent) -> Mapping[str, Secret | str]:
        """Return the values of profile variables; those that are secrets are bound to Palette."""
        return {name: self._value(value, intent) for name, value in intent.variables.items()}

    async def pack_values(self, intent: Intent) -> Mapping[str, str]:
        """Return the values that are given for packs, by pack; files are those of the commit."""
        return {
            pack: item.inline if item.inline is not None else await self._text(item.file or "")
            for pack, item in intent.pack_values.items()
        }

    def is_insecure(self, intent: Intent) -> bool:
        """Whether the host is to reach Palette without checking who it is."""
        tls = intent.palette.tls
        return tls is not None and bool(tls.insecure)

    def _value(self, value: str | SecretReference, intent: Intent) -> Secret | str:
        if isinstance(value, str):
            return value
        palette = intent.palette
        self._check(SecretRole.VARIABLE, value.secret, palette.endpoint, palette.tls)
        return self._keys.store.text(value.secret)

    def _limit(self, endpoint: str) -> PaletteLimit:
        """Return the one limit of a Palette: it counts for all clients from this address."""
        if endpoint not in self._limits:
            self._limits[endpoint] = PaletteLimit(self._clock.monotonic, self._clock.sleep)
        return self._limits[endpoint]

    def _wire(self, trust: Trust, limit: PaletteLimit | None = None) -> Wire:
        return Wire(
            redactor=self._keys.redactor,
            trust=trust,
            dial=self.dial,
            contexts=self._contexts,
            kept=self._kept,
            limit=limit or HostLimit(self._clock.monotonic, self._clock.sleep),
            deadline_s=self._operator.timing.request_seconds,
            sleep=self._clock.sleep,
            now=self._clock.now,
            sender=self._holder,
            log=self._log,
        )

    async def _trust(self, tls: Tls | None, endpoint: str) -> Trust:
        if tls is None:
            return SystemAuthorities()
        if tls.fingerprint:
            return Pinned(tls.fingerprint)
        if tls.ca_file:
            return Authorities(await self._text(tls.ca_file))
        self._keys.destinations.check_insecure(endpoint)
        return Unchecked()

    def _check(self, role: SecretRole, secret: str, endpoint: str, tls: Tls | None) -> None:
        """Refuse to send a secret where, or as what, it may not go; nothing is connected yet."""
        pinned = tls.fingerprint if tls and tls.fingerprint else ""
        self._check_destination(secret, endpoint, pinned, role)

    async def _text(self, path: str) -> str:
        """Read a text file of the commit."""
        content = await self._files.read(path)
        if content is None:
            raise ConfigurationError(
                Problem(
                    "FileMissing",
                    f"the document names the file {path}, which the commit does not have",
                    "commit the file, or correct the path; it is told from the repository's root",
                )
            )
        return content.decode(errors="replace")


def _with_roles(keys: Keys, operator: OperatorSpec) -> Keys:
    """What secrets may serve as is asked with where they may go, before anything is connected."""
    destinations = replace(keys.destinations, roles=operator.secret_roles)
    return replace(keys, destinations=destinations)


class _FilesOfCommit:
    """The files of one commit that documents name, each read once: a fleet shares a CA file."""

    def __init__(self, read_file: ReadFile) -> None:
        self._read_file = read_file
        self._known: dict[str, bytes | None] = {}
        self._reading = asyncio.Lock()

    async def read(self, path: str) -> bytes | None:
        """Return the content of a file; None where the commit does not have it."""
        async with self._reading:
            if path not in self._known:
                self._known[path] = await self._read_file(path)
            return self._known[path]


async def _no_file(path: str) -> bytes | None:
    del path
    return None
