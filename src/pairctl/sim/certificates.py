"""One certificate authority for a simulation, and a certificate for each of its servers."""

import hashlib
import ssl
from dataclasses import dataclass

import trustme

from pairctl.sim.scenario_parts import TlsSpec

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
SERVER_NAMES = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Identity:
    """A server's TLS identity; `fingerprint` is `sha256:` and 64 hexadecimal digits of the leaf."""

    context: ssl.SSLContext
    fingerprint: str

    @property
    def is_shut(self) -> bool:
        """Whether nobody is let in without a client certificate."""
        return self.context.verify_mode is ssl.CERT_REQUIRED


class Authority:
    """Lives in memory only: nothing that it signs is trusted anywhere else."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="pairctl simulation")

    @property
    def pem(self) -> str:
        """The CA certificate, as clients need it to trust the servers."""
        return self._ca.cert_pem.bytes().decode("ascii")

    def issue(self, tls: TlsSpec) -> Identity:
        """Sign a new certificate for a loopback server that speaks TLS like this."""
        leaf = self._ca.issue_cert(*SERVER_NAMES)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        leaf.configure_cert(context)
        if tls.version is not None:
            context.minimum_version = context.maximum_version = VERSIONS[tls.version]
        if tls.client_certificate is not None:
            context.verify_mode = ssl.CERT_REQUIRED
        der = ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode("ascii"))
        return Identity(context, f"sha256:{hashlib.sha256(der).hexdigest()}")

    def trust(self) -> ssl.SSLContext:
        """Make a client context that trusts this authority and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._ca.configure_trust(context)
        return context
