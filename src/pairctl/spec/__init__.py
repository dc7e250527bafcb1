"""What operators write: read with its places, judged, and typed. No network, no Git, no clock."""

from pairctl.spec.candidates import read_file
from pairctl.spec.codes import Code
from pairctl.spec.declared import Declared, Loaded, Rejected, generation
from pairctl.spec.digests import digest, digest_of
from pairctl.spec.fields import API_VERSION, Written, canonical_host
from pairctl.spec.findings import Finding, Severity, Span
from pairctl.spec.folder import FolderFiles, read_folder
from pairctl.spec.kinds import (
    KINDS,
    Acceptance,
    AnyDocument,
    Desired,
    Limits,
    LocalUI,
    OnAmbiguous,
    Operator,
    OperatorSpec,
    PairingApproval,
    PairingApprovalSpec,
    PairingIntent,
    PairingIntentSpec,
    PairingRequestReference,
    PairingRoutes,
    Palette,
    PaletteSpec,
    ProfileMatch,
    ProfileMatchSpec,
    ProfileReference,
    RegistrationToken,
    SecretReference,
    Selection,
    Timing,
    Tls,
    UnrecognizedRequests,
)
from pairctl.spec.loader import load, load_operator
from pairctl.spec.schema import schemas
from pairctl.spec.source import SourceFile

__all__ = [
    "API_VERSION",
    "KINDS",
    "Acceptance",
    "AnyDocument",
    "Code",
    "Declared",
    "Desired",
    "Finding",
    "FolderFiles",
    "Limits",
    "Loaded",
    "LocalUI",
    "OnAmbiguous",
    "Operator",
    "OperatorSpec",
    "PairingApproval",
    "PairingApprovalSpec",
    "PairingIntent",
    "PairingIntentSpec",
    "PairingRequestReference",
    "PairingRoutes",
    "Palette",
    "PaletteSpec",
    "ProfileMatch",
    "ProfileMatchSpec",
    "ProfileReference",
    "RegistrationToken",
    "Rejected",
    "SecretReference",
    "Selection",
    "Severity",
    "SourceFile",
    "Span",
    "Timing",
    "Tls",
    "UnrecognizedRequests",
    "Written",
    "canonical_host",
    "digest",
    "digest_of",
    "generation",
    "load",
    "load_operator",
    "read_file",
    "read_folder",
    "schemas",
]
