"""Each exception of the libraries has one fate, and none is forgotten."""

import json
import ssl
import zlib

import httpcore
import pytest

from pairctl.apis import NoAnswer, OutcomeUnknown, UnexpectedAnswer, Unreachable
from pairctl.apis.routes import WRITING_LOCAL_UI, Operation
from pairctl.apis.translation import FATES, Call, Fate, fate_of, translated


def call(operation: Operation) -> Call:
    """Return a call of Local UI."""
    return Call(operation, WRITING_LOCAL_UI[operation], "https://10.0.42.10:5080")


def all_of_httpcore() -> list[type[BaseException]]:
    """Return every exception that httpcore publishes: the transport passes them on."""
    published = (getattr(httpcore, name) for name in httpcore.__all__)
    return [it for it in published if isinstance(it, type) and issubclass(it, BaseException)]


ALL = all_of_httpcore()
EFFECT = call(Operation.SEND_REQUEST)
READ = call(Operation.GET_SETTINGS)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_exception_of_the_libraries_is_in_the_table(kind: type[BaseException]) -> None:
    """A new class of a new version fails here, before it is misread."""
    assert kind in FATES


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_an_effect_ends_in_not_sent_or_unknown(kind: type[BaseException]) -> None:
    """For an effect there is no third way; only what precedes the request proves "not sent"."""
    failure = translated(kind("no"), EFFECT, has_begun=True)
    before = {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol"}
    assert type(failure) is (Unreachable if kind.__name__ in before else OutcomeUnknown)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpcore.ReadError("x"), NoAnswer),
        (httpcore.ReadTimeout("x"), NoAnswer),
        (ConnectionResetError(), NoAnswer),
        (ssl.SSLError("x"), NoAnswer),
        (zlib.error("x"), UnexpectedAnswer),
        (RecursionError(), UnexpectedAnswer),
        (json.JSONDecodeError("x", "canary", 0), UnexpectedAnswer),
    ],
)
def test_a_read_is_cut_off_or_unreadable(error: Exception, expected: type) -> None:
    """A read changes nothing: what matters is whether another try may help."""
    failure = translated(error, READ, has_begun=True)
    assert type(failure) is expected
    assert "canary" not in str(failure)


def test_a_deadline_before_the_first_byte_is_not_sent() -> None:
    """The one timeout that proves something is the one before anything left."""
    assert type(translated(TimeoutError(), EFFECT, has_begun=False)) is Unreachable
    assert type(translated(TimeoutError(), EFFECT, has_begun=True)) is OutcomeUnknown


def test_what_took_too_long_is_not_tried_at_once_again() -> None:
    """A dark site costs one wait, not three."""
    assert not translated(httpcore.ConnectTimeout(), READ, has_begun=False).is_passing
    assert not translated(TimeoutError(), READ, has_begun=True).is_passing
    assert translated(httpcore.ConnectError("x"), READ, has_begun=False).is_passing


def test_a_class_unknown_to_the_table_counts_as_cut() -> None:
    """The careful reading is the default."""
    assert fate_of(KeyError("x")) is Fate.CUT


def test_texts_of_libraries_are_not_passed_on() -> None:
    """h11 quotes a bad header with its value."""
    failure = translated(
        httpcore.LocalProtocolError("Illegal header value b'canary'"), READ, has_begun=True
    )
    assert "canary" not in str(failure)
