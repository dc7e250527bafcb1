"""The values of packs: a running cluster gets no others than somebody has read."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pairctl.engine import Acting, Event, SavedPlan, StalePlan, read_plan
from pairctl.sim import Entry, Received
from scenario_factory import World, plan_of, profile_match, world
from sim_factory import Document, host_document

PACK = "prometheus-grafana"
LOCAL = "replicas: 3\nadminPassword: hunter2-local\nimage: {tag: v1.2.0, name: grafana-lts}\n"
PROFILE = "replicas: 1\nadminPassword: hunter2-palette\nimage: {tag: v1.3.0, name: grafana-oss}\n"
SECRETS = ("hunter2-local", "hunter2-palette", "grafana-lts", "grafana-oss")
EQUAL = """\
# the same, otherwise written
image: {name: 'grafana-lts', tag: "v1.2.0"}

adminPassword: 'hunter2-local'
replicas: 3 # three
"""


def profile_has(w: World, **values: Any) -> None:
    """Give packs of the add-on profile other values: its version stays."""
    named = {name.replace("_", "-"): given for name, given in values.items()}
    w.running.call(lambda sim: sim.palette.catalog.with_values("addons", named))


def cluster_has(w: World, **values: Any) -> None:
    """Give packs of the cluster other values."""
    w.running.call(lambda sim: sim.hosts["store-1"].set_values(**values))


def differing(w: World) -> None:
    """Let both sides have other values of one pack."""
    cluster_has(w, prometheus_grafana=LOCAL)
    profile_has(w, prometheus_grafana=PROFILE)


def line_of(w: World) -> str:
    """Return the line that `explain` prints, as it is to be committed."""
    done = w.run("explain", "store-1", "--format", "json", rules=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(json.loads(done.stdout)["configuration"]["line"])


def review(w: World) -> None:
    """Commit the line that `explain` prints."""
    w.commit(profile_match(**YAML(typ="safe").load(line_of(w))), w.intent())


def sent_values(w: World) -> dict[str, str]:
    """Return the values of packs that the acceptance carried."""
    (cluster,) = w.running.call(lambda sim: sim.palette.clusters)
    return {name: text for one in cluster.choices for name, text in one.pack_values.items()}


def test_a_pairing_that_would_change_values_waits_for_the_reviewed_digest(tmp_path: Path) -> None:
    """Nothing is sent before a person commits what `explain` prints; then the cluster pairs."""
    with world(tmp_path) as w:
        differing(w)
        w.apply()
        assert w.told() == ("Blocked", "ConfigurationNotReviewed")
        assert w.kinds() == []
        assert line_of(w) in w.status()["humanAction"]
        review(w)
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        assert sent_values(w) == {}


def test_the_same_values_otherwise_written_are_no_difference(tmp_path: Path) -> None:
    """Order of keys, comments, quotes and blank lines mean nothing."""
    with world(tmp_path) as w:
        cluster_has(w, prometheus_grafana=LOCAL)
        profile_has(w, prometheus_grafana=EQUAL)
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_no_value_gets_onto_the_status_branch_or_into_a_plan(tmp_path: Path) -> None:
    """Paths are shown, with numbers and versions; secrets and other texts are not."""
    with world(tmp_path) as w:
        differing(w)
        w.apply()
        kept = b"\n".join(w.files().values()).decode()
        plans = [w.run("plan", "--format", form).stdout for form in ("text", "json", "markdown")]
        told = w.run("explain", "store-1", rules=False).stdout
        for text in (kept, told, w.log(), *plans):
            assert not [secret for secret in SECRETS if secret in text]
        for text in (kept, told, *plans):
            assert "adminPassword" in text
            assert "v1.2.0" in text
        assert "ProfileMatch split, in fleet.yaml" in " ".join(told.split())
        assert "reviewed: [" in told


def test_a_plan_tells_what_will_differ(tmp_path: Path) -> None:
    """How many values, the first of them, and the digest of all."""
    with world(tmp_path) as w:
        differing(w)
        (planned,) = plan_of(w)["intents"]
        found = planned["configuration"]
        assert (found["count"], planned["leadsOneWay"]) == (4, False)
        paths = ["adminPassword", "image.name", "image.tag", "replicas"]
        assert [one["path"] for one in found["changes"]] == paths
        assert found["changes"][3] == {
            "layer": "addon",
            "pack": PACK,
            "path": "replicas",
            "local": "3",
            "profile": "1",
        }
        w.commit(profile_match(reviewed=[found["digest"]]), w.intent())
        (planned,) = plan_of(w)["intents"]
        assert (planned["configuration"], planned["leadsOneWay"]) == (found, True)
        assert planned["basis"]["configuration"] == found["digest"]


def test_no_digest_makes_up_for_the_same(tmp_path: Path) -> None:
    """`configuration: Same` blocks on any difference, until there is none."""
    with world(tmp_path, fleet=lambda w: [profile_match(configuration="Same"), w.intent()]) as w:
        differing(w)
        w.apply()
        assert w.told() == ("Blocked", "ConfigurationDiffers")
        assert w.kinds() == []
        profile_has(w, prometheus_grafana=LOCAL)
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_any_goes_on_and_shows_what_changes(tmp_path: Path) -> None:
    """`configuration: Any` is the operator's word; the plan tells the difference all the same."""
    with world(tmp_path, fleet=lambda w: [profile_match(configuration="Any"), w.intent()]) as w:
        differing(w)
        (planned,) = plan_of(w)["intents"]
        assert planned["configuration"]["count"] == 4
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_the_clusters_own_values_are_sent_along(tmp_path: Path) -> None:
    """`valuesFrom: Local`: sign by sign as Local UI gives them, and nothing is left to review."""
    with world(tmp_path, fleet=lambda w: [profile_match(valuesFrom="Local"), w.intent()]) as w:
        differing(w)
        macros = "name: {{ .spectro.system.cluster.name }}\n"
        cluster_has(w, edge_k8s=macros)
        (planned,) = plan_of(w)["intents"]
        assert "configuration" not in planned
        w.apply()
        assert w.told() == ("Paired", "Paired")
        sent = sent_values(w)
        assert (sent[PACK], sent["edge-k8s"]) == (LOCAL, macros)
        assert len(sent) == 5


