"""A browser's recording (HAR 1.2) as bytes in, exchanges out. It is untrusted, and full of secrets.

Nothing here keeps headers, cookies or queries; bodies stay in memory only.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, ValidationError

from pairctl.apis.answers import MAX_ANSWER_BYTES, AnswerModel
from pairctl.problem import PairctlError, Problem
from pairctl.secrets import target

MAX_RECORDING_BYTES = 64 * 1024 * 1024
MAX_ENTRIES = 50_000
MAX_BRACKETS = 4_000_000
"""How many lists and objects may be in it: in memory an empty one takes thirty times as much."""

MAX_BODY_BRACKETS = 400_000

_URL = re.compile(r"(?P<origin>https://[^/?#\\@]+)(?P<path>/[^?#]*)(?:[?#].*)?", re.DOTALL)
_HINT = (
    "in the browser's developer tools open the network view, pair one cluster by hand, and save"
    " all of it as HAR with content"
)


class BadRecording(PairctlError):
    """The file is no HAR recording, or more than is read of one. Quotes nothing of it."""

    def __init__(self, message: str, hint: str = _HINT) -> None:
        super().__init__(Problem("BadRecording", message, hint))


class Body(AnswerModel):
    """A body as it was recorded. It is read when it is asked for, and never kept."""

    text: str = Field(default="", repr=False)
    encoding: str = ""

    def document(self, word: str) -> Mapping[str, Any]:
        """Return the JSON object that the body is, if `word` occurs in it; else an empty one."""
        try:
            text = (
                self.text
                if self.encoding.casefold() != "base64"
                else base64.b64decode(self.text, validate=True).decode()
            )
            found = json.loads(text) if word in text and _is_small(text) else None
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, Mapping) else {}


_NO_BODY = Body.model_validate({})


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer. `number` counts from 1, as the recording lists them."""

    number: int
    method: str
    origin: str
    path: str
    status: int
    sent: Body = _NO_BODY
    answer: Body = _NO_BODY

    @property
    def segments(self) -> list[str]:
        """The path's segments, as they were sent."""
        return self.path.split("/")[1:]

    @property
    def has_succeeded(self) -> bool:
        """Whether it was answered with a 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own bounds


class _Request(AnswerModel):
    method: str
    url: str
    post_data: Body = _NO_BODY


class _Response(AnswerModel):
    status: int
    content: Body = _NO_BODY


class _Entry(AnswerModel):
    request: _Request
    response: _Response


def read_har(content: bytes) -> list[Exchange]:
    """Return the exchanges with https servers, in the recording's order.

    An entry that is not as HAR 1.2 has it is left out. Raises BadRecording.
    """
    if len(content) > MAX_RECORDING_BYTES:
        raise BadRecording(f"the recording is larger than {MAX_RECORDING_BYTES // 2**20} MiB")
    if content.count(b"[") + content.count(b"{") > MAX_BRACKETS:
        raise BadRecording("the recording has more parts than is read of one")
    entries = _entries(content)
    if len(entries) > MAX_ENTRIES:
        raise BadRecording(f"the recording has more than {MAX_ENTRIES} requests")
    exchanges = (_exchange(number, raw) for number, raw in enumerate(entries, 1))
    read = [one for one in exchanges if one is not None]
    if not read:
        raise BadRecording("the recording holds no request to an https server")
    return read


def _entries(content: bytes) -> list[Any]:
    document = _json(content)
    log = document.get("log") if isinstance(document, Mapping) else None
    entries = log.get("entries") if isinstance(log, Mapping) else None
    if not isinstance(entries, list):
        raise BadRecording("the file is not a HAR recording: expected JSON with `log.entries`")
    return entries


def _json(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError:
        reason = "it is not readable JSON"
    # Outside of `except`: the exception holds the content.
    raise BadRecording(f"the file is not a HAR recording: {reason}")


def _exchange(number: int, raw: Any) -> Exchange | None:
    try:
        entry = _Entry.model_validate(raw)
    except (ValidationError, RecursionError):
        return None
    url = _URL.fullmatch(entry.request.url)
    if url is None or not _is_endpoint(url["origin"]):
        return None
    return Exchange(
        number,
        entry.request.method,
        url["origin"],
        url["path"],
        entry.response.status,
        entry.request.post_data,
        entry.response.content,
    )


def _is_endpoint(origin: str) -> bool:
    try:
        target(origin)
    except ValueError:
        return False
    return True


def _is_small(text: str) -> bool:
    return len(text) <= MAX_ANSWER_BYTES and text.count("[") + text.count("{") <= MAX_BODY_BRACKETS
