"""The way to a server: may it be called, has it a name, does it answer, is it the right one."""

from dataclasses import dataclass

from pairctl.apis import Unchecked, connected, proven, resolved
from pairctl.doctor.access import DoctorAccess
from pairctl.doctor.collector import Collector
from pairctl.problem import PairctlError, Problem
from pairctl.secrets import Target, target
from pairctl.spec import SecretRole, Tls, snippet

LONGEST_S = 10.0
"""How long one step of the way may take; the operator's file may say less."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server as a document names it, and the secret that it is to be sent, and as what."""

    endpoint: str
    tls: Tls | None
    secret: str
    role: SecretRole


async def examine_connectivity(
    collector: Collector, server: Server, access: DoctorAccess, secret_problem: Problem | None
) -> bool:
    """Check all that comes before the first request; True where one may be sent.

    Where the server may be called, the way is looked at without the secret too: the fingerprint to
    pin is told before there is a key.
    """
    refused = access.endpoint_problem(server.secret, server.endpoint)
    if refused is not None:
        collector.fail("destination", refused)
        collector.skip("secret", "dns", "tcp", "tls", because="the server may not be called")
        return False
    may_have_secret = collector.judge(
        "destination",
        access.destination_problem(server.role, server.secret, server.endpoint, server.tls),
        f"{server.endpoint} may be called, and be sent the secret {server.secret}",
    )
    has_secret = collector.judge(
        "secret", secret_problem, f"{server.secret} is there, and can be read"
    )
    is_open = await _examine_connection(collector, server, access)
    return may_have_secret and has_secret and is_open


async def _examine_connection(collector: Collector, server: Server, access: DoctorAccess) -> bool:
    place, limit_s = target(server.endpoint), min(LONGEST_S, access.request_s)
    found = await collector.attempt(
        "dns",
        resolved(place, access.dial, limit_s),
        lambda seen: (
            f"{place.host} is an address"
            if place.address is not None
            else f"{place.host} is {', '.join(map(str, seen))}"
        ),
    )
    if isinstance(found, Problem):
        collector.skip("tcp", "tls", because="there is no address to connect to")
        return False
    reached = await collector.attempt(
        "tcp",
        connected(place, access.dial, limit_s),
        lambda _: f"{place.host} answers at port {place.port}",
    )
    if isinstance(reached, Problem):
        collector.skip("tls", because="nothing answers")
        return False
    return await _examine_certificate(collector, server, place, access, limit_s)


async def _examine_certificate(
    collector: Collector, server: Server, place: Target, access: DoctorAccess, limit_s: float
) -> bool:
    try:
        trust = await access.trust(server.tls, server.endpoint)
        found = await proven(place, trust, access.dial, limit_s)
    except PairctlError as error:
        collector.fail("tls", error.problem)
        return False
    if isinstance(trust, Unchecked):
        collector.warn(
            "tls",
            f"the certificate {found} is not checked: the document says `insecure: true`",
            f"write {snippet({'tls': {'fingerprint': found}})} in its place, in that document",
        )
    else:
        collector.ok("tls", f"the certificate is trusted; its fingerprint is {found}")
    return True
