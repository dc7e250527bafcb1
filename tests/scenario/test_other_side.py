"""What the other side has done with a cluster by itself: refused it, failed it, or paired it."""

from dataclasses import replace
from pathlib import Path

from endings import EndsAs
from pairctl.engine import Reconciler, Settings
from pairctl.sim import PairTarget
from scenario_factory import World, quick_palette, world
from sim_factory import PALETTE, TOKEN, host_document


def waiting(w: World) -> str:
    """Bring a world to where a request waits for its acknowledgement; gives its pairing id."""
    w.commit(w.intent(acknowledge=None))
    w.apply()
    assert w.told() == ("Blocked", "NotAcknowledged")
    return w.pairing_uid()


def fail(w: World, message: str) -> None:
    """Let the host give its pairing up."""

    def change() -> None:
        host = w.running.simulation.hosts["store-1"]
        assert host.pairing is not None
        host.pairing = replace(host.pairing, status="Failed", message=message)

    w.running.call(lambda _: change())


def test_a_refused_request_is_sent_again_only_for_a_changed_intent(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """What Palette refused stays failed, however often pairctl looks, until `attempt` is raised."""
    with world(tmp_path) as w:
        uid = waiting(w)
        w.running.call(lambda sim: sim.palette.reject(uid))
        w.apply()
        w.one_pass()
        assert w.told() == ("Failed", "RequestRefused")
        assert len(w.effects("request")) == 1
        ends_as(w, "refused")
        w.commit(w.intent(attempt=2))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "reject", "request", "accept"]
        ends_as(w, "refused-and-tried-again")


def accepted_slowly(w: World) -> str:
    """Bring a world to where Palette takes its time over what it has accepted."""
    w.with_engine(until_accepted)
    assert w.told() == ("Accepted", "ChangingOver")
    return w.pairing_uid()


async def until_accepted(reconciler: Reconciler, _: Settings) -> None:
    """Do passes until the request is seen to be accepted."""
    for _ in range(9):
        done = await reconciler.run_pass()
        if done.statuses["store-1"].phase == "Accepted":
            return


def test_a_change_over_that_the_host_gives_up_is_told_at_once(tmp_path: Path) -> None:
    """It was accepted: nothing is sent again, and a person is told what to look at."""
    with world(tmp_path, palette=quick_palette(pairing={"acceptSeconds": 900})) as w:
        accepted_slowly(w)
        fail(w, "no disk left")
        w.apply()
        assert w.told() == ("Accepted", "ChangeOverFailed")
        assert "no disk left" in w.status()["message"]
        assert w.status()["humanAction"]
        assert w.kinds() == ["request", "accept"]


def test_an_accepted_request_that_palette_lost_is_told_at_once(tmp_path: Path) -> None:
    """It is not taken for one that is on its way, and once it is cancelled all begins again."""
    with world(tmp_path, palette=quick_palette(pairing={"acceptSeconds": 900})) as w:
        uid = accepted_slowly(w)
        w.running.call(lambda sim: sim.palette.lose(uid))
        for _ in range(2):
            w.one_pass()
            assert w.told() == ("Accepted", "AcceptedRequestGone")
        assert "Local UI" in w.status()["humanAction"]
        assert w.kinds() == ["request", "accept"]


def test_a_request_that_failed_at_the_host_is_sent_again_only_for_a_changed_intent(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """The host's words reach the status; what it left behind in Palette is not passed over."""
    with world(tmp_path) as w:
        uid = waiting(w)
        fail(w, "the agent ran out of disk space")
        w.apply()
        w.one_pass()
        assert w.told() == ("Failed", "RequestRefused")
        assert "ran out of disk space" in w.status()["message"]
        assert w.kinds() == ["request"]
        ends_as(w, "failed-at-the-host")
        w.commit(w.intent(attempt=2))
        w.apply()
        assert w.told() == ("Blocked", "LeftInPalette")
        assert uid in w.status()["humanAction"]
        ends_as(w, "failed-at-the-host-and-left-in-palette")
        w.running.call(lambda sim: sim.palette.reject(uid))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "reject", "request", "accept"]
        ends_as(w, "failed-at-the-host-and-tried-again")


def test_a_cluster_that_was_paired_by_hand_is_found_paired(tmp_path: Path, ends_as: EndsAs) -> None:
    """Nothing is sent for what is done already."""
    with world(tmp_path) as w:
        target = PairTarget(w.pinned(PALETTE)["endpoint"], TOKEN, insecure=True)
        w.running.wait(lambda sim: sim.hosts["store-1"].pair(target))
        uid = w.pairing_uid()
        w.running.call(lambda sim: sim.palette.accept_in_console(uid, "infra", "addons"))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.writes() == []
        ends_as(w, "paired-by-hand")


def test_a_cluster_that_another_palette_manages_is_left_alone(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Central management with no request, and nothing of it in this Palette: a person looks."""
    with world(tmp_path, host_document(managementMode="central")) as w:
        w.apply()
        assert w.told() == ("Blocked", "ManagedElsewhere")
        assert w.writes() == []
        ends_as(w, "managed-elsewhere")


def test_a_second_request_beside_an_accepted_one_is_not_accepted(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Two requests of one cluster, one accepted by hand: both are shown, and a person decides."""
    slow = quick_palette(pairing={"acceptSeconds": 600})
    with world(tmp_path, palette=slow) as w:
        target = PairTarget(w.pinned(PALETTE)["endpoint"], TOKEN, insecure=True)
        first = w.running.wait(lambda sim: sim.hosts["store-1"].pair(target)).uid
        w.running.call(lambda sim: sim.palette.accept_in_console(first, "infra", "addons"))
        second = w.running.wait(lambda sim: sim.hosts["store-1"].pair(target)).uid
        w.apply()
        assert w.told() == ("Blocked", "DuplicateSuspected")
        assert all(uid in w.status()["message"] for uid in (first, second))
        assert w.writes() == []
        ends_as(w, "two-requests-of-one-cluster")
