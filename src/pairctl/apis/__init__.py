"""The clients of Local UI and Palette: a closed table of calls, limits, TLS, and failures by fate.

They decide nothing about pairings: they answer with facts, and send what they are told, once.
"""

from pairctl.apis.acceptance import Acceptance, ProfileChoice
from pairctl.apis.channel import Wire
from pairctl.apis.failures import (
    AnswerTooLarge,
    ApiFailure,
    AuthenticationFailed,
    CertificateChanged,
    CertificateUnknown,
    Forbidden,
    ListMayBeCut,
    LoginUnusable,
    NoAnswer,
    NotFound,
    NotSent,
    NotTheApi,
    OutcomeUnknown,
    PagingLoop,
    ProjectAmbiguous,
    ProjectNotFound,
    RateLimited,
    Refused,
    RouteClosed,
    ServerError,
    TlsUntrusted,
    Unauthorized,
    UnexpectedAnswer,
    UnexpectedRedirect,
    Unreachable,
    is_definite_no,
)
from pairctl.apis.limits import HostLimit, Limit, PaletteLimit
from pairctl.apis.local_login import RefusedLogins
from pairctl.apis.local_ui import LocalUI, LocalUIWriter
from pairctl.apis.palette import Palette, PaletteWriter, Token
from pairctl.apis.routes import reading_palette, writing_palette
from pairctl.apis.tls import Authorities, Pinned, SystemAuthorities, Trust, Unchecked

__all__ = [
    "Acceptance",
    "AnswerTooLarge",
    "ApiFailure",
    "AuthenticationFailed",
    "Authorities",
    "CertificateChanged",
    "CertificateUnknown",
    "Forbidden",
    "HostLimit",
    "Limit",
    "ListMayBeCut",
    "LocalUI",
    "LocalUIWriter",
    "LoginUnusable",
    "NoAnswer",
    "NotFound",
    "NotSent",
    "NotTheApi",
    "OutcomeUnknown",
    "PagingLoop",
    "Palette",
    "PaletteLimit",
    "PaletteWriter",
    "Pinned",
    "ProfileChoice",
    "ProjectAmbiguous",
    "ProjectNotFound",
    "RateLimited",
    "Refused",
    "RefusedLogins",
    "RouteClosed",
    "ServerError",
    "SystemAuthorities",
    "TlsUntrusted",
    "Token",
    "Trust",
    "Unauthorized",
    "Unchecked",
    "UnexpectedAnswer",
    "UnexpectedRedirect",
    "Unreachable",
    "Wire",
    "is_definite_no",
    "reading_palette",
    "writing_palette",
]
