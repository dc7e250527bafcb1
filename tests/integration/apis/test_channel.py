"""One seam over HTTP: what was sent, what may have been applied, and what never leaves."""

import asyncio
import gzip
import json
import logging
import socket
import traceback
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any

import pytest

import apis_factory as factory
from apis_factory import EFFECT, READ, ROUTES, answer, channel, error, in_turn, serving
from owned_time import run_with_leaps
from pairctl import __version__
from pairctl.apis import (
    AnswerTooLarge,
    ApiFailure,
    Forbidden,
    HostLimit,
    NoAnswer,
    NoSuchRoute,
    NotFound,
    NotTheApi,
    OutcomeUnknown,
    RateLimited,
    Refused,
    RouteClosed,
    ServerError,
    Unauthorized,
    UnexpectedAnswer,
    UnexpectedRedirect,
    Unreachable,
    is_definite_no,
)
from pairctl.apis.answers import read_bounded
from pairctl.apis.routes import Operation
from pairctl.apis.translation import Call
from pairctl.problem import ConfigurationError
from pairctl.secrets import Redactor

HTML = answer(200, raw=b"<html>log in</html>", content_type="text/html; charset=utf-8")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def called(endpoint: str, operation: Operation = READ, **changes: Any) -> Any:
    """Send one call and return its document."""
    async with channel(endpoint, **changes) as one:
        return (await one.call(operation)).document()


def against(reaction: factory.Reaction, operation: Operation = READ, **changes: Any) -> Any:
    """Serve a reaction, call once; return the document, or the failure, and the server."""

    async def run() -> tuple[Any, factory.Served]:
        async with serving(reaction) as server:
            try:
                return await called(server.endpoint, operation, **changes), server
            except ApiFailure as failure:
                return failure, server

    return run_with_leaps(run())


@pytest.mark.parametrize(
    "reaction",
    [
        factory.reset,
        factory.end,
        factory.cut,
        factory.garbage,
        HTML,
        error(500),
        error(502),
        error(504),
        error(408),
        answer(302, location="https://127.0.0.1:1/"),
        answer(303, location="/"),
        answer(201, raw=b"{not json"),
        answer(201, raw=b"[" * 100_000),
        answer(201, raw=b"x", content_encoding="br"),
        answer(201, raw=b" " * (9 * 1024 * 1024)),
        error(200),
        answer(201, {"code": "Told", "message": "no", "details": {"all": "x" * 70_000}}),
        answer(206, {}),
        answer(201, {}, age="7"),
        answer(201, raw=gzip.compress(b"{}", mtime=0)[:-8], content_encoding="gzip"),
        factory.ended_by_hanging_up(b"", is_told=False),
    ],
)
def test_an_effect_that_may_have_been_applied_is_said_to_be_unknown(reaction) -> None:
    """Whatever comes back once the request was under way, short of a 4xx: look before resending."""
    failure, server = against(reaction, EFFECT)
    assert isinstance(failure, OutcomeUnknown)
    assert server.paths == ["POST /v1/things/act"]


@pytest.mark.parametrize("reaction", [factory.hang, factory.drip])
def test_an_effect_that_takes_too_long_is_unknown(reaction) -> None:
    """The deadline is for the whole request: a drip of bytes does not stretch it."""
    failure, server = against(reaction, EFFECT)
    assert isinstance(failure, OutcomeUnknown)
    assert len(server.got) == 1


@pytest.mark.parametrize(
    ("reaction", "expected"),
    [
        (error(400, "bad tags"), Refused),
        (error(401), Unauthorized),
        (error(403), Forbidden),
        (error(404), NotFound),
        (error(409), Refused),
        (error(422), Refused),
        (error(429), RateLimited),
        (answer(404, raw=b"no route"), NoSuchRoute),
        (answer(405, raw=b"<html>", content_type="text/html"), NotTheApi),
    ],
)
def test_a_definite_no_means_that_the_effect_was_not_applied(reaction, expected) -> None:
    """A 4xx is sent once and is no reason to wait: not even a 429 is repeated."""
    failure, server = against(reaction, EFFECT)
    assert type(failure) is expected
    assert len(server.got) == 1


