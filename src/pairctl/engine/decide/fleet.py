"""Observing and deciding for all intents of a commit. Nothing is written: `plan` is just this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pairctl.engine.decide.duplicates import other_subjects, without_duplicates
from pairctl.engine.decide.first_reads import Memory
from pairctl.engine.decide.unrecognized import find_unrecognized, reject_unrecognized
from pairctl.engine.desired.source import Source
from pairctl.engine.observe.observer import Look, Observer
from pairctl.engine.runtime.clock import Clock
from pairctl.engine.runtime.events import Decided, Kept, Listener
from pairctl.pairing import (
    Decision,
    Intent,
    Observed,
    PaletteView,
    Phase,
    Status,
    Unrecognized,
    decide,
)
from pairctl.problem import Problem
from pairctl.records import Ledger
from pairctl.spec import UnrecognizedRequests

NONE_WAITING: Mapping[str, Observed] = {}


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen and decided. `kept` are settled intents that nothing has changed for.

    `unrecognized` are pairing requests that no intent names, by the name of their Palette. Where a
    Palette says `unrecognizedRequests: Reject`, rejecting them is among the decisions.
    """

    decisions: Mapping[str, Decision]
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
    waiting: Mapping[str, Observed] = NONE_WAITING,
) -> Survey:
    """Look at the world for every intent that is not settled, and decide on each.

    For those that are `waiting`, by what was seen of them, a brief look is enough: what is decided
    on it is looked at in full before anything is sent.
    """
    ledger = memory.ledger
    kept = await settled_intents(source.intents, ledger, observer)
    for name, status in kept.items():
        listener(Kept(name, status))
    open_ = [intent for name, intent in source.intents.items() if name not in kept]
    decisions, looks = await _look_at(open_, memory, observer, listener, waiting)
    views = await observer.views(source.palettes)
    unnamed = find_unrecognized(source, decisions, kept, views)
    if _must_see_all(source, unnamed, kept):
        # Nothing is rejected as nobody's on the record's word that a cluster is another's.
        settled = [source.intents[name] for name in kept]
        more = await _look_at(settled, memory, observer, listener, waiting)
        decisions, looks, kept = decisions | more[0], looks | more[1], {}
        unnamed = find_unrecognized(source, decisions, kept, views)
    in_order = {name: decisions[name] for name in source.intents if name in decisions}
    in_order |= reject_unrecognized(source, unnamed, views, memory, now=clock.now())
    held = without_duplicates(in_order, other_subjects(source, in_order, ledger))
    return Survey(held, looks, kept, views, unnamed)


async def _look_at(
    intents: Sequence[Intent],
    memory: Memory,
    observer: Observer,
    listener: Listener,
    waiting: Mapping[str, Observed],
) -> tuple[dict[str, Decision], dict[str, Look]]:
    """Look at the world for intents, and decide on each by itself; in the order of looking."""
    decisions: dict[str, Decision] = {}
    looks: dict[str, Look] = {}

    def decided(intent: Intent, look: Look) -> None:
        looks[intent.name] = look
        record = memory.record_of(intent, look.observed.palette)
        decisions[intent.name] = decide(intent, look.observed, record, now=look.began_at)
        listener(Decided(intent.name, decisions[intent.name]))

    recorded = {intent.name: memory.ledger.record_of(intent) for intent in intents}
    await observer.look_at_all(intents, recorded, decided, waiting)
    return decisions, looks


async def survey_some(
    names: frozenset[str],
    source: Source,
    memory: Memory,
    observer: Observer,
    listener: Listener,
    waiting: Mapping[str, Observed] = NONE_WAITING,
) -> Survey:
    """Look at the world for some intents, and decide on each; no other host or Palette is asked.

    What the others are about counts by their documents and by what is on record of them. Nothing
    is rejected as nobody's: that takes a look for all.
    """
    ledger = memory.ledger
    mine = {name: intent for name, intent in source.intents.items() if name in names}
    kept = await settled_intents(mine, ledger, observer)
    for name, status in kept.items():
        listener(Kept(name, status))
    open_ = [intent for name, intent in mine.items() if name not in kept]
    decisions, looks = await _look_at(open_, memory, observer, listener, waiting)
    views = await observer.views({one.palette_name: one.palette for one in mine.values()})
    in_order = {name: decisions[name] for name in mine if name in decisions}
    held = without_duplicates(in_order, other_subjects(source, in_order, ledger))
    return Survey(held, looks, kept, views, {})


async def survey_one(
    name: str,
    source: Source,
    memory: Memory,
    observer: Observer,
    listener: Listener,
    waiting: Mapping[str, Observed] = NONE_WAITING,
) -> Survey:
    """Look at the world for one intent, and decide on it; no other host or Palette is asked.

    What the others are about counts by their documents and by what is on record of them. Nothing
    is rejected as nobody's: that takes a look for all.
    """
    intent, ledger = source.intents[name], memory.ledger
    token = intent.spec.registration_token
    if token is not None and token.from_palette:
        # All of this run is shown, and given away: a token is known before a server can tell it.
        await observer.palette_cache(intent).learn_tokens()
    look = await observer.look(intent, ledger.record_of(intent), before=waiting.get(name))
    record = memory.record_of(intent, look.observed.palette)
    decided = {name: decide(intent, look.observed, record, now=look.began_at)}
    views = await observer.views({intent.palette_name: intent.palette})
    held = without_duplicates(decided, other_subjects(source, decided, ledger))
    listener(Decided(name, held[name]))
    return Survey(held, {name: look}, {}, views, {})


def _must_see_all(
    source: Source, unnamed: Mapping[str, Unrecognized], kept: Mapping[str, Status]
) -> bool:
    """Whether requests would be rejected as nobody's, if the hosts of the settled were seen."""
    return bool(kept) and any(
        palette.unrecognized_requests is UnrecognizedRequests.REJECT
        and unnamed[name].requests
        and set(unnamed[name].unseen) <= kept.keys()
        for name, palette in source.palettes.items()
    )


async def settled_intents(
    intents: Mapping[str, Intent], ledger: Ledger, observer: Observer
) -> dict[str, Status]:
    """Return those of the intents that are paired, and that Palette's list agrees with.

    Their hosts are left alone. While Palette cannot be seen they stay as they are: pairing cannot
    be undone.
    """
    kept = {}
    for name, intent in intents.items():
        status = ledger.statuses.get(name)
        if status is None or not _was_paired(status, intent):
            continue
        view = (await observer.palette_cache(intent).see()).view
        if view.problem or status.palette_uid in view.clusters_by_uid:
            kept[name] = status
    return kept


def _was_paired(status: Status, intent: Intent) -> bool:
    return status.phase is Phase.PAIRED and status.generation == intent.generation
