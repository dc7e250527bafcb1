"""An intent whose address is changed: the good request of the cluster before is left in peace."""

from pathlib import Path

import pytest

from scenario_factory import World, quick_palette, world
from sim_factory import Document, host_document

HOSTS = (host_document(1), host_document(3))
WITH_REQUEST = (host_document(1), host_document(3, sendsRequestWith="retail"))
SILENT = quick_palette(pairing={"acceptSeconds": 0.0, "routes": False})
REJECTING = {"unrecognizedRequests": "Reject"}


def led_to(w: World, number: int, acknowledged: str | None = None, **spec: object) -> Document:
    """Write the intent of store-1 with the address of a host."""
    said = {"centralManagementOnly": acknowledged} if acknowledged else None
    return w.intent(localUI=w.local_ui(number), acknowledge=said, **spec)


def asked(w: World, **palette: object) -> str:
    """Bring the world to where store-1 has asked to be paired; gives the pairing id."""
    w.commit(w.palette(**palette), led_to(w, 1))
    w.apply()
    assert w.kinds(1) == ["request"]
    return w.pairing_uid(1)


def advice(w: World) -> str:
    """Give all that a person is told to do, by status, summary and `discover`."""
    told = w.status().get("humanAction", "")
    summary = w.files()["STATUS.md"].decode().partition("## Pairing requests that no")[2]
    return told + summary + w.run("discover").stdout


@pytest.mark.parametrize("hosts", [HOSTS, WITH_REQUEST], ids=["idle", "asking too"])
@pytest.mark.parametrize("acknowledged", [None, "store-3"], ids=["by mistake", "meant"])
def test_a_request_is_not_nobodys_because_its_intent_was_moved(
    tmp_path: Path, hosts: tuple[Document, ...], acknowledged: str | None
) -> None:
    """Neither rejected, nor listed as one to reject, whatever answers at the new address."""
    with world(tmp_path, *hosts) as w:
        uid = asked(w, **REJECTING)
        w.commit(w.palette(**REJECTING), led_to(w, 3, acknowledged, suspend=None))
        for _ in range(3):
            w.one_pass()
            assert "reject" not in w.kinds(1)
            assert uid not in advice(w)
        assert w.running.call(lambda sim: sim.palette.state_of(sim.palette.request(uid))) == (
            "Pending"
        )


def test_where_palette_lists_nothing_a_moved_intent_says_nothing_of_a_withdrawal(
    tmp_path: Path,
) -> None:
    """The new host never held the request: that it holds none is no withdrawal of it."""
    with world(tmp_path, *HOSTS, palette=SILENT) as w:
        uid = asked(w)
        w.commit(w.palette(), led_to(w, 3, "store-3"))
        w.apply()
        assert w.told()[1] != "MayBeLeftInPalette"
        assert uid not in advice(w)
        assert "withdrawn" not in w.status()
        assert w.status()["earlierRequests"] == [uid]
        assert w.kinds(3) == ["request"]


def test_a_moved_intent_calls_the_request_of_the_new_host_nobodys_second(tmp_path: Path) -> None:
    """What was sent to the old host is not another request of the new one's cluster."""
    with world(tmp_path, *WITH_REQUEST) as w:
        asked(w)
        w.commit(w.palette(), led_to(w, 3, "store-3"))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds(1) == ["request"]


def test_an_intent_that_is_led_back_finds_its_request_again(tmp_path: Path) -> None:
    """A slip that is mended costs nothing: the request is the intent's own, and is accepted."""
    with world(tmp_path, *WITH_REQUEST) as w:
        uid = asked(w)
        w.commit(w.palette(), led_to(w, 3))
        w.apply()
        assert w.told() == ("Blocked", "ClusterNotMeant")
        assert w.status()["pairingUid"] == uid
        w.commit(w.palette(), led_to(w, 1, "store-1"))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds(1) == ["request", "accept"]


def test_an_earlier_request_is_forgotten_once_palette_shows_it_over(tmp_path: Path) -> None:
    """A person decides on it in Palette; then nothing is kept of it."""
    with world(tmp_path, *HOSTS) as w:
        uid = asked(w)
        w.commit(w.palette(), led_to(w, 3, "store-3", suspend=None))
        w.apply()
        assert w.status()["earlierRequests"] == [uid]
        assert uid in w.run("status", "store-1", rules=False).stdout
        w.running.call(lambda sim: sim.palette.reject(uid))
        w.commit(w.palette(), led_to(w, 3, "store-3", attempt=2))
        w.apply()
        assert "earlierRequests" not in w.status()


def test_a_dark_new_address_advises_nothing_about_the_request(tmp_path: Path) -> None:
    """`desired: Local` at an address where nobody answers: whose host that is is not known."""
    with world(tmp_path, *HOSTS) as w:
        uid = asked(w)
        w.running.wait(lambda sim: sim.off("store-3"))
        w.commit(w.palette(), led_to(w, 3, desired="Local"))
        w.apply()
        assert w.told() == ("Blocked", "Unreachable")
        assert uid not in w.status()["humanAction"]
        assert w.kinds(1) == ["request"]
