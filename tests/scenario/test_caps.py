"""The cap of an hour counts what was accepted, whatever became of the intents, and whoever runs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pairctl.engine import Decided, Event, PassStarted, SystemClock
from pairctl.pairing import Accept, claim_for
from pairctl.records.ledger import claim_path, render_claim
from scenario_factory import World, world
from sim_factory import Document, host_document

HOSTS = tuple(host_document(number) for number in (1, 2))
CAPPED = {"acceptancesPerHour": 1}
LEFT: dict[str, Callable[[World], list[Document]]] = {
    "deleted": lambda w: [w.intent(2)],
    "renamed": lambda w: [w.intent(1, "store-one"), w.intent(2)],
    "suspended": lambda w: [w.intent(1, suspend=True), w.intent(2)],
    "broken": lambda w: [w.intent(1, desired="Pared"), w.intent(2)],
}


class Later(SystemClock):
    """A clock that is ahead by an hour and a minute."""

    def now(self) -> datetime:
        return super().now() + timedelta(hours=1, minutes=1)


@pytest.mark.parametrize("left", LEFT)
def test_a_pull_request_frees_no_place_under_the_cap(tmp_path: Path, left: str) -> None:
    """What was accepted counts for its hour, though its intent be gone, and then no more."""
    with world(tmp_path, *HOSTS, limits=CAPPED) as w:
        w.apply()
        w.commit(*LEFT[left](w))
        for holder in ("second", "third"):
            w.apply(holder=holder)
            assert w.told("store-2") == ("Blocked", "TooManyAtOnce")
        assert len(w.effects("accept")) == 1
        w.apply(clock=Later())
        assert w.told("store-2") == ("Paired", "Paired")
        w.apply(clock=Later())
        assert ("status/store-1.yaml" in w.files()) == (left in ("suspended", "broken"))


def test_two_that_run_at_once_keep_one_cap(tmp_path: Path) -> None:
    """Another's claim to accept takes the place, before anything can be seen of it."""
    with world(tmp_path, *HOSTS, limits=CAPPED) as w:
        w.one_pass()
        claim = claim_for(
            Accept(w.cluster_uid(1), w.pairing_uid(1), (), "store-1"),
            *("store-1", 1, "another"),
            now=datetime.now(UTC),
            lifetime_s=60,
        )
        theirs = {claim_path(claim.cluster): render_claim(claim).decode()}
        heard: list[Event] = []

        def hear(event: Event) -> None:
            if isinstance(event, Decided) and not any(isinstance(e, Decided) for e in heard):
                w.push_status(theirs)
            heard.append(event)

        w.one_pass(listener=hear)
        assert [type(event) for event in heard].count(PassStarted) == 2
        assert w.told("store-2") == ("Blocked", "TooManyAtOnce")
        assert w.effects("accept") == ()
