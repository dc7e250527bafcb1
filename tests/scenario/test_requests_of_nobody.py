"""Requests are rejected by their tags; those that no intent names are told, or rejected."""

from pathlib import Path
from typing import Any

import pytest

from endings import EndsAs
from pairctl.sim import PairTarget
from scenario_factory import NO_UIDS, World, call_cluster, document, world
from sim_factory import PALETTE, TOKEN, Document, host_document

TAGS = {"region": "emea", "stolen": "yes"}


def tagged(number: int, tags: dict[str, str]) -> Document:
    """Describe a host whose cluster has these tags."""
    cluster = host_document(number)["cluster"]
    return host_document(number, cluster={**cluster, "tags": tags})


def send(w: World, number: int) -> str:
    """Let a host send a request that nobody has asked for; gives the pairing id."""
    target = PairTarget(w.pinned(PALETTE)["endpoint"], TOKEN, insecure=True)
    w.running.wait(lambda sim: sim.hosts[f"store-{number}"].pair(target))
    return w.pairing_uid(number)


def rejecting_by_tags(tags: dict[str, str]) -> Document:
    """Write the wish that the request with these tags be rejected."""
    spec: dict[str, Any] = {
        "desired": "Rejected",
        "palette": "production",
        "request": {"tags": tags},
    }
    return document("PairingIntent", "stolen-box", spec)


def states(w: World) -> dict[str, str]:
    """Give the state of every request that Palette shows, by its pairing id."""
    return w.running.call(
        lambda sim: {r.uid: sim.palette.state_of(r) for r in sim.palette.requests}
    )


def paired_beside(w: World) -> list[Document]:
    """Write the first store's intent, and a Palette that rejects what nobody names."""
    return [w.palette(unrecognizedRequests="Reject"), w.intent(1)]


def test_a_request_is_rejected_by_its_tags(tmp_path: Path, ends_as: EndsAs) -> None:
    """Of all that is pending, exactly the request that carries all the tags is rejected."""
    hosts = (tagged(1, TAGS), tagged(2, {"region": "emea"}))
    with world(tmp_path, *hosts, fleet=lambda _: [rejecting_by_tags(TAGS)]) as w:
        meant, other = send(w, 1), send(w, 2)
        w.apply()
        assert w.told("stolen-box") == ("Rejected", "Rejected")
        assert states(w) == {meant: "Rejected", other: "Pending"}
        assert [effect.pairing_uid for effect in w.effects("reject")] == [meant]
        ends_as(w, "rejected-by-tags")


def test_tags_that_several_requests_have_reject_none(tmp_path: Path, ends_as: EndsAs) -> None:
    """The status lists them all, and nothing is claimed or sent until one is named."""
    hosts = (tagged(1, TAGS), tagged(2, TAGS))
    with world(tmp_path, *hosts, fleet=lambda _: [rejecting_by_tags(TAGS)]) as w:
        both = {send(w, 1), send(w, 2)}
        w.apply()
        assert w.told("stolen-box") == ("Blocked", "SeveralRequests")
        assert all(uid in w.status("stolen-box")["message"] for uid in both)
        assert set(states(w).values()) == {"Pending"}
        assert w.writes() == []
        ends_as(w, "several-have-the-tags")


