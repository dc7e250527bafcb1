"""Who may be sent what is decided before anything connects."""

from ipaddress import ip_address

import pytest

from pairctl.problem import ConfigurationError
from pairctl.secrets import (
    Destinations,
    EndpointNotAllowed,
    SecretNotAllowed,
    host_pattern,
    target,
)

PALETTE = "https://api.spectrocloud.com"


def anywhere() -> Destinations:
    """Return the widest rule there is."""
    return Destinations.of_patterns(["*"])


@pytest.mark.parametrize(
    ("pattern", "endpoint"),
    [
        ("api.spectrocloud.com", PALETTE),
        ("api.spectrocloud.com:443", PALETTE),
        ("*.spectrocloud.com", PALETTE),
        ("*.spectrocloud.com", "https://a.b.spectrocloud.com:8443"),
        ("*", PALETTE),
        ("*", "https://10.0.42.10:5080"),
        ("10.0.42.10", "https://10.0.42.10:5080"),
        ("10.0.42.0/24", "https://10.0.42.10:5080"),
        ("10.0.42.0/24:5080", "https://10.0.42.10:5080"),
        ("[2001:db8::1]", "https://[2001:db8::1]:5080"),
        ("[2001:db8::]/32", "https://[2001:db8::77]"),
        ("127.0.0.1", "https://127.0.0.1:5443"),
        ("127.0.0.0/8", "https://127.0.0.1:5443"),
        ("[::1]", "https://[::1]:5443"),
        ("localhost", "https://localhost:5443"),
    ],
)
def test_a_pattern_allows_what_it_names(pattern: str, endpoint: str) -> None:
    """Exact hosts, domains, addresses and ranges, each with or without a port."""
    Destinations.of_operator({"key": [pattern]}).check("key", endpoint)


@pytest.mark.parametrize(
    ("pattern", "endpoint"),
    [
        ("api.spectrocloud.com", "https://api.spectrocloud.com.evil.example"),
        ("api.spectrocloud.com:443", "https://api.spectrocloud.com:444"),
        ("*.spectrocloud.com", "https://spectrocloud.com"),
        ("*.spectrocloud.com", "https://evilspectrocloud.com"),
        ("10.0.42.0/24", "https://10.0.43.1"),
        ("10.0.42.0/24:5080", "https://10.0.42.10"),
        ("10.0.42.0/24", "https://10.0.42.evil.example"),
        ("*.10", "https://10.0.42.10"),
        ("*", "https://127.0.0.1"),
        ("*", "https://127.9.9.9:5080"),
        ("*", "https://[::1]"),
        ("*", "https://localhost"),
        ("*", "https://x.localhost"),
        ("*.localhost", "https://x.localhost"),
        ("0.0.0.0/0", "https://127.0.0.1"),
        ("[::]/0", "https://[::1]"),
        ("[::]/0", "https://[64:ff9b::7f00:1]"),
        ("[::]/0", "https://[2002:7f00:1::1]"),
    ],
)
def test_a_pattern_allows_nothing_else(pattern: str, endpoint: str) -> None:
    """Lookalikes are refused; this machine is meant only where it is named."""
    with pytest.raises(EndpointNotAllowed):
        Destinations.of_operator({"key": [pattern]}).check("key", endpoint)


FORBIDDEN = (
    "169.254.169.254",
    "169.254.1.1",
    "100.100.100.200",
    "fe80::1",
    "fd00:ec2::254",
    "0.0.0.0",  # noqa: S104 - refused, not listened at
    "0.0.0.7",
    "::",
    "224.0.0.1",
    "255.255.255.255",
    "ff02::1",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "::ffff:169.254.169.254",
)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://169.254.169.254",
        "https://169.254.1.1:5080",
        "https://[fe80::1]",
        "https://[fd00:ec2::254]",
        "https://metadata.google.internal",
        "https://0.0.0.0",
        "https://[::]",
        "https://224.0.0.1",
        "https://255.255.255.255",
        "https://[ff02::1]",
        "https://[64:ff9b::a9fe:a9fe]",
        "https://[2002:a9fe:a9fe::1]",
    ],
)
def test_some_addresses_are_never_called(endpoint: str) -> None:
    """Link-local, metadata, unspecified and multicast, also written inside IPv6, under any rule."""
    rules = Destinations.of_operator({"key": ["*", "0.0.0.0/0", "[::]/0"]}, endpoints=["*"])
    with pytest.raises(EndpointNotAllowed, match="never called"):
        rules.check("key", endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://api.spectrocloud.com",
        "https://user@api.spectrocloud.com",
        "https://api.spectrocloud.com\\@evil.example",
        "https://api.spectrocloud.com/path",
        "https://api.spectrocloud.com?x=1",
        "https://api.spectrocloud.com#x",
        "https://127.1",
        "https://2130706433",
        "https://0",
        "https://0x7f000001",
        "https://[::ffff:127.0.0.1]",
        "https://[fe80::1%25eth0]",
        "https://api.spectrocloud.com:0",
        "https://api.spectrocloud.com:70000",
        "https://API.spectrocloud.com",
        "https://api.spectrocloud.com\n",
        "https://",
        "",
    ],
)
def test_an_endpoint_with_two_readings_is_refused(endpoint: str) -> None:
    """What URL parsers disagree on is not an endpoint."""
    with pytest.raises(EndpointNotAllowed):
        anywhere().check("key", endpoint)


