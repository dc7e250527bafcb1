"""From addresses to what is known of them: first their certificates, and pinned, their clusters.

First contact sends nothing: a person pins the certificate before any login goes to an address.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from pairctl.apis import Unchecked, connected, proven
from pairctl.engine.desired.source import Source, file_reader, read_source
from pairctl.engine.observe.access import Access
from pairctl.engine.observe.cluster_lists import ClusterLists
from pairctl.engine.observe.palette_cache import PaletteCache
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.queries.profile_uses import ByProfile, ProfileUses
from pairctl.engine.runtime.settings import Settings
from pairctl.layers import Publications, fewest_publications
from pairctl.pairing import EdgeHost, ManagementMode, ProfileListing, StackGroup, stack_groups
from pairctl.problem import ConfigurationError, PairctlError, Problem, defect
from pairctl.secrets import target
from pairctl.spec import LocalUIPlace, SecretReference, Tls
from pairctl.text import did_you_mean

CONTACTS_AT_ONCE = 64
"""How many addresses are asked for their certificate at the same time."""
LOGINS_AT_ONCE = 32
CONTACT_S = 10.0
"""How long one address may take for that; the operator's file may say less."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Site:
    """One row: its name, where Local UI answers, and the fingerprint that is pinned, if any."""

    name: str
    endpoint: str
    pinned: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """What a site showed at first contact: its certificate's fingerprint, or why there is none."""

    site: Site
    served: str = ""
    problem: Problem | None = None

    @property
    def is_changed(self) -> bool:
        """Whether another certificate is pinned than the one that is served."""
        return bool(self.served and self.site.pinned) and self.served != self.site.pinned

    @property
    def is_new(self) -> bool:
        """Whether the certificate is served, and nothing is pinned yet."""
        return bool(self.served) and not self.site.pinned


@dataclass(frozen=True, slots=True)
class Seen:
    """What a login at a site showed, or why there is nothing."""

    site: Site
    host: EdgeHost | None = None
    problem: Problem | None = None

    @property
    def is_central(self) -> bool:
        """Whether the host is managed centrally already: there is nothing to pair."""
        return self.host is not None and self.host.management_mode is ManagementMode.CENTRAL


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of all sites, and their clusters by stack; `palette` is a document's name.

    `publications` is what to publish so that all groups match; None where no profiles were seen.
    `paired` are the intents whose clusters were accepted, on record, by profile.
    """

    seen: tuple[Seen, ...]
    groups: tuple[StackGroup, ...]
    palette: str = ""
    palette_problem: Problem | None = None
    publications: Publications | None = None
    paired: ByProfile = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Login:
    """The secret that sites are logged in to with, and the Palette document to match for.

    Without one it is the only one that there is, if there is just one.
    """

    secret: str
    palette: str | None = None


async def contact_all(
    sites: Sequence[Site], access: Access, secret: str, heard: Callable[[], object] = bool
) -> tuple[Contact, ...]:
    """Ask every site for its certificate, many at once; `heard` is called for each that is done.

    No request is sent, and no secret is read: `secret` is only what a refusal to call names.
    """

    async def one(site: Site) -> Contact:
        if problem := access.endpoint_problem(secret, site.endpoint):
            return Contact(site, problem=problem)
        limit_s = min(CONTACT_S, access.request_s)
        try:
            server = target(site.endpoint)
            await connected(server, access.dial, limit_s)  # what it says of a dark host is plainer
            served = await proven(server, Unchecked(), access.dial, limit_s)
        except PairctlError as error:
            return Contact(site, problem=error.problem)
        except Exception as error:  # noqa: BLE001 - one odd host must not end this for all
            return Contact(site, problem=defect(error))
        return Contact(site, served)

    return await _each(sites, one, CONTACTS_AT_ONCE, heard)


async def survey(
    sites: Sequence[Site],
    settings: Settings,
    access: Access,
    login: Login,
    heard: Callable[[], object] = bool,
) -> Survey:
    """Log in at every site that is pinned, read, and group what is managed locally by its stack.

    Profiles are those of the Palette document that is named, or the only one; without any, groups
    are told without a selection. Raises PairctlError where the repository cannot be read, or has no
    such document.
    """
    source = await read_source(settings.repository, settings.ref, settings.under, settings.operator)
    named = _palette(source, login.palette)
    await access.at(file_reader(settings.repository, source))

    async def one(site: Site) -> Seen:
        if not site.pinned:
            words = f"no certificate is pinned for {site.endpoint}, so nothing is sent there"
            hint = "run `pairctl inventory --pin`, and compare the fingerprints with the hosts' own"
            return Seen(site, problem=Problem("NotPinned", words, hint))
        return await _seen(site, access, login.secret)

    seen = await _each(sites, one, LOGINS_AT_ONCE, heard)
    stacks = {
        one.site.name: one.host.cluster.stack
        for one in seen
        if one.host and one.host.cluster and not one.is_central
    }
    if not named:
        return Survey(seen, stack_groups(stacks, None, {}, ""))
    spec = source.palettes[named]
    cache = PaletteCache(spec, lambda: access.palette(spec), settings.clock, ClusterLists())
    view = (await cache.see()).view
    listings = None if view.problem else view.profiles
    matches = {
        name: loaded.document.spec
        for name, loaded in source.declared.matches.items()
        if loaded.document.spec.palette == named
    }
    groups = stack_groups(stacks, listings, matches, named)
    paired = ProfileUses(source, await read_records(settings)).paired(named)
    return Survey(seen, groups, named, view.problem, _publications(groups, listings), paired)


def _publications(
    groups: Sequence[StackGroup], listings: Sequence[ProfileListing] | None
) -> Publications | None:
    if listings is None:
        return None
    latest = [one.latest for one in listings if one.latest]
    return fewest_publications([(one.stack, len(one.clusters)) for one in groups], latest)


def _palette(source: Source, wanted: str | None) -> str:
    names = list(source.palettes)
    if wanted is None:
        return names[0] if len(names) == 1 else ""
    if wanted in names:
        return wanted
    known = ", ".join(names) or "none"
    hint = did_you_mean(wanted, names) or f"there is: {known}"
    message = f"the commit has no Palette document called {wanted}"
    raise ConfigurationError(Problem("UnknownName", message, hint))


async def _seen(site: Site, access: Access, secret: str) -> Seen:
    pinned = Tls.model_validate({"fingerprint": site.pinned})
    place = LocalUIPlace(site.endpoint, SecretReference(secret=secret), pinned)
    try:
        return Seen(site, await (await access.local_ui(place)).observe())
    except PairctlError as error:
        return Seen(site, problem=error.problem)
    except Exception as error:  # noqa: BLE001 - one odd host must not end the survey for all
        return Seen(site, problem=defect(error))


async def _each(
    items: Sequence[T],
    work: Callable[[T], Awaitable[R]],
    at_once: int,
    heard: Callable[[], object],
) -> tuple[R, ...]:
    places = asyncio.Semaphore(at_once)

    async def one(item: T) -> R:
        async with places:
            found = await work(item)
        heard()
        return found

    return tuple(await asyncio.gather(*map(one, items)))
