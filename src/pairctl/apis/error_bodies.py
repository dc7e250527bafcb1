"""What the body of an error says, in every form that the specifications allow.

An error is `{code, message, details, ref}` with every field optional, a plain string, or nothing
at all; some servers give it as `text/plain`. A page, or JSON of another shape, is not the API's.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from pairctl.apis.answers import Answer

FIELDS = frozenset({"code", "message", "details", "ref"})

MOST_READ = 1_000
"""How long words may be that are looked through for what frameworks say."""

_CLIENT_CERTIFICATE = b"No required SSL certificate was sent"
"""What nginx writes in a page of its own: it ends the handshake well, and then answers 400."""

_PLAIN = frozenset({"", "text/plain"})
_FRAMEWORK = re.compile(
    r"\bpage not found\b|\bno route\b|\bno matching (operation|route)\b"
    r"|\bcannot (post|delete|get) /"
    r"|\bpath \S+ was not found\b|\bmethod \S+ is not allowed\b|\bmethod not allowed\b"
    r"|^(404:? )?not found[.!]?$"
)
"""What web frameworks and gateways say of a path that they do not serve."""


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The words of an error. `message` may be long, and is not cleaned yet.

    `is_whole`: it has a code and a message, both texts, as the APIs write it. `is_foreign`: it is
    nothing that the specifications allow. `is_frameworks`: it speaks of the path, not of an object.
    `wants_client_certificate`: it is the page of a proxy that was shown none.
    """

    code: str = ""
    message: str = ""
    is_whole: bool = False
    is_foreign: bool = False
    is_frameworks: bool = False
    wants_client_certificate: bool = False

    @property
    def words(self) -> str:
        """What it says, in one text; empty where it says nothing."""
        return ": ".join(part for part in (self.code, self.message) if part)


FOREIGN = ErrorBody(is_foreign=True)


def error_body(answer: Answer) -> ErrorBody:
    """Return what the body of an error says."""
    if not answer.is_json and answer.content_type not in _PLAIN:
        is_wanted = _CLIENT_CERTIFICATE in answer.body[:MOST_READ]
        return ErrorBody(is_foreign=True, wants_client_certificate=is_wanted)
    try:
        text = answer.body.decode().strip()
    except UnicodeDecodeError:
        return FOREIGN
    document = _document(text)
    match document:
        case None:
            return ErrorBody()
        case str():
            is_page = document.lstrip().startswith("<")
            return FOREIGN if is_page else ErrorBody("", document, is_frameworks=_is_path(document))
        case dict() if not document or FIELDS & document.keys():
            return _of_fields(document, answer.status)
        case _:
            return FOREIGN


def _document(text: str) -> Any:
    """Return the body as JSON; what is no JSON is a text, and nothing at all is None."""
    if not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _of_fields(document: dict[str, Any], status: int) -> ErrorBody:
    code, message = document.get("code"), document.get("message")
    is_number = isinstance(code, int) and not isinstance(code, bool)
    words = message if isinstance(message, str) else ""
    return ErrorBody(
        code=str(code) if is_number or isinstance(code, str) else "",
        message=words,
        is_whole=isinstance(code, str) and bool(code) and isinstance(message, str),
        # The APIs' codes are words; a status in their place is what routers write.
        is_frameworks=(is_number and code == status) or _is_path(words),
    )


def _is_path(words: str) -> bool:
    return len(words) < MOST_READ and _FRAMEWORK.search(words.strip().casefold()) is not None
