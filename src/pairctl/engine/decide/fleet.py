"""Observing and deciding for all intents of a commit. Nothing is written: `plan` is just this."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from pairctl.engine.decide.duplicates import other_subjects, without_duplicates
from pairctl.engine.decide.first_reads import Memory
from pairctl.engine.decide.requeue import Requeue, is_claimed_since
from pairctl.engine.decide.unrecognized import find_unrecognized, reject_unrecognized
from pairctl.engine.desired.source import Source
from pairctl.engine.observe.look import Look
from pairctl.engine.observe.lookers import Lookers
from pairctl.engine.observe.observer import Observer
from pairctl.engine.runtime.clock import Clock
from pairctl.engine.runtime.events import Decided, Kept, Listener
from pairctl.pairing import (
    Decision,
    Intent,
    PaletteView,
    Phase,
    Status,
    Unrecognized,
    decide,
    with_health,
)
from pairctl.problem import Problem
from pairctl.records import Ledger
from pairctl.spec import PaletteSpec, UnrecognizedRequests


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen and decided. `kept` are settled intents that nothing has changed for.

    `judged` is what each intent comes to by itself, `decisions` what the fleet leaves of it. Those
    without a look stand from an earlier one of the run.
    `unrecognized` are pairing requests that no intent names, by the name of their Palette. Where a
    Palette says `unrecognizedRequests: Reject`, rejecting them is among the decisions.
    """

    decisions: Mapping[str, Decision]
    judged: Mapping[str, Decision]
    looks: Mapping[str, Look]
    kept: Mapping[str, Status]
    views: Mapping[str, PaletteView]
    unrecognized: Mapping[str, Unrecognized]

    @property
    def unseen_palettes(self) -> dict[str, Problem]:
        """Why a Palette could not be looked at, by its name; of those that could be, nothing."""
        return {name: view.problem for name, view in self.views.items() if view.problem}


async def survey(
    source: Source,
    memory: Memory,
    observer: Observer,
    clock: Clock,
    listener: Listener,
    requeue: Requeue | None = None,
    lookers: Lookers | None = None,
    only: frozenset[str] | None = None,
) -> Survey:
    """Look at the world for every intent that is not settled, and decide on each.

    For some intents `only`, no other host or Palette is asked: what the others are about counts by
    their documents and by what is on record of them. Nothing is rejected as nobody's then: that
    takes a look for all.

    In a run that goes on looking, `requeue` says whose look is not due yet, and for whom a brief
    one is enough: what is decided on it is looked at in full before anything is sent. An intent
    that `lookers` still look at when the others are seen is decided on in a later pass.
    """
    ledger = memory.ledger
    chosen, palettes = _chosen(source, only)
    await _learn_tokens(chosen.intents.values(), ledger, observer)
    kept = await settled_intents(chosen, ledger, observer, now=clock.now())
    views = await observer.views(palettes)
    requeue, lookers = requeue or Requeue(), lookers or Lookers()
    lookers.keep_to(chosen.intents)
    claims = frozenset(claim.id for claim in ledger.claims.values())
    waiting = requeue.waiting(chosen)
    standing = requeue.standing(chosen, memory, views, clock.monotonic())
    decisions: dict[str, Decision] = {n: one for n, one in standing.items() if n not in kept}
    looks: dict[str, Look] = {}

    def decided(intent: Intent, look: Look, known: frozenset[str]) -> None:
        """Decide on a look; it says nothing of claims that were made after it began."""
        record = memory.record_of(intent, look.observed.palette)
        record = replace(record, claims=tuple(c for c in record.claims if c.id in known))
        decision = decide(intent, look.observed, record, now=look.began_at)
        if is_claimed_since(decision, memory):
            return
        looks[intent.name], decisions[intent.name] = look, decision
        listener(Decided(intent.name, decision))

    async def look_at(names: AbstractSet[str]) -> None:
        for name, intent in chosen.intents.items():
            if name in names:
                record, before = ledger.record_of(intent), waiting.get(name)
                lookers.begin(intent, partial(observer.look, intent, record, before=before), claims)
        await lookers.wait(names, decided)
        decisions.update(requeue.last(lookers.names - decisions.keys(), chosen, memory))

    for name, status in kept.items():
        listener(Kept(name, status))
    await look_at(chosen.intents.keys() - kept.keys() - decisions.keys())
    views = await observer.views(palettes)
    unnamed: dict[str, Unrecognized] = {}
    if only is None:
        unnamed = find_unrecognized(source, decisions, kept, views)
        if _must_see_all(source, unnamed, kept, source.intents.keys() - looks.keys()):
            # Nothing is rejected as nobody's on the record's word that a cluster is another's.
            await look_at(source.intents.keys() - looks.keys())
            kept = {}
            unnamed = find_unrecognized(source, decisions, kept, views)
    in_order = {name: decisions[name] for name in chosen.intents if name in decisions}
    in_order |= reject_unrecognized(source, unnamed, views, memory, now=clock.now())
    held = without_duplicates(in_order, other_subjects(source, in_order, ledger))
    return Survey(held, in_order, looks, kept, views, unnamed)


