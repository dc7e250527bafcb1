"""What can go wrong with a call, as a tree that says what happens next.

For a call with an effect there is one rule: every failure but OutcomeUnknown, and a refusal that
`leaves_doubt`, means "not applied".
"""

from datetime import datetime
from typing import ClassVar

from pairctl.problem import PairctlError, Problem


class ApiFailure(PairctlError):
    """A call that did not do what it was for. The problem's reason is the name of the class.

    `status` is the HTTP status where there was an answer, `dated_at` what the server's clock said.
    `is_passing` tells that the same call may well succeed a moment later. `leaves_doubt`: it is a
    refusal, and does not prove that nothing was applied.
    """

    dated_at: datetime | None = None
    leaves_doubt: bool = False
    usual_hint: ClassVar[str] = ""
    """What to do where nothing more is known of the call."""

    def __init__(
        self, message: str, hint: str = "", *, status: int | None = None, is_passing: bool = False
    ) -> None:
        super().__init__(Problem(type(self).__name__, message, hint or self.usual_hint))
        self.status = status
        self.is_passing = is_passing


class NotSent(ApiFailure):
    """Nothing of the request left this machine."""


class Unreachable(NotSent):
    """No connection: the name, the port, the network, or no room within the limits in time."""


class RouteClosed(NotSent):
    """The call is not in the client's table of routes, or a value does not fit its path."""


class TlsUntrusted(NotSent):
    """The server did not prove who it is; not even a login was sent."""


class CertificateUnknown(TlsUntrusted):
    """The certificate leads to no trusted authority. `fingerprint` could be pinned."""

    def __init__(self, message: str, hint: str = "", *, fingerprint: str = "") -> None:
        super().__init__(message, hint)
        self.fingerprint = fingerprint


class CertificateChanged(TlsUntrusted):
    """Another certificate is served than the one that was pinned."""

    def __init__(self, message: str, hint: str = "", *, pinned: str, found: str) -> None:
        super().__init__(message, hint)
        self.pinned = pinned
        self.found = found


class ClientCertificateRequired(ApiFailure):
    """The server lets nobody in without a client certificate, and pairctl has none to show."""

    def __init__(self, where: str, *, status: int | None = None) -> None:
        super().__init__(
            f"{where} lets nobody in without a client certificate (mutual TLS), and pairctl has "
            "none to show",
            "let pairctl in without one, at the server or at the proxy before it, or write an "
            "endpoint that wants none",
            status=status,
        )


class OutcomeUnknown(ApiFailure):
    """A call with an effect may have been applied, now or later: look before anything is sent."""


class NoAnswer(ApiFailure):
    """A reading call was cut off: reset, deadline, or an answer that ended too early."""

    usual_hint = "look at the server, and at what is in between, if it stays so"


class Unauthorized(ApiFailure):
    """401: the key or the login is not, or no longer, accepted."""


class AuthenticationFailed(ApiFailure):
    """The login was refused. It is final for these credentials: accounts lock after a few."""


class LoginUnusable(ApiFailure):
    """The login was answered, but not with a token that can be used."""

    usual_hint = "look at the host's Local UI"


class Forbidden(ApiFailure):
    """403: a permission is missing."""


class NotFound(ApiFailure):
    """404 in the API's own shape: the object is not there."""

    usual_hint = "check what the message names: it may have been deleted, or be in another project"


class NotTheApi(ApiFailure):
    """Something else answered: a portal, a proxy, or a server without this path.

    `may_be_the_api`: the specifications allow this answer, and it alone does not prove who gave it.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        status: int | None = None,
        may_be_the_api: bool = False,
    ) -> None:
        super().__init__(message, hint, status=status)
        self.may_be_the_api = may_be_the_api


class NoSuchRoute(NotTheApi):
    """404 or 405 of a path of pairing requests that the server does not serve."""


class UnexpectedRedirect(NotTheApi):
    """A redirect, which is never followed."""


class RateLimited(ApiFailure):
    """429: not applied. `retry_after_s` is how long to wait, at most a minute."""

    def __init__(self, message: str, hint: str = "", *, retry_after_s: float) -> None:
        super().__init__(message, hint, status=429, is_passing=True)
        self.retry_after_s = retry_after_s


class Refused(ApiFailure):
    """Another definite 4xx: the server says why."""

    usual_hint = "do what the server's words ask for"


class ServerError(ApiFailure):
    """A 5xx on a reading call."""

    usual_hint = "look at the server if it stays so"


class UnexpectedAnswer(ApiFailure):
    """An answer that cannot be read; the text names the field, never its value."""

    usual_hint = (
        "where a name is odd, rename what it names; else report this message with the server's "
        "version"
    )


class AnswerTooLarge(UnexpectedAnswer):
    """An answer beyond the bound, cut while it streamed."""


class PagingLoop(UnexpectedAnswer):
    """A list whose pages do not come to an end."""


class ListMayBeCut(UnexpectedAnswer):
    """A list of which something may be missing.

    It is one full page, got shorter while it was read, or says that it is longer than it shows.
    """


class ProjectNotFound(ApiFailure):
    """No project of this name or uid can be seen with this key."""


class ProjectAmbiguous(ApiFailure):
    """Several projects have this name."""


def is_definite_no(error: PairctlError) -> bool:
    """Whether the server understood a call and declined it: the same call would be declined again.

    A refused key, a limit and a lost connection are none: they say nothing about the call.
    """
    if isinstance(error, OutcomeUnknown | Unauthorized | RateLimited | NotSent):
        return False
    return isinstance(error, ApiFailure) and error.status in range(400, 500)
