"""Each exception of the libraries has one fate, and none is forgotten."""

import json
import ssl
import zlib
from types import ModuleType

import h11
import pytest

from pairctl.apis import NoAnswer, OutcomeUnknown, UnexpectedAnswer, Unreachable, tls_stream
from pairctl.apis.routes import WRITING_LOCAL_UI, Operation
from pairctl.apis.translation import FATES, Call, Fate, fate_of, translated


def call(operation: Operation) -> Call:
    """Return a call of Local UI."""
    return Call(operation, WRITING_LOCAL_UI[operation], "https://10.0.42.10:5080")


def published(module: ModuleType) -> list[type[BaseException]]:
    """Return every exception that a module has: the channel passes them on."""
    found = vars(module).values()
    return [it for it in found if isinstance(it, type) and issubclass(it, BaseException)]


ALL = [*published(h11), *published(tls_stream)]
EFFECT = call(Operation.SEND_REQUEST)
READ = call(Operation.GET_SETTINGS)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_exception_of_the_libraries_is_in_the_table(kind: type[BaseException]) -> None:
    """A new class of a new version fails here, before it is misread."""
    assert kind in FATES


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind is not h11.ProtocolError])
def test_an_effect_ends_in_not_sent_or_unknown(kind: type[BaseException]) -> None:
    """For an effect there is no third way; only what precedes the request proves "not sent"."""
    failure = translated(kind("no"), EFFECT, has_begun=True)
    is_before = issubclass(kind, tls_stream.ConnectError)
    assert type(failure) is (Unreachable if is_before else OutcomeUnknown)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (tls_stream.ReadError("x"), NoAnswer),
        (h11.RemoteProtocolError("x"), NoAnswer),
        (TimeoutError(), NoAnswer),
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


@pytest.mark.parametrize("error", [UnicodeError("canary"), h11.LocalProtocolError("canary")])
def test_what_cannot_be_written_is_not_sent(error: Exception) -> None:
    """Before the first byte no such error speaks of an answer, and another try is no better."""
    failure = translated(error, EFFECT, has_begun=False)
    assert type(failure) is Unreachable
    assert not failure.is_passing
    assert "canary" not in str(failure)
    assert type(translated(error, EFFECT, has_begun=True)) is OutcomeUnknown


def test_what_took_too_long_is_not_tried_at_once_again() -> None:
    """A dark site costs one wait, not three."""
    assert not translated(tls_stream.ConnectTimeout(), READ, has_begun=False).is_passing
    assert not translated(TimeoutError(), READ, has_begun=True).is_passing
    assert translated(tls_stream.ConnectError("x"), READ, has_begun=False).is_passing


def test_a_class_unknown_to_the_table_counts_as_cut() -> None:
    """The careful reading is the default."""
    assert fate_of(KeyError("x")) is Fate.CUT


def test_texts_of_libraries_are_not_passed_on() -> None:
    """h11 quotes a bad header with its value."""
    failure = translated(
        h11.LocalProtocolError("Illegal header value b'canary'"), READ, has_begun=True
    )
    assert "canary" not in str(failure)
