"""Who hears of a run comes between nothing: a progress display that breaks loses no outcome."""

from pathlib import Path

import pytest

from pairctl.engine import Acted, Acting, Concluded, Event, Recorded
from scenario_factory import world


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
