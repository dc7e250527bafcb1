"""From a server's name to a connection: resolved once, checked, and connected to that very address.

Nothing below this resolves a name again, so that a name cannot lead elsewhere in between.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pairctl.apis.own_addresses import is_own_address
from pairctl.secrets import Address, Destinations, Target, misled_to_this_machine

Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
CheckAddress = Callable[[Target, Address], None]

C = TypeVar("C")

MOST_ADDRESSES = 8


async def resolve(name: str, port: int) -> list[Address]:
    """Return the addresses of a name in the system's order. Raises socket.gaierror."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(str(info[4][0])) for info in found]


@dataclass(frozen=True, slots=True)
class Dial:
    """How a name becomes addresses, and which of them may be connected to.

    `check` raises for one that may not. `is_own` says which are this machine's: no name leads
    there but `localhost`.
    """

    check: CheckAddress = Destinations.nowhere().check_address
    resolve: Resolve = resolve
    is_own: Callable[[Address], bool] = is_own_address

    async def addresses(self, server: Target) -> list[Address]:
        """Return where the server is. One address that is refused refuses the server.

        Raises what `check` raises, or OSError where there is no address.
        """
        found = await self._found(server)
        for address in found:
            self.check(server, address)
            if server.address is None and not server.is_loopback and self.is_own(address):
                raise misled_to_this_machine(server, address)
        return found[:MOST_ADDRESSES]

    async def connect(
        self, server: Target, timeout_s: float, open_one: Callable[[str], Awaitable[C]]
    ) -> C:
        """Resolve, check, and return what `open_one` made of the first address that answers.

        Raises as `addresses`, TimeoutError, or what `open_one` raised for the last address.
        """
        ends_at = asyncio.get_running_loop().time() + timeout_s
        async with asyncio.timeout_at(ends_at):
            addresses = await self.addresses(server)
        for left in range(len(addresses), 1, -1):
            try:
                # A dead address leaves time for the others.
                async with asyncio.timeout((ends_at - asyncio.get_running_loop().time()) / left):
                    return await open_one(str(addresses[-left]))
            except ssl.SSLError:
                raise
            except OSError:
                continue
        async with asyncio.timeout_at(ends_at):
            return await open_one(str(addresses[-1]))

    async def _found(self, server: Target) -> list[Address]:
        if server.address is not None:
            return [server.address]
        found = list(dict.fromkeys(await self.resolve(server.host, server.port)))
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "the name has no address")
        return found
