"""A pending request is taken back, at the host or in Palette; an accepted one never is."""

from pathlib import Path
from typing import Any

import pytest

from endings import EndsAs
from pairctl.spec import snippet
from scenario_factory import World, world
from sim_factory import Document


def pending(w: World) -> str:
    """Bring a world to where a request is pending; gives its pairing id."""
    w.commit(w.intent(acknowledge=None))
    w.apply()
    assert w.told() == ("Blocked", "NotAcknowledged")
    return w.pairing_uid()


def local(w: World, **more: Any) -> Document:
    """Write the wish that the cluster stay local."""
    fields = {"registrationToken": None, "profileMatch": None, "acknowledge": None}
    return w.intent(desired="Local", **fields, **more)


def rejecting(uid: str) -> Document:
    """Write the wish that a request be rejected."""
    spec: dict[str, Any] = {
        "desired": "Rejected",
        "palette": "production",
        "request": {"pairingUid": uid},
    }
    return {
        "apiVersion": "pairctl/v1alpha1",
        "kind": "PairingIntent",
        "metadata": {"name": "unknown-request"},
        "spec": spec,
    }


def test_a_pending_request_is_withdrawn_at_the_host(tmp_path: Path, ends_as: EndsAs) -> None:
    """`desired: Local` takes the request back, on both sides."""
    with world(tmp_path) as w:
        pending(w)
        w.commit(local(w))
        w.apply()
        assert w.told() == ("Local", "Local")
        assert w.kinds() == ["request", "withdraw"]
        assert w.running.simulation.palette.requests == ()
        assert w.running.simulation.hosts["store-1"].pairing is None
        ends_as(w, "withdrawn")


def test_what_the_host_could_not_tell_palette_is_rejected_there(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """A host that cannot reach Palette leaves the request there: pairctl rejects it."""
    with world(tmp_path) as w:
        uid = pending(w)
        w.running.simulation.hosts["store-1"].reaches_palette = False
        w.commit(local(w))
        w.apply()
        assert w.told() == ("Local", "Local")
        assert w.kinds() == ["request", "withdraw", "reject"]
        assert [r.uid for r in w.running.simulation.palette.requests if r.is_rejected] == [uid]
        ends_as(w, "withdrawn-where-palette-could-not-be-told")


def test_the_request_of_a_dark_host_is_rejected_in_palette(tmp_path: Path, ends_as: EndsAs) -> None:
    """It cannot withdraw, so Palette rejects; the status says what the host cannot know yet.

    Which request that is a person says: what is on record starts nothing.
    """
    with world(tmp_path) as w:
        uid = pending(w)
        w.running.wait(lambda sim: sim.off("store-1"))
        w.commit(local(w))
        w.apply()
        assert w.kinds() == ["request"]
        assert snippet({"request": {"pairingUid": uid}}) in w.status()["humanAction"]
        w.commit(local(w, request={"pairingUid": uid}))
        w.apply()
        assert w.kinds() == ["request", "reject"]
        assert w.told()[0] == "Blocked"
        assert f"pairing request {uid} was rejected in Palette" in w.status()["message"]
        assert "still believes" in w.status()["message"]
        ends_as(w, "rejected-for-a-dark-host")
        w.running.wait(lambda sim: sim.on("store-1"))
        w.apply()
        assert w.told() == ("Local", "Local")
        assert w.kinds() == ["request", "reject"]
        ends_as(w, "rejected-for-a-dark-host-that-came-back")


def test_a_paired_cluster_has_no_way_back(tmp_path: Path, ends_as: EndsAs) -> None:
    """`desired: Local` for a paired cluster is told to be too late, and nothing is sent."""
    with world(tmp_path) as w:
        w.apply()
        sent = w.writes()
        w.commit(local(w))
        w.apply()
        assert w.told() == ("Blocked", "TooLate")
        assert w.writes() == sent
        assert w.mode() == "central"
        ends_as(w, "too-late-to-withdraw")


def test_after_a_withdrawal_a_cluster_can_be_paired_again(tmp_path: Path, ends_as: EndsAs) -> None:
    """A request that pairctl itself took back is no refusal."""
    with world(tmp_path) as w:
        pending(w)
        w.commit(local(w))
        w.apply()
        w.commit(w.intent())
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "withdraw", "request", "accept"]
        ends_as(w, "paired-after-a-withdrawal")


@pytest.mark.parametrize("is_known", [True, False])
def test_a_request_is_rejected_by_its_pairing_id(
    tmp_path: Path, is_known: bool, ends_as: EndsAs
) -> None:
    """`desired: Rejected` rejects exactly the request named; one that is gone is done already."""
    with world(tmp_path) as w:
        uid = pending(w) if is_known else "0123456789abcdef01234567"
        w.commit(rejecting(uid))
        w.apply()
        assert w.told("unknown-request") == ("Rejected", "Rejected")
        assert w.effects("reject") == w.effects("reject")[:1]
        assert [e.pairing_uid for e in w.effects("reject")] == [uid] * is_known
        ends_as(w, "rejected-by-id" if is_known else "rejected-and-gone-already")


def test_an_accepted_request_cannot_be_rejected(tmp_path: Path, ends_as: EndsAs) -> None:
    """For a request that was accepted it is too late."""
    with world(tmp_path) as w:
        w.apply()
        w.commit(rejecting(w.pairing_uid()))
        w.apply()
        assert w.told("unknown-request") == ("Blocked", "TooLate")
        assert w.effects("reject") == ()
        ends_as(w, "too-late-to-reject")