def test_what_the_documents_give_wins_over_the_clusters_own(tmp_path: Path) -> None:
    """A person wrote it for this pack; as it changes the cluster, it is reviewed like the rest."""
    match = {"valuesFrom": "Local", "values": [{"pack": PACK, "inline": "replicas: 9\n"}]}
    with world(tmp_path, fleet=lambda w: [profile_match(**match), w.intent()]) as w:
        differing(w)
        w.apply()
        assert w.told() == ("Blocked", "ConfigurationNotReviewed")
        reviewed = YAML(typ="safe").load(line_of(w))
        w.commit(profile_match(**match, **reviewed), w.intent())
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert sent_values(w)[PACK] == "replicas: 9\n"


def test_values_that_cannot_be_kept_are_reviewed(tmp_path: Path) -> None:
    """What Local UI does not give cannot be sent along: the profile's would get there."""
    with world(tmp_path, fleet=lambda w: [profile_match(valuesFrom="Local"), w.intent()]) as w:
        cluster_has(w, prometheus_grafana=None)
        w.apply()
        assert w.told() == ("Blocked", "ConfigurationNotReviewed")
        assert w.kinds() == []


@pytest.mark.parametrize("side", ["host", "Palette"])
def test_unreadable_values_count_as_a_difference_that_can_be_reviewed(
    tmp_path: Path, side: str
) -> None:
    """An odd answer of one side blocks the pairing, says so, and can be taken on by a person."""
    with world(tmp_path) as w:
        odd = {"prometheus_grafana": {"replicas": 3}}
        (cluster_has if side == "host" else profile_has)(w, **odd)
        w.apply()
        assert w.told() == ("Blocked", "ConfigurationNotReviewed")
        assert "(unreadable)" in w.status()["message"]
        review(w)
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_packs_that_palette_does_not_show_can_be_reviewed(tmp_path: Path) -> None:
    """A key that may not read the values of a profile stops nobody who has seen them."""
    with world(tmp_path) as w:
        hide(w)
        w.apply()
        assert w.told() == ("Blocked", "ConfigurationNotReviewed")
        told = w.run("explain", "store-1", rules=False).stdout
        assert "could not be read" in " ".join(told.split())
        review(w)
        w.apply()
        assert w.told() == ("Paired", "Paired")