def test_an_effect_that_found_no_connection_was_not_applied() -> None:
    """Refused before anything was sent."""
    with pytest.raises(Unreachable, match="refused"):
        asyncio.run(called(f"https://127.0.0.1:{free_port()}", EFFECT))


def test_a_name_that_does_not_resolve_was_not_applied() -> None:
    """`.invalid` never resolves (RFC 2606)."""
    with pytest.raises(Unreachable):
        asyncio.run(called("https://edge.invalid", EFFECT))


def test_a_handshake_that_hangs_was_not_applied() -> None:
    """A deadline before the first byte of the request proves that nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = f"https://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Unreachable, match="too long"):
            asyncio.run(called(endpoint, EFFECT, deadline_s=0.2))


def test_each_effect_has_a_connection_of_its_own() -> None:
    """No idle connection that the server is just closing makes the outcome unknown."""

    async def run() -> None:
        async with serving(answer(201, {})) as server, channel(server.endpoint) as one:
            await one.call(READ)
            await one.call(READ)
            assert server.connections == 1
            await one.call(EFFECT)
            await one.call(EFFECT)
            assert server.connections == 3

    asyncio.run(run())


@pytest.mark.parametrize("bad", [error(429), error(502), error(503), error(504), factory.reset])
def test_a_read_is_tried_three_times(bad) -> None:
    """A passing failure costs a read a moment."""
    document, server = against(in_turn(bad, bad, answer(200, {"ok": True})))
    assert document == {"ok": True}
    assert len(server.got) == 3


@pytest.mark.parametrize(("bad", "expected"), [(error(503), ServerError), (factory.cut, NoAnswer)])
def test_a_read_is_not_tried_for_ever(bad, expected) -> None:
    """The third failure is told."""
    failure, server = against(bad)
    assert type(failure) is expected
    assert len(server.got) == 3


@pytest.mark.parametrize("bad", [error(500), error(400), error(403), error(404), HTML])
def test_a_read_that_will_fail_again_is_not_repeated(bad) -> None:
    """Only what passes is worth another try."""
    _, server = against(bad)
    assert len(server.got) == 1


def test_a_call_whose_repetition_counts_is_not_repeated() -> None:
    """A login whose answer was lost may count as a failed one."""
    _, server = against(factory.reset, Operation.LOG_IN)
    assert len(server.got) == 1


def test_waiting_for_a_limit_follows_the_server() -> None:
    """Retry-After is waited for, at most a minute, before the next try."""

    async def run(header: str) -> list[float]:
        waits: list[float] = []

        async def sleep(wait_s: float) -> None:
            waits.append(wait_s)

        limit = HostLimit(lambda: 0.0, sleep)
        busy = error(429, retry_after=header)
        async with serving(in_turn(busy, answer(200, {}))) as server:
            await called(server.endpoint, limit=limit, sleep=sleep)
        return waits

    assert asyncio.run(run("7")) == [7.0]
    assert asyncio.run(run("315360000")) == [60.0]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    """No header reaches the place that it leads to."""

    async def run() -> None:
        async with serving(answer(200, {})) as sink:
            leading = answer(status, location=f"{sink.endpoint}/x")
            async with serving(leading) as server, channel(server.endpoint) as one:
                with pytest.raises(UnexpectedRedirect, match="never followed"):
                    await one.call(READ, headers={"ApiKey": "canary-key"})
            assert sink.connections == 0

    asyncio.run(run())


def test_a_gzip_answer_is_read() -> None:
    """What was asked for is understood."""
    body = gzip.compress(b'{"ok": true}')
    document, _ = against(answer(200, raw=body, content_encoding="gzip"))
    assert document == {"ok": True}


@pytest.mark.parametrize(
    "reaction",
    [
        answer(200, raw=b" " * (9 * 1024 * 1024)),
        answer(200, raw=gzip.compress(b" " * (50 * 1024 * 1024)), content_encoding="gzip"),
    ],
)
def test_an_answer_is_cut_while_it_streams(reaction) -> None:
    """A large body, and a small one that unpacks to a large one, end at 8 MiB."""
    failure, _ = against(reaction)
    assert type(failure) is AnswerTooLarge


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    """Stacked encodings could unpack without bound."""
    twice = gzip.compress(gzip.compress(b"{}"))
    failure, _ = against(answer(200, raw=twice, content_encoding=encoding))
    assert type(failure) is UnexpectedAnswer


@pytest.mark.parametrize(
    "raw",
    [b"{not json", b"[" * 100_000, b'{"a": 1, "a": 2}', b'{"a": NaN}', b"\xff\xfe{}", b'{"a": "'],
)
def test_an_answer_that_cannot_be_read_is_told_without_its_content(raw: bytes) -> None:
    """Broken, too deep, ambiguous or not UTF-8: one failure, and nothing of the body in it."""
    failure, _ = against(answer(200, raw=raw))
    assert type(failure) is UnexpectedAnswer
    assert failure.__cause__ is None
    assert failure.__context__ is None


def test_a_damaged_gzip_answer_is_unreadable() -> None:
    """A cut or broken stream is no answer."""
    failure, _ = against(answer(200, raw=b"not gzip at all", content_encoding="gzip"))
    assert type(failure) is UnexpectedAnswer
    assert not isinstance(failure, zlib.error)


ZIPPED = gzip.compress(b"{}", mtime=0)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (ZIPPED[:10], NoAnswer),
        (ZIPPED[:-1], NoAnswer),
        (ZIPPED[:-8], NoAnswer),
        (ZIPPED + b"more", UnexpectedAnswer),
        (ZIPPED * 2, UnexpectedAnswer),
        (ZIPPED + b"\0" * 512 + b"more", UnexpectedAnswer),
    ],
    ids=["its head", "all but a byte", "without its check", "more behind it", "two", "behind all"],
)
def test_a_gzip_answer_is_whole_or_none(raw: bytes, expected: type[ApiFailure]) -> None:
    """A server may say how long a body is, and send half of it zipped; or two in one."""
    failure, _ = against(answer(200, raw=raw, content_encoding="gzip"))
    assert type(failure) is expected


@pytest.mark.parametrize("padding", [1, 512, 200_000])
def test_zeros_behind_a_gzip_answer_are_nothing(padding: int) -> None:
    """Tools that write blocks fill up the last one, and `gzip` itself reads past them."""
    raw = ZIPPED + bytes(padding)
    assert against(answer(200, raw=raw, content_encoding="gzip"))[0] == {}


@pytest.mark.parametrize("fill", [b"\0", b"x"])
def test_nothing_behind_a_gzip_answer_is_kept(fill: bytes) -> None:
    """It may come without end: it is refused with its first byte, or dropped as it comes."""
    read: list[int] = []

    async def chunks() -> AsyncIterator[bytes]:
        yield ZIPPED
        for number in range(64):
            read.append(number)
            yield fill * 1_000_000

    async def run() -> int:
        tracemalloc.start()
        try:
            with suppress(UnexpectedAnswer):
                await read_bounded(chunks(), "gzip", Call(READ, ROUTES[READ], "https://it.test"))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert asyncio.run(run()) < 10_000_000
    assert len(read) == (64 if fill == b"\0" else 1)


def test_no_body_is_none_however_it_is_said_to_be_zipped() -> None:
    """There is nothing to unzip in a 204."""
    assert against(answer(204, content_encoding="gzip"))[0] is None


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize(("body", "document"), [(b"", None), (b"[1]", [1])])
def test_a_body_that_ends_with_its_connection_is_whole_where_tls_says_so(
    body: bytes, document: Any, is_told: bool
) -> None:
    """Else whoever is in between could cut off what comes behind (RFC 9112, 9.8)."""
    found, server = against(factory.ended_by_hanging_up(body, is_told=is_told))
    if is_told:
        assert found == document
    else:
        assert type(found) is NoAnswer
        assert len(server.got) == 3


def test_what_is_there_is_asked_for_and_not_what_a_cache_has_kept() -> None:
    """A look before an action is at what is so now."""
    _, server = against(answer(200, {}))
    assert server.got[0].headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("reaction", [answer(200, {}, age="7"), error(404, age="7")])
def test_an_answer_that_a_cache_has_kept_is_none(reaction: factory.Reaction) -> None:
    """Neither what is there, nor what is not."""
    failure, _ = against(reaction)
    assert type(failure) is UnexpectedAnswer
    assert "a cache has answered with what it kept for 7 s" in failure.problem.message
    assert "keeps its answers" in failure.problem.hint


@pytest.mark.parametrize("age", ["0, 7", "7, 0", "0007", "9" * 13, "9" * 5000])
def test_an_age_that_is_odd_is_one_all_the_same(age: str) -> None:
    """Two caches may each write one; and no number of digits makes an answer new."""
    failure, _ = against(answer(200, {}, age=age))
    assert type(failure) is UnexpectedAnswer
    assert "a cache has answered" in failure.problem.message


@pytest.mark.parametrize("age", ["0", "", "0, 0", "00", "soon", "-5"])
def test_an_age_that_is_none_tells_nothing(age: str) -> None:
    """A proxy may send anything."""
    assert against(answer(200, {"a": 1}, age=age))[0] == {"a": 1}


@pytest.mark.parametrize("status", [200, 201, 202])
def test_an_error_is_told_as_one_whatever_its_status(status: int) -> None:
    """In the server's words: nothing of it is read as what was asked for."""
    failure, _ = against(error(status, "the cluster is locked"))
    assert type(failure) is UnexpectedAnswer
    assert "Told: the cluster is locked" in failure.problem.message


