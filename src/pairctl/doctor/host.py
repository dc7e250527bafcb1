"""What works at one edge host: the login, the modes, the cluster, and its way to Palette."""

from pairctl.apis import LocalUIProbe
from pairctl.doctor.clock import judge_clock
from pairctl.doctor.collector import Chart
from pairctl.doctor.connectivity import Server, examine_way
from pairctl.doctor.context import Instruments
from pairctl.doctor.token import token_problem
from pairctl.pairing import Connection, EdgeHost, Intent, ManagementMode, place
from pairctl.pairing.rules.preconditions import health_problem
from pairctl.problem import PairctlError, Problem
from pairctl.spec import SecretRole

CALLS = ("login", "clock", "mode", "cluster", "connection")


async def examine_host(chart: Chart, intent: Intent, tools: Instruments) -> None:
    """Check the edge host of an intent. It is logged in to, and nothing there is changed."""
    spec = intent.spec.local_ui
    if spec is None:
        chart.skip("destination", because="the intent names no edge host")
        return
    server = Server(spec.endpoint, spec.tls, spec.credentials.secret, SecretRole.LOCAL_UI)
    problem = tools.access.credentials_problem(server.secret)
    if not await examine_way(chart, server, tools.access, problem):
        chart.skip(*CALLS, because="the host cannot be called with the credentials")
        return
    client = await tools.access.local_ui_probe(spec)
    login = await chart.attempt("login", client.log_in(), lambda _: "the login is accepted")
    judge_clock(chart, client.skew_s, "the host")
    if isinstance(login, Problem):
        chart.skip(*CALLS[2:], because="the host was not logged in to")
        return
    await _examine_inside(chart, intent, client, tools)


async def _examine_inside(
    chart: Chart, intent: Intent, client: LocalUIProbe, tools: Instruments
) -> None:
    try:
        seen = await client.observe()
    except PairctlError as error:
        chart.fail("mode", error.problem)
        chart.skip(*CALLS[3:], because="the host could not be read")
        return
    _judge_mode(chart, seen)
    if seen.management_mode is ManagementMode.CENTRAL:
        chart.skip(*CALLS[3:], because="a host that is managed centrally sends no request")
        return
    _judge_cluster(chart, seen)
    if seen.cluster is None:
        chart.skip("connection", because="there is no cluster whose hosts could be asked")
    else:
        await _examine_connection(chart, intent, client, tools)


def _judge_mode(chart: Chart, seen: EdgeHost) -> None:
    told = (
        f"installed in {seen.installation_mode or 'an unknown'} mode, managed"
        f" {'centrally' if seen.management_mode is ManagementMode.CENTRAL else 'locally'}"
    )
    if seen.management_mode is ManagementMode.LOCAL and _is_connected(seen):
        chart.warn(
            "mode",
            f"{told}: only clusters of airgap hosts are paired",
            "check that the intent names the right host; a connected host needs no pairing",
        )
    else:
        chart.ok("mode", told)


def _is_connected(seen: EdgeHost) -> bool:
    return seen.installation_mode.casefold() == "connected"


def _judge_cluster(chart: Chart, seen: EdgeHost) -> None:
    cluster = seen.cluster
    fine = f"{cluster.name} is Running, its {len(cluster.nodes)} nodes healthy" if cluster else ""
    chart.judge("cluster", health_problem(cluster), fine)


async def _examine_connection(
    chart: Chart, intent: Intent, client: LocalUIProbe, tools: Instruments
) -> None:
    """Let the host try its way to Palette, as it does before a request; it needs the token."""
    found = await tools.token_of(intent)
    if not isinstance(found, Problem):
        found = token_problem(found[0], frozenset(), tools.clock.now()) or found
    if isinstance(found, Problem):
        _without_token(chart, intent, found)
        return
    endpoint, is_insecure = intent.palette.endpoint, tools.access.is_insecure(intent)
    try:
        seen = await client.verify_connection(place(endpoint), found[1], insecure=is_insecure)
    except PairctlError as error:
        chart.fail("connection", error.problem)
    else:
        chart.judge("connection", _way_problem(seen, endpoint), f"all hosts reach {endpoint}")


def _without_token(chart: Chart, intent: Intent, problem: Problem) -> None:
    """Tell why the way is not tried; what is wrong with a token of Palette's is told there."""
    wanted = intent.spec.registration_token
    if wanted is not None and wanted.secret is not None:
        chart.fail("connection", problem)
    else:
        because = f"it takes a usable registration token: {problem.message}"
        chart.skip("connection", because=because)


def _way_problem(seen: Connection, endpoint: str) -> Problem | None:
    if seen.is_verified:
        return None
    return Problem(
        "HostsCannotReachPalette",
        f"not every host of the cluster reaches {endpoint}:"
        f" {seen.message or 'the host gave no reason'}",
        "open the way from the hosts to Palette",
    )
