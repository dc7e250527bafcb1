"""Looking at the world for the intents of one pass. It reads; what it can call cannot write."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from pairctl.apis import NoAnswer, Unreachable, pack_values
from pairctl.engine.observe.acceptance_to_send import build_acceptance
from pairctl.engine.observe.access import Access
from pairctl.engine.observe.cluster_lists import ClusterLists
from pairctl.engine.observe.look import Look
from pairctl.engine.observe.lookers import Place, Places
from pairctl.engine.observe.palette_cache import PaletteCache, UsableToken
from pairctl.engine.runtime.clock import Clock
from pairctl.layers import Configuration, Configured, unreadable
from pairctl.pairing import (
    Case,
    Connection,
    EdgeHost,
    Intent,
    Observed,
    PaletteView,
    Question,
    Recorded,
    RequestSnapshot,
    RequestState,
    acceptance_of,
    canonical_endpoint,
    open_question,
    snapshot_uid,
)
from pairctl.problem import PairctlError, Problem, defect
from pairctl.secrets import Secret
from pairctl.spec import LocalUIPlace, PaletteSpec

LONG_AGO = float("-inf")

_GONE = frozenset({"NotFound", "NoSuchRoute"})
"""What a call for one request comes to where it is there no more; without words, it may be both."""


class Observer:
    """Looks for one pass: Palettes are listed once and shared, hosts are asked one by one."""

    def __init__(
        self,
        access: Access,
        clock: Clock,
        cluster_lists: ClusterLists | None = None,
        places: Places | None = None,
    ) -> None:
        self._access = access
        self._clock = clock
        self._cluster_lists = cluster_lists or ClusterLists()
        self._caches: dict[str, PaletteCache] = {}
        self._places = places or Places()
        self._since_s = LONG_AGO

    def renew(self, since_s: float) -> None:
        """From now on what Palette listed before a moment (monotonic) is not used any more."""
        self._since_s = since_s

    def palette_cache(self, intent: Intent) -> PaletteCache:
        """Return the shared cache of the Palette that an intent names."""
        return self._cache_of(intent.palette_name, intent.palette)

    def _cache_of(self, name: str, spec: PaletteSpec) -> PaletteCache:
        if name not in self._caches:
            self._caches[name] = PaletteCache(
                spec, lambda: self._access.palette(spec), self._clock, self._cluster_lists
            )
        return self._caches[name]

    async def views(self, palettes: Mapping[str, PaletteSpec]) -> dict[str, PaletteView]:
        """Return what was seen of each Palette, by its name in the repository."""
        caches = {name: self._cache_of(name, spec) for name, spec in palettes.items()}
        return {name: (await one.see(self._since_s)).view for name, one in caches.items()}

    async def look(
        self,
        intent: Intent,
        recorded: Recorded,
        *,
        not_before: float = LONG_AGO,
        at_most_s: float = -LONG_AGO,
        before: Observed | None = None,
        planned: Observed | None = None,
    ) -> Look:
        """Look for one intent: Palette, then the host, then what the first look calls for.

        What Palette listed is used again if it was seen at or after `not_before` (monotonic), and
        is at most `at_most_s` old; the host is always asked.

        With `before`, what was seen of the same intent while it waits, the look is brief: the host
        is asked for what may change, and what was asked of the very same is not asked again. No
        action may rest on a brief look.

        With `planned`, what a request that is about to be sent rests on, a slow host checks its
        connection beside the other calls: the look takes one round of them.
        """
        if intent.spec.suspend:
            listing = await self.palette_cache(intent).see(self._since_s)
            return Look(Observed(listing.view), listing.began, listing.began_at)
        async with self._places.take() as place:
            oldest = self._clock.monotonic() - at_most_s
            listing = await self.palette_cache(intent).see(max(not_before, oldest, self._since_s))
            ahead = await self._connection_ahead(intent, planned) if planned else None
            try:
                host, endpoint, is_slow = await self._host(
                    intent, place, is_brief=before is not None
                )
                observed = Observed(listing.view, host, endpoint=endpoint)
                observed = _known_before(observed, before)
                look = Look(observed, listing.began, listing.began_at, is_slow=is_slow)
                return await self._ask(intent, recorded, look, ahead)
            except Exception as error:  # noqa: BLE001 - as below
                seen = Observed(listing.view, defect(error))
                return Look(seen, listing.began, listing.began_at)
            finally:
                if ahead:
                    ahead.end()

    async def _host(
        self, intent: Intent, in_place: Place, *, is_brief: bool
    ) -> tuple[EdgeHost | Problem | None, str, bool]:
        """Look at the first host that answers; say where that was, and whether it took long.

        The next one is tried only where one cannot be reached: what a host answers, a refusal too,
        is the answer, and one that does not prove who it is hides behind no other.
        """
        silent: list[tuple[str, Problem]] = []
        for place in intent.spec.local_ui.places if intent.spec.local_ui else ():
            try:
                in_place.host = client = await self._access.local_ui(place)
                host = await client.observe(is_brief=is_brief)
                return host, place.endpoint, client.is_slow or bool(silent)
            except (Unreachable, NoAnswer) as error:
                silent.append((place.endpoint, error.problem))
            except PairctlError as error:
                return _after_others(error.problem, silent), "", bool(silent)
            except Exception as error:  # noqa: BLE001 - one odd host must not end the pass for all
                return defect(error), "", bool(silent)
        return _none_answered(silent), "", bool(silent)

    async def _connection_ahead(self, intent: Intent, planned: Observed) -> "_Ahead | None":
        """Begin the check of the connection at a slow host; None where it is asked in its turn.

        The registration token goes to the very place where all else was proven for it.
        """
        token = await self._token(intent, planned.endpoint)
        if isinstance(token, Problem):
            return None
        try:
            client = await self._access.local_ui(place_at(intent, planned.endpoint))
        except PairctlError:
            return None
        endpoint, insecure = self._palette_for_host(intent)
        task = client.connection_ahead(endpoint, token[1], insecure=insecure)
        return _Ahead(planned.endpoint, token[1], task) if task else None

    def _palette_for_host(self, intent: Intent) -> tuple[str, bool]:
        """Return where a host is to find Palette, and whether it is not to check who that is."""
        return canonical_endpoint(intent.palette.endpoint), self._access.is_insecure(intent)

    async def _ask(
        self, intent: Intent, recorded: Recorded, look: Look, ahead: "_Ahead | None" = None
    ) -> Look:
        """Ask, one after the other, what a look leaves open; answers are part of what was seen."""
        for _ in Question:
            case = Case(intent, look.observed, recorded, now=look.began_at)
            question = open_question(case)
            if question is None:
                break
            look = await self._answered(question, case, look, ahead)
        return look

    async def _answered(
        self, question: Question, case: Case, look: Look, ahead: "_Ahead | None"
    ) -> Look:
        match question:
            case Question.REGISTRATION:
                return await self._ask_token(case.intent, look)
            case Question.CONNECTION:
                seen = await self._connection(case, look.token, ahead)
                return replace(look, observed=replace(look.observed, connection=seen))
            case Question.CONFIGURATION:
                brought = await self._brought(case, look.began)
                return replace(look, observed=replace(look.observed, brought=brought))
            case Question.SNAPSHOT:
                # A request that is gone by now is not listed any more either.
                held, view = await self._snapshot(case), look.observed.palette
                if isinstance(held, Problem) and held.reason in _GONE:
                    view = (await self.palette_cache(case.intent).see(self._clock.monotonic())).view
                return replace(look, observed=replace(look.observed, snapshot=held, palette=view))
            case Question.OBJECTIONS:
                shown = await self._objections(case)
                return replace(look, observed=replace(look.observed, objections=shown))
            case Question.TAGS:
                tags = await self._tags(case)
                return replace(look, observed=replace(look.observed, tags=tags))
            case _:
                assert_never(question)

    async def _ask_token(self, intent: Intent, look: Look) -> Look:
        token = await self._token(intent, look.observed.endpoint)
        if isinstance(token, Problem):
            return replace(look, observed=replace(look.observed, token=token))
        facts, value = token
        return replace(look, observed=replace(look.observed, token=facts), token=value)

    async def _token(self, intent: Intent, endpoint: str) -> UsableToken | Problem:
        wanted = intent.spec.registration_token
        if wanted is None:
            return Problem("NoToken", "the intent names no registration token", "name one")
        try:
            value = self._access.token_secret(intent, endpoint)
            return await self.palette_cache(intent).token(wanted, value)
        except PairctlError as error:
            return error.problem

    async def _connection(
        self, case: Case, token: Secret | None, ahead: "_Ahead | None"
    ) -> Connection | Problem:
        if token is None:
            return Problem("NoToken", "the registration token was not seen", "look again")
        try:
            if ahead and (ahead.endpoint, ahead.token) == (case.observed.endpoint, token):
                return await ahead.task
            # The very host that was looked at is asked.
            client = await self._access.local_ui(place_at(case.intent, case.observed.endpoint))
            endpoint, insecure = self._palette_for_host(case.intent)
            return await client.verify_connection(endpoint, token, insecure=insecure)
        except PairctlError as error:
            return error.problem

    async def _brought(self, case: Case, not_before: float) -> Configured:
        """Return the values that the selection would bring; what the documents give comes first."""
        cache, given = self.palette_cache(case.intent), await self._given(case.intent)
        read = [await cache.values(profile, not_before) for profile in case.selection]
        return tuple(
            replace(one, configuration=given.get(one.layer.name, one.configuration))
            for values in read
            for one in values
        )

    async def _given(self, intent: Intent) -> Mapping[str, Configuration]:
        """Return the values that the documents give for packs, by pack."""
        try:
            texts = await self._access.pack_values(intent)
        except PairctlError as error:
            return dict.fromkeys(intent.pack_values, unreadable(error.problem.message))
        return {pack: pack_values(text) for pack, text in texts.items()}

    async def _snapshot(self, case: Case) -> RequestSnapshot | Problem:
        try:
            client = await self.palette_cache(case.intent).client()
            return await client.request(snapshot_uid(case))
        except PairctlError as error:
            return error.problem

    async def _objections(self, case: Case) -> tuple[str, ...] | Problem:
        try:
            client = await self.palette_cache(case.intent).client()
            acceptance = await build_acceptance(
                acceptance_of(case), case.intent, client, self._access
            )
            return tuple(await client.validate_acceptance(acceptance))
        except PairctlError as error:
            return error.problem

    async def _tags(self, case: Case) -> Mapping[str, Mapping[str, str]] | Problem:
        pending = [e.pairing_uid for e in case.entries if e.state is RequestState.PENDING]
        try:
            client = await self.palette_cache(case.intent).client()
            return {uid: await client.request_tags(uid) for uid in pending}
        except PairctlError as error:
            return error.problem


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A check of the connection that was begun beside a look, where, and with which token."""

    endpoint: str
    token: Secret
    task: asyncio.Task[Connection]

    def end(self) -> None:
        """End it; an answer that nobody waited for is not missed."""
        self.task.cancel()
        self.task.add_done_callback(lambda task: task.cancelled() or task.exception())


