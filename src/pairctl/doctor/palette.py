"""What works at one Palette: the key, the project, profiles, tokens, and the pairing routes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from pairctl.apis import PaletteProbe
from pairctl.doctor.clock import judge_clock
from pairctl.doctor.collector import Collector
from pairctl.doctor.connectivity import Server, examine_connectivity
from pairctl.doctor.context import Context
from pairctl.doctor.permissions import examine_permissions
from pairctl.doctor.routes import examine_routes
from pairctl.doctor.token import judge_token
from pairctl.pairing import Intent, ProfileListing, select
from pairctl.problem import Problem
from pairctl.spec import (
    PaletteSpec,
    ProfileMatchSpec,
    RegistrationToken,
    SecretReference,
    SecretRole,
)

CALLS = ("api-key", "clock", "project", "profiles", "clusters", "pairing-routes", "tokens")


@dataclass(frozen=True, slots=True)
class PaletteCase:
    """A Palette as the documents have it, with the intents and matches that refer to it."""

    name: str
    spec: PaletteSpec
    intents: tuple[Intent, ...] = ()
    matches: Mapping[str, ProfileMatchSpec] = field(default_factory=dict)


async def examine_palette(collector: Collector, case: PaletteCase, tools: Context) -> None:
    """Check a Palette from its name to its pairing routes; nothing there is changed."""
    spec = case.spec
    server = Server(spec.endpoint, spec.tls, spec.api_key.secret, SecretRole.API_KEY)
    problem = tools.access.api_key_problem(server.secret)
    if not await examine_connectivity(collector, server, tools.access, problem):
        collector.skip(*CALLS, because="Palette cannot be called with the key")
        return
    _examine_variables(collector, case, tools)
    client = await tools.access.palette_probe(spec)
    key = await collector.attempt("api-key", client.projects(), _report_projects)
    judge_clock(collector, client.skew_s, "Palette")
    if isinstance(key, Problem):
        collector.skip(*CALLS[2:], because="the key was not accepted")
        return
    project = await _examine_project(collector, client, spec)
    if isinstance(project, Problem):
        collector.skip(*CALLS[3:], because="there is no project to look at")
        return
    await _examine_profiles(collector, client, case.matches)
    await collector.attempt("clusters", client.some_cluster(), lambda _: "clusters can be listed")
    may_list = await examine_routes(collector, client, spec.acceptance)
    await examine_permissions(collector, client, spec, case.intents, project, may_list=may_list)
    server_now = tools.clock.now() + timedelta(seconds=client.skew_s or 0)
    for intent in _one_for_each_token(case.intents):
        found = await tools.token_of(intent)
        if isinstance(found, Problem):
            wanted = intent.spec.registration_token
            name = (wanted.from_palette or wanted.secret or "") if wanted else ""
            collector.fail(f"token {name}", found)
        else:
            judge_token(collector, found[0], project, server_now)


def _examine_variables(collector: Collector, case: PaletteCase, tools: Context) -> None:
    """Check the secrets that profile variables take: a missing one would stop an acceptance."""
    values = (value for match in case.matches.values() for value in match.variables.values())
    for name in sorted({value.secret for value in values if isinstance(value, SecretReference)}):
        problem = tools.access.variable_problem(name, case.spec)
        collector.judge(f"secret {name}", problem, "it is there, for a profile variable")


async def _examine_project(
    collector: Collector, client: PaletteProbe, spec: PaletteSpec
) -> frozenset[str] | Problem:
    """Return the words that stand for the project: its uid, and what the document calls it."""
    wanted = spec.project
    if wanted is None:
        collector.ok("project", "the document names none: the tenant is meant")
        return frozenset()
    found = await collector.attempt(
        "project", client.project_uid(wanted), lambda uid: f"{wanted} is there, its uid is {uid}"
    )
    return found if isinstance(found, Problem) else frozenset({found, wanted})


async def _examine_profiles(
    collector: Collector, client: PaletteProbe, matches: Mapping[str, ProfileMatchSpec]
) -> None:
    found = await collector.attempt("profiles", client.profiles(), _report_profiles)
    for name, wanted in matches.items():
        if isinstance(found, Problem):
            collector.skip(f"match {name}", because="the profiles were not seen")
        else:
            _judge_match(collector, name, wanted, found)


def _judge_match(
    collector: Collector, name: str, wanted: ProfileMatchSpec, listings: Sequence[ProfileListing]
) -> None:
    if wanted.profiles is None:
        collector.ok(f"match {name}", "it names no profiles: they are searched for")
        return
    chosen = select((), wanted, listings)
    if isinstance(chosen, Problem):
        collector.fail(f"match {name}", chosen)
        return
    shown = ", ".join(map(str, chosen))
    names = {profile.name for profile in chosen}
    doubts = [f"{one.name}: {one.doubt}" for one in listings if one.doubt and one.name in names]
    if doubts:
        hint = "see in Palette that the profile can be deployed to an edge-native cluster"
        collector.warn(f"match {name}", f"{shown}; {'; '.join(doubts)}", hint)
    else:
        collector.ok(f"match {name}", f"published, and the latest: {shown}")


def _one_for_each_token(intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """Return the first intent for each registration token; many name the same."""
    first: dict[RegistrationToken, Intent] = {}
    for intent in intents:
        if intent.spec.registration_token is not None:
            first.setdefault(intent.spec.registration_token, intent)
    return tuple(first.values())


def _report_projects(names: tuple[str, ...]) -> str:
    return f"it is accepted, and sees {len(names)} project{'s' * (len(names) != 1)}"


def _report_profiles(listings: Sequence[ProfileListing]) -> str:
    published = sum(listing.latest is not None for listing in listings)
    return f"{len(listings)} are listed, {published} of them published"