def _chosen(
    source: Source, only: frozenset[str] | None
) -> tuple[Source, Mapping[str, PaletteSpec]]:
    """Return the commit with some of its intents, and the Palettes to look at; None: with all."""
    if only is None:
        return source, source.palettes
    intents = {name: intent for name, intent in source.intents.items() if name in only}
    palettes = {one.palette_name: one.palette for one in intents.values()}
    return replace(source, intents=intents), palettes


async def survey_one(
    name: str,
    source: Source,
    memory: Memory,
    observer: Observer,
    listener: Listener,
    requeue: Requeue | None = None,
) -> Survey:
    """Look at the world for one intent, and decide on it; no other host or Palette is asked.

    What the others are about counts by their documents and by what is on record of them. Nothing
    is rejected as nobody's: that takes a look for all.
    """
    intent, ledger = source.intents[name], memory.ledger
    waiting = requeue.waiting(source) if requeue else {}
    if _takes_token_of_palette(intent):
        # All of this run is shown, and given away: a token is known before a server can tell it.
        await observer.palette_cache(intent).learn_tokens()
    look = await observer.look(intent, ledger.record_of(intent), before=waiting.get(name))
    record = memory.record_of(intent, look.observed.palette)
    decided = {name: decide(intent, look.observed, record, now=look.began_at)}
    views = await observer.views({intent.palette_name: intent.palette})
    held = without_duplicates(decided, other_subjects(source, decided, ledger))
    listener(Decided(name, held[name]))
    return Survey(held, decided, {name: look}, {}, views, {})


async def _learn_tokens(intents: Iterable[Intent], ledger: Ledger, observer: Observer) -> None:
    """Have the tokens of pending requests known before a server can tell one, in what it answers.

    Who sends a request looks its token up anyway; who finds one pending would not. Where none is,
    this asks nothing.
    """
    for intent in intents:
        status = ledger.statuses.get(intent.name)
        if status is None or not status.pairing_uid or _was_paired(status, intent):
            continue
        if _takes_token_of_palette(intent):
            await observer.palette_cache(intent).learn_tokens()


def _takes_token_of_palette(intent: Intent) -> bool:
    token = intent.spec.registration_token
    return token is not None and token.from_palette is not None


def _must_see_all(
    source: Source,
    unnamed: Mapping[str, Unrecognized],
    kept: Mapping[str, Status],
    not_looked_at: AbstractSet[str],
) -> bool:
    """Whether requests would be rejected as nobody's, if the hosts of the others were seen."""
    return bool(not_looked_at) and any(
        palette.unrecognized_requests is UnrecognizedRequests.REJECT
        and unnamed[name].requests
        and set(unnamed[name].unseen) <= kept.keys()
        for name, palette in source.palettes.items()
    )


async def settled_intents(
    source: Source, ledger: Ledger, observer: Observer, *, now: datetime
) -> dict[str, Status]:
    """Return the paired intents that Palette's list agrees with; their hosts are left alone.

    While Palette cannot be seen they stay as they are: pairing cannot be undone. Their health in
    Palette stands in that list as well, and is told until it was seen to be good.
    """
    kept = {}
    for name, intent in source.intents.items():
        status = ledger.statuses.get(name)
        if status is None or not _was_paired(status, intent):
            continue
        view = (await observer.palette_cache(intent).see()).view
        cluster = view.clusters_by_uid.get(status.palette_uid)
        if cluster is not None:
            kept[name] = with_health(status, cluster, now=now.replace(microsecond=0))
        elif view.problem:
            kept[name] = status
    return kept


def _was_paired(status: Status, intent: Intent) -> bool:
    return status.phase is Phase.PAIRED and status.generation == intent.generation
