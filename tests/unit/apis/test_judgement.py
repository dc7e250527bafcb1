"""What a status means, and what may be shown of a server's words."""

import json
from datetime import UTC, datetime

import pytest

from pairctl.apis import (
    ApiFailure,
    Forbidden,
    NotFound,
    NotTheApi,
    OutcomeUnknown,
    RateLimited,
    Refused,
    ServerError,
    Unauthorized,
    UnexpectedRedirect,
)
from pairctl.apis.answers import Answer
from pairctl.apis.judgement import judge, retry_after_s
from pairctl.apis.routes import WRITING_PALETTE, Operation
from pairctl.apis.translation import Call
from pairctl.secrets import Redactor

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
TOLD = {"code": "Told", "message": "because"}


def judged(status: int, operation: Operation = Operation.LIST_CLUSTERS, **more) -> ApiFailure:
    """Return the failure of an answer; `document` is its JSON body."""
    call = Call(operation, WRITING_PALETTE[operation], "https://api.example")
    body = json.dumps(more.pop("document", TOLD)).encode()
    fields = {"content_type": "application/json", "body": body, **more}
    with pytest.raises(ApiFailure) as caught:
        judge(Answer(call, status, **fields), Redactor(), now=NOW)
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [(301, UnexpectedRedirect), (400, Refused), (401, Unauthorized), (403, Forbidden),
     (404, NotFound), (405, Refused), (408, ServerError), (409, Refused), (422, Refused),
     (429, RateLimited), (500, ServerError), (503, ServerError)],
)  # fmt: skip
def test_each_status_has_one_meaning_for_a_read(status: int, kind: type) -> None:
    """The class says what happens next, and the status is kept."""
    failure = judged(status)
    assert type(failure) is kind
    assert failure.status == status
    assert failure.problem.reason == kind.__name__


@pytest.mark.parametrize("status", range(300, 600))
def test_an_effect_is_settled_by_a_4xx_alone(status: int) -> None:
    """408 excepted: a proxy may say it after it has passed the request on."""
    is_settled = 400 <= status < 500 and status != 408
    assert isinstance(judged(status, Operation.ACCEPT_REQUEST), OutcomeUnknown) is not is_settled


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_a_2xx_is_fine(status: int) -> None:
    """Its body is read later."""
    call = Call(Operation.LIST_CLUSTERS, WRITING_PALETTE[Operation.LIST_CLUSTERS], "https://x")
    judge(Answer(call, status), Redactor(), now=NOW)


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [("7", 7), ("0", 0), ("-5", 0), ("1.5", 1.5), ("99999999", 60), ("inf", 1), ("nan", 1),
     ("", 1), ("soon", 1), ("Thu, 01 Jan 2026 12:00:10 GMT", 10),
     ("Thu, 01 Jan 2026 11:00:00 GMT", 0), ("Fri, 01 Jan 2036 12:00:00 GMT", 60)],
)  # fmt: skip
def test_retry_after_is_read_and_capped(header: str, wait_s: float) -> None:
    """Seconds or a date (RFC 9110), at most a minute; rubbish is a second."""
    assert retry_after_s(header, NOW) == wait_s


@pytest.mark.parametrize(
    "document",
    [{"code": 404, "message": "path was not found"}, {"message": "x"}, {"code": "x"}, [], "x", {}],
)
def test_only_the_shape_of_the_api_means_absent(document) -> None:
    """`code` and `message`, both texts."""
    assert type(judged(404, document=document)) is NotTheApi


def test_a_message_is_one_short_line() -> None:
    """Cut to 500 characters, and free of what moves a cursor."""
    failure = judged(400, document={"code": "X", "message": "a\x1b[2J\n" + "b" * 9000})
    assert len(str(failure)) < 700
    assert "\n" not in str(failure)
    assert "\x1b" not in str(failure)
