"""Each acceptance, rejection and withdrawal is about one cluster, and all sources name that one.

Hosts lie about requests, uids and names, Palette says less or something else, and people send
requests of their own: the request of a cluster is accepted under its own intent, or not at all.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pairctl.sim import Answers, Fault, Simulation, lie_about
from pairctl.spec import snippet
from scenario_factory import PAIR, World, world
from sim_factory import Document, arrives, host_document, is_applied, when_first

HOSTS = (host_document(1), host_document(2))
Fleet = Callable[[World], list[Document]]
REQUESTS = "/v1/dashboard/clusterpairs/metadata"


def lies(w: World, *what: Any, liar: int = 2, victim: int = 1) -> None:
    """Let a host say of itself what is another's."""

    def change(sim: Simulation) -> None:
        sim.hosts[f"store-{liar}"].lie = lie_about(sim.hosts[f"store-{victim}"], *what)

    w.running.call(change)


def sent_by_hand(w: World, number: int = 1) -> str:
    """Let a person send a host's request; gives the pairing id."""
    return w.running.call(lambda sim: sim.people.send_request(f"store-{number}"))


def assert_untouched(w: World, number: int = 1) -> None:
    """Hold that nothing was done to the request of a cluster, nor to the cluster."""
    assert set(w.kinds(number)) <= {"request"}
    assert w.mode(number) == "local"


VICTIMS: dict[str, Fleet] = {
    "no intent": lambda _: [],
    "suspended": lambda w: [w.intent(1, suspend=True)],
    "not acknowledged": lambda w: [w.intent(1, acknowledge=None)],
}
LIES: dict[str, tuple[str, ...]] = {
    "request": ("request",),
    "request and uid": ("request", "uid"),
    "request, uid and host": ("request", "uid", "host"),
    "request, uid, host and name": ("request", "uid", "host", "name"),
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("victim", VICTIMS)
def test_a_lying_host_gets_no_request_of_another_cluster_accepted(
    tmp_path: Path, victim: str, lie: str
) -> None:
    """With stacks that are the same, whatever the victim's own intent says, or if it has none."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [*VICTIMS[victim](w), w.intent(2)]) as w:
        sent_by_hand(w)
        lies(w, *LIES[lie])
        w.apply()
        assert w.effects("accept", "reject", "withdraw") == ()
        assert w.told("store-2")[0] == "Blocked"
        assert w.status("store-2")["humanAction"]
        assert_untouched(w)


def test_a_liar_whose_victim_is_paired_gets_nothing(tmp_path: Path) -> None:
    """The request was accepted once, by its own intent; a later lie adds nothing to it."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1)]) as w:
        w.apply()
        lies(w, "request", "uid", "host", "name")
        w.commit(w.intent(1), w.intent(2))
        w.apply()
        assert w.kinds(1) == ["request", "accept"]
        assert w.kinds(2) == []
        assert w.told("store-1") == ("Paired", "Paired")
        assert w.told("store-2")[0] == "Blocked"


@pytest.mark.parametrize("what", [("request",), ("uid",), ("request", "uid", "host", "name")])
def test_a_liar_that_stays_local_gets_no_request_rejected(
    tmp_path: Path, what: tuple[str, ...]
) -> None:
    """`desired: Local` on a host that speaks of another's cluster takes nothing of it back."""
    local = {"desired": "Local", "acknowledge": None}
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(2, **local)]) as w:
        uid = sent_by_hand(w)
        lies(w, *what)
        w.apply()
        assert w.effects("reject", "withdraw") == ()
        states = w.running.call(lambda sim: sim.palette.state_of(sim.palette.request(uid)))
        assert states == "Pending"


def test_the_intent_that_names_the_uid_goes_on_beside_a_liar(tmp_path: Path) -> None:
    """A host that claims the victim's uid stops nobody whose intent names that uid."""
    with world(
        tmp_path,
        *HOSTS,
        fleet=lambda w: [w.intent(1, cluster={"uid": w.cluster_uid(1).upper()}), w.intent(2)],
    ) as w:
        lies(w, "uid", "host")
        w.apply()
        assert w.kinds(1) == ["request", "accept"]
        assert w.told("store-1") == ("Paired", "Paired")
        assert w.told("store-2")[0] == "Blocked"
        assert w.kinds(2) == []


@pytest.mark.parametrize("field", ["cluster", "host"])
def test_another_cluster_or_host_than_the_named_one_is_left_alone(
    tmp_path: Path, field: str
) -> None:
    """Checked on first contact, before anything is sent; both are named."""

    def fleet(w: World) -> list[Document]:
        if field == "cluster":
            return [w.intent(1, cluster={"uid": "somebody-else"})]
        return [w.intent(1, localUI={**w.local_ui(1), "hostUid": "somebody-else"})]

    with world(tmp_path, fleet=fleet) as w:
        w.apply()
        assert w.told() == ("Blocked", "OtherThanNamed")
        assert "somebody-else" in w.status()["message"]
        assert w.writes() == []
        assert w.box.status_log() == w.box.status_log()[:1]


