"""What works at one edge host: the login, the modes, the cluster, and its way to Palette."""

from collections.abc import Mapping

from pairctl.apis import LocalUIProbe
from pairctl.doctor.clock import judge_clock
from pairctl.doctor.collector import Collector
from pairctl.doctor.connectivity import Server, examine_connectivity
from pairctl.doctor.context import Context
from pairctl.doctor.token import token_problem
from pairctl.pairing import (
    Connection,
    EdgeHost,
    Intent,
    ManagementMode,
    canonical_endpoint,
    canonical_uid,
)
from pairctl.pairing.rules.preconditions import health_problem
from pairctl.problem import PairctlError, Problem
from pairctl.spec import LocalUI, LocalUIPlace, SecretRole

ONE_CLUSTER = "one cluster"
CALLS = ("login", "clock", "mode", "cluster", "connection")


async def examine_host(collector: Collector, intent: Intent, tools: Context) -> None:
    """Check the edge host of an intent. It is logged in to, and nothing there is changed."""
    spec = intent.spec.local_ui
    if spec is None:
        collector.skip("destination", because="the intent names no edge host")
        return
    seen: dict[str, str] = {}
    for place in spec.places:
        with collector.about(place.endpoint if spec.endpoints else ""):
            found = await _examine_place(collector, intent, place, tools)
            seen |= {place.endpoint: found} if found is not None else {}
    if len(spec.places) > 1:
        _judge_hosts_together(collector, spec, seen)


def _judge_hosts_together(collector: Collector, spec: LocalUI, seen: Mapping[str, str]) -> None:
    """Judge several hosts as one cluster's: one that answers stands in for those that are dark.

    `seen` are the uids of the clusters that hosts showed, by endpoint; empty for no cluster.
    """
    dark = [place.endpoint for place in spec.places if place.endpoint not in seen]
    if seen:
        steps = {f"{step} at {endpoint}" for endpoint in dark for step in ("dns", "tcp")}
        collector.soften(steps, "until then the next host of the list is asked in its place")
    if len(seen) < 2:  # noqa: PLR2004 - hosts that could differ
        collector.skip(ONE_CLUSTER, because="fewer than two hosts of the list were seen")
        return
    uids = {canonical_uid(uid) for uid in seen.values()}
    shown = "; ".join(f"{endpoint}: {uid or 'none'}" for endpoint, uid in seen.items())
    hint = "leave the hosts of other clusters out of `localUI.endpoints`"
    words = f"the hosts of the list show different clusters: {shown}"
    problem = Problem("SeveralClusters", words, hint) if len(uids) > 1 else None
    fine = f"the {len(seen)} hosts that answer show one cluster, {next(iter(seen.values()))}"
    collector.judge(ONE_CLUSTER, problem, fine)


async def _examine_place(
    collector: Collector, intent: Intent, place: LocalUIPlace, tools: Context
) -> str | None:
    """Check one host; return the uid of its cluster, empty for none, None where it was not seen."""
    server = Server(place.endpoint, place.tls, place.credentials.secret, SecretRole.LOCAL_UI)
    problem = tools.access.credentials_problem(server.secret)
    if not await examine_connectivity(collector, server, tools.access, problem):
        collector.skip(*CALLS, because="the host cannot be called with the credentials")
        return None
    client = await tools.access.local_ui_probe(place)
    login = await collector.attempt("login", client.log_in(), lambda _: "the login is accepted")
    judge_clock(collector, client.skew_s, "the host")
    if isinstance(login, Problem):
        collector.skip(*CALLS[2:], because="the host was not logged in to")
        return None
    seen = await _examine_inside(collector, intent, client, tools)
    if seen is None:
        return None
    return seen.cluster.uid if seen.cluster else ""


async def _examine_inside(
    collector: Collector, intent: Intent, client: LocalUIProbe, tools: Context
) -> EdgeHost | None:
    try:
        seen = await client.observe()
    except PairctlError as error:
        collector.fail("mode", error.problem)
        collector.skip(*CALLS[3:], because="the host could not be read")
        return None
    _judge_mode(collector, seen)
    if seen.management_mode is ManagementMode.CENTRAL:
        collector.skip(*CALLS[3:], because="a host that is managed centrally sends no request")
        return seen
    cluster = seen.cluster
    fine = f"{cluster.name} is Running, {_nodes(len(cluster.nodes))} healthy" if cluster else ""
    collector.judge("cluster", health_problem(cluster), fine)
    if seen.cluster is None:
        collector.skip("connection", because="there is no cluster whose hosts could be asked")
    else:
        await _examine_connection(collector, intent, client, tools)
    return seen


def _judge_mode(collector: Collector, seen: EdgeHost) -> None:
    shown = (
        f"installed in {seen.installation_mode or 'an unknown'} mode, managed"
        f" {'centrally' if seen.management_mode is ManagementMode.CENTRAL else 'locally'}"
    )
    if seen.management_mode is ManagementMode.LOCAL and seen.appliance_type:
        collector.warn(
            "mode",
            f"{shown}; it is an appliance of type {seen.appliance_type}",
            "make sure that it does not host Palette; then acknowledge `applianceType`",
        )
    elif (
        seen.management_mode is ManagementMode.LOCAL
        and seen.installation_mode.casefold() == "connected"
    ):
        collector.warn(
            "mode",
            f"{shown}: pairctl goes by how it is managed",
            "check that the intent names the right host; newer hosts say this of local clusters",
        )
    else:
        collector.ok("mode", shown)


def _nodes(count: int) -> str:
    return "its node" if count == 1 else f"all {count} nodes"


async def _examine_connection(
    collector: Collector, intent: Intent, client: LocalUIProbe, tools: Context
) -> None:
    """Let the host try its way to Palette, as it does before a request; it needs the token."""
    found = await tools.token_of(intent)
    if not isinstance(found, Problem):
        found = token_problem(found[0], frozenset(), tools.clock.now()) or found
    if isinstance(found, Problem):
        # What is wrong with a token of Palette's is told there.
        wanted = intent.spec.registration_token
        if wanted is not None and wanted.secret is not None:
            collector.fail("connection", found)
        else:
            because = f"it takes a usable registration token: {found.message}"
            collector.skip("connection", because=because)
        return
    endpoint, is_insecure = intent.palette.endpoint, tools.access.is_insecure(intent)
    try:
        seen = await client.verify_connection(
            canonical_endpoint(endpoint), found[1], insecure=is_insecure
        )
    except PairctlError as error:
        collector.fail("connection", error.problem)
    else:
        collector.judge(
            "connection", _connectivity_problem(seen, endpoint), f"all hosts reach {endpoint}"
        )


def _connectivity_problem(seen: Connection, endpoint: str) -> Problem | None:
    if seen.is_verified:
        return None
    return Problem(
        "HostsCannotReachPalette",
        f"not every host of the cluster reaches {endpoint}:"
        f" {seen.message or 'the host gave no reason'}",
        "open the way from the hosts to Palette",
    )
