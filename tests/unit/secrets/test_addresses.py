"""Which addresses are never called, in each of the ways in which they can be written."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.secrets import Destinations, EndpointNotAllowed, target
from pairctl.secrets.addresses import METADATA_ADDRESSES, METADATA_NAMES, readings, why_never_called

ANYTHING = Destinations.of_operator({"key": ["*", "0.0.0.0/0", "[::]/0"]}, endpoints=["*"])

NEVER_V4 = (
    *("169.254.169.254", "169.254.0.1", "168.63.129.16", "192.0.0.192", "192.0.0.1"),
    *("100.100.100.200", "0.0.0.1", "0.1.2.3", "224.0.0.1", "239.255.255.250"),
    *("240.0.0.1", "255.255.255.255", str(IPv4Address(0))),
)
NEVER_V6 = (
    *("::", "fe80::1", "fe80::a9fe:a9fe", "febf::1", "fec0::1", "ff02::1", "ff05::2"),
    *("fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "100::1", "4000::1", "fe00::1"),
)
WHERE_EDGE_HOSTS_LIVE = (
    *("10.0.42.10", "172.16.0.1", "172.31.255.254", "192.168.1.1", "100.64.0.1", "100.127.0.1"),
    *("fd12:3456::1", "fc00::1", "8.8.8.8", "2606:4700::1111", "198.18.0.1", "2001:db8::1"),
    *("192.0.2.1", "198.51.100.1", "203.0.113.1", "169.253.1.1", "168.63.129.17"),
)
FORMS = {
    "mapped": lambda v4: IPv6Address(f"::ffff:{v4}"),
    "compatible": lambda v4: IPv6Address(int(v4)),
    "translated": lambda v4: IPv6Address(f"::ffff:0:{v4}"),
    "6to4": lambda v4: IPv6Address((0x2002 << 112) | (int(v4) << 80) | 1),
    "teredo, its server": lambda v4: IPv6Address((0x20010000 << 96) | (int(v4) << 64) | 0xF7F7F7F7),
    "teredo, its client": lambda v4: IPv6Address(
        (0x20010000 << 96) | (0x08080808 << 64) | (int(v4) ^ 0xFFFFFFFF)
    ),
    "nat64": lambda v4: IPv6Address(f"64:ff9b::{v4}"),
    "nat64, of one's own": lambda v4: IPv6Address(f"64:ff9b:1::{v4}"),
    "nat64, of one's own, below": lambda v4: IPv6Address(f"64:ff9b:1:fffe::{v4}"),
    "nat64, after 48 bits": lambda v4: _after(48, v4),
    "nat64, after 56 bits": lambda v4: _after(56, v4),
    "nat64, after 64 bits": lambda v4: _after(64, v4),
    "isatap": lambda v4: IPv6Address(f"2001:4860::5efe:{v4}"),
}


def _after(length: int, v4: IPv4Address) -> IPv6Address:
    """Write an IPv4 address after a prefix of this length, as RFC 6052 has it: byte 8 is zero."""
    packed = bytearray(IPv6Address("64:ff9b:1::").packed)
    places = [at for at in range(length // 8, 16) if at != 8][:4]
    for at, byte in zip(places, v4.packed, strict=True):
        packed[at] = byte
    return IPv6Address(bytes(packed))


def refused(address: str) -> bool:
    """Whether an endpoint of this address, and a name that leads to it, are both refused."""
    found = ip_address(address)
    endpoint = f"https://[{found}]" if found.version == 6 else f"https://{found}"
    by_name = by_address = False
    try:
        ANYTHING.check_address(target("https://store.example"), found)
    except EndpointNotAllowed:
        by_name = True
    try:
        ANYTHING.check("key", endpoint)
    except EndpointNotAllowed:
        by_address = True
    assert by_address or not by_name, "what a name may not lead to is not written out either"
    return by_name


@pytest.mark.parametrize("address", [*NEVER_V4, *NEVER_V6, *sorted(map(str, METADATA_ADDRESSES))])
def test_an_address_that_is_never_called(address: str) -> None:
    """Whatever a pattern says, written out or led to by a name."""
    assert why_never_called(ip_address(address))
    assert refused(address)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("address", [one for one in NEVER_V4 if not one.startswith("0.")])
def test_nor_in_any_form_that_it_is_written_in(address: str, form: object) -> None:
    """A gateway on the way takes the IPv4 address out, and calls that."""
    wrapped = form(IPv4Address(address))  # type: ignore[operator]  # a function of the table
    assert IPv4Address(address) in readings(wrapped)
    assert refused(str(wrapped))


@pytest.mark.parametrize("address", ["fd00:ec2::254%eth0", "fe80::1%1", "::ffff:169.254.169.254%a"])
def test_the_interface_it_is_reached_by_changes_nothing(address: str) -> None:
    """Resolvers add it to addresses that are the same on every link."""
    with pytest.raises(EndpointNotAllowed):
        ANYTHING.check_address(target("https://store.example"), ip_address(address))


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_this_machine_in_another_form_is_not_called(form: object) -> None:
    """Neither as an address nor by a name: no pattern names it like that."""
    assert refused(str(form(IPv4Address("127.0.0.1"))))  # type: ignore[operator]  # as above


@pytest.mark.parametrize("address", WHERE_EDGE_HOSTS_LIVE)
def test_where_edge_hosts_live_is_called_where_it_is_bound(address: str) -> None:
    """Private ranges are the normal case here; only what nobody binds is refused."""
    assert not refused(address)
    found = ip_address(address)
    host = f"[{found}]" if found.version == 6 else str(found)
    Destinations.of_operator({"key": [host]}).check("key", f"https://{host}")
    with pytest.raises(EndpointNotAllowed):
        Destinations.of_operator({"key": ["other.example"]}).check("key", f"https://{host}")


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("address", ["10.0.42.10", "8.8.8.8", "203.0.113.7"])
def test_a_gateway_may_lead_to_them(address: str, form: object) -> None:
    """In a network of IPv6 alone, DNS gives such addresses for each host that has IPv4."""
    assert not refused(str(form(IPv4Address(address))))  # type: ignore[operator]  # as above


@pytest.mark.parametrize(
    "name", [*sorted(METADATA_NAMES), "a.metadata.google.internal", "eu.api.metadata.cloud.ibm.com"]
)
def test_a_metadata_service_is_not_called_by_its_name(name: str) -> None:
    """Also where a name is bound letter for letter."""
    with pytest.raises(EndpointNotAllowed, match="never called"):
        Destinations.of_operator({"key": [name]}).check("key", f"https://{name}")


@pytest.mark.parametrize("name", ["metadata.example", "instance-data.example", "my-metadata"])
def test_a_name_that_only_resembles_one_is_like_any_other(name: str) -> None:
    """A host of one's own may be called so."""
    ANYTHING.check("key", f"https://{name}")


@given(st.ip_addresses())
def test_every_address_is_judged(address: IPv4Address | IPv6Address) -> None:
    """No address ends a run with anything but a judgement, and loopback is left to patterns."""
    why = why_never_called(address)
    assert isinstance(why, str)
    if address.is_loopback:
        assert why == ""
