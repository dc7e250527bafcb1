"""`localUI.endpoints`: several hosts of one cluster, of which any may answer."""

from pathlib import Path

import pytest

from doctor_factory import look
from pairctl.doctor import Verdict
from scenario_factory import World, once_acting, world
from sim_factory import Document, host_document

STRANGER = host_document(3)
FIRST = host_document(1)
FIRST["cluster"] |= {"nodes": [{"name": "node-1"}, {"name": "node-2"}]}
SAME = {key: value for key, value in host_document(2).items() if key != "cluster"}
CLUSTER = (FIRST, SAME | {"memberOf": {"host": "store-1", "node": "node-2"}})
NOWHERE = {"fingerprint": "sha256:" + "0" * 64}


def at(w: World, *numbers: int, **spec: object) -> Document:
    """Write an intent whose cluster answers at several hosts, each with its own certificate."""
    places = [w.pinned(f"https://127.0.0.1:{5080 + number}") for number in numbers]
    return w.intent(
        localUI={"endpoints": places, "credentials": {"secret": "store-local-ui"}}, **spec
    )


def off(w: World, name: str) -> None:
    """Switch a host off."""
    w.running.wait(lambda sim: sim.off(name))


def on(w: World, name: str) -> None:
    """Switch a host on again."""
    w.running.wait(lambda sim: sim.on(name))


def servers_of(w: World, kind: str) -> list[str]:
    """Give where an effect was applied, in order."""
    return [effect.server for effect in w.effects() if effect.kind == kind]


@pytest.mark.parametrize("verb", ["request", "accept"])
def test_a_host_that_goes_dark_between_look_and_act_hands_over(tmp_path: Path, verb: str) -> None:
    """The last look is at the next host of the same cluster, and what is sent goes there."""
    with world(tmp_path, *CLUSTER, fleet=lambda w: [at(w, 1, 2)]) as w:
        w.apply(listener=once_acting(verb, lambda: off(w, "store-1")))
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        received = w.running.simulation.journal.received
        sent_to = [one.server for one in received if one.path.endswith("cluster/pair")]
        assert sent_to == ["store-2" if verb == "request" else "store-1"]
        assert w.claims == []


def test_a_withdrawal_goes_to_the_host_that_still_answers(tmp_path: Path) -> None:
    """What one host of the cluster has sent, another one takes back."""
    with world(tmp_path, *CLUSTER, fleet=lambda w: [at(w, 1, 2, acknowledge=None)]) as w:
        w.apply()
        assert w.kinds() == ["request"]
        w.commit(at(w, 1, 2, desired="Local", acknowledge=None))
        w.apply(listener=once_acting("withdraw", lambda: off(w, "store-1")))
        assert w.told() == ("Local", "Local")
        assert w.kinds() == ["request", "withdraw"]


def test_a_host_of_another_cluster_is_not_handed_over_to(tmp_path: Path) -> None:
    """Dark between look and act, and the next one shows another cluster: nothing is sent there."""
    with world(tmp_path, FIRST, STRANGER, fleet=lambda w: [at(w, 1, 3)]) as w:
        w.apply(listener=once_acting("request", lambda: off(w, "store-1")))
        assert w.kinds() == []
        assert w.told() == ("Blocked", "AnotherCluster")
        assert w.pinned("https://127.0.0.1:5083")["endpoint"] in w.status()["message"]
        on(w, "store-1")
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_host_that_is_not_meant_keeps_the_right_one_out_of_nothing(tmp_path: Path) -> None:
    """Seen first, while the right host is dark: it is not taken down as the intent's cluster."""
    with world(tmp_path, FIRST, STRANGER, fleet=lambda w: [at(w, 1, 3)]) as w:
        off(w, "store-1")
        w.apply()
        assert w.told() == ("Blocked", "ClusterNotMeant")
        assert w.pinned("https://127.0.0.1:5083")["endpoint"] in w.status()["message"]
        on(w, "store-1")
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds(3) == []


def test_hosts_that_answer_by_turns_are_one_cluster(tmp_path: Path) -> None:
    """Whichever answers: the record stays as it is, and no commit is made for it."""
    with world(tmp_path, *CLUSTER, fleet=lambda w: [at(w, 1, 2, acknowledge=None)]) as w:
        w.apply()
        tip = w.tip
        for dark, lit in (("store-1", "store-2"), ("store-2", "store-1")) * 2:
            off(w, dark)
            on(w, lit)
            w.apply()
            assert w.tip == tip


