"""What a status means, and what may be shown of a server's words."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pairctl.apis import (
    ApiFailure,
    ClientCertificateRequired,
    Forbidden,
    NoSuchRoute,
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


@pytest.mark.parametrize(
    ("status", "more", "leaves_doubt"),
    [(400, {}, False), (403, {}, False), (413, {}, False), (422, {}, False),
     (400, {"document": {"message": "no"}}, False),
     (404, {"body": b"404 page not found", "content_type": "text/plain"}, False),
     (405, {}, False), (404, {}, True), (409, {}, True), (410, {}, True), (423, {}, True),
     (425, {}, True), (400, {"body": b""}, True), (404, {"body": b""}, True),
     (403, {"body": b"<html>", "content_type": "text/html"}, True),
     (413, {"body": b"<html>", "content_type": "text/html"}, True),
     (400, {"body": b"No required SSL certificate was sent", "content_type": "text/html"}, False)],
)  # fmt: skip
def test_not_each_refusal_proves_that_nothing_was_applied(
    status: int, more: dict[str, Any], leaves_doubt: bool
) -> None:
    """The API's own words about the call do; a page, no word, and another state do not."""
    assert judged(status, Operation.ACCEPT_REQUEST, **more).leaves_doubt is leaves_doubt
    assert not judged(status, **more).leaves_doubt  # a look has no effect


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_a_2xx_is_fine(status: int) -> None:
    """Its body is read later."""
    call = Call(Operation.LIST_CLUSTERS, WRITING_PALETTE[Operation.LIST_CLUSTERS], "https://x")
    judge(Answer(call, status), Redactor(), now=NOW)


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [("7", 7), ("0", 0), ("-5", 0), ("1.5", 1.5), ("99999999", 60), ("inf", 1), ("nan", 1),
     ("", 1), ("soon", 1),
     ("Thu, 01 Jan 2026 12:00:10 +99999999999999", 1), ("Thu, 01 Jan 2026 12:00:10 GMT", 10),
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


WORDS = "the cluster is busy"
SAID = [
    {"document": {"code": 1042, "message": WORDS}},
    {"document": {"message": WORDS}},
    {"document": {"code": WORDS}},
    {"document": {"message": WORDS, "details": {}, "ref": None}},
    {"document": WORDS},
    {"body": WORDS.encode(), "content_type": "text/plain"},
    {"body": json.dumps({"message": WORDS}).encode(), "content_type": "text/plain"},
    {"body": WORDS.encode(), "content_type": ""},
]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Refused), (401, Unauthorized), (403, Forbidden), (409, Refused), (500, ServerError)],
)
def test_an_error_may_have_any_part_of_its_shape(said, status: int, kind: type) -> None:
    """Every field of an error is optional, and some servers give a plain text: it is shown."""
    failure = judged(status, Operation.LIST_CLUSTERS, **said)
    assert type(failure) is kind
    assert WORDS in str(failure)


def test_the_words_of_an_unknown_outcome_are_shown() -> None:
    """A 500 for a call with an effect proves nothing, and its words help a person."""
    failure = judged(500, Operation.ACCEPT_REQUEST, document={"message": WORDS})
    assert isinstance(failure, OutcomeUnknown)
    assert WORDS in str(failure)


ROUTED = [Operation.ACCEPT_REQUEST, Operation.LIST_REQUESTS, Operation.REJECT_REQUEST]
NO_ROUTE = [
    (404, {"document": {"code": 404, "message": "path /v1/x was not found"}}),
    (404, {"document": {"message": "Not Found"}}),
    (404, {"document": {"code": "ResourceNotFound", "message": "POST /v1/x: no route"}}),
    (404, {"body": b"404 page not found", "content_type": "text/plain"}),
    (404, {"body": b"Cannot POST /v1/x", "content_type": "text/plain"}),
    (404, {"body": b"", "content_type": ""}),
    (405, {"document": {"code": 405, "message": "method POST is not allowed, but [GET] are"}}),
    (405, {"document": {"code": "MethodNotAllowed", "message": "no"}}),
    (405, {"body": b"", "content_type": ""}),
]


@pytest.mark.parametrize("operation", ROUTED)
@pytest.mark.parametrize(("status", "said"), NO_ROUTE)
def test_a_framework_speaks_of_the_path(operation: Operation, status: int, said) -> None:
    """The paths of pairing requests are not published: the operator's file can say the right."""
    failure = judged(status, operation, **said)
    assert type(failure) is NoSuchRoute
    assert "spec.routes." in str(failure)


@pytest.mark.parametrize("operation", [*ROUTED, Operation.GET_REQUEST])
@pytest.mark.parametrize("said", SAID)
def test_a_404_about_a_request_is_no_wrong_path(operation: Operation, said) -> None:
    """In whatever part of the API's shape it is said."""
    assert type(judged(404, operation, **said)) is NotFound


@pytest.mark.parametrize("operation", [Operation.LIST_CLUSTERS, Operation.ACCEPT_REQUEST])
def test_a_proxy_that_wants_a_client_certificate_is_no_portal(operation: Operation) -> None:
    """Nginx says it with a page of its own; the call was not passed on."""
    page = (
        b"<html>\r\n<head><title>400 No required SSL certificate was sent</title></head>\r\n"
        b"<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n</body></html>"
    )
    failure = judged(400, operation, body=page, content_type="text/html")
    assert type(failure) is ClientCertificateRequired
    assert not failure.is_passing


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("text/html", b"<html>"), ("text/html", b""), ("text/plain", b"<!doctype html>"),
     ("application/json", b"[1]"), ("application/json", b'{"detail": "x"}'),
     ("image/png", b"x"), ("text/plain", b"\xff")],
)  # fmt: skip
@pytest.mark.parametrize("status", [400, 404, 405])
def test_a_page_is_told_apart(content_type: str, body: bytes, status: int) -> None:
    """A portal or a proxy says nothing about the object, nor about the path."""
    failure = judged(status, Operation.ACCEPT_REQUEST, body=body, content_type=content_type)
    assert type(failure) is NotTheApi
    assert not failure.may_be_the_api
