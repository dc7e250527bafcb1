"""Hosts, and the patterns that name them: parsed once, compared as what they are."""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from pairctl.problem import ConfigurationError, Problem
from pairctl.secrets.addresses import Address, is_metadata_name, readings, why_never_called
from pairctl.spec import canonical_host

HTTPS_PORT = 443
MAX_PORT = 65535

_ENDPOINT = re.compile(
    r"https://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9]([-a-z0-9.]*[a-z0-9])?)(?::(?P<port>[0-9]{1,5}))?"
)
_PATTERN = re.compile(
    r"(?P<host>\*|(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?|\[[0-9a-f:.]+\])"
    r"(/(?P<bits>[0-9]{1,3}))?(:(?P<port>[0-9]{1,5}))?"
)

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Target:
    """A server that may be called: a DNS name or an address, and a port."""

    host: str
    address: Address | None
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether it is this machine, by name or by address."""
        if self.address is not None:
            return _is_loopback(self.address)
        return self.host == "localhost" or self.host.endswith(".localhost")


@dataclass(frozen=True, slots=True)
class HostPattern:
    """Which servers are meant: `network` for addresses and ranges, `suffix` for `*.domain`.

    With neither, `host` is one exact name, or `*`. `port` is None where any port will do.
    """

    text: str
    host: str
    network: Network | None
    port: int | None

    def matches(self, server: Target) -> bool:
        """Whether the server is meant. `*` and `*.domain` never mean this machine."""
        if self.port is not None and self.port != server.port:
            return False
        if server.is_loopback and not self._names_loopback:
            return False
        return self._matches_host(server)

    @property
    def _names_loopback(self) -> bool:
        if self.network is not None:
            return self.network.is_loopback
        return self.host == "localhost" or (
            self.host.endswith(".localhost") and not self.host.startswith("*")
        )

    def _matches_host(self, server: Target) -> bool:
        if self.network is not None:
            return server.address is not None and server.address in self.network
        if self.host == "*":
            return True
        if self.host.startswith("*."):
            return server.address is None and server.host.endswith(self.host[1:])
        return server.host == self.host


@lru_cache(maxsize=4096)  # each call of a server asks it of the same address, for each pattern
def _is_loopback(address: Address) -> bool:
    return any(reading.is_loopback for reading in readings(address))


def resolved(server: Target, address: Address) -> Target:
    """Return the server at an address that its name was resolved to, in one reading only."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    plain = mapped or address
    return Target(f"[{plain}]" if plain.version == 6 else str(plain), plain, server.port)  # noqa: PLR2004 - IPv6


@lru_cache(maxsize=4096)
def target(endpoint: str) -> Target:
    """Parse an endpoint `https://host[:port]`. Raises ValueError where it has two readings."""
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None:
        raise ValueError("expected https://host or https://host:port")
    host = canonical_host(found["host"])
    return Target(host, _address(host), _port(found["port"]) or HTTPS_PORT)


def host_pattern(text: str) -> HostPattern:
    """Parse a pattern: a host, `*.domain`, `*`, an address or a range, and perhaps `:port`.

    Raises ConfigurationError: patterns come from the operator's file or the command line.
    """
    try:
        return _pattern(text)
    except ValueError as error:
        raise ConfigurationError(
            Problem(
                "BadHostPattern",
                f"{text!r} does not name hosts: {error}",
                "write a host, *.domain, an address, or a range as 10.0.42.0/24",
            )
        ) from error


def _pattern(text: str) -> HostPattern:
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise ValueError("it is neither a host nor an address nor a range")
    host = found["host"]
    return HostPattern(text, host, _network(host, found["bits"]), _port(found["port"]))


def forbidden(server: Target) -> str:
    """Return why no pattern can allow this server, or nothing."""
    if server.address is not None:
        return why_never_called(server.address)
    return "it is a cloud's metadata service" if is_metadata_name(server.host) else ""


def _address(host: str) -> Address | None:
    if host.startswith("["):
        return IPv6Address(host[1:-1])
    try:
        return IPv4Address(host)
    except ValueError:
        return None


def _network(host: str, bits: str | None) -> Network | None:
    if host.startswith("*"):
        address = None
    else:
        canonical_host(host)
        address = _address(host)
    if address is None:
        if bits is not None:
            raise ValueError("only an address can have a /length")
        return None
    return ipaddress.ip_network(f"{address}/{bits or address.max_prefixlen}")


def _port(text: str | None) -> int | None:
    if text is None:
        return None
    if not 0 < int(text) <= MAX_PORT:
        raise ValueError(f"{text} is not a port; ports are 1 to {MAX_PORT}")
    return int(text)
