"""What a status means. Pure: the same for every call of every client."""

import json
import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pairctl.apis.answers import Answer
from pairctl.apis.cleaning import Cleaner
from pairctl.apis.failures import (
    ApiFailure,
    Forbidden,
    NotFound,
    NotTheApi,
    RateLimited,
    Refused,
    ServerError,
    Unauthorized,
    UnexpectedRedirect,
)
from pairctl.apis.routes import Route
from pairctl.secrets import Redactor

MAX_RETRY_AFTER_S = 60.0
DEFAULT_RETRY_AFTER_S = 1.0

_OK = range(200, 300)
_REDIRECTS = range(300, 400)
_REFUSALS = range(400, 500)
_REQUEST_TIMEOUT = 408  # a proxy may say so after it has passed the request on
_PASSING = frozenset({502, 503, 504})


def judge(answer: Answer, cleaner: Cleaner | Redactor, *, now: datetime) -> None:
    """Raise the failure that the status stands for; a 2xx is fine.

    For a call with an effect only a 4xx, 408 excepted, is a definite "not applied".
    """
    if answer.status in _OK:
        return
    if answer.status in _REFUSALS and answer.status != _REQUEST_TIMEOUT:
        refusal = _refusal(answer, cleaner, now)
        refusal.dated_at = answer.dated_at
        raise refusal
    raise answer.failed(_failure(answer, cleaner))


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
    shown, status = _shown(answer, cleaner), answer.status
    what = f"{answer.call}: {shown or f'it was answered with {status}'}"
    match status:
        case 401:
            return Unauthorized(
                what, "check the key or the login, and that it is still valid", status=status
            )
        case 403:
            return Forbidden(what, _permission_hint(answer.call.route), status=status)
        case 404 if shown:
            return NotFound(what, status=status)
        case 429:
            wait_s = retry_after_s(answer.retry_after, now)
            return RateLimited(what, "calls are slowed down", retry_after_s=wait_s)
        case _ if shown:
            return Refused(what, status=status)
    return NotTheApi(
        f"{answer.call}: {status}, and not in the API's own words",
        _path_hint(answer.call.route),
        status=status,
    )


def _failure(answer: Answer, cleaner: Cleaner | Redactor) -> ApiFailure:
    if answer.status in _REDIRECTS:
        return UnexpectedRedirect(
            f"{answer.call}: it redirects ({answer.status}); redirects are never followed",
            "write the endpoint that it leads to",
            status=answer.status,
        )
    shown = _shown(answer, cleaner) or f"it was answered with {answer.status}"
    return ServerError(
        f"{answer.call}: {shown}", status=answer.status, is_passing=answer.status in _PASSING
    )


def _shown(answer: Answer, cleaner: Cleaner | Redactor) -> str:
    """Return the message of an error in the API's shape (`code` and `message`), fit to be shown."""
    if not answer.is_json:
        return ""
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(document, dict):
        return ""
    code, message = document.get("code"), document.get("message")
    if not (isinstance(code, str) and code and isinstance(message, str)):
        return ""
    return cleaner.printable(f"{code}: {message}" if message else code)


def _permission_hint(route: Route) -> str:
    if not route.permission:
        return "check what this user may do"
    return f"the key's user needs the permission {route.permission}, in the tenant or the project"


def _path_hint(route: Route) -> str:
    if route.setting:
        return f"this path is not published: set {route.setting} in the operator's file"
    return "check that the endpoint is the API and no portal or proxy answers for it"


def _seconds_until(date: str, now: datetime) -> float:
    try:
        at = parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return math.nan
    return (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()
