"""A yes is no look: what a server said it did is not done again before its effect is seen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pairctl.sim import Fault, PairingRequest, Simulation
from scenario_factory import PAIR, World, document, quick_palette, world

LOOKS_BEFORE_SENDING = 2
LONG = {"settleSeconds": 600}
"""No claim ends by itself while a test runs, however busy the machine is."""


def show_all_as_pending(sim: Simulation) -> Callable[[PairingRequest], str]:
    """Let a Palette go on showing every request as it was before; gives what shows it rightly."""
    truly = sim.palette.state_of
    setattr(sim.palette, "state_of", lambda _: "Pending")  # noqa: B010 - a method, for a while
    return truly


def accept_without_seeing_it(w: World) -> Callable[[PairingRequest], str]:
    """Let pairctl accept what Palette goes on showing as pending."""
    w.one_pass()
    truly = w.running.call(show_all_as_pending)
    w.one_pass()
    return truly


def test_what_was_accepted_is_not_accepted_again_while_the_list_is_old(tmp_path: Path) -> None:
    """The claim binds on after a yes, for its holder and for others, until a look shows it."""
    with world(tmp_path, timing=LONG) as w:
        truly = accept_without_seeing_it(w)
        assert w.told() == ("Blocked", "OutcomeUnknown")
        assert w.claims == [f"claims/{w.cluster_uid()}.yaml"]
        w.one_pass()
        w.one_pass(holder="another")
        assert w.kinds() == ["request", "accept"]
        w.running.call(lambda sim: setattr(sim.palette, "state_of", truly))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        assert w.claims == []


def test_a_request_that_neither_side_shows_yet_is_not_sent_again(tmp_path: Path) -> None:
    """The host answered 201 and shows none for now, and nothing has arrived in Palette."""
    slow = quick_palette(pairing={"acceptSeconds": 0.0, "arriveSeconds": 3600.0})
    with world(tmp_path, palette=slow, timing=LONG) as w:
        unseen = Fault("error", "store-1", "GET", f"{PAIR}/details", status=404, times=2)
        w.plan_faults(replace(unseen, skip=LOOKS_BEFORE_SENDING))
        w.one_pass()
        assert w.told() == ("Blocked", "OutcomeUnknown")
        w.one_pass(holder="another")
        assert w.kinds() == ["request"]
        w.one_pass()
        assert w.told() == ("Requested", "NotArrived")
        assert w.kinds() == ["request"]


def test_a_request_that_may_be_accepted_already_is_not_rejected(tmp_path: Path) -> None:
    """A claim binds all that is said of its cluster, by whatever intent."""
    with world(tmp_path, timing=LONG) as w:
        accept_without_seeing_it(w)
        uid = w.pairing_uid()
        spec = {"desired": "Rejected", "palette": "production", "request": {"pairingUid": uid}}
        w.commit(document("PairingIntent", "not-ours", spec))
        w.one_pass(holder="another")
        assert w.told("not-ours") == ("Blocked", "OutcomeUnknown")
        assert w.kinds() == ["request", "accept"]
        assert ("DELETE", f"/v1/clusterpairs/{uid}") not in w.writes()
        assert w.claims == [f"claims/{w.cluster_uid()}.yaml"]


def test_a_request_of_nobody_that_may_be_accepted_already_is_not_rejected(tmp_path: Path) -> None:
    """Its intent went while the answer was awaited: nobody's it is, and claimed."""
    with world(tmp_path, timing=LONG) as w:
        accept_without_seeing_it(w)
        uid = w.pairing_uid()
        spec = {"desired": "Rejected", "palette": "production", "request": {"pairingUid": "none"}}
        other = document("PairingIntent", "of-another", spec)
        w.commit(w.palette(unrecognizedRequests="Reject"), other)
        w.one_pass(holder="another")
        assert w.told(f"unrecognized-{uid}") == ("Blocked", "OutcomeUnknown")
        assert ("DELETE", f"/v1/clusterpairs/{uid}") not in w.writes()