def test_a_request_of_nobody_is_told_and_rejected_once_committed(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """`Report`: STATUS.md lists it, `discover` prints what, committed as it is, rejects it."""
    with world(tmp_path, host_document(1), host_document(2), fleet=lambda w: [w.intent(1)]) as w:
        stranger = send(w, 2)
        w.apply()
        assert w.told() == ("Paired", "Paired")
        told = w.files()["STATUS.md"].decode()
        assert f"| production | {stranger} | store-2 |" in told
        assert states(w)[stranger] == "Pending"
        ends_as(w, "unrecognized-and-reported")
        found = w.run("discover")
        assert found.returncode == 0, found.stderr
        w.box.commit({"found.yaml": found.stdout})
        assert w.run("validate", rules=False).returncode == 0
        w.apply()
        assert states(w)[stranger] == "Rejected"
        assert w.told(f"reject-{stranger}") == ("Rejected", "Rejected")
        assert stranger not in w.files()["STATUS.md"].decode().partition("no intent names")[2]
        assert w.kinds(1) == ["request", "accept"]
        ends_as(w, "unrecognized-and-committed")


def test_a_request_of_nobody_is_rejected_by_itself_where_that_is_wanted(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """`Reject`: claimed, rejected once, recorded; the request of an intent goes its own way."""
    with world(tmp_path, host_document(1), host_document(2), fleet=paired_beside) as w:
        stranger = send(w, 2)
        w.apply()
        assert states(w)[stranger] == "Rejected"
        assert [effect.pairing_uid for effect in w.effects("reject")] == [stranger]
        assert w.told() == ("Paired", "Paired")
        assert w.kinds(1) == ["request", "accept"]
        assert f"- reject unrecognized-{stranger}" in w.log()
        assert w.told(f"unrecognized-{stranger}") == ("Rejected", "Rejected")
        ends_as(w, "unrecognized-and-rejected")


def test_nothing_is_rejected_while_a_host_was_never_seen(tmp_path: Path, ends_as: EndsAs) -> None:
    """The request may be that host's own; once it was seen, what is nobody's is rejected."""
    with world(
        tmp_path,
        host_document(1),
        host_document(2),
        fleet=lambda w: [w.palette(unrecognizedRequests="Reject"), w.intent(1)],
    ) as w:
        stranger = send(w, 2)
        w.running.wait(lambda sim: sim.off("store-1"))
        w.apply()
        assert w.told()[0] == "Blocked"
        assert states(w) == {stranger: "Pending"}
        assert w.writes() == []
        ends_as(w, "unrecognized-beside-a-host-never-seen")
        w.running.wait(lambda sim: sim.on("store-1"))
        w.apply()
        assert states(w)[stranger] == "Rejected"
        assert w.told() == ("Paired", "Paired")


@pytest.mark.parametrize("broken", ["named", "unreadable"])
def test_nothing_is_rejected_while_an_intent_cannot_be_read(tmp_path: Path, broken: str) -> None:
    """A typing error is no instruction: the cluster of a broken intent keeps its request."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        own = send(w, 2)
        palette = w.palette(unrecognizedRequests="Reject")
        text = (
            "kind: PairingIntent\nspec: [\n"
            if broken == "unreadable"
            else w.fleet(w.intent(2, desired="Pared"))
        )
        files = {"fleet.yaml": w.fleet(palette, w.intent(1)), "two.yaml": text.rpartition("---")[2]}
        w.box.commit(files)
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert states(w)[own] == "Pending"
        assert w.effects("reject") == ()


def test_nothing_is_rejected_that_an_intent_of_another_palette_names(tmp_path: Path) -> None:
    """Two documents may be about one Palette: what the one calls nobody's is the other's."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        seen, dark = send(w, 1), send(w, 2)
        w.running.wait(lambda sim: sim.off("store-2"))
        strict = w.palette("strict", unrecognizedRequests="Reject")
        w.commit(w.palette(), strict, *(w.intent(n, acknowledge=None) for n in (1, 2)))
        w.apply()
        assert states(w) == {seen: "Pending", dark: "Pending"}
        assert w.told("store-1") == ("Blocked", "NotAcknowledged")
        w.running.wait(lambda sim: sim.on("store-2"))
        w.apply()
        assert states(w) == {seen: "Pending", dark: "Pending"}
        assert w.told("store-2") == ("Blocked", "NotAcknowledged")


@pytest.mark.parametrize("uid", NO_UIDS)
def test_a_request_whose_cluster_has_no_plain_uid_is_rejected_all_the_same(
    tmp_path: Path, uid: str
) -> None:
    """What a stranger says of itself names no file of the status branch, and ends no pass."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        w.running.call(lambda sim: call_cluster(sim, 2, uid))
        stranger = send(w, 2)
        w.commit(*paired_beside(w))
        w.apply()
        assert states(w)[stranger] == "Rejected"
        assert w.told("store-1") == ("Paired", "Paired")
        assert w.told(f"unrecognized-{stranger}") == ("Rejected", "Rejected")


def test_a_repository_that_begins_with_a_palette_finds_what_waits_there(tmp_path: Path) -> None:
    """Before the first intent is written, `discover` shows what there is to write about."""
    with world(tmp_path, fleet=lambda _: []) as w:
        waiting = send(w, 1)
        found = w.run("discover")
        assert f"pairingUid: {waiting}" in found.stdout
        assert states(w) == {waiting: "Pending"}


def test_with_reject_a_deleted_intent_leaves_a_request_of_nobody(
    tmp_path: Path, ends_as: EndsAs
) -> None:
    """Deleting alone does nothing; where all that nobody names is rejected, its request is too."""
    hosts = (host_document(1), host_document(2))
    with world(
        tmp_path, *hosts, fleet=lambda w: [w.intent(n, acknowledge=None) for n in (1, 2)]
    ) as w:
        w.apply()
        kept, dropped = w.pairing_uid(1), w.pairing_uid(2)
        w.commit(w.intent(1, acknowledge=None))
        w.apply()
        assert states(w) == {kept: "Pending", dropped: "Pending"}
        w.commit(w.palette(unrecognizedRequests="Reject"), w.intent(1, acknowledge=None))
        w.apply()
        assert states(w) == {kept: "Pending", dropped: "Rejected"}
        ends_as(w, "unrecognized-since-its-intent-went")
