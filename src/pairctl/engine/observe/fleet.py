"""Looking at the world for all intents of a commit, or for some. It decides nothing for a fleet."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import partial

from pairctl.engine.desired.source import Source
from pairctl.engine.observe.look import Look
from pairctl.engine.observe.lookers import Lookers
from pairctl.engine.observe.observer import Observer
from pairctl.engine.observe.requeue import Requeue
from pairctl.engine.runtime.clock import Clock
from pairctl.engine.runtime.events import Decided, Kept, Listener, unheard
from pairctl.pairing import (
    FleetDocuments,
    FleetObservations,
    FleetRecords,
    Intent,
    Looked,
    RolloutDocuments,
    judge,
    must_see_all_hosts,
    settled_intents,
    was_paired,
)
from pairctl.problem import Problem
from pairctl.spec import PaletteSpec


@dataclass(frozen=True, slots=True)
class FleetLook:
    """What was seen, as `decide_all` takes it, and the looks behind it, by intent."""

    documents: FleetDocuments
    observations: FleetObservations
    looks: Mapping[str, Look]

    def with_rollouts(self, rollouts: RolloutDocuments) -> "FleetLook":
        """Return the look with what the commit says of rollouts."""
        return replace(self, documents=replace(self.documents, rollouts=rollouts))

    @property
    def unseen_palettes(self) -> dict[str, Problem]:
        """Why a Palette could not be looked at, by its name; of those that could be, nothing."""
        views = self.observations.views.items()
        return {name: view.problem for name, view in views if view.problem}


def documents_of(source: Source) -> FleetDocuments:
    """Return what a commit declares, as `decide_all` takes it."""
    names, unread = source.names, source.unread
    return FleetDocuments(
        source.intents,
        source.palettes,
        names,
        unread,
        source.is_partial,
        unread_palettes=source.unread_palettes,
    )


def _chosen(
    source: Source, only: frozenset[str] | None
) -> tuple[Mapping[str, Intent], Mapping[str, PaletteSpec]]:
    """Return the intents and Palettes to look at; None: all of the commit."""
    if only is None:
        return source.intents, source.palettes
    intents = {name: intent for name, intent in source.intents.items() if name in only}
    return intents, {one.palette_name: one.palette for one in intents.values()}


async def observe_all(
    source: Source,
    records: FleetRecords,
    observer: Observer,
    clock: Clock,
    listener: Listener,
    requeue: Requeue | None = None,
    lookers: Lookers | None = None,
    only: frozenset[str] | None = None,
) -> FleetLook:
    """Look at the world for every intent that is not settled.

    For some intents `only`, no other host or Palette is asked: what the others are about counts by
    their documents and by what is on record of them. Nothing is rejected as unrecognized then: that
    takes a look for all.

    In a run that goes on looking, `requeue` says whose look is not due yet, and for whom a brief
    one is enough: what is decided on it is looked at in full before anything is sent. An intent
    that `lookers` still look at when the others are seen is decided on in a later pass.
    """
    documents, (intents, palettes) = documents_of(source), _chosen(source, only)
    await _learn_tokens(intents.values(), records, observer)
    views = await observer.views(palettes)
    kept = settled_intents(intents, records, views, now=clock.now())
    requeue, lookers = requeue or Requeue(), lookers or Lookers()
    lookers.keep_to(intents)
    standing = requeue.standing(intents, records, views, clock.monotonic())
    for name, status in kept.items():
        listener(Kept(name, status))
    looking = _Looking(intents, records, observer, listener, requeue, lookers)
    due, is_ready = intents.keys() - kept.keys() - standing.keys(), requeue.has_ready(standing)
    await looking.look_at(due, hurries=is_ready)

    def seen() -> FleetObservations:
        slow = lookers.names - standing.keys()
        known = {**standing, **requeue.last(slow, intents, records)}
        return FleetObservations(looking.looked, known, kept, views, all_looked_for=only is None)

    views = await observer.views(palettes)
    observations = seen()
    if only is None and must_see_all_hosts(documents, records, observations):
        # Looks at slow hosts come in at different times; nothing is rejected without all of them.
        now = observations.looked_at_since(records.read_s)
        await looking.look_at(intents.keys() - now, waits_for_all=True)
        kept = {}
        observations = seen()
    return FleetLook(documents, observations, looking.looks)


async def observe_one(
    name: str,
    source: Source,
    records: FleetRecords,
    observer: Observer,
    requeue: Requeue | None = None,
) -> FleetLook:
    """Look at the world for one intent; no other host or Palette is asked.

    What the others are about counts by their documents and by what is on record of them. A person
    follows this one: what is decided is heard of when all is weighed, not when the look comes in.
    """
    intents, palettes = _chosen(source, frozenset({name}))
    intent = intents[name]
    if _takes_token_of_palette(intent):
        # All of this run is shown, and given away: a token is known before a server can tell it.
        await observer.palette_cache(intent).learn_tokens()
    looking = _Looking(intents, records, observer, unheard, requeue or Requeue(), Lookers())
    await looking.look_at({name})
    views = await observer.views(palettes)
    observations = FleetObservations(looking.looked, views=views, all_looked_for=False)
    return FleetLook(documents_of(source), observations, looking.looks)


@dataclass
class _Looking:
    """The looks of one pass as they come in, each with what its intent comes to by itself."""

    intents: Mapping[str, Intent]
    records: FleetRecords
    observer: Observer
    listener: Listener
    requeue: Requeue
    lookers: Lookers
    looks: dict[str, Look] = field(default_factory=dict)
    looked: dict[str, Looked] = field(default_factory=dict)

    async def look_at(
        self, names: AbstractSet[str], *, hurries: bool = False, waits_for_all: bool = False
    ) -> None:
        """Look at these intents; of those that take long, nothing is known yet.

        Who `hurries` waits for none but those that are looked at for the first time.
        """
        waiting, claims = self.requeue.waiting(self.intents), self.records.claim_ids
        # What a commit has just asked for does not queue behind what is looked at once more.
        due = [name for name in self.intents if name in names]
        new = frozenset(name for name in due if not self.requeue.has_seen(self.intents[name]))
        for name in sorted(due, key=lambda name: name not in new):
            intent, recorded = self.intents[name], self.records.of_intent(name)
            look = partial(self.observer.look, intent, recorded, before=waiting.get(name))
            self.lookers.begin(intent, look, claims)
        await self.lookers.wait(
            names, self._came_in, new, only_new=hurries, waits_for_all=waits_for_all
        )

    def _came_in(self, intent: Intent, look: Look, known: frozenset[str]) -> None:
        """Take a look in. One that says nothing of a claim that may bind shows only what it is of.

        It is heard of when there is another.
        """
        name, looked = intent.name, Looked(look.observed, look.began_at, known, look.began)
        decision = judge(intent, looked, self.records)
        self.looked[name] = replace(looked, decision=decision)
        if decision:
            self.looks[name] = look
            self.listener(Decided(name, decision))


async def _learn_tokens(
    intents: Iterable[Intent], records: FleetRecords, observer: Observer
) -> None:
    """Have the tokens of pending requests known before a server can tell one, in what it answers.

    Who sends a request looks its token up anyway; who finds one pending would not. Where none is,
    this asks nothing.
    """
    for intent in intents:
        status = records.statuses.get(intent.name)
        if status is None or not status.pairing_uid or was_paired(status, intent):
            continue
        if _takes_token_of_palette(intent):
            await observer.palette_cache(intent).learn_tokens()


def _takes_token_of_palette(intent: Intent) -> bool:
    token = intent.spec.registration_token
    return token is not None and token.from_palette is not None
