"""Outages and limits: what cannot be reached costs its own place, and nobody else's."""

from pathlib import Path
from typing import NoReturn

import pytest

from pairctl.apis import Palette
from pairctl.engine import Access, Reconciler, Settings
from pairctl.pairing import Intent
from pairctl.secrets import Secret
from pairctl.sim import Fault
from scenario_factory import ACCEPT, PAIR, quick_palette, world
from sim_factory import host_document


def test_a_dark_host_holds_up_no_other(tmp_path: Path) -> None:
    """One host without power is blocked by itself; once it is back it is paired."""
    hosts = [host_document(number) for number in (1, 2, 3)]
    with world(tmp_path, *hosts) as w:
        w.running.wait(lambda sim: sim.off("store-2"))
        w.apply()
        assert [w.told(f"store-{n}")[0] for n in (1, 2, 3)] == ["Paired", "Blocked", "Paired"]
        assert w.told("store-2")[1] == "Unreachable"
        w.running.wait(lambda sim: sim.on("store-2"))
        w.apply()
        assert w.told("store-2") == ("Paired", "Paired")
        assert w.kinds(2) == ["request", "accept"]


def test_while_palette_is_down_nothing_is_sent_and_nothing_is_lost(tmp_path: Path) -> None:
    """Without Palette nothing is begun; what is paired stays told as paired."""
    hosts = [host_document(1), host_document(2)]
    with world(tmp_path, *hosts, fleet=lambda w: [w.intent(1)]) as w:
        w.apply()
        w.commit(w.intent(1), w.intent(2))
        w.running.wait(lambda sim: sim.off("palette"))
        w.apply()
        assert w.told("store-1") == ("Paired", "Paired")
        assert w.told("store-2") == ("Blocked", "Unreachable")
        assert w.kinds(2) == []
        tip = w.tip
        w.apply()
        assert w.tip == tip
        w.running.wait(lambda sim: sim.on("palette"))
        w.apply()
        assert w.told("store-2") == ("Paired", "Paired")


def test_a_request_that_is_pending_survives_an_outage(tmp_path: Path) -> None:
    """A host that goes dark between request and acceptance is accepted when it is back."""
    with world(tmp_path, fleet=lambda w: [w.intent(acknowledge=None)]) as w:
        w.apply()
        w.running.wait(lambda sim: sim.off("store-1"))
        w.commit(w.intent())
        w.apply()
        assert w.told() == ("Blocked", "Unreachable")
        assert w.status()["pairingUid"] == w.pairing_uid()
        assert w.kinds() == ["request"]
        w.running.wait(lambda sim: sim.on("store-1"))
        w.apply()
        assert w.kinds() == ["request", "accept"]


def test_a_few_limits_are_sat_out(tmp_path: Path) -> None:
    """429 is a definite no that passes: reads wait, an effect is left to the next pass."""
    limits = [Fault("limit", "palette", times=2), Fault("limit", "palette", "POST", ACCEPT)]
    with world(tmp_path) as w:
        w.plan_faults(*limits)
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_in_a_storm_of_limits_nothing_is_begun(tmp_path: Path) -> None:
    """While Palette answers 429 only, nothing is sent; when it is over, all goes on."""
    with world(tmp_path) as w:
        w.plan_faults(Fault("limit", "palette", times=1000))
        w.apply()
        assert w.told() == ("Blocked", "RateLimited")
        assert w.kinds() == []
        w.running.call(lambda sim: sim.faults.clear())
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_small_limit_of_palettes_own_is_kept(tmp_path: Path) -> None:
    """With Palette's real limits, a fleet is paired without a single 429."""
    hosts = [host_document(number) for number in range(1, 6)]
    palette = quick_palette(limits={"slow": {"perSecond": 10, "burst": 50}})
    with world(tmp_path, *hosts, palette=palette) as w:
        w.apply()
        assert sorted(w.kinds()) == ["accept"] * 5 + ["request"] * 5


def test_tokens_that_expire_all_the_time_are_renewed(tmp_path: Path) -> None:
    """A login that expires under way is renewed; the request is not sent twice for it."""
    with world(tmp_path) as w:
        w.plan_faults(
            Fault("expire", "store-1", "GET", "*/cluster/details"),
            Fault("expire", "store-1", "POST", PAIR),
        )
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


async def three_passes(reconciler: Reconciler, _: Settings) -> None:
    """Do three passes with the same clients."""
    for _ in range(3):
        await reconciler.run_pass()


def test_a_wrong_password_is_tried_once(tmp_path: Path) -> None:
    """A refused login is not repeated: an account may be locked after three."""
    users = [{"username": "kairos", "password": "another-password"}]
    with world(tmp_path, host_document(users=users)) as w:
        w.with_engine(three_passes)
        assert w.told() == ("Blocked", "AuthenticationFailed")
        assert "store-local-ui" in w.status()["humanAction"]
        assert len(w.effects("login-refused")) == 1
        assert w.kinds() == []


def go_wrong(*_: object) -> NoReturn:
    """Be the defect that nobody has found yet."""
    raise ZeroDivisionError


def test_a_defect_met_at_one_host_is_told_and_holds_up_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong in a question about one cluster is the affair of its intent."""
    token_of = Access.token_secret

    def odd_for_the_first(access: Access, intent: Intent, endpoint: str = "") -> Secret | None:
        return go_wrong() if intent.name == "store-1" else token_of(access, intent, endpoint)

    monkeypatch.setattr(Access, "token_secret", odd_for_the_first)
    with world(tmp_path, host_document(1), host_document(2)) as w:
        w.apply()
        assert w.told("store-1") == ("Blocked", "Defect")
        assert "ZeroDivisionError" in w.status("store-1")["message"]
        assert w.told("store-2") == ("Paired", "Paired")


@pytest.mark.parametrize("question", ["profiles", "tokens"])
def test_a_defect_met_at_a_palette_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    """The pass goes through, and is recorded: nothing was sent."""
    monkeypatch.setattr(Palette, question, go_wrong)
    with world(tmp_path) as w:
        w.apply()
        assert w.told() == ("Blocked", "Defect")
        assert w.writes() == []