def hide(w: World) -> None:
    """Let Palette refuse to show the packs of the add-on profile."""
    w.running.call(lambda sim: sim.palette.catalog.hide_packs("addons"))


@pytest.mark.parametrize("side", ["host", "Palette"])
@pytest.mark.parametrize("configuration", ["Reviewed", "Any"])
def test_values_that_change_between_decision_and_acceptance_stop_it(
    tmp_path: Path, side: str, configuration: str
) -> None:
    """The last look reads the values of both sides again; another difference is not the one."""
    match = profile_match(configuration=configuration)
    with world(tmp_path, fleet=lambda w: [match, w.intent()]) as w:
        change = cluster_has if side == "host" else profile_has
        seen: list[str] = []

        def hear(event: Event) -> None:
            if isinstance(event, Acting) and event.action.verb == "accept" and not seen:
                seen.append("accept")
                change(w, prometheus_grafana="replicas: 7\n")

        w.one_pass(listener=hear)
        w.one_pass(listener=hear)
        assert seen
        assert w.kinds() == ["request"]
        w.apply()
        is_any = configuration == "Any"
        expected = ("Paired", "Paired") if is_any else ("Blocked", "ConfigurationNotReviewed")
        assert w.told() == expected


def test_a_saved_plan_of_other_values_is_not_carried_out(tmp_path: Path) -> None:
    """The plan holds the digest of what would change; now it is another."""
    with world(tmp_path, fleet=lambda w: [profile_match(configuration="Any"), w.intent()]) as w:
        file = w.root / "plan.json"
        assert w.run("plan", "--out", str(file)).returncode == 2
        differing(w)
        with pytest.raises(StalePlan, match="values of packs"):
            w.one_pass(saved_plan=SavedPlan(read_plan(file)))
        assert w.kinds() == []


def test_other_values_are_not_what_was_approved(tmp_path: Path) -> None:
    """An approval names the difference too: nobody slips other values of a profile under it."""

    def fleet(w: World, *more: Document) -> list[Document]:
        match = profile_match(configuration="Any")
        return [w.palette(requireApproval=True), match, w.intent(), *more]

    with world(tmp_path, fleet=fleet) as w:
        w.apply()
        assert w.told() == ("Blocked", "ApprovalMissing")
        approval = w.run("approve", "store-1", rules=False).stdout
        profile_has(w, prometheus_grafana=PROFILE)
        w.box.commit({"approval.yaml": approval})
        w.apply()
        assert w.told() == ("Blocked", "ApprovalOutdated")
        assert w.kinds() == ["request"]


def test_a_profiles_values_are_read_once_for_all_that_select_it(tmp_path: Path) -> None:
    """Ten intents that select two profiles cost two requests a listing."""
    hosts = [host_document(number) for number in range(1, 11)]
    with world(tmp_path, *hosts) as w:
        read: list[str] = []

        def hear(entry: Entry) -> None:
            if isinstance(entry, Received) and entry.path.endswith("/packs"):
                read.append(entry.path)

        w.running.simulation.journal.listen(hear)
        plan_of(w)
        assert len(read) == len(set(read)) == 2


def test_a_plan_without_credentials_says_that_it_knows_no_values(tmp_path: Path) -> None:
    """Nothing of a profile's values is on record but the difference of the last pass."""
    with world(tmp_path) as w:
        differing(w)
        w.apply()
        told = w.run("plan", "--offline", rules=False).stdout
        assert "ConfigurationNotReviewed" in told
        review(w)
        told = " ".join(w.run("plan", "--offline", rules=False).stdout.split())
        assert "what would change in the values of packs" in told