@pytest.mark.parametrize("address", FORBIDDEN)
def test_a_name_that_leads_to_such_an_address_is_refused(address: str) -> None:
    """What is never called is not called by a name either, under any rule."""
    rules = Destinations.of_operator({"key": ["*", "0.0.0.0/0", "[::]/0"]}, endpoints=["*"])
    with pytest.raises(EndpointNotAllowed, match=r"store\.example leads to .+ never called") as it:
        rules.check_address(target("https://store.example"), ip_address(address))
    assert it.value.problem.reason == "EndpointNotAllowed"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("pattern", ["*", "*.example", "127.0.0.0/8", "[::1]", "localhost"])
def test_a_name_in_dns_never_leads_to_this_machine(address: str, pattern: str) -> None:
    """Whatever patterns name: who means this machine writes `localhost`, or the address."""
    server, found = target("https://store.example:5080"), ip_address(address)
    with pytest.raises(EndpointNotAllowed, match="this machine"):
        Destinations.of_patterns(["store.example", pattern]).check_address(server, found)


@pytest.mark.parametrize("address", ["10.0.42.10", "203.0.113.7", "fd00::1"])
def test_localhost_never_leads_to_another_machine(address: str) -> None:
    """A resolver that says so is wrong, or somebody's."""
    for name in ("localhost", "store.localhost"):
        with pytest.raises(EndpointNotAllowed, match="another machine"):
            Destinations.of_patterns([name]).check_address(
                target(f"https://{name}"), ip_address(address)
            )


def test_a_name_of_this_machine_may_lead_to_it() -> None:
    """`localhost` says so itself; that it may be called was asked before."""
    Destinations.nowhere().check_address(target("https://localhost"), ip_address("127.0.0.1"))


@pytest.mark.parametrize("address", ["10.0.42.10", "192.168.1.1", "8.8.8.8", "2001:db8::1"])
def test_a_name_may_lead_to_any_other_address(address: str) -> None:
    """Hosts in private ranges are the normal case."""
    Destinations.nowhere().check_address(target("https://store.example"), ip_address(address))


def test_a_secret_goes_only_where_it_is_bound() -> None:
    """Another secret's host does not get it, and the hint is the line that would allow it."""
    rules = Destinations.of_operator({"a": ["a.example"], "b": ["b.example"]})
    rules.check("a", "https://a.example")
    with pytest.raises(SecretNotAllowed) as caught:
        rules.check("a", "https://b.example:8443")
    assert caught.value.problem.reason == "SecretNotAllowed"
    assert 'secrets: {a: {hosts: ["b.example:8443"]}}' in caught.value.problem.hint


def test_endpoints_narrow_what_may_be_called() -> None:
    """Where endpoints are listed, a secret's host alone is not enough."""
    rules = Destinations.of_operator({"a": ["*.example"]}, endpoints=["x.example"])
    rules.check("a", "https://x.example")
    with pytest.raises(EndpointNotAllowed) as caught:
        rules.check("a", "https://y.example")
    assert 'endpoints: ["y.example:443"]' in caught.value.problem.hint


def test_with_nothing_given_nothing_is_called() -> None:
    """Neither a file nor an option: every endpoint is refused, and the hint names both ways."""
    with pytest.raises(EndpointNotAllowed) as caught:
        Destinations.nowhere().check("key", PALETTE)
    assert "--allow-host 'api.spectrocloud.com:443'" in caught.value.problem.hint
    assert "operator's file" in caught.value.problem.hint


def test_tls_without_proof_needs_the_operator() -> None:
    """`--allow-host` never allows it; the operator's file does, host by host."""
    Destinations.of_operator({"k": ["*"]}, insecure_tls=["10.0.0.0/8"]).check_insecure(
        "https://10.1.2.3"
    )
    for rules in (anywhere(), Destinations.of_operator({"k": ["*"]})):
        with pytest.raises(EndpointNotAllowed, match="insecure"):
            rules.check_insecure("https://10.1.2.3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "*.*",
        "a.example/24",
        "10.0.42.1/24",
        "10.0.0.0/33",
        "127.1",
        "a.example:0",
        "https://a.example",
        "a example",
        "[::1",
        "*.",
        "a.example:99999",
        "*/8",
    ],
)
def test_a_bad_pattern_stops_the_run(text: str) -> None:
    """A pattern that names no hosts is an error at the start, not a rule that never matches."""
    with pytest.raises(ConfigurationError):
        host_pattern(text)


def test_a_secret_bound_to_certificates_goes_only_where_one_is_pinned() -> None:
    """A pull request can change an endpoint's trust, and then gets no secret."""
    mine, other = "sha256:" + "a" * 64, "sha256:" + "b" * 64
    rules = Destinations.of_operator({"k": ["*"]}, certificates={"k": [mine]})
    rules.check("k", "https://10.1.2.3", mine)
    for pinned in ("", other):
        with pytest.raises(SecretNotAllowed, match="certificates"):
            rules.check("k", "https://10.1.2.3", pinned)
