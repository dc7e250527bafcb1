"""Who hears of a run comes between nothing: a progress display that breaks loses no outcome."""

from pathlib import Path

import pytest

from pairctl.apis import Exchange, ExchangeLog
from pairctl.engine import Acted, Acting, Concluded, Event, Recorded
from scenario_factory import PAIR, world

OF_THE_HOST = "/v1/hosts/pairings"
"""Where the simulated host calls Palette itself."""


class Broken(Exception):
    """What the listener raises."""


@pytest.mark.parametrize("kind", [Acting, Acted, Concluded, Recorded])
def test_a_listener_that_breaks_loses_no_answer(tmp_path: Path, kind: type[Event]) -> None:
    """The pairing id in the answer is on record; only then the error comes."""

    def hear(event: Event) -> None:
        if isinstance(event, kind):
            raise Broken

    with world(tmp_path, adoptRequests="Never") as w:
        with pytest.raises(Broken):
            w.one_pass(listener=hear)
        assert w.kinds() == ["request"]
        assert w.status()["sent"]["pairingUid"] == w.pairing_uid()
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_run_whose_listener_breaks_hears_of_what_is_under_way(tmp_path: Path) -> None:
    """It ends with the error, and with nothing left open on the status branch."""

    def hear(event: Event) -> None:
        if isinstance(event, Acting):
            raise Broken

    with world(tmp_path, adoptRequests="Never") as w:
        with pytest.raises(Broken):
            w.apply(listener=hear)
        assert w.kinds() == ["request"]
        assert w.claims == []
        assert w.status()["sent"]["pairingUid"] == w.pairing_uid()


class BrokenTerminal:
    """Hears of calls, and breaks when it is to show one moment of the sending of a request."""

    def __init__(self, moment: str) -> None:
        self.moment = moment

    def _hear(self, moment: str, exchange: Exchange) -> None:
        if moment == self.moment and exchange.path == PAIR:
            raise Broken

    def sending(self, exchange: Exchange) -> None:
        self._hear("sending", exchange)

    def answered(self, exchange: Exchange) -> None:
        self._hear("answered", exchange)

    def judged(self, exchange: Exchange) -> None:
        self._hear("judged", exchange)


@pytest.mark.parametrize("moment", ["answered", "judged"])
def test_a_terminal_that_is_gone_when_an_answer_is_shown_costs_no_pairing_id(
    tmp_path: Path, moment: str
) -> None:
    """The answer counts though it could not be shown; and nothing more is sent that is not."""
    with world(tmp_path, adoptRequests="Never") as w:
        result = w.one_pass(log=ExchangeLog(BrokenTerminal(moment)))
        assert [outcome.ending for outcome in result.outcomes.values()] == ["done"]
        assert w.status()["sent"]["pairingUid"] == w.pairing_uid()
        paths = [one.path for one in w.running.simulation.journal.received]
        assert paths[paths.index(PAIR) + 1 :] == [OF_THE_HOST]


def test_what_cannot_be_shown_before_is_not_sent(tmp_path: Path) -> None:
    """Each call is shown first."""
    with world(tmp_path) as w:
        w.one_pass(log=ExchangeLog(BrokenTerminal("sending")))
        assert w.kinds() == []