def test_swapped_addresses_send_no_request(tmp_path: Path) -> None:
    """Two intents lead to each other's host: the names that they say are not those of the hosts."""
    with world(
        tmp_path,
        *HOSTS,
        fleet=lambda w: [
            w.intent(1, localUI=w.local_ui(2)),
            w.intent(2, localUI=w.local_ui(1)),
        ],
    ) as w:
        w.apply()
        assert w.told("store-1") == w.told("store-2") == ("Blocked", "ClusterNotMeant")
        assert w.writes() == []
        line = w.status("store-1")["humanAction"]
        assert snippet({"cluster": {"uid": w.cluster_uid(2)}}) in line


@pytest.mark.parametrize(
    "answers",
    [
        Answers(swap={"store-1": "store-2"}),
        Answers(lists_uid_of={"store-1": "store-2"}),
        Answers(lists_name_of={"store-1": "store-2"}),
    ],
    ids=["another's snapshot", "another's uid", "another's name"],
)
def test_a_palette_that_names_another_cluster_gets_no_acceptance(
    tmp_path: Path, answers: Answers
) -> None:
    """List and request are held against what the host shows: one that differs stops it."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1)]) as w:
        sent_by_hand(w, 2)
        w.running.call(lambda sim: setattr(sim.palette, "answers", answers))
        w.apply()
        assert w.effects("accept") == ()
        assert w.told() == ("Blocked", "RequestOfAnotherCluster")
        message = w.status()["message"]
        assert "store-2" in message or w.cluster_uid(2) in message


@pytest.mark.parametrize(
    "answers",
    [Answers(in_capitals=("store-1",)), Answers(lists_clusters=False)],
    ids=["its uid in capitals", "no cluster in the list"],
)
def test_a_palette_that_says_it_otherwise_is_understood(tmp_path: Path, answers: Answers) -> None:
    """Letters' case says nothing, and the request itself names what the list leaves out."""
    with world(tmp_path) as w:
        w.running.call(lambda sim: setattr(sim.palette, "answers", answers))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_where_palette_names_no_cluster_an_approval_names_the_request(tmp_path: Path) -> None:
    """Neither list nor request say whose it is: what `approve` prints has the pairing id."""
    with world(tmp_path) as w:
        laconic = Answers(lists_clusters=False, shows_cluster_meta=False)
        w.running.call(lambda sim: setattr(sim.palette, "answers", laconic))
        w.apply()
        assert w.told() == ("Blocked", "ApprovalMissing")
        printed = w.run("approve", rules=False).stdout
        assert f"pairingUid: {w.pairing_uid()}" in printed.replace("'", "")
        w.box.commit({"approval.yaml": printed})
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_request_that_was_sent_by_hand_is_adopted_and_said_to_be(tmp_path: Path) -> None:
    """All sources agree: it is accepted, and the status says that pairctl did not send it."""
    with world(tmp_path, fleet=lambda w: [w.intent(acknowledge=None)]) as w:
        sent_by_hand(w)
        w.apply()
        conditions = {one["type"]: one["reason"] for one in w.status()["conditions"]}
        assert conditions["Requested"] == "Adopted"
        w.commit(w.intent())
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert b"origin: Adopted" in w.files()[f"evidence/{w.cluster_uid()}.yaml"]


def test_a_young_request_of_others_is_left_to_whoever_sent_it(tmp_path: Path) -> None:
    """Another pairctl may be about to accept it; an intent that names the request need not wait."""
    with world(tmp_path, timing={"adoptAfterSeconds": 3600}) as w:
        uid = sent_by_hand(w)
        w.one_pass()
        assert w.told() == ("Requested", "LeftToItsSender")
        assert w.effects("accept") == ()
        w.commit(w.intent(request={"pairingUid": uid}))
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_request_by_hand_waits_for_the_intent_where_none_is_adopted(tmp_path: Path) -> None:
    """`adoptRequests: Never`: the status prints the line, and committing it is enough."""
    with world(tmp_path, adoptRequests="Never") as w:
        uid = sent_by_hand(w)
        w.apply()
        assert w.told() == ("Blocked", "RequestNotOurs")
        assert snippet({"request": {"pairingUid": uid}}) in w.status()["humanAction"]
        assert w.effects("accept") == ()
        w.commit(w.intent(request={"pairingUid": uid}))
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_request_of_ones_own_needs_no_adoption(tmp_path: Path) -> None:
    """It is known by the pairing id in the answer to its own sending, in a later run too."""
    with world(tmp_path, adoptRequests="Never") as w:
        w.one_pass(holder="first")
        w.apply(holder="second")
        assert w.told() == ("Paired", "Paired")


