"""A Palette with `requireApproval: true`: nothing is accepted but what somebody approved."""

import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from pairctl.sim import Entry, LocalProfile, Received
from scenario_factory import PAIR, World, document, plan_of, profile_match, world
from sim_factory import GRAFANA, HELLO, INFRA_PACKS, Document, host_document

VALUES = "values/grafana.yaml"


def asking(w: World) -> list[Document]:
    """Write the usual intent, and a Palette that asks for approvals."""
    return [w.palette(requireApproval=True), w.intent()]


def approval(digest: str, name: str = "store-1", **spec: Any) -> Document:
    """Write an approval as somebody would by hand."""
    return document("PairingApproval", name, {"intent": name, "digest": digest, **spec})


def waiting(w: World) -> str:
    """Bring a world to where its request waits for an approval; gives the digest."""
    w.apply()
    assert w.told() == ("Blocked", "ApprovalMissing")
    return str(w.status()["digest"])


def publish_newer(w: World) -> None:
    """Publish a newer version of the add-on profile, with the very same stack."""
    w.running.call(
        lambda sim: sim.palette.publish("addons", "1.1.0", (GRAFANA,), project="edge-retail")
    )


def test_nothing_is_accepted_until_an_approval_is_committed(tmp_path: Path) -> None:
    """The request is sent, the acceptance waits; the digest that is told is the one that counts."""
    with world(tmp_path, fleet=asking) as w:
        digest = waiting(w)
        assert w.kinds() == ["request"]
        assert digest in w.status()["humanAction"]
        tip = w.tip
        w.apply()
        assert w.tip == tip
        generation = w.status()["generation"]
        w.commit(*asking(w), approval(digest))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        assert (w.status()["digest"], w.status()["generation"]) == (digest, generation)


def test_what_approve_prints_is_all_that_has_to_be_committed(tmp_path: Path) -> None:
    """Without a secret, from the status branch: the documents, with what they stand for."""
    with world(
        tmp_path,
        host_document(1),
        host_document(2),
        fleet=lambda w: [w.palette(requireApproval=True), w.intent(1), w.intent(2)],
    ) as w:
        waiting(w)
        one = w.run("approve", "store-1", "--reason", "CHG-1", rules=False)
        assert one.returncode == 0, one.stderr
        told = YAML(typ="safe").load(one.stdout)
        uid = w.status()["pairingUid"]
        assert told == approval(w.status()["digest"], pairingUid=uid, reason="CHG-1")
        assert "# - infra 1.1.0\n" in one.stdout
        assert "# - os: edge-native-ubuntu 22.04\n" in one.stdout
        every = w.run("approve", rules=False)
        assert every.stdout.count("kind: PairingApproval\n") == 2
        w.box.commit({"approvals.yaml": every.stdout})
        w.apply()
        assert w.told("store-1") == w.told("store-2") == ("Paired", "Paired")
        assert w.run("approve", rules=False).stdout == ""


def test_an_approval_is_outdated_by_a_newer_profile(tmp_path: Path) -> None:
    """The layers are the same, and yet it is not what was approved; a new approval is."""
    with world(tmp_path, fleet=asking) as w:
        digest = waiting(w)
        publish_newer(w)
        w.commit(*asking(w), approval(digest))
        w.apply()
        assert w.told() == ("Blocked", "ApprovalOutdated")
        assert digest in w.status()["message"]
        assert w.kinds() == ["request"]
        newer = w.status()["digest"]
        assert newer != digest
        w.commit(*asking(w), approval(newer))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert [one["version"] for one in w.status()["profiles"]] == ["1.1.0", "1.1.0"]


def test_an_approval_can_be_committed_with_the_intent(tmp_path: Path) -> None:
    """A plan tells the digest before anything is sent; then nobody has to wait."""
    with world(tmp_path, fleet=asking) as w:
        (planned,) = plan_of(w)["intents"]
        assert (planned["action"]["verb"], planned["leadsOneWay"]) == ("request", False)
        w.commit(*asking(w), approval(planned["digest"]))
        (planned,) = plan_of(w)["intents"]
        assert (planned["action"]["verb"], planned["leadsOneWay"]) == ("request", True)
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_values_in_a_file_are_part_of_what_is_approved(tmp_path: Path) -> None:
    """Nobody slips other values under an approval; the file alone has changed."""
    values = [{"pack": "prometheus-grafana", "file": VALUES}]
    with world(
        tmp_path,
        fleet=lambda w: [
            w.palette(requireApproval=True),
            profile_match(configuration="Any"),
            w.intent(values=values),
        ],
    ) as w:
        w.box.commit({VALUES: "replicas: 1\n"})
        digest = waiting(w)
        w.box.commit({VALUES: "replicas: 9\n"})
        w.box.commit({"approval.yaml": json.dumps(approval(digest))})
        w.apply()
        assert w.told() == ("Blocked", "ApprovalOutdated")
        w.box.commit({VALUES: "replicas: 1\n"})
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_an_approval_that_is_taken_back_in_time_stops_the_acceptance(tmp_path: Path) -> None:
    """The last commit counts, up to the moment of sending."""
    with world(tmp_path, fleet=asking) as w:
        digest = waiting(w)
        w.box.commit({"approval.yaml": json.dumps(approval(digest))})
        done: list[str] = []

        def hear(entry: Entry) -> None:
            if isinstance(entry, Received) and entry.path.endswith("pair/validate") and not done:
                done.append(w.box.commit({"approval.yaml": "# none\n"}))

        w.running.simulation.journal.listen(hear)
        w.apply()
        assert done
        assert w.told() == ("Blocked", "ApprovalMissing")
        assert w.kinds() == ["request"]