def test_a_host_that_does_not_prove_who_it_is_hides_behind_no_other(tmp_path: Path) -> None:
    """TLS that fails at one of the list stops there: somebody may stand in between."""
    with world(tmp_path, *CLUSTER) as w:
        document = at(w, 1, 2)
        document["spec"]["localUI"]["endpoints"][0]["tls"] = NOWHERE
        w.commit(document)
        w.apply()
        assert w.told() == ("Blocked", "CertificateChanged")
        assert (
            w.pinned("https://127.0.0.1:5081")["endpoint"].removeprefix("https://")
            in (w.status()["message"])
        )
        assert {one.server for one in w.running.simulation.journal.received} == {"palette"}


def test_the_hosts_that_were_silent_before_a_refusal_are_told(tmp_path: Path) -> None:
    """The first is dark and the second refuses: both are told, since either can be mended."""
    with world(tmp_path, *CLUSTER) as w:
        document = at(w, 1, 2)
        document["spec"]["localUI"]["endpoints"][1]["tls"] = NOWHERE
        w.commit(document)
        off(w, "store-1")
        w.apply()
        assert w.told() == ("Blocked", "CertificateChanged")
        message = w.status()["message"]
        for number in (1, 2):
            place = str(w.pinned(f"https://127.0.0.1:{5080 + number}")["endpoint"])
            assert place.removeprefix("https://") in message


def test_one_authority_proves_all_hosts_of_a_list(tmp_path: Path) -> None:
    """`tls.caFile` of `localUI` counts for each host that has none of its own."""
    with world(tmp_path, *CLUSTER) as w:
        document = at(w, 1, 2)
        for place in document["spec"]["localUI"]["endpoints"]:
            del place["tls"]
        document["spec"]["localUI"]["tls"] = {"caFile": "certificates/ca.pem"}
        authority = {"certificates/ca.pem": w.running.simulation.ca_pem}
        w.box.commit({"fleet.yaml": w.fleet(document), **authority})
        off(w, "store-1")
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert servers_of(w, "accept") == ["palette"]


def test_doctor_looks_at_each_host_of_a_list(tmp_path: Path) -> None:
    """Each check names its host; one that is dark is a warning while another one answers."""
    with world(tmp_path, *CLUSTER, fleet=lambda w: [at(w, 1, 2)]) as w:
        places = [w.pinned(f"https://127.0.0.1:{5080 + n}")["endpoint"] for n in (1, 2)]
        host = "host/store-1"
        found = look(w, "store-1")
        assert found.failed == []
        for place in places:
            assert found.check(host, f"login at {place}").verdict is Verdict.OK
        assert found.check(host, "one cluster").verdict is Verdict.OK
        off(w, "store-1")
        found = look(w, "store-1")
        assert found.failed == []
        assert found.check(host, f"tcp at {places[0]}").verdict is Verdict.WARNING
        off(w, "store-2")
        failed = [name for subject, name in look(w, "store-1").failed if subject == host]
        assert failed == [f"tcp at {place}" for place in places]


def test_doctor_finds_a_host_of_another_cluster_in_a_list(tmp_path: Path) -> None:
    """Told before the first one is dark and the other one is asked in its place."""
    with world(tmp_path, FIRST, STRANGER, fleet=lambda w: [at(w, 1, 3)]) as w:
        found = look(w, "store-1")
        assert found.failed == [("host/store-1", "one cluster")]
        message = found.check("host/store-1", "one cluster").message
        assert w.cluster_uid(1) in message
        assert w.cluster_uid(3) in message


def test_hints_name_the_field_that_the_intent_has(tmp_path: Path) -> None:
    """A list is corrected in `localUI.endpoints`, one address in `localUI.endpoint`."""
    with world(tmp_path, *CLUSTER) as w:
        w.commit(at(w, 2, 1, cluster={"uid": "another-uid"}))
        w.apply()
        assert w.told() == ("Blocked", "OtherThanNamed")
        assert "`localUI.endpoints`" in w.status()["humanAction"]
        w.commit(w.intent(cluster={"uid": "another-uid"}))
        w.apply()
        assert "`localUI.endpoint`" in w.status()["humanAction"]


def test_a_list_in_another_order_is_the_same_host_for_an_offline_plan(tmp_path: Path) -> None:
    """What was seen at one of them is remembered for the list, reordered or longer."""
    with world(tmp_path, *CLUSTER, STRANGER, fleet=lambda w: [at(w, 1, acknowledge=None)]) as w:
        w.apply()
        before = w.commit(at(w, 1, acknowledge=None))
        for numbers, is_known in (((1, 2), True), ((2, 1), True), ((3,), False)):
            after = w.commit(at(w, *numbers, acknowledge=None))
            done = w.run("plan", "--offline", "--base", before, "--format", "json", rules=False)
            before = after
            assert ("was not looked at yet" not in done.stdout) == is_known, done
