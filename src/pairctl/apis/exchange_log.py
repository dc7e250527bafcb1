"""The exchanges of a run, numbered, told to a listener as they happen."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from pairctl.apis.answers import Answer, AnswerModel
from pairctl.apis.exchanges import Exchange, ExchangeListener, shown_headers
from pairctl.apis.failures import ApiFailure
from pairctl.apis.routes import Operation
from pairctl.apis.shown_bodies import answered_body, how_read, sent_body
from pairctl.apis.translation import Call
from pairctl.text import MASK

_LOGINS = frozenset({Operation.LOG_IN, Operation.RENEW_LOGIN})


class ExchangeLog:
    """Numbers the exchanges of all clients of a run, and tells the listener of each.

    What the listener raises once a call was sent is kept: it must not cost the answer. No other
    call is sent then, since it could not be shown before.
    """

    def __init__(self, listener: ExchangeListener) -> None:
        self._listener = listener
        self._numbers = count(1)
        self._kept: Exception | None = None

    def sending(
        self,
        call: Call,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: Any,
        clean: Callable[[str], str],
    ) -> "NotedExchange":
        """Tell of a call that is about to be sent. Raises what the listener does, or has before."""
        if self._kept:
            raise self._kept
        is_login = call.operation in _LOGINS
        exchange = Exchange(
            next(self._numbers),
            call.operation,
            call.route,
            call.endpoint,
            path,
            dict(query),
            shown_headers(headers),
            None if body is None else MASK if is_login else sent_body(body, clean),
        )
        self._listener.sending(exchange)
        return NotedExchange(exchange, self)

    def answered(self, exchange: Exchange) -> None:
        """Tell of an answer as it came."""
        self._tell(self._listener.answered, exchange)

    def judged(self, exchange: Exchange) -> None:
        """Tell how an answer was read, or what ended a call without one."""
        self._tell(self._listener.judged, exchange)

    def _tell(self, hear: Callable[[Exchange], None], exchange: Exchange) -> None:
        try:
            hear(exchange)
        except Exception as error:  # noqa: BLE001 - raised before anything else is sent
            self._kept = self._kept or error


class NotedExchange:
    """An exchange under way, and who hears of it."""

    def __init__(self, exchange: Exchange, log: ExchangeLog) -> None:
        self._exchange = exchange
        self._log = log

    def answered(self, answer: Answer) -> Answer:
        """Tell of an answer; the one that is returned tells how it is read."""
        one, is_login = self._exchange, answer.call.operation in _LOGINS
        one.status, one.content_type = answer.status, answer.content_type
        one.size_bytes = len(answer.body)
        is_hidden = is_login and answer.status in range(200, 300)
        one.answered = MASK if is_hidden else answered_body(answer.body, answer.clean)
        self._log.answered(one)
        return replace(answer, heard=self._heard)

    def ended(self, failure: ApiFailure) -> None:
        """Tell of a call that ended without an answer, or with one that was not read to its end."""
        self._heard(failure)

    def _heard(self, how: AnswerModel | ApiFailure | None) -> None:
        one = self._exchange
        match how:
            case ApiFailure():
                one.problem = how.problem
            case AnswerModel():
                one.understood = how_read(how)
            case None:
                one.understood = "the answer is readable"
        self._log.judged(one)
