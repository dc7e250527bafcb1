"""How a server proves who it is: authorities, a pinned certificate, or explicitly nothing."""

import asyncio
import hashlib
import os
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import certifi

from pairctl.apis.certificate_dates import out_of_date
from pairctl.apis.client_certificates import says_required, wants_certificate
from pairctl.apis.dial import Dial
from pairctl.apis.failures import (
    ApiFailure,
    CertificateChanged,
    CertificateUnknown,
    ClientCertificateRequired,
    TlsUntrusted,
)
from pairctl.problem import ConfigurationError, Problem
from pairctl.secrets import EndpointNotAllowed, Target
from pairctl.spec import snippet


@dataclass(frozen=True, slots=True)
class SystemAuthorities:
    """Trust the authorities of this machine."""


@dataclass(frozen=True, slots=True)
class Authorities:
    """Trust these authorities and no others. `pem` is the content of a CA file."""

    pem: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """Trust this one certificate, whatever name it bears. As in `sha256:<64 hex>`."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Trust anything. Whether that is allowed was asked before."""


Trust = SystemAuthorities | Authorities | Pinned | Unchecked


_INTERRUPTED = (
    ssl.SSLWantReadError,
    ssl.SSLWantWriteError,
    ssl.SSLEOFError,
    ssl.SSLSyscallError,
    ssl.SSLZeroReturnError,
)


_CORRECT = "correct the server's TLS settings"


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate in DER, as documents write it."""
    return "sha256:" + hashlib.sha256(certificate).hexdigest()


class NotPinned(ssl.SSLCertVerificationError):
    """A handshake showed another certificate than the pinned one, or one that is out of date.

    `failure` is what to tell of it.
    """

    def __init__(self, failure: TlsUntrusted) -> None:
        super().__init__(failure.problem.message)
        self.failure = failure


class Contexts:
    """The contexts of trusts, each made once: reading a system's authorities takes some 20 ms.

    Whoever keeps them for long makes others from time to time: authorities change.
    """

    def __init__(self) -> None:
        self._known: dict[Trust, ssl.SSLContext] = {}
        self._reading = asyncio.Lock()

    async def of(self, trust: Trust) -> ssl.SSLContext:
        """Return the context of a trust. Raises ConfigurationError for a bad CA file.

        The context of a pin checks nothing by itself: `check_pin` does, after each handshake.
        """
        key = Unchecked() if isinstance(trust, Pinned) else trust
        async with self._reading:
            if key not in self._known:
                self._known[key] = await _context(key)
            return self._known[key]


def check_pin(trust: Trust, server: Target, leaf: bytes | None, now: datetime) -> None:
    """Hold the certificate (DER) of a handshake that is over against a pin: before any byte leaves.

    The handshake has proven that the server holds the certificate's key (RFC 8446, 4.4.3; RFC 5246,
    7.4.3): with the very certificate that was pinned, that says who it is. All other trusts are
    asked within the handshake. Raises NotPinned.
    """
    if not isinstance(trust, Pinned):
        return
    where, found = f"{server.host}:{server.port}", fingerprint(leaf or b"")
    if found != trust.fingerprint:
        raise NotPinned(_changed(where, trust.fingerprint, found))
    if why := out_of_date(leaf or b"", now):
        raise NotPinned(TlsUntrusted(f"TLS with {where} failed: {why}", _CORRECT))


async def why_untrusted(
    trust: Trust, server: Target, cause: ssl.SSLError, timeout_s: float, dial: Dial
) -> ApiFailure:
    """Return the failure to tell of, with the fingerprint that is served now.

    Where the handshake has not shown it, a second connection finds it, which checks nothing and
    sends nothing.
    """
    if isinstance(cause, NotPinned):
        return cause.failure
    where = f"{server.host}:{server.port}"
    if not isinstance(cause, ssl.SSLCertVerificationError) and await is_shut_to_clients(
        server, cause, timeout_s, dial
    ):
        return shut_to_clients(server)
    found = await _served_fingerprint(server, timeout_s, dial)
    if isinstance(trust, Pinned) and found not in ("", trust.fingerprint):
        return _changed(where, trust.fingerprint, found)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _unknown(where, cause.verify_message, found)
    reason = getattr(cause, "verify_message", "") or _words(cause)
    return TlsUntrusted(f"TLS with {where} failed: {reason}", _CORRECT)


async def is_shut_to_clients(
    server: Target, cause: ssl.SSLError | None, timeout_s: float, dial: Dial
) -> bool:
    """Whether a connection ended because the server wants a client certificate.

    Where its alert does not say so, another connection finds out, which sends nothing.
    """
    if says_required(cause):
        return True
    return await wants_certificate(server, _unchecked_context(), timeout_s, dial)


def shut_to_clients(server: Target) -> ClientCertificateRequired:
    """Return the failure of a server that wants a client certificate."""
    return ClientCertificateRequired(f"{server.host}:{server.port}")


def tls_error(error: BaseException) -> ssl.SSLError | None:
    """Return what TLS itself objected to in a failed connection, if it did.

    A handshake that was merely cut or took too long is no objection.
    """
    found = (cause for cause in causes(error) if isinstance(cause, ssl.SSLError))
    return next((cause for cause in found if not isinstance(cause, _INTERRUPTED)), None)


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what led to it, the members of groups too, outermost first."""
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        cause = pending.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            pending.extend(cause.exceptions)
        pending.extend((cause.__context__, cause.__cause__))


