"""How a server proves who it is: authorities, a pinned certificate, or explicitly nothing."""

import asyncio
import hashlib
import os
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import certifi

from pairctl.apis.client_certificates import says_required, wants_certificate
from pairctl.apis.dial import Dial
from pairctl.apis.failures import (
    ApiFailure,
    CertificateChanged,
    CertificateUnknown,
    ClientCertificateRequired,
    TlsUntrusted,
    Unreachable,
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


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate in DER, as documents write it."""
    return "sha256:" + hashlib.sha256(certificate).hexdigest()


class Contexts:
    """The contexts of authorities, each read once: reading a system's takes some 20 ms.

    Whoever keeps one for long renews it from time to time: authorities change. A certificate that
    was pinned and seen does not: it is known by its content, and a connection is never trusted by
    anything else.
    """

    def __init__(self) -> None:
        self._known: dict[SystemAuthorities | Authorities, ssl.SSLContext] = {}
        self._leaves: dict[str, bytes] = {}
        self._reading = asyncio.Lock()

    def renewed(self) -> "Contexts":
        """Return contexts that read authorities anew, and know the same certificates."""
        contexts = Contexts()
        contexts._leaves = self._leaves
        return contexts

    async def pinned(
        self, expected: str, server: Target, timeout_s: float, dial: Dial
    ) -> ssl.SSLContext:
        """Return the context of a pin. Connects where its certificate was not seen yet.

        Raises as `context_for` does.
        """
        if expected not in self._leaves:
            self._leaves[expected] = await _pinned_leaf(expected, server, timeout_s, dial)
        context = _client_context()
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=self._leaves[expected])
        return context

    async def of(self, trust: SystemAuthorities | Authorities) -> ssl.SSLContext:
        """Return the context of a trust. Raises ConfigurationError for a bad CA file."""
        async with self._reading:
            if trust not in self._known:
                if isinstance(trust, Authorities):
                    self._known[trust] = _authorities_context(trust.pem)
                else:
                    self._known[trust] = await asyncio.to_thread(_system_context)
            return self._known[trust]


async def context_for(
    trust: Trust,
    server: Target,
    timeout_s: float,
    dial: Dial,
    contexts: Contexts | None = None,
) -> ssl.SSLContext:
    """Return the context to call the server with.

    For a pin whose certificate was not seen yet this connects once, sends nothing beyond the
    handshake, and compares. Raises CertificateChanged, Unreachable, EndpointNotAllowed, or
    ConfigurationError for a bad CA file.
    """
    match trust:
        case SystemAuthorities() | Authorities():
            return await (contexts or Contexts()).of(trust)
        case Pinned(expected):
            known = contexts or Contexts()
            return await known.pinned(expected, server, timeout_s, dial)
        case Unchecked():
            return _unchecked_context()


async def why_untrusted(
    trust: Trust, server: Target, cause: ssl.SSLError, timeout_s: float, dial: Dial
) -> ApiFailure:
    """Return the failure to tell of, with the fingerprint that is served now.

    It is found by a second connection that checks nothing and sends nothing.
    """
    where = f"{server.host}:{server.port}"
    if not isinstance(cause, ssl.SSLCertVerificationError) and await is_shut_to_clients(
        server, cause, timeout_s, dial
    ):
        return shut_to_clients(server)
    found = await _served_fingerprint(server, timeout_s, dial)
    if isinstance(trust, Pinned) and found not in ("", trust.fingerprint):
        return _changed(where, trust.fingerprint, found)
    if isinstance(cause, ssl.SSLCertVerificationError) and not isinstance(trust, Pinned):
        hint = _pin(found) if found else ""
        return CertificateUnknown(
            f"the certificate of {where} is not trusted: {cause.verify_message}; its fingerprint is"
            f" {found or 'not known'}; nothing was sent",
            hint,
            fingerprint=found,
        )
    reason = getattr(cause, "verify_message", "") or _words(cause)
    return TlsUntrusted(f"TLS with {where} failed: {reason}", "correct the server's TLS settings")


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


async def _pinned_leaf(expected: str, server: Target, timeout_s: float, dial: Dial) -> bytes:
    where = f"{server.host}:{server.port}"
    try:
        leaf = await _served_leaf(server, timeout_s, dial)
    except ssl.SSLError as error:
        if await is_shut_to_clients(server, error, timeout_s, dial):
            raise shut_to_clients(server) from error
        raise TlsUntrusted(f"TLS with {where} failed: {_words(error)}") from error
    except OSError as error:
        raise Unreachable(
            f"{where} cannot be reached: {system_words(error) or type(error).__name__}",
            "check the address and the network",
            is_passing=not isinstance(error, TimeoutError),
        ) from error
    if fingerprint(leaf) != expected:
        raise _changed(where, expected, fingerprint(leaf))
    return leaf


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


def system_words(error: OSError) -> str:
    """Return the system's words for an error; asyncio puts an address in their place."""
    if isinstance(error, ssl.SSLError):
        return ""
    if isinstance(error, socket.gaierror) or not error.errno:
        return error.strerror or ""
    return os.strerror(error.errno)


def _words(error: ssl.SSLError) -> str:
    return (error.reason or type(error).__name__).replace("_", " ").lower()
