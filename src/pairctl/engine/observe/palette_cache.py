"""One Palette as the intents of a pass see it: listed once, shared, seen anew when asked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from pairctl.apis import Palette, Token, unread
from pairctl.engine.observe.cluster_lists import ClusterLists
from pairctl.engine.runtime.clock import Clock
from pairctl.layers import Configured, Profile
from pairctl.pairing import PaletteView, TokenFacts
from pairctl.problem import PairctlError, Problem, defect
from pairctl.secrets import Secret
from pairctl.spec import PaletteSpec, RegistrationToken

Opener = Callable[[], Awaitable[Palette]]
UsableToken = tuple[TokenFacts, Secret]


@dataclass(frozen=True, slots=True)
class Listing:
    """A view, and when looking began: monotonic for ages, and the time of day."""

    view: PaletteView
    began: float
    began_at: datetime


class PaletteCache:
    """What Palette lists in bulk, with the moment it was seen; a problem is a view of its own."""

    def __init__(
        self, spec: PaletteSpec, opener: Opener, clock: Clock, cluster_lists: ClusterLists
    ) -> None:
        self._spec = spec
        self._open = opener
        self._clock = clock
        self._cluster_lists = cluster_lists
        self._lock = asyncio.Lock()
        self._listing: Listing | None = None
        self._values: dict[Profile, tuple[float, Configured]] = {}
        self._reading: dict[str, asyncio.Lock] = {}
        self._tokens: tuple[Token, ...] | Problem | None = None

    async def client(self) -> Palette:
        """Return the client of this Palette. Raises PairctlError where it may not be called."""
        return await self._open()

    async def see(self, not_before: float = float("-inf")) -> Listing:
        """Return what Palette lists, seen at or after `not_before` (monotonic seconds).

        Requests and profiles are that fresh; clusters may be of an earlier list: no action rests
        on them.
        """
        async with self._lock:
            if self._listing is None or self._listing.began < not_before:
                began, began_at = self._clock.monotonic(), self._clock.now()
                self._listing = Listing(await self._look(), began, began_at)
            return self._listing

    async def values(self, profile: Profile, not_before: float) -> Configured:
        """Return the values of a profile's layers, read at or after `not_before` (monotonic).

        They are read once for all intents that select the profile in one listing. Where they
        cannot be read, each layer says why.
        """
        lock = self._reading.setdefault(profile.uid, asyncio.Lock())
        async with lock:
            found = self._values.get(profile)
            if found is None or found[0] < not_before:
                found = self._clock.monotonic(), await self._read_values(profile)
                self._values[profile] = found
            return found[1]

    async def _read_values(self, profile: Profile) -> Configured:
        try:
            return await (await self._open()).profile_values(profile)
        except PairctlError as error:
            return unread(profile, error.problem.message)
        except Exception as error:  # noqa: BLE001 - one odd answer must not end the pass for all
            return unread(profile, defect(error).message)

    async def learn_tokens(self) -> None:
        """Have the values of all registration tokens known as secrets, where they can be seen."""
        await self._list_tokens()

    async def token(self, wanted: RegistrationToken, value: Secret | None) -> UsableToken | Problem:
        """Find a registration token: by its name in Palette, or by the value of a secret."""
        tokens = await self._list_tokens()
        if isinstance(tokens, Problem):
            if value is None:
                return tokens
            return TokenFacts(wanted.secret or "", is_active=None), value
        if value is None:
            return _named(wanted.from_palette or "", tokens)
        return _of_value(wanted.secret or "", value, tokens)

    async def _look(self) -> PaletteView:
        try:
            client = await self._open()
            profiles, listed = await client.profiles(), await client.dated_requests()
            return PaletteView(
                profiles=profiles,
                requests=listed.requests,
                clusters=await self._cluster_lists.see(
                    self._spec, client, listed.requests or (), self._clock.monotonic()
                ),
                dated_at=listed.dated_at,
            )
        except PairctlError as error:
            return PaletteView(problem=error.problem)
        except Exception as error:  # noqa: BLE001 - one odd Palette must not end the pass for all
            return PaletteView(problem=defect(error))

    async def _list_tokens(self) -> tuple[Token, ...] | Problem:
        async with self._lock:
            if self._tokens is None:
                try:
                    self._tokens = await (await self._open()).tokens()
                except PairctlError as error:
                    self._tokens = error.problem
                except Exception as error:  # noqa: BLE001 - as above
                    self._tokens = defect(error)
            return self._tokens


def _named(name: str, tokens: tuple[Token, ...]) -> UsableToken | Problem:
    found = [token for token in tokens if token.facts.name == name]
    if len(found) == 1:
        return found[0].facts, found[0].value
    return Problem(
        "TokenNotFound" if not found else "TokenAmbiguous",
        f"Palette has {len(found) or 'no'} registration token{'s' * (len(found) > 1)} named {name}",
        "name a token that exists once in Palette, or give the token as a secret",
    )


def _of_value(secret: str, value: Secret, tokens: tuple[Token, ...]) -> UsableToken | Problem:
    for token in tokens:
        if token.value.reveal() == value.reveal():
            return token.facts, value
    return Problem(
        "TokenUnknown",
        f"the registration token in secret {secret} is none of Palette's",
        "put the value of a token of this Palette into the secret",
    )