def test_two_approvals_approve_nothing(tmp_path: Path) -> None:
    """Both are refused documents; the intent is not, and goes on waiting."""
    with world(tmp_path, fleet=asking) as w:
        digest = waiting(w)
        twin = document("PairingApproval", "again", {"intent": "store-1", "digest": digest})
        w.commit(*asking(w), approval(digest), twin)
        w.apply()
        assert w.told() == ("Blocked", "ApprovalMissing")
        done = w.run("validate", rules=False)
        assert done.returncode == 2
        assert done.stdout.count("error[DuplicateApproval]") == 2


def test_an_approval_counts_only_where_the_operator_lets_it_stand(tmp_path: Path) -> None:
    """A folder can be guarded by the forge; slipped in elsewhere it is told, and no approval."""
    with world(tmp_path, fleet=asking, approvalsFolder="approvals") as w:
        digest = waiting(w)
        w.commit(*asking(w), approval(digest))
        w.apply()
        assert w.told() == ("Blocked", "ApprovalMissing")
        assert "the approval in fleet.yaml does not count" in w.status()["message"]
        (planned,) = plan_of(w)["intents"]
        assert planned["leadsOneWay"] is False
        w.box.commit(
            {
                "approvals-not/a.yaml": json.dumps(approval(digest)),
                "fleet.yaml": w.fleet(*asking(w)),
            }
        )
        w.apply()
        assert w.told() == ("Blocked", "ApprovalMissing")
        (w.box.clone / "approvals-not" / "a.yaml").unlink()
        w.box.commit({"approvals/a.yaml": json.dumps(approval(digest))})
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_stray_approval_voids_none_in_the_operators_folder(tmp_path: Path) -> None:
    """Neither by its intent, nor by its name, nor by a path that differs only in case."""
    with world(tmp_path, fleet=asking, approvalsFolder="approvals") as w:
        digest = waiting(w)
        named = [{"pack": "prometheus-grafana", "file": "approvals/a.yaml"}]
        strays = {
            "stray.yaml": approval("sha256:" + "0" * 64),
            "Approvals/a.yaml": approval("sha256:" + "0" * 64),
            "other.yaml": profile_match("other", values=named),
        }
        files = {"approvals/a.yaml": approval(digest), **strays}
        w.box.commit({path: json.dumps(one) for path, one in files.items()})
        (planned,) = plan_of(w)["intents"]
        assert (planned["action"]["verb"], planned["leadsOneWay"]) == ("accept", True)
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_no_palette_of_a_pull_request_gets_round_what_the_operator_asks_for(
    tmp_path: Path,
) -> None:
    """A second document for the same Palette, with the same key, says nothing of approvals."""
    with world(tmp_path, fleet=lambda w: [w.intent()], requireApproval=True) as w:
        digest = waiting(w)
        own = [w.palette("own"), profile_match("own-match", palette="own")]
        w.commit(w.palette(), *own, w.intent(palette="own", profileMatch="own-match"))
        w.apply()
        assert w.told() == ("Blocked", "ApprovalMissing")
        (planned,) = plan_of(w)["intents"]
        assert planned["leadsOneWay"] is False
        w.commit(w.intent(), approval(digest))
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_layers_that_changed_since_outdate_an_approval(tmp_path: Path) -> None:
    """What the cluster runs is part of what was approved, though profiles for it are there."""
    with world(tmp_path, fleet=asking) as w:
        digest = waiting(w)
        infra = LocalProfile("store-infra", "infra", "1.0.0", INFRA_PACKS)
        addons = LocalProfile("store-addons", "add-on", "1.0.0", (GRAFANA, HELLO))
        w.running.call(lambda sim: sim.hosts["store-1"].set_profiles(infra, addons))
        w.running.call(
            lambda sim: sim.palette.publish(
                "addons", "2.0.0", (GRAFANA, HELLO), project="edge-retail"
            )
        )
        w.commit(*asking(w), approval(digest))
        w.apply()
        assert w.told() == ("Blocked", "ApprovalOutdated")


def test_nobody_is_sent_to_the_console_without_an_approval(tmp_path: Path) -> None:
    """The person's click waits for it as the API does."""
    with world(
        tmp_path,
        fleet=lambda w: [w.palette(requireApproval=True, acceptance="Console"), w.intent()],
    ) as w:
        digest = waiting(w)
        w.commit(
            w.palette(requireApproval=True, acceptance="Console"), w.intent(), approval(digest)
        )
        w.apply()
        assert w.told() == ("Requested", "WaitingForConsole")
        assert [path for _, path in w.writes()] == [PAIR]


def test_approve_says_why_there_is_nothing_to_approve(tmp_path: Path) -> None:
    """No status, a status that waits for something else, and documents newer than the status."""
    with world(tmp_path) as w:
        nothing = w.run("approve", "store-1", rules=False)
        assert (nothing.returncode, "no status of store-1" in nothing.stderr) == (1, True)
        w.commit(w.intent(acknowledge=None))
        w.apply()
        other = w.run("approve", "store-1", rules=False)
        assert other.returncode == 1
        assert "waits for no approval: it is Blocked (NotAcknowledged)" in other.stderr
        w.commit(*asking(w))
        waiting(w)
        w.commit(w.palette(requireApproval=True), w.intent(cluster={"name": "other"}))
        newer = w.run("approve", rules=False)
        assert (newer.returncode, newer.stdout) == (0, "")
        assert "store-1: its documents have changed since the last pass" in newer.stderr
