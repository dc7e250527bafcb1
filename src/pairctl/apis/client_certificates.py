"""Whether a server wants a client certificate: by its alert, or by a handshake that sends no more.

TLS 1.2 says so within the handshake, in an alert that has other meanings too. TLS 1.3 says so after
the client is done with it (RFC 8446, 4.4.2.4): where a request was on its way by then, the alert is
often lost, and the connection only looks cut off.
"""

import asyncio
import ssl
from collections.abc import Iterator

from pairctl.apis.dial import Dial
from pairctl.secrets import EndpointNotAllowed, Target

WAIT_S = 2.0
"""How long a server of TLS 1.3 may take to object to a handshake that the client is done with."""

_REQUIRED = "CERTIFICATE_REQUIRED"
_OBJECTIONS = ("HANDSHAKE_FAILURE", "BAD_CERTIFICATE", "ACCESS_DENIED", "NO_CERTIFICATE")
"""Alerts that mean it from a server that has asked for a certificate before."""

_HANDSHAKE, _CERTIFICATE_REQUEST = 22, 13
_RECORD_HEAD, _MESSAGE_HEAD = 5, 4
_MOST_READ = 64 * 1024


def says_required(error: ssl.SSLError | None) -> bool:
    """Whether an alert alone says that a client certificate is required (TLS 1.3, alert 116)."""
    return error is not None and _is_alert(error, _REQUIRED)


async def wants_certificate(
    server: Target, context: ssl.SSLContext, timeout_s: float, dial: Dial
) -> bool:
    """Whether a server ends the connection because the client shows no certificate.

    It is connected to once more, and sent nothing but the handshake. Not known counts as no.
    """

    async def open_one(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(address, server.port)

    try:
        reader, writer = await dial.connect(server, timeout_s, open_one)
    except (OSError, EndpointNotAllowed):
        return False
    handshake = _Handshake(context, server.host.strip("[]"))
    try:
        async with asyncio.timeout(timeout_s):
            return await _is_wanted(handshake, reader, writer)
    except OSError:
        # Cut off without an alert: it is about the certificate only where one was asked for.
        return handshake.has_asked and not handshake.is_done
    finally:
        writer.transport.abort()


async def _is_wanted(
    handshake: "_Handshake", reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    while not handshake.is_done:
        try:
            handshake.proceed()
        except ssl.SSLWantReadError:
            writer.write(handshake.outgoing.read())
            await handshake.receive(reader)
        except ssl.SSLError as error:
            return handshake.is_about_certificate(error)
    writer.write(handshake.outgoing.read())
    if handshake.has_ended_for_server:
        return False
    try:
        async with asyncio.timeout(WAIT_S):
            await handshake.receive(reader)
        handshake.listen()
    except (ssl.SSLWantReadError, TimeoutError):
        return False  # a ticket for the next session, or nothing: the server is content
    except ssl.SSLError as error:
        return handshake.is_about_certificate(error)
    return False


class _Handshake:
    """One TLS handshake over bytes, and whether the server asked for a certificate in the open."""

    def __init__(self, context: ssl.SSLContext, name: str) -> None:
        self._incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self.outgoing, server_hostname=name)
        self._heard = b""
        self.is_done = False

    @property
    def has_asked(self) -> bool:
        """Whether a request for a certificate was seen; TLS 1.3 shows it to nobody else."""
        return _CERTIFICATE_REQUEST in _messages(self._heard)

    @property
    def has_ended_for_server(self) -> bool:
        """Whether the server has agreed as well: it is the last to speak before TLS 1.3."""
        return self._tls.version() != "TLSv1.3"

    def proceed(self) -> None:
        """Go on with the handshake. Raises SSLWantReadError while the server is to speak."""
        self._tls.do_handshake()
        self.is_done = True

    def listen(self) -> None:
        """Read what comes after the handshake. Raises SSLError for an alert."""
        self._tls.read(1)

    async def receive(self, reader: asyncio.StreamReader) -> None:
        """Take in what the server sends next."""
        data = await reader.read(_MOST_READ)
        if not data:
            self._incoming.write_eof()
            return
        if len(self._heard) < _MOST_READ:
            self._heard += data
        self._incoming.write(data)

    def is_about_certificate(self, error: ssl.SSLError) -> bool:
        """Whether what ended the handshake was that no certificate was shown."""
        if _is_alert(error, _REQUIRED):
            return True
        # Once the client of TLS 1.3 is done, only what it has shown is left to object to.
        may_be = isinstance(error, ssl.SSLEOFError) or any(_is_alert(error, o) for o in _OBJECTIONS)
        is_objection = self.is_done and not isinstance(error, ssl.SSLEOFError)
        return may_be and (self.has_asked or is_objection)


def _is_alert(error: ssl.SSLError, words: str) -> bool:
    reason = getattr(error, "reason", None) or ""
    return "ALERT" in reason and words in reason


def _messages(flight: bytes) -> Iterator[int]:
    """Yield the types of the handshake messages that stand unencrypted at a flight's beginning."""
    messages = b""
    while len(flight) >= _RECORD_HEAD and flight[0] == _HANDSHAKE:
        end = _RECORD_HEAD + int.from_bytes(flight[3:5], "big")
        messages, flight = messages + flight[_RECORD_HEAD:end], flight[end:]
    while len(messages) >= _MESSAGE_HEAD:
        yield messages[0]
        messages = messages[_MESSAGE_HEAD + int.from_bytes(messages[1:4], "big") :]
