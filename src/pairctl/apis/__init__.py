"""The clients of Local UI and Palette: a closed table of calls, limits, TLS, and failures by fate.

They decide nothing about pairings: they answer with facts, and send what they are told, once.
"""

from typing import TYPE_CHECKING

from pairctl.apis.pack_values import pack_values
from pairctl.on_demand import on_demand

if TYPE_CHECKING:
    from pairctl.apis.acceptance import Acceptance, ProfileChoice
    from pairctl.apis.channel import Wire
    from pairctl.apis.dial import Dial
    from pairctl.apis.exchange_log import ExchangeLog
    from pairctl.apis.exchanges import Exchange, ExchangeListener, PathSource, path_source
    from pairctl.apis.failures import (
        AnswerTooLarge,
        ApiFailure,
        AuthenticationFailed,
        CertificateChanged,
        CertificateUnknown,
        ClientCertificateRequired,
        Forbidden,
        ListMayBeCut,
        LoginUnusable,
        NoAnswer,
        NoSuchRoute,
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
    from pairctl.apis.har import MAX_RECORDING_BYTES, BadRecording
    from pairctl.apis.kept_connections import KeptConnections
    from pairctl.apis.limits import HostLimit, Limit, PaletteLimit, reads_within, seconds_for
    from pairctl.apis.local_login import RefusedLogins
    from pairctl.apis.local_ui import SLOW_CALL_S, LocalUI
    from pairctl.apis.pages import PAGE
    from pairctl.apis.palette import Palette, Token
    from pairctl.apis.palette_answers import KeyPermissions
    from pairctl.apis.probes import LocalUIProbe, PaletteProbe
    from pairctl.apis.profile_values import unread
    from pairctl.apis.reach import connected, proven, resolved
    from pairctl.apis.recording import Recording, read_recording
    from pairctl.apis.routes import (
        LEAST_ROLES,
        ROUTE_SETTINGS,
        WRITING_LOCAL_UI,
        Operation,
        Route,
        reading_palette,
        writing_palette,
    )
    from pairctl.apis.shown_bodies import sent_body
    from pairctl.apis.tls import Authorities, Contexts, Pinned, SystemAuthorities, Trust, Unchecked
else:
    __getattr__ = on_demand(
        __name__,
        {
            "acceptance": "Acceptance ProfileChoice",
            "channel": "Wire",
            "dial": "Dial",
            "exchange_log": "ExchangeLog",
            "exchanges": "Exchange ExchangeListener PathSource path_source",
            "failures": (
                "AnswerTooLarge ApiFailure AuthenticationFailed CertificateChanged "
                "CertificateUnknown ClientCertificateRequired Forbidden ListMayBeCut "
                "LoginUnusable NoAnswer NoSuchRoute NotFound NotSent NotTheApi OutcomeUnknown "
                "PagingLoop ProjectAmbiguous ProjectNotFound RateLimited Refused RouteClosed "
                "ServerError TlsUntrusted Unauthorized UnexpectedAnswer UnexpectedRedirect "
                "Unreachable is_definite_no"
            ),
            "har": "MAX_RECORDING_BYTES BadRecording",
            "limits": "HostLimit Limit PaletteLimit reads_within seconds_for",
            "local_login": "RefusedLogins",
            "kept_connections": "KeptConnections",
            "local_ui": "LocalUI SLOW_CALL_S",
            "pages": "PAGE",
            "palette": "Palette Token",
            "palette_answers": "KeyPermissions",
            "probes": "LocalUIProbe PaletteProbe",
            "profile_values": "unread",
            "reach": "connected proven resolved",
            "recording": "Recording read_recording",
            "routes": (
                "LEAST_ROLES ROUTE_SETTINGS WRITING_LOCAL_UI Operation Route reading_palette "
                "writing_palette"
            ),
            "shown_bodies": "sent_body",
            "tls": "Authorities Contexts Pinned SystemAuthorities Trust Unchecked",
        },
    )

__all__ = [
    "LEAST_ROLES",
    "MAX_RECORDING_BYTES",
    "PAGE",
    "ROUTE_SETTINGS",
    "SLOW_CALL_S",
    "WRITING_LOCAL_UI",
    "Acceptance",
    "AnswerTooLarge",
    "ApiFailure",
    "AuthenticationFailed",
    "Authorities",
    "BadRecording",
    "CertificateChanged",
    "CertificateUnknown",
    "ClientCertificateRequired",
    "Contexts",
    "Dial",
    "Exchange",
    "ExchangeListener",
    "ExchangeLog",
    "Forbidden",
    "HostLimit",
    "KeptConnections",
    "KeyPermissions",
    "Limit",
    "ListMayBeCut",
    "LocalUI",
    "LocalUIProbe",
    "LoginUnusable",
    "NoAnswer",
    "NoSuchRoute",
    "NotFound",
    "NotSent",
    "NotTheApi",
    "Operation",
    "OutcomeUnknown",
    "PagingLoop",
    "Palette",
    "PaletteLimit",
    "PaletteProbe",
    "PathSource",
    "Pinned",
    "ProfileChoice",
    "ProjectAmbiguous",
    "ProjectNotFound",
    "RateLimited",
    "Recording",
    "Refused",
    "RefusedLogins",
    "Route",
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
    "connected",
    "is_definite_no",
    "pack_values",
    "path_source",
    "proven",
    "read_recording",
    "reading_palette",
    "reads_within",
    "resolved",
    "seconds_for",
    "sent_body",
    "unread",
    "writing_palette",
]