@pytest.mark.parametrize(
    "document", [{"message": "done"}, {"code": "a"}, {"code": 1, "message": ""}]
)
def test_what_is_no_whole_error_is_read_as_the_answer(document: dict[str, Any]) -> None:
    """A withdrawal is answered with a message (specification)."""
    assert against(answer(200, document))[0] == document


def test_a_part_of_an_answer_is_not_read_as_all_of_it() -> None:
    """Nobody asked for a part."""
    failure, _ = against(answer(206, []))
    assert type(failure) is UnexpectedAnswer
    assert "part" in failure.problem.message


def test_a_number_of_too_many_digits_is_unreadable_and_no_cut() -> None:
    """It is the same the next time: it is not asked for again."""
    failure, server = against(answer(200, raw=b"9" * 5000))
    assert type(failure) is UnexpectedAnswer
    assert len(server.got) == 1


def test_a_web_page_is_not_the_api() -> None:
    """A portal that answers 200 with HTML is told from the API."""
    failure, _ = against(HTML)
    assert type(failure) is NotTheApi
    assert "text/html" in str(failure)


@pytest.mark.parametrize(
    "reaction",
    [
        answer(404, raw=b"<html>", content_type="text/html"),
        answer(404, {"code": 404, "message": "path /v1/things was not found"}),
        answer(404, {"error": "nope"}),
        answer(404),
    ],
)
def test_a_foreign_404_does_not_mean_absent(reaction) -> None:
    """Only the API's own words say that an object is not there."""
    failure, _ = against(reaction)
    assert type(failure) is NotTheApi