@pytest.mark.parametrize("moment", [arrives("POST", PAIR), is_applied("request")])
def test_a_foreign_request_beside_ones_own_is_told_and_none_is_accepted(
    tmp_path: Path, moment: Any
) -> None:
    """Right before one's own arrives, or right after: somebody else sends requests for it."""
    with world(tmp_path) as w:
        foreign: list[str] = []

        def send(sim: Simulation) -> None:
            when_first(
                sim, moment, lambda: foreign.append(sim.people.send_foreign_request("store-1"))
            )

        w.running.call(send)
        w.apply()
        assert w.told() == ("Blocked", "ForeignRequest")
        assert foreign[0] in w.status()["message"]
        assert w.effects("accept") == ()
        w.running.call(lambda sim: sim.palette.reject(foreign[0]))
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_layers_that_changed_since_a_stolen_request_are_not_accepted(tmp_path: Path) -> None:
    """The victim's request has other layers than it has now: a liar does not get it accepted."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(2)]) as w:
        sent_by_hand(w)
        w.running.call(lambda sim: sim.hosts["store-1"].set_profiles())
        lies(w, "request", "uid", "host", "name", "layers")
        w.apply()
        assert w.effects("accept") == ()


def test_two_uids_that_differ_in_case_only_are_one_cluster(tmp_path: Path) -> None:
    """They share a claim, and neither is acted on: two acceptances cannot come of it."""
    with world(tmp_path, *HOSTS) as w:

        def call_alike(sim: Simulation) -> None:
            for number, uid in ((1, "abc-cluster"), (2, "ABC-cluster")):
                host = sim.hosts[f"store-{number}"]
                assert host.cluster is not None
                host.cluster = _renamed(host.cluster, uid)

        w.running.call(call_alike)
        w.apply()
        assert w.told("store-1") == w.told("store-2") == ("Blocked", "DuplicateTarget")
        assert w.writes() == []


def test_one_cluster_in_capitals_is_paired_once(tmp_path: Path) -> None:
    """Its claims and its evidence are named in one form, and two runs see the same claim."""
    with world(tmp_path) as w:

        def capitals(sim: Simulation) -> None:
            cluster = sim.hosts["store-1"].cluster
            assert cluster is not None
            sim.hosts["store-1"].cluster = _renamed(cluster, "ABC-Cluster")

        w.running.call(capitals)
        w.one_pass()
        w.apply(holder="second")
        assert w.told() == ("Paired", "Paired")
        assert "evidence/abc-cluster.yaml" in w.files()
        assert len(w.effects("accept")) == 1


def _renamed(cluster: Any, uid: str) -> Any:
    return replace(cluster, uid=uid)


ROWS = {
    "that of another cluster": (
        {"localClusterUid": "5" * 24, "name": "other"},
        "RequestOfAnotherCluster",
    ),
    "accepted": ({"state": "Accepted"}, "RequestStateUnknown"),
    "in a state that is not known": ({"state": "Wondering"}, "RequestStateUnknown"),
    "in no state": ({"state": None}, "RequestStateUnknown"),
}


@pytest.mark.parametrize("is_later", [False, True], ids=["first", "last"])
@pytest.mark.parametrize("row", ROWS)
def test_a_request_that_is_listed_in_two_ways_is_not_accepted(
    tmp_path: Path, row: str, is_later: bool
) -> None:
    """A list is read in pages, from more than one server: neither row is believed."""
    with world(tmp_path) as w:
        w.commit(w.intent(acknowledge=None))
        w.apply()
        usual = {"localClusterUid": w.cluster_uid(), "name": "store-1", "state": "Pending"}
        rows = [{"pairingUid": w.pairing_uid(), **usual, **ROWS[row][0]}]
        if is_later:
            rows.insert(0, {"pairingUid": w.pairing_uid(), **usual})
        kind = "answer" if is_later else "more"
        body = {"items": rows} if is_later else rows
        w.plan_faults(Fault(kind, "palette", "POST", REQUESTS, times=1000, body=body))
        w.commit(w.intent())
        w.apply()
        reason = "RequestStateUnknown" if is_later else ROWS[row][1]
        assert w.told() == ("Blocked", reason)
        assert w.effects("accept", "reject", "withdraw") == ()


def test_nobodys_request_that_is_listed_in_two_ways_is_not_rejected(tmp_path: Path) -> None:
    """It may be accepted already, or be that of an intent."""
    rejects = {"unrecognizedRequests": "Reject"}
    with world(
        tmp_path, *HOSTS, fleet=lambda w: [w.palette(**rejects), w.intent(2, acknowledge=None)]
    ) as w:
        uid = sent_by_hand(w)
        row = {"pairingUid": uid, "localClusterUid": w.cluster_uid(), "name": "store-1"}
        shown = [row | {"state": "Accepted"}]
        w.plan_faults(Fault("more", "palette", "POST", REQUESTS, times=1000, body=shown))
        w.apply()
        assert w.effects("reject") == ()
        assert_untouched(w)
