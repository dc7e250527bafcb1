"""What a status means. Pure: the same for every call of every client."""

import math
from datetime import datetime

from pairctl.apis.answers import Answer, http_date
from pairctl.apis.cleaning import Cleaner
from pairctl.apis.error_bodies import ErrorBody, error_body
from pairctl.apis.failures import (
    ApiFailure,
    ClientCertificateRequired,
    Forbidden,
    NoSuchRoute,
    NotFound,
    NotTheApi,
    RateLimited,
    Refused,
    ServerError,
    Unauthorized,
    UnexpectedAnswer,
    UnexpectedRedirect,
)
from pairctl.apis.routes import LEAST_ROLES, Operation, Route
from pairctl.secrets import Redactor

MAX_RETRY_AFTER_S = 60.0
DEFAULT_RETRY_AFTER_S = 1.0

_OK = range(200, 300)
_PARTIAL = 206
_LONGEST_ERROR = 64 * 1024
"""Up to what length a look's 2xx is searched for an error: its own answers are longer."""
_REDIRECTS = range(300, 400)
_REFUSALS = range(400, 500)
_NOT_FOUND = 404
_REQUEST_TIMEOUT = 408  # a proxy may say so after it has passed the request on
_PASSING = frozenset({502, 503, 504})
_OF_A_STATE = frozenset({404, 409, 410, 412, 423, 424, 425})
"""What a call is told whose object is gone, taken, or in another state than the call is for."""


def judge(answer: Answer, cleaner: Cleaner | Redactor, *, now: datetime) -> None:
    """Raise the failure that the status stands for; a 2xx is fine, unless it is no such answer.

    For a call with an effect only a 4xx, 408 excepted, can mean "not applied". What a cache has
    kept says nothing of now, whatever it is.
    """
    if answer.age_s:
        why = f"{answer.call}: a cache has answered with what it kept for {answer.age_s} s"
        hint = "see to it that nothing before the API keeps its answers"
        raise answer.failed(UnexpectedAnswer(why, hint, status=answer.status))
    if answer.status in _OK:
        _check_2xx(answer, cleaner)
        return
    if answer.status in _REFUSALS and answer.status != _REQUEST_TIMEOUT:
        refusal = _refusal(answer, cleaner, now)
        refusal.dated_at = answer.dated_at
        refusal.leaves_doubt = answer.call.route.has_effect and _leaves_doubt(answer, refusal)
        raise refusal
    raise answer.failed(_failure(answer, cleaner))


def _check_2xx(answer: Answer, cleaner: Cleaner | Redactor) -> None:
    """Raise where a 2xx is a part of an answer only, or holds an error in place of one.

    Palette's validation finds faults in that shape too, and is read where it is asked for.
    """
    if answer.status == _PARTIAL:
        why = f"{answer.call}: it was answered with a part of the answer ({_PARTIAL})"
        raise answer.failed(UnexpectedAnswer(why, status=answer.status))
    is_read = answer.call.route.has_effect or len(answer.body) <= _LONGEST_ERROR
    is_likely = is_read and b'"code"' in answer.body
    if not is_likely or answer.call.operation is Operation.VALIDATE_ACCEPTANCE:
        return
    body = error_body(answer)
    if body.is_whole:
        why = f"{answer.call}: it was answered with {answer.status}, and with an error: "
        raise answer.failed(
            UnexpectedAnswer(
                why + cleaner.printable(body.words), Refused.usual_hint, status=answer.status
            )
        )


def retry_after_s(header: str, now: datetime) -> float:
    """Return how long to wait by a Retry-After: seconds or a date, 0 to 60; rubbish is a second."""
    try:
        wanted_s = float(header)
    except ValueError:
        wanted_s = _seconds_until(header, now)
    if not math.isfinite(wanted_s):
        return DEFAULT_RETRY_AFTER_S
    return min(MAX_RETRY_AFTER_S, max(0.0, wanted_s))