def test_an_operation_outside_the_table_is_refused_before_any_io() -> None:
    """There is no way to send what is not in the table."""

    async def run() -> None:
        async with serving(answer(200, {})) as server, channel(server.endpoint) as one:
            with pytest.raises(RouteClosed):
                await one.call(Operation.ACCEPT_REQUEST)
            assert server.connections == 0

    asyncio.run(run())


def test_cookies_are_not_kept() -> None:
    """What a server sets is never sent back."""

    async def run() -> None:
        reaction = answer(200, {}, set_cookie="Authorization=canary; Path=/")
        async with serving(reaction) as server, channel(server.endpoint) as one:
            await one.call(READ)
            await one.call(READ)
            assert all("cookie" not in got.headers for got in server.got)

    asyncio.run(run())


def test_proxies_of_the_environment_are_ignored(monkeypatch) -> None:
    """No variable sends a call, or its key, elsewhere."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    document, server = against(answer(200, {"ok": True}))
    assert document == {"ok": True}
    assert server.got[0].headers["user-agent"].startswith("pairctl/")


@pytest.mark.parametrize(
    ("sender", "told"),
    [
        ("", f"pairctl/{__version__}"),
        ("runner-7-0a1b", f"pairctl/{__version__} (runner-7-0a1b)"),
        ("the office's (2nd) é\r\nX: y", f"pairctl/{__version__} (the-office's-2nd-X-y)"),
    ],
)
def test_a_server_is_told_which_process_calls(sender: str, told: str) -> None:
    """Program, version, and the name in claims: in a server's log they can be held together."""
    _, server = against(answer(200, {}), sender=sender)
    assert server.got[0].headers["user-agent"] == told


