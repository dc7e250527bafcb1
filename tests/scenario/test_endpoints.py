"""Servers that may not be called: the status says so, and nothing arrives anywhere."""

import socket
from pathlib import Path
from typing import Any

import pytest

from endings import EndsAs
from scenario_factory import World, profile_match, world
from sim_factory import PALETTE, Document, host_document

METADATA = "169.254.169.254"


def at(w: World, endpoint: str) -> Document:
    """Write an intent for a host at another address than its own."""
    return w.intent(localUI={**w.local_ui(), "endpoint": endpoint})


def elsewhere(w: World, endpoint: str) -> list[Document]:
    """Write a Palette and an intent, both at an address that is not theirs."""
    return [w.palette(endpoint=endpoint), at(w, endpoint)]


def port_of(w: World, declared: str) -> int:
    """Tell where a simulated server really listens."""
    return int(w.running.simulation.addresses[declared].endpoint.rpartition(":")[2])


@pytest.mark.parametrize(
    "endpoint", [f"https://{METADATA}", "https://[fe80::1]", "https://localhost:{}", "https://[::]"]
)
def test_an_endpoint_that_is_not_allowed_gets_nothing(tmp_path: Path, endpoint: str) -> None:
    """Under rules drawn wide; the servers of this world would have answered at `localhost`."""
    with world(tmp_path) as w:
        for use in w.operator_spec["secrets"].values():
            use["hosts"] = ["127.0.0.1", "0.0.0.0/0", "[::]/0", "*"]
        w.commit(*elsewhere(w, endpoint.format(port_of(w, PALETTE))))
        w.apply()
        assert w.told() == ("Blocked", "EndpointNotAllowed")
        assert w.running.simulation.journal.received == ()


@pytest.mark.parametrize("endpoint", ["https://127.1", "https://2130706433", "https://a@b"])
def test_an_endpoint_with_two_readings_is_invalid(tmp_path: Path, endpoint: str) -> None:
    """The document is refused as it is read; a pass that finds it calls nobody."""
    with world(tmp_path) as w:
        w.commit(at(w, endpoint))
        w.apply()
        phase, reason = w.told()
        assert (phase, reason) == ("Blocked", "Invalid")
        assert w.writes() == []
        assert not [one for one in w.running.simulation.journal.received if one.server != "palette"]


def test_a_name_that_leads_to_a_forbidden_address_is_told_in_the_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_as: EndsAs
) -> None:
    """The rules allow the name; what DNS says of it is looked at as the connection is made."""
    real = socket.getaddrinfo

    def poisoned(host: Any, *more: Any, **options: Any) -> Any:
        return real(METADATA if host == "store.example" else host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", poisoned)
    with world(tmp_path) as w:
        for use in w.operator_spec["secrets"].values():
            use["hosts"] = ["127.0.0.1", "*.example", "store.example"]
        w.commit(at(w, "https://store.example:5080"))
        w.apply()
        assert w.told() == ("Blocked", "EndpointNotAllowed")
        assert METADATA in w.status()["message"]
        assert w.kinds() == []
        ends_as(w, "endpoint-not-allowed")


@pytest.mark.parametrize("is_allowed", [True, False])
def test_a_host_skips_the_check_of_palette_only_with_the_operators_word(
    tmp_path: Path, is_allowed: bool
) -> None:
    """`tls: {insecure: true}` in a document alone is refused, before the host hears of it."""
    rules = {"insecureTls": ["127.0.0.1"]} if is_allowed else {}
    with world(
        tmp_path, fleet=lambda w: [w.palette(tls={"insecure": True}), w.intent()], **rules
    ) as w:
        assert w.run("apply", "--wait", "--interval", "0.2").returncode == (0 if is_allowed else 3)
        host = w.running.simulation.hosts["store-1"]
        if is_allowed:
            assert w.told() == ("Paired", "Paired")
            assert host.pairing is not None
            assert host.pairing.target.insecure
            assert "://" not in host.pairing.target.endpoint
        else:
            assert w.told() == ("Blocked", "EndpointNotAllowed")
            assert "insecure" in w.status()["message"]
            assert w.writes() == []


def test_a_palette_that_refuses_the_key_holds_up_no_other(tmp_path: Path) -> None:
    """Its own intents are blocked, with what to do, and the key is not shown."""
    wrong = "a-key-that-palette-does-not-know"
    hosts = [host_document(number) for number in (1, 2)]
    match = profile_match("other-split", palette="other")

    def fleet(w: World) -> list[Document]:
        other = w.palette("other", apiKey={"secret": "palette-other"})
        second = w.intent(2, palette="other", profileMatch="other-split")
        return [w.palette(), other, profile_match(), match, w.intent(1), second]

    with world(tmp_path, *hosts, fleet=fleet, secrets={"palette-other": wrong}) as w:
        w.apply()
        assert w.told("store-1") == ("Paired", "Paired")
        phase, reason = w.told("store-2")
        assert (phase, reason) == ("Blocked", "Unauthorized")
        assert "palette-other" in w.status("store-2")["humanAction"]
        assert not any(wrong.encode() in body for body in w.files().values())
        assert w.kinds(2) == []


def several(w: World, *numbers: int) -> Document:
    """Write an intent whose cluster answers at several hosts, each with its own certificate."""
    places = [w.pinned(f"https://127.0.0.1:{5080 + number}") for number in numbers]
    return w.intent(localUI={"endpoints": places, "credentials": {"secret": "store-local-ui"}})


def test_the_next_host_is_asked_where_one_is_dark(tmp_path: Path) -> None:
    """The cluster is paired through the host that answers, and all is done at that one."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        w.running.wait(lambda sim: sim.off("store-2"))
        w.commit(several(w, 2, 1))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds(1) == ["request", "accept"]


def test_another_host_that_answers_for_another_cluster_is_left_alone(tmp_path: Path) -> None:
    """All hosts of a list are of the cluster that was seen first in this attempt."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        document = several(w, 1, 2)
        document["spec"]["acknowledge"] = {"centralManagementOnly": "another"}
        w.commit(document)
        w.apply()
        assert w.told() == ("Blocked", "NotAcknowledged")
        w.running.wait(lambda sim: sim.off("store-1"))
        document["spec"]["acknowledge"] = {"centralManagementOnly": "store-2"}
        w.commit(document)
        w.apply()
        assert w.told() == ("Blocked", "AnotherCluster")
        assert w.kinds(2) == []


def test_one_host_in_two_lists_is_a_duplicate(tmp_path: Path) -> None:
    """Each host of a list counts: the intents are refused before anything is called."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        w.commit(several(w, 2, 1), w.intent(1, name="again"))
        done = w.run("validate", rules=False)
        assert done.returncode == 2
        assert done.stdout.count("error[DuplicateTarget]") == 2