def place_at(intent: Intent, endpoint: str) -> LocalUIPlace:
    """Return the place of an intent's that is at this endpoint, as the documents have it.

    Raises PairctlError where there is none: no other host may be called in its place.
    """
    places = intent.spec.local_ui.places if intent.spec.local_ui else ()
    found = next((place for place in places if place.endpoint == endpoint), None)
    if found is None:
        raise PairctlError(
            Problem("HostNotSeen", "no host of the cluster was looked at", "look again")
        )
    return found


def _none_answered(silent: Sequence[tuple[str, Problem]]) -> Problem | None:
    """Return why no host was seen: that of the first one, and which others were tried."""
    if not silent:
        return None
    (_, problem), *others = silent
    if not others:
        return problem
    shown = "; ".join(f"{endpoint}: {one.message}" for endpoint, one in others)
    words = f"{problem.message}; the others do not answer either: {shown}"
    return replace(problem, message=words)


def _after_others(problem: Problem, silent: Sequence[tuple[str, Problem]]) -> Problem:
    """Return why a host refused, and which others did not answer before it was asked."""
    if not silent:
        return problem
    shown = "; ".join(f"{endpoint}: {one.message}" for endpoint, one in silent)
    words = f"{problem.message}; it was asked because others do not answer: {shown}"
    return replace(problem, message=words)


def _known_before(observed: Observed, before: Observed | None) -> Observed:
    """Return what was seen now, with the answers of before where all that they are about is same.

    Only while something is waited for: before an action everything is asked again.
    """
    host = observed.host
    if before is None or not isinstance(host, EdgeHost) or host != before.host:
        return observed
    uid = host.request.pairing_uid if host.request else ""
    now, then = observed.palette, before.palette
    if now.profiles != then.profiles or now.index.rows_of(uid) != then.index.rows_of(uid):
        return observed
    return replace(
        observed,
        snapshot=before.snapshot,
        objections=before.objections,
        brought=before.brought,
    )