@pytest.mark.parametrize("operation", [READ, EFFECT])
def test_a_call_carries_the_id_of_its_claim_where_it_has_one(operation: Operation) -> None:
    """Only what is sent under a claim has a request id."""

    async def run() -> list[str | None]:
        async with serving(answer(200, {})) as server, channel(server.endpoint) as one:
            await one.call(operation)
            await one.call(operation, request_id="0a1b")
            return [got.headers.get("x-request-id") for got in server.got]

    assert asyncio.run(run()) == [None, "0a1b"]


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:1", "https://a@b", "https://h/p", "ftp://x"]
)
def test_an_endpoint_is_https_host_and_port(endpoint: str) -> None:
    """Anything else stops before a client is made."""
    with pytest.raises(ConfigurationError):
        channel(endpoint)


def texts_of(failure: BaseException) -> str:
    """Return all that a traceback would print of an exception and its causes."""
    return "".join(traceback.format_exception(failure)) + repr(failure)


def failing(call: Coroutine[Any, Any, Any]) -> str:
    """Run a call that fails; return its texts."""
    with pytest.raises(ApiFailure) as caught:
        asyncio.run(call)
    return texts_of(caught.value)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 503])
@pytest.mark.parametrize("form", [str, json.dumps, lambda text: text.encode().hex()])
def test_a_secret_that_the_server_echoes_is_shown_nowhere(
    status: int, form, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors, their causes and all logs at DEBUG are free of what the redactor knows."""
    canary = "canary-K3y/0123456789"
    redactor = Redactor()
    redactor.learn(canary)
    caplog.set_level(logging.DEBUG)

    async def run() -> None:
        reaction = error(status, f"bad key {form(canary)}\x1b[31m " + "x" * 900)
        async with serving(reaction) as server, channel(server.endpoint, redactor=redactor) as one:
            await one.call(READ, headers={"ApiKey": canary})

    texts = failing(run())
    shown = texts + caplog.text + "".join(capsys.readouterr())
    assert canary not in shown
    assert canary.encode().hex() not in shown
    assert "\x1b" not in texts
    assert "[redacted]" in texts
    assert len(texts) < 6000


@pytest.mark.parametrize(
    "reaction", [factory.reset, factory.cut, factory.garbage, HTML, error(500)]
)
@pytest.mark.parametrize("operation", [READ, EFFECT])
def test_a_failed_call_shows_no_header(reaction, operation, caplog, capsys) -> None:
    """Whatever the libraries raise and log, the key that was sent is not in it."""
    canary = "canary-Header-0123456789"
    caplog.set_level(logging.DEBUG)

    async def run() -> None:
        async with serving(reaction) as server, channel(server.endpoint) as one:
            (await one.call(operation, headers={"ApiKey": canary})).document()

    texts = failing(run())
    assert canary not in texts + caplog.text + "".join(capsys.readouterr())


def test_a_value_that_no_header_can_carry_is_not_quoted() -> None:
    """The library's own error prints the header: ours does not."""
    value = "\n".join(("canary", "line"))

    async def run() -> None:
        async with serving(answer(200, {})) as server, channel(server.endpoint) as one:
            await one.call(READ, headers={"ApiKey": value})

    assert repr(value)[1:-1] not in failing(run())


def test_only_a_judgement_of_the_call_itself_is_a_definite_no() -> None:
    """A key that ran out, a limit or a lost line say nothing about the call."""
    assert is_definite_no(Refused("no", status=400))
    assert is_definite_no(Forbidden("no", status=403))
    assert not is_definite_no(Unauthorized("no", status=401))
    assert not is_definite_no(RateLimited("no", retry_after_s=1.0))
    assert not is_definite_no(OutcomeUnknown("no", status=408))
    assert not is_definite_no(Unreachable("no"))
