"""Which addresses are this machine's own, as its system says. Sends nothing."""

import socket
from ipaddress import ip_address

from pairctl.secrets import Address

_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
# Those of documentation: no machine has them, and one that can bind them can bind any.
_OF_NO_MACHINE: dict[int, Address] = {
    4: ip_address("192.0.2.255"),
    6: ip_address("2001:db8::ffff"),
}
_DISCARD_PORT = 9


def is_own_address(address: Address) -> bool:
    """Whether this machine has the address on one of its interfaces.

    A system lets programs bind its own addresses only. Where it was told to let them bind any
    (`ip_nonlocal_bind`), it is asked which address it would call this one from: the same, if it
    is its own.
    """
    if not _can_bind(address):
        return False
    if not _can_bind(_OF_NO_MACHINE[address.version]):
        return True
    return _called_from(address) == address


def _can_bind(address: Address) -> bool:
    try:
        with socket.socket(_FAMILIES[address.version], socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError:
        return False
    return True


def _called_from(address: Address) -> Address | None:
    """Return the address that a datagram would be sent from; none is sent."""
    try:
        with socket.socket(_FAMILIES[address.version], socket.SOCK_DGRAM) as probe:
            probe.connect((str(address), _DISCARD_PORT))
            return ip_address(probe.getsockname()[0])
    except OSError:
        return None
