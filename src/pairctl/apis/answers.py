"""Answers as they come in: bounded bytes, then JSON, then the few fields needed. Never logged."""

import json
import re
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from pairctl.apis.failures import (
    AnswerTooLarge,
    ApiFailure,
    NoAnswer,
    NotTheApi,
    UnexpectedAnswer,
)
from pairctl.apis.translation import Call, translated
from pairctl.text import marked

MAX_ANSWER_BYTES = 8 * 1024 * 1024

_AGE = re.compile(r"\s*0*([0-9]{0,12})[0-9]*\s*")
_MOST = MAX_ANSWER_BYTES + 1
_GZIP = 16 + zlib.MAX_WBITS


class AnswerModel(BaseModel):
    """The fields that are needed of an answer. Null reads as left out; the rest is dropped."""

    model_config = ConfigDict(
        defer_build=True,  # made when it is first answered: most runs see few
        extra="ignore",
        frozen=True,
        alias_generator=to_camel,
        hide_input_in_errors=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None}


class ListItem(AnswerModel):
    """An item of a list, which may lack whatever it is known by: that stops no other item's."""

    @property
    def is_known(self) -> bool:
        """Whether it says which one it is."""
        raise NotImplementedError


Model = TypeVar("Model", bound=AnswerModel)
Heard = Callable[[AnswerModel | ApiFailure | None], None]


def _unheard(how: AnswerModel | ApiFailure | None) -> None:
    del how


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that was received whole. `body` is decoded; `content_type` has no parameters.

    `dated_at` is when it was given, by the server's own clock; None where that is not said.
    `age_s` is how long a cache has kept it; 0 where it came from the server itself. `clean` takes
    secrets out of a text. `heard` is told how the answer was read, or why it was not.
    """

    call: Call
    status: int
    content_type: str = ""
    body: bytes = b""
    retry_after: str = ""
    dated_at: datetime | None = None
    age_s: int = 0
    clean: Callable[[str], str] = str
    heard: Heard = _unheard

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.body)} bytes)"

    @property
    def is_json(self) -> bool:
        """Whether it says of itself that it is JSON."""
        return self.content_type == "application/json" or self.content_type.endswith("+json")

    def document(self) -> Any:
        """Return the body as JSON; None where it is empty.

        Raises NotTheApi, UnexpectedAnswer, or OutcomeUnknown for a call with an effect.
        """
        document = self._parsed()
        self.heard(None)
        return document

    def _parsed(self) -> Any:
        if not self.body:
            return None
        if not self.is_json:
            found = marked(self.content_type) or "no content type"
            raise self.failed(
                NotTheApi(
                    f"{self.call}: the answer is not JSON but {found[:80]}",
                    "check that the endpoint is the API and no portal or proxy answers for it",
                    status=self.status,
                )
            )
        try:
            return _loads(self.body)
        except (ValueError, RecursionError) as error:
            failure = translated(error, self.call, has_begun=True)
        self.heard(failure)
        raise failure  # outside of `except`: the exception holds the body

    def read(self, model: type[Model]) -> Model:
        """Return the fields that the model needs. Raises as `document`, naming a bad field."""
        return self.fields(self._parsed(), model)

    def fields(self, document: Any, model: type[Model]) -> Model:
        """Return the fields that the model needs of a part of the answer."""
        try:
            read = model.model_validate(document, context={"clean": self.clean})
        except ValidationError as error:
            failure = translated(error, self.call, has_begun=True)
        else:
            self.heard(read)
            return read
        self.heard(failure)
        raise failure

    def unexpected(self, what: str) -> ApiFailure:
        """Return the failure for an answer that was read but makes no sense."""
        return self.failed(UnexpectedAnswer(f"{self.call}: {what}", status=self.status))

    def failed(self, failure: ApiFailure) -> ApiFailure:
        """Return the failure as it counts for this call: see `Call.settled`."""
        settled = self.call.settled(failure)
        self.heard(settled)
        return settled


async def read_bounded(raw: AsyncIterator[bytes], encoding: str, call: Call) -> bytes:
    """Return the decoded body. Raises AnswerTooLarge as soon as it grows beyond the bound.

    What was zipped has to be whole: NoAnswer where its end is missing, UnexpectedAnswer where more
    comes behind it. Zeros are no more: tools that write blocks fill up the last one.
    """
    is_zipped = _is_zipped(encoding, call)
    unzip = zlib.decompressobj(_GZIP)
    body, is_empty = bytearray(), True
    async for chunk in raw:
        is_empty = is_empty and not chunk
        behind = b""
        if unzip.eof:
            behind = chunk
        elif is_zipped:
            # Of a few bytes any number can be made: no more of them than fit.
            body += unzip.decompress(chunk, _MOST - len(body))
            behind = unzip.unused_data
        else:
            body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise call.settled(
                AnswerTooLarge(f"{call}: the answer is larger than {MAX_ANSWER_BYTES} bytes")
            )
        if behind.strip(b"\0"):  # at once: what comes behind may be without end
            raise call.settled(UnexpectedAnswer(f"{call}: there is more behind the answer's gzip"))
    if is_zipped and not is_empty and not unzip.eof:
        why = f"{call}: the answer was cut off (its gzip has no end)"
        raise call.settled(NoAnswer(why, is_passing=True))
    return bytes(body)


def _is_zipped(encoding: str, call: Call) -> bool:
    """Whether the body is gzip. Stacked encodings are refused, as all that was not asked for."""
    if encoding not in ("", "identity", "gzip"):
        raise call.settled(UnexpectedAnswer(f"{call}: the answer's encoding was not asked for"))
    return encoding == "gzip"


def _loads(body: bytes) -> Any:
    text = body.decode()
    try:
        document = _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a number with more digits than Python reads
        raise json.JSONDecodeError("a number that is too long", "", 0) from None
    if "\\u" in text:
        # Half of an escaped character is a text that no file can hold: refuse it here.
        json.dumps(document, ensure_ascii=False).encode()
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that is there twice: two readers could see two answers."""
    document = dict(pairs)
    if len(document) != len(pairs):
        raise json.JSONDecodeError("a key is there twice", "", 0)
    return document


def _no_constant(_: str) -> NoReturn:
    raise json.JSONDecodeError("a number that is none", "", 0)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant)


def age_s(header: str) -> int:
    """Return how many seconds old an `Age` header says that an answer is; 0 where it tells none.

    Of several that came in one answer the oldest counts.
    """
    found = filter(None, map(_AGE.fullmatch, header.split(",")))
    return max((int(one[1] or 0) for one in found), default=0)


@lru_cache(maxsize=64)  # many servers answer within one second
def server_time(header: str) -> datetime | None:
    """Return the instant that a `Date` header tells, in UTC; None where it tells none.

    Nor do two of them that came in one answer: claims are counted by it.
    """
    if header.count(",") > 1:
        return None
    return http_date(header)


def http_date(text: str) -> datetime | None:
    """Return the instant that a date of HTTP tells, in UTC; None where it tells none."""
    try:
        at = parsedate_to_datetime(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # a zone, or a year, beyond all time
        return None
