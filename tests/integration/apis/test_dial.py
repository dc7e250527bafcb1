"""A name is resolved once a connection, and the connection is made to the address checked."""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from apis_factory import CA, CA_PEM, EFFECT, READ, Served, answer, channel, serving
from owned_time import run_in_owned_time
from pairctl.apis import (
    Authorities,
    CertificateUnknown,
    Dial,
    Pinned,
    SystemAuthorities,
    TlsUntrusted,
    Unchecked,
    Unreachable,
)
from pairctl.apis.own_addresses import is_own_address
from pairctl.apis.tls import Trust
from pairctl.secrets import Address, Destinations, EndpointNotAllowed, target

NAME = "store.localhost"
OF_DNS = "store.example"
OK = answer(200, {"ok": True})
CERTIFICATE = CA.issue_cert(NAME)
RULES = Destinations.of_patterns([NAME])
METADATA = "169.254.169.254"


class Names:
    """A resolver that answers each question in turn, and the last answer to all that follow."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, name: str, port: int) -> list[Address]:
        self.asked.append((name, port))
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [ipaddress.ip_address(address) for address in found]


def named(server: Served) -> str:
    """Give the server's endpoint with a name in the address's place."""
    return f"https://{NAME}:{target(server.endpoint).port}"


def dial(names: Names, rules: Destinations = RULES) -> Dial:
    """Make a dial that asks these names."""
    return Dial(rules.check_address, names, lambda _: False)


def against(story: Callable[[Served], Any]) -> Served:
    """Tell a story against a server that has a certificate for the name only."""

    async def run() -> Served:
        async with serving(OK, CERTIFICATE) as server:
            await story(server)
            return server

    return asyncio.run(run())


def test_the_name_is_for_tls_and_the_address_for_the_connection() -> None:
    """SNI, the verification and the Host header have the name; nobody else resolves it."""
    names = Names(["127.0.0.1"])

    async def story(server: Served) -> None:
        async with channel(named(server), dial=dial(names)) as one:
            assert (await one.call(READ)).document() == {"ok": True}

    server = against(story)
    assert server.names == [NAME]
    assert server.got[0].headers["host"].startswith(f"{NAME}:")
    assert len(names.asked) == 1


def test_another_name_does_not_pass_for_it() -> None:
    """That the address was checked does not replace the proof of who answers there."""

    async def story(server: Served) -> None:
        endpoint = f"https://other.localhost:{target(server.endpoint).port}"
        with pytest.raises(TlsUntrusted):
            async with channel(endpoint, dial=dial(Names(["127.0.0.1"]))) as one:
                await one.call(READ)

    assert against(story).got == []


@pytest.mark.parametrize(
    "trust", [Authorities(CA_PEM), Pinned("sha256:" + "0" * 64), Unchecked(), SystemAuthorities()]
)
@pytest.mark.parametrize("operation", [READ, EFFECT])
@pytest.mark.parametrize("answers", [[METADATA], ["127.0.0.1", METADATA], [METADATA, "127.0.0.1"]])
def test_a_name_with_a_forbidden_address_is_not_connected_to(
    trust: Trust, operation: Any, answers: list[str]
) -> None:
    """One forbidden address among several is enough, whatever proves the server."""

    async def story(server: Served) -> None:
        async with channel(named(server), trust=trust, dial=dial(Names(answers))) as one:
            with pytest.raises(EndpointNotAllowed, match=METADATA):
                await one.call(operation)

    assert against(story).connections == 0


@pytest.mark.parametrize("patterns", [["*"], ["127.0.0.1"], ["127.0.0.0/8", "localhost"]])
def test_a_name_in_dns_never_leads_to_this_machine(patterns: list[str]) -> None:
    """Not even where a pattern names the address: that is for those who write the address."""
    rules = Destinations.of_patterns([OF_DNS, *patterns])

    async def story(server: Served) -> None:
        endpoint = f"https://{OF_DNS}:{target(server.endpoint).port}"
        async with channel(endpoint, dial=dial(Names(["127.0.0.1"]), rules)) as one:
            with pytest.raises(EndpointNotAllowed, match="this machine"):
                await one.call(EFFECT)

    assert against(story).connections == 0


def test_nor_does_it_lead_to_an_address_of_this_machine_in_its_networks() -> None:
    """The address that others know this machine by is this machine, too."""
    own = ipaddress.ip_address("10.0.42.7")
    one = Dial(RULES.check_address, Names(["10.0.42.6", "10.0.42.7"]), lambda found: found == own)
    with pytest.raises(EndpointNotAllowed, match=r"leads to 10\.0\.42\.7, which is this machine"):
        asyncio.run(one.addresses(target(f"https://{OF_DNS}")))
    asyncio.run(one.addresses(target("https://10.0.42.7")))


def test_the_system_says_which_addresses_are_this_machines() -> None:
    """Those that a program may listen at, and no others: not even those that are near."""
    assert is_own_address(ipaddress.ip_address("127.0.0.1"))
    for address in ("192.0.2.1", "198.51.100.7", "2001:db8::1"):
        assert not is_own_address(ipaddress.ip_address(address))


def test_localhost_leads_nowhere_else() -> None:
    """A name that says that it is this machine is not sent to another one by a resolver."""
    one = dial(Names(["10.0.42.10"]))
    with pytest.raises(EndpointNotAllowed, match="another machine"):
        asyncio.run(one.addresses(target(f"https://{NAME}")))


def test_a_name_that_turns_after_the_first_call_is_refused_at_the_next_connection() -> None:
    """Rebinding: allowed for the reading call, forbidden when the action is to be sent."""
    names = Names(["127.0.0.1"], [METADATA])

    async def story(server: Served) -> None:
        async with channel(named(server), dial=dial(names)) as one:
            await one.call(READ)
            with pytest.raises(EndpointNotAllowed):
                await one.call(EFFECT)

    assert against(story).paths == ["GET /v1/things/one"]


def test_a_name_that_turns_after_its_pin_was_seen_is_refused_all_the_same() -> None:
    """A certificate that was pinned, and was shown before, opens no way to another address."""
    names = Names(["127.0.0.1"], [METADATA])

    async def story(server: Served) -> None:
        trust = Pinned(server.fingerprint)
        async with channel(named(server), trust=trust, dial=dial(names)) as one:
            await one.call(READ)
            with pytest.raises(EndpointNotAllowed):
                await one.call(EFFECT)

    server = against(story)
    assert server.paths == ["GET /v1/things/one"]
    assert (server.connections, len(names.asked)) == (1, 2)


def test_a_name_that_turns_before_the_fingerprint_is_looked_up_is_not_followed() -> None:
    """A failed handshake is told without a fingerprint rather than looked up elsewhere."""
    names = Names(["127.0.0.1"], [METADATA])

    async def story(server: Served) -> None:
        async with channel(named(server), trust=SystemAuthorities(), dial=dial(names)) as one:
            with pytest.raises(CertificateUnknown) as caught:
                await one.call(READ)
        assert caught.value.fingerprint == ""

    server = against(story)
    assert server.got == []
    assert len(names.asked) == 2


def test_an_address_is_not_resolved() -> None:
    """An endpoint that is an address is asked of nobody."""
    names = Names([METADATA])

    async def run() -> None:
        async with serving(OK) as server, channel(server.endpoint, dial=dial(names)) as one:
            await one.call(READ)

    asyncio.run(run())
    assert names.asked == []


def test_the_next_address_is_tried_where_the_first_does_not_answer() -> None:
    """A host with a dead address is reached by its other one."""
    rules = Destinations.of_patterns([NAME])
    names = Names(["127.0.0.2", "127.0.0.1"])

    async def story(server: Served) -> None:
        for trust in (Authorities(CA_PEM), Pinned(server.fingerprint)):
            async with channel(named(server), trust=trust, dial=dial(names, rules)) as one:
                assert (await one.call(READ)).document() == {"ok": True}

    against(story)


def test_a_dead_address_leaves_time_for_the_others() -> None:
    """Each address has its share of the time, and all of them together have no more than it."""
    tried: list[str] = []

    async def hang(address: str) -> str:
        tried.append(address)
        if address == "10.0.0.3":
            return "connected"
        await asyncio.sleep(600)
        return ""

    one = dial(Names(["10.0.0.1", "10.0.0.2", "10.0.0.3"]))
    server = target(f"https://{OF_DNS}")
    assert run_in_owned_time(one.connect(server, 6.0, hang)) == "connected"
    with pytest.raises(TimeoutError):
        run_in_owned_time(dial(Names(["10.0.0.1", "10.0.0.2"])).connect(server, 4.0, hang))
    assert tried == ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.1", "10.0.0.2"]


def test_a_slow_resolver_counts_as_a_connection_that_took_too_long() -> None:
    """A name that is never answered ends with the time for connecting."""

    async def never(name: str, port: int) -> list[Address]:
        await asyncio.sleep(600)
        return []

    async def run() -> None:
        stuck = Dial(RULES.check_address, never)
        async with channel(f"https://{NAME}", dial=stuck) as one:
            await one.call(EFFECT)

    with pytest.raises(Unreachable, match="too long"):
        run_in_owned_time(run())


@pytest.mark.parametrize("trust", [Authorities(CA_PEM), Pinned("sha256:" + "0" * 64)])
def test_a_name_without_an_address_is_told_in_the_systems_words(trust: Trust) -> None:
    """Nothing was sent, and the words say that it is the name."""

    async def unknown(name: str, port: int) -> list[Address]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def run(resolve: Any) -> None:
        rules = RULES.check_address
        async with channel(f"https://{NAME}", trust=trust, dial=Dial(rules, resolve)) as one:
            await one.call(EFFECT)

    with pytest.raises(Unreachable, match="not known"):
        asyncio.run(run(unknown))
    with pytest.raises(Unreachable, match="no address"):
        asyncio.run(run(Names([])))


def test_the_system_resolves_names_of_this_machine() -> None:
    """The resolver that is used where none is given."""

    async def run() -> None:
        async with serving(OK) as server:
            port = target(server.endpoint).port
            context = ssl.create_default_context(cadata=CA_PEM)
            assert context.check_hostname
            async with channel(f"https://localhost:{port}") as one:
                assert (await one.call(READ)).document() == {"ok": True}

    asyncio.run(run())