def _refusal(answer: Answer, cleaner: Cleaner | Redactor, now: datetime) -> ApiFailure:
    body, status, route = error_body(answer), answer.status, answer.call.route
    shown = cleaner.printable(body.words)
    no_words = f"it was answered with {status}, and not in the API's own words"
    what = f"{answer.call}: {shown or no_words}"
    match status:
        case 400 if body.wants_client_certificate:
            return ClientCertificateRequired(answer.call.endpoint, status=status)
        case 401:
            return Unauthorized(
                what, "check the key or the login, and that it is still valid", status=status
            )
        case 403:
            return Forbidden(what, _permission_hint(route), status=status)
        case 404 | 405 if _is_no_route(status, route, body):
            return NoSuchRoute(f"{what} (no such path)", _route_hint(route), status=status)
        case 429:
            wait_s = retry_after_s(answer.retry_after, now)
            return RateLimited(what, "calls are slowed down", retry_after_s=wait_s)
    return _other_refusal(answer, body, shown)


def _leaves_doubt(answer: Answer, refusal: ApiFailure) -> bool:
    """Whether a call with an effect may have been applied all the same.

    A gateway looks into answers as well, and puts a page of its own in the place of one. A call
    that a proxy has sent twice is told the second time what the first has come to.
    """
    if isinstance(refusal, ClientCertificateRequired):
        return False
    body = error_body(answer)
    if not body.words or body.is_foreign:
        return True
    return answer.status in _OF_A_STATE and not isinstance(refusal, NoSuchRoute)


def _other_refusal(answer: Answer, body: ErrorBody, shown: str) -> ApiFailure:
    status = answer.status
    if _is_said_by_the_api(status, answer.call.route, body):
        if status == _NOT_FOUND:
            return NotFound(f"{answer.call}: {shown}", status=status)
        return Refused(f"{answer.call}: {shown}", status=status)
    words = f": {shown}" if shown else ""
    return NotTheApi(
        f"{answer.call}: {answer.status}, and not in the API's own words{words}",
        _path_hint(answer.call.route),
        status=answer.status,
        may_be_the_api=not body.is_foreign,
    )


def _is_said_by_the_api(status: int, route: Route, body: ErrorBody) -> bool:
    """Whether a refusal is the API's word. An absence is where it says so in its own shape.

    Any server says 404 about a path: of a published path it has to be the whole shape.
    """
    is_plain = status != _NOT_FOUND or _is_about_a_request(route)
    return body.is_whole or (is_plain and bool(body.words))


def _is_about_a_request(route: Route) -> bool:
    """Whether a call acts, or goes to a path of pairing requests, which are not published."""
    return route.has_effect or bool(route.setting)


def _is_no_route(status: int, route: Route, body: ErrorBody) -> bool:
    """Whether a path is not served at all, rather than one request of it gone.

    Nobody knows the paths of pairing requests for certain: without a word, it is the path.
    """
    if not _is_about_a_request(route) or body.is_foreign:
        return False
    is_wordless = not body.words and bool(route.setting)
    return status != _NOT_FOUND or body.is_frameworks or is_wordless


def _failure(answer: Answer, cleaner: Cleaner | Redactor) -> ApiFailure:
    if answer.status in _REDIRECTS:
        return UnexpectedRedirect(
            f"{answer.call}: it redirects ({answer.status}); redirects are never followed",
            "write the endpoint that it leads to",
            status=answer.status,
        )
    shown = cleaner.printable(error_body(answer).words) or f"it was answered with {answer.status}"
    return ServerError(
        f"{answer.call}: {shown}", status=answer.status, is_passing=answer.status in _PASSING
    )


def _permission_hint(route: Route) -> str:
    if not route.permission:
        return "check what this user may do"
    role = LEAST_ROLES.get(route.permission)
    least = f" (the role {role}, or more)" if role else ""
    where = (
        "in the tenant" if route.permission == "edgeToken.list" else "in the tenant or the project"
    )
    return f"the key's user needs the permission {route.permission}{least}, {where}"


def _path_hint(route: Route) -> str:
    if route.setting:
        return f"this path is not published: set {route.setting} in the operator's file"
    return "check that the endpoint is the API and no portal or proxy answers for it"


def _route_hint(route: Route) -> str:
    if route.setting:
        return _path_hint(route)
    return "check the version of Local UI: one that is too old has no pairing"


def _seconds_until(date: str, now: datetime) -> float:
    at = http_date(date)
    return math.nan if at is None else (at - now).total_seconds()
