"""Addresses that are never called, whatever a pattern says: judged in each way they can be read.

The standard library says of what kind an address is; here stand the ways in which an IPv4 address
is written inside an IPv6 one, and where clouds keep their metadata services.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

# What the clouds' own documentation names. Most are link-local, and refused as such already.
METADATA_ADDRESSES: frozenset[Address] = frozenset(
    map(
        ip_address,
        (
            "169.254.169.254",  # nearly all of them
            "168.63.129.16",  # Azure, host agent
            "192.0.0.192",  # Oracle
            "100.100.100.200",  # Alibaba
            "100.96.0.96",  # Volcengine
            "fd00:ec2::254",  # AWS
            "fd00:ec2::253",  # AWS, names
            "fd00:ec2::123",  # AWS, time
            "fd00:ec2::23",  # AWS, identities of pods
            "fd20:ce::254",  # Google
            "fd00:42::42",  # Scaleway
            "fd00:a9fe:a9fe::1",  # Linode
        ),
    )
)
METADATA_NAMES = frozenset(
    {
        "instance-data",
        "instance-data.ec2.internal",
        "metadata",
        "metadata.azure.internal",
        "metadata.goog",
        "metadata.google.internal",
        "metadata.packet.net",
        "metadata.platformequinix.com",
        "metadata.tencentyun.com",
        "api.metadata.cloud.ibm.com",
        "rancher-metadata",
        "rancher-metadata.rancher.internal",
    }
)

_THIS_NETWORK = IPv4Network("0.0.0.0/8")
_PROTOCOLS = IPv4Network("192.0.0.0/24")
_COMPATIBLE = IPv6Network("::/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
_NAT64 = IPv6Network("64:ff9b::/96")
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")
# RFC 6052, 2.2: which bytes hold the IPv4 address after 48, 56 and 64 bits; byte 8 is zero.
_AFTER_PREFIX = ((6, 7, 9, 10), (7, 9, 10, 11), (9, 10, 11, 12))
_ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")


def is_metadata_name(host: str) -> bool:
    """Whether a name is that of a metadata service, or lies below one in DNS."""
    return host in METADATA_NAMES or any(
        "." in name and host.endswith(f".{name}") for name in METADATA_NAMES
    )


def why_never_called(address: Address) -> str:
    """Return why no pattern can allow this address, or nothing.

    Private ranges, unique local addresses and those of carriers (100.64.0.0/10) are where edge
    hosts live; those for documentation and benchmarks lead to nobody in particular. Loopback is a
    question of patterns, and none of this.
    """
    return next(filter(None, map(_why_not, readings(address))), "")


def readings(address: Address) -> tuple[Address, ...]:
    """Return the address, without the interface it is reached by, and each one inside it."""
    if isinstance(address, IPv4Address):
        return (address,)
    plain = IPv6Address(address.packed)
    return (plain, *_written_inside(plain))


def _written_inside(address: IPv6Address) -> list[IPv4Address]:
    packed = address.packed
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    inner = [one for one in found if one is not None]
    if _is_wrapper(address) or packed[8:12] in _ISATAP:
        inner.append(IPv4Address(packed[12:]))
    if address in _LOCAL_NAT64:
        inner += _of_local_nat64(packed)
    return inner


def _is_wrapper(address: IPv6Address) -> bool:
    """Whether the last four bytes are an IPv4 address: compatible, translated, or NAT64."""
    is_own = address.is_loopback or address.is_unspecified
    return (address in _COMPATIBLE and not is_own) or address in _TRANSLATED or address in _NAT64


def _of_local_nat64(packed: bytes) -> list[IPv4Address]:
    """Return what an address of a network's own NAT64 stands for, and what it may stand for.

    How long the prefix is, only that network knows. By the RFC zeros follow the IPv4 address, so
    the first reading with nothing behind it is meant; any other counts only where it is fatal.
    """
    meant = IPv4Address(packed[12:])
    others = []
    for places in reversed(_AFTER_PREFIX):
        inner = IPv4Address(bytes(packed[at] for at in places))
        if not any(packed[8:9] + packed[places[-1] + 1 :]):
            meant, inner = inner, meant
        others.append(inner)
    return [meant, *(one for one in others if _is_fatal(one))]


def _is_fatal(address: IPv4Address) -> bool:
    return address.is_loopback or address.is_link_local or address in METADATA_ADDRESSES


def _why_not(address: Address) -> str:
    if address in METADATA_ADDRESSES:
        return "it is a link-local or metadata address"
    if address.is_loopback:
        return ""
    if address.is_unspecified or address in _THIS_NETWORK or address in _PROTOCOLS:
        return "it is no address of a server"
    if address.is_link_local or (isinstance(address, IPv6Address) and address.is_site_local):
        return "it is a link-local or metadata address"
    # An address that only stands for an IPv4 address is judged as that.
    if address.is_multicast or (address.is_reserved and len(readings(address)) == 1):
        return "it is a multicast or reserved address"
    return ""
