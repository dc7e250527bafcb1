"""The whole look around: the repository, then every server that is asked for, side by side."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import count

from pairctl.doctor.access import DoctorAccess
from pairctl.doctor.check import Check, Examination
from pairctl.doctor.collector import Collector
from pairctl.doctor.context import Context
from pairctl.doctor.git import examine_repository
from pairctl.doctor.host import examine_host
from pairctl.doctor.palette import PaletteCase, examine_palette
from pairctl.engine.desired.source import Source, file_reader
from pairctl.engine.observe.cluster_lists import ClusterLists
from pairctl.engine.observe.lookers import HOSTS_AT_ONCE
from pairctl.engine.observe.palette_cache import PaletteCache
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import Intent
from pairctl.problem import PairctlError, Problem, defect
from pairctl.text import did_you_mean

Look = Callable[[Collector], Awaitable[None]]


async def examine(
    settings: Settings,
    access: DoctorAccess,
    names: Sequence[str] = (),
    *,
    with_hosts: bool = False,
    heartbeat: str = "",
    counted: Callable[[int, int], object] = lambda _done, _of: None,
) -> Examination:
    """Check the repository, each Palette of its documents, and edge hosts.

    With names only the Palettes of these intents, and their hosts; without, all Palettes, and all
    hosts if they are asked for. `heartbeat` is the ref that says when `watch` looked last.
    `counted` hears how many servers of how many were looked at, from 0 on. Raises PairctlError for
    a name that the commit does not have.
    """
    git = Collector("git")
    source = await examine_repository(git, settings, heartbeat)
    if source is None:
        return Examination("", git.checks)
    _refuse_unknown(names, source)
    await access.at(file_reader(settings.repository, source))
    cases = palette_cases(source, names)
    tools = {case.name: _instruments(case, access, settings) for case in cases}
    hosts = _wanted(source, names) if names or with_hosts else ()
    looks = [
        *((f"palette/{case.name}", _palette_look(case, tools[case.name])) for case in cases),
        *((f"host/{it.name}", _host_look(it, tools[it.palette_name])) for it in hosts),
    ]
    places = asyncio.Semaphore(HOSTS_AT_ONCE)
    done = count()

    async def charted(subject: str, look: Look) -> tuple[Check, ...]:
        checks = await _charted(subject, look, places)
        counted(next(done), len(looks))
        return checks

    counted(next(done), len(looks))
    found = await asyncio.gather(*(charted(subject, look) for subject, look in looks))
    invalid = (
        _invalid(name, source.invalid[name])
        for name in dict.fromkeys(names)
        if name in source.invalid
    )
    return Examination(source.commit, (*git.checks, *_flat(found), *_flat(invalid)))


def palette_cases(source: Source, names: Sequence[str]) -> tuple[PaletteCase, ...]:
    """Return the Palettes to look at, each with the intents and matches that refer to it."""
    intents = _wanted(source, names)
    asked = {intent.palette_name for intent in intents} if names else set(source.declared.palettes)
    return tuple(_case(name, intents, source, names) for name in sorted(asked))


def _case(
    name: str, intents: tuple[Intent, ...], source: Source, names: Sequence[str]
) -> PaletteCase:
    mine = tuple(intent for intent in intents if intent.palette_name == name)
    used = {intent.spec.profile_match for intent in mine}
    matches = {
        match: loaded.document.spec
        for match, loaded in sorted(source.declared.matches.items())
        if loaded.document.spec.palette == name and (match in used or not names)
    }
    return PaletteCase(name, source.declared.palettes[name].document.spec, mine, matches)


def _wanted(source: Source, names: Sequence[str]) -> tuple[Intent, ...]:
    return tuple(it for name, it in source.intents.items() if not names or name in names)


def _instruments(case: PaletteCase, access: DoctorAccess, settings: Settings) -> Context:
    palette_cache = PaletteCache(
        case.spec, lambda: access.palette(case.spec), settings.clock, ClusterLists()
    )
    return Context(access, palette_cache, settings.clock)


def _palette_look(case: PaletteCase, tools: Context) -> Look:
    return lambda collector: examine_palette(collector, case, tools)


def _host_look(intent: Intent, tools: Context) -> Look:
    return lambda collector: examine_host(collector, intent, tools)


async def _charted(subject: str, look: Look, places: asyncio.Semaphore) -> tuple[Check, ...]:
    """Return the checks of one look, whatever ends it."""
    collector = Collector(subject)
    async with places:
        try:
            await look(collector)
        except PairctlError as error:
            collector.fail("examination", error.problem)
        except Exception as error:  # noqa: BLE001 - one odd server must not end the look at others
            collector.fail("examination", defect(error))
    return collector.checks


def _flat(groups: Iterable[tuple[Check, ...]]) -> Iterable[Check]:
    return (check for group in groups for check in group)


def _invalid(name: str, problem: Problem) -> tuple[Check, ...]:
    collector = Collector(f"host/{name}")
    collector.fail("document", problem)
    return collector.checks


def _refuse_unknown(names: Sequence[str], source: Source) -> None:
    for name in names:
        if name not in source.names:
            near = did_you_mean(name, source.names) or "check the name; see `pairctl status`"
            raise PairctlError(
                Problem(
                    "NoSuchIntent",
                    f"commit {source.commit[:7]} holds no intent named {name}",
                    near,
                )
            )
