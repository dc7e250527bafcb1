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
    """Numbers the exchanges of all clients of a run, and tells the listener of each."""

    def __init__(self, listener: ExchangeListener) -> None:
        self._listener = listener
        self._numbers = count(1)

    def sending(
        self,
        call: Call,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: Any,
        clean: Callable[[str], str],
    ) -> "NotedExchange":
        """Tell of a call that is about to be sent."""
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
        return NotedExchange(exchange, self._listener)


class NotedExchange:
    """An exchange under way, and who hears of it."""

    def __init__(self, exchange: Exchange, listener: ExchangeListener) -> None:
        self._exchange = exchange
        self._listener = listener

    def answered(self, answer: Answer) -> Answer:
        """Tell of an answer; the one that is returned tells how it is read."""
        one, is_login = self._exchange, answer.call.operation in _LOGINS
        one.status, one.content_type = answer.status, answer.content_type
        one.size_bytes = len(answer.body)
        is_hidden = is_login and answer.status in range(200, 300)
        one.answered = MASK if is_hidden else answered_body(answer.body, answer.clean)
        self._listener.answered(one)
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
        self._listener.judged(one)