async def _context(trust: SystemAuthorities | Authorities | Unchecked) -> ssl.SSLContext:
    match trust:
        case SystemAuthorities():
            return await asyncio.to_thread(_system_context)
        case Authorities(pem):
            return _authorities_context(pem)
        case Unchecked():
            return _unchecked_context()


def _system_context() -> ssl.SSLContext:
    """Read the authorities from the compiled-in places: the environment cannot add any."""
    context = _client_context()
    places = ssl.get_default_verify_paths()
    file, folder = Path(places.openssl_cafile), Path(places.openssl_capath)
    if file.is_file():
        context.load_verify_locations(cafile=file)
    if folder.is_dir() and any(folder.iterdir()):
        context.load_verify_locations(capath=folder)
    elif not file.is_file():
        context.load_verify_locations(cafile=certifi.where())
    return context


def _authorities_context(pem: str) -> ssl.SSLContext:
    context = _client_context()
    try:
        context.load_verify_locations(cadata=pem)
    except (ssl.SSLError, ValueError) as error:
        raise ConfigurationError(
            Problem(
                "BadCaFile",
                "the CA file holds no certificates in PEM",
                "it should hold blocks that begin with -----BEGIN CERTIFICATE-----",
            )
        ) from error
    return context


def _unchecked_context() -> ssl.SSLContext:
    context = _client_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _client_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def _served_fingerprint(server: Target, timeout_s: float, dial: Dial) -> str:
    try:
        return fingerprint(await _served_leaf(server, timeout_s, dial))
    except (OSError, EndpointNotAllowed):
        return ""


async def _served_leaf(server: Target, timeout_s: float, dial: Dial) -> bytes:
    """Return the certificate (DER) that the server shows. Sends nothing but the handshake."""

    async def open_one(address: str) -> asyncio.StreamWriter:
        name = server.host.strip("[]")
        return (
            await asyncio.open_connection(
                address, server.port, ssl=_unchecked_context(), server_hostname=name
            )
        )[1]

    writer = await dial.connect(server, timeout_s, open_one)
    try:
        leaf: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    finally:
        writer.transport.abort()
    return leaf


def _changed(where: str, pinned: str, found: str) -> CertificateChanged:
    return CertificateChanged(
        f"{where} shows another certificate than the pinned one: {pinned} was pinned,"
        f" {found} is served; nothing was sent",
        "find out why it changed; if it is right, pin the new fingerprint",
        pinned=pinned,
        found=found,
    )


def _pin(found: str) -> str:
    return (
        f"if that is the server's own, write {snippet({'tls': {'fingerprint': found}})} beside the "
        "endpoint, in the intent's `localUI` or in the Palette document"
    )


def _unknown(where: str, reason: str, found: str) -> CertificateUnknown:
    hint = _pin(found) if found else ""
    return CertificateUnknown(
        f"the certificate of {where} is not trusted: {reason}; its fingerprint is"
        f" {found or 'not known'}; nothing was sent",
        hint,
        fingerprint=found,
    )


def system_words(error: OSError) -> str:
    """Return the system's words for an error; asyncio puts an address in their place."""
    if isinstance(error, ssl.SSLError):
        return ""
    if isinstance(error, socket.gaierror) or not error.errno:
        return error.strerror or ""
    return os.strerror(error.errno)


def _words(error: ssl.SSLError) -> str:
    return (error.reason or type(error).__name__).replace("_", " ").lower()
