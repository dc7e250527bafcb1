"""Lists in pages of at most 50, with an opaque token for the next page."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request

from pairctl.sim.answers import RefusalError

PAGE_SIZE = 50
ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """A part of a list; `token` asks for the next part and is empty at the end."""

    items: tuple[ItemT, ...]
    token: str
    count: int
    limit: int
    offset: int


def page_of(request: Request, items: Sequence[ItemT]) -> Page[ItemT]:
    """Cut out the page that a request asks for; refuse with 400 what is no page."""
    query = request.query_params
    limit = min(_number(query.get("limit") or str(PAGE_SIZE)), PAGE_SIZE)
    token = query.get("continue")
    offset = _offset_in(token) if token else _number(query.get("offset") or "0")
    end = offset + max(limit, 1)
    following = (
        base64.urlsafe_b64encode(f"from:{end}".encode()).decode("ascii") if end < len(items) else ""
    )
    return Page(tuple(items[offset:end]), following, len(items), limit, offset)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise RefusalError(400, "InvalidRequest", f"{text!r} is not a number")
    return int(text)


def _offset_in(token: str) -> int:
    try:
        text = base64.b64decode(token, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    if not text.startswith("from:"):
        raise RefusalError(400, "InvalidRequest", "the continue token is not one of ours")
    return _number(text.removeprefix("from:"))
