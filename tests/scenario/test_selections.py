"""A run for some intents: they alone are looked at and recorded, and all of them count."""

import json
from pathlib import Path

import pytest

from pairctl.spec import IntentSelection
from scenario_factory import World, document, world
from sim_factory import Document, host_document

HOSTS = tuple(host_document(number) for number in (1, 2, 3))


def labelled(intent: Document, **labels: str) -> Document:
    """Write an intent with labels."""
    return intent | {"metadata": {**intent["metadata"], "labels": labels}}


def three(w: World) -> list[Document]:
    """Write three intents, two of them of the first wave."""
    return [
        labelled(w.intent(1), wave="1"),
        labelled(w.intent(2), wave="1", kind="kiosk"),
        labelled(w.intent(3), wave="2"),
    ]


def test_apply_for_some_looks_at_no_other_and_leaves_their_records(tmp_path: Path) -> None:
    """By a label, and then by a name: the host of the third is asked when it is meant."""
    with world(tmp_path, *HOSTS, fleet=three) as w:
        done = w.run("apply", "--wait", "--interval", "0.1", "-l", "wave=1,!kind", "-o", "json")
        assert done.returncode == 0, done.stderr
        assert [(i["name"], i["phase"]) for i in json.loads(done.stdout)["intents"]] == [
            ("store-1", "Paired")
        ]
        assert sorted(path for path in w.files() if path.startswith("status/")) == [
            "status/store-1.yaml"
        ]
        before = w.files()["status/store-1.yaml"]
        assert w.run("apply", "--wait", "--interval", "0.1", "store-3").returncode == 0
        assert w.files()["status/store-1.yaml"] == before
        assert (w.told("store-3"), w.kinds(2)) == (("Paired", "Paired"), [])
        assert "status/store-2.yaml" not in w.files()
        assert "2 intents: 2 Paired" in w.run("status", rules=False).stdout


def test_what_is_not_selected_counts_for_caps(tmp_path: Path) -> None:
    """One acceptance an hour is one, whoever asks for which of the intents."""
    with world(tmp_path, *HOSTS, fleet=three, limits={"acceptancesPerHour": 1}) as w:
        assert w.run("apply", "--wait", "--interval", "0.1", "store-1").returncode == 0
        done = w.run("apply", "--wait", "--interval", "0.1", "store-2")
        assert done.returncode == 3, done.stderr
        assert w.told("store-2") == ("Blocked", "TooManyAtOnce")
        assert w.kinds(2) == ["request"]


def test_what_is_not_selected_counts_for_duplicates(tmp_path: Path) -> None:
    """Another intent of the same cluster holds back the one that is selected."""

    def twice(w: World) -> list[Document]:
        uid = w.cluster_uid(1)
        other = document(
            "PairingIntent",
            "other",
            {**w.intent(2)["spec"], "cluster": {"uid": uid}, "acknowledge": None},
        )
        del other["spec"]["acknowledge"]
        return [w.intent(1, cluster={"uid": uid}), other]

    with world(tmp_path, *HOSTS, fleet=twice) as w:
        done = w.run("apply", "--wait", "--interval", "0.1", "store-1")
        assert (done.returncode, w.told()) == (3, ("Blocked", "DuplicateTarget"))
        assert w.effects() == ()


def test_a_run_for_some_rejects_no_request_as_unrecognized(tmp_path: Path) -> None:
    """It has not looked for all: a request may be of one that was not selected."""

    def rejecting(w: World) -> list[Document]:
        return [w.palette(unrecognizedRequests="Reject"), *three(w)]

    with world(tmp_path, *HOSTS, fleet=rejecting) as w:
        planned = w.run("plan", "store-1")
        assert "1 intent: 1 to do" in planned.stdout, planned.stderr
        done = w.run("apply", "--wait", "--interval", "0.1", "store-1")
        assert (done.returncode, w.told("store-1")) == (0, ("Paired", "Paired")), done.stderr


def test_a_plan_is_of_what_is_selected(tmp_path: Path) -> None:
    """With a look and without, and `apply --plan` does what such a plan holds."""
    with world(tmp_path, *HOSTS, fleet=three) as w:
        for more in ((), ("--offline",)):
            done = w.run("plan", *more, "-l", "wave in (2,3)", "-o", "json")
            assert [one["name"] for one in json.loads(done.stdout)["intents"]] == ["store-3"]
        assert w.run("plan", "store-2", "--out", str(w.root / "plan.json")).returncode == 2
        assert w.run("apply", "--plan", str(w.root / "plan.json")).returncode == 0
        assert [effect.cluster_uid for effect in w.effects()] == [w.cluster_uid(2)]
        refused = w.run("apply", "store-2", "--plan", str(w.root / "plan.json"))
        assert (refused.returncode, "beside --plan" in refused.stderr) == (1, True)


@pytest.mark.parametrize("command", ["plan", "apply", "status", "explain", "approve"])
def test_a_name_that_is_not_known_is_an_error_with_the_nearest(
    tmp_path: Path, command: str
) -> None:
    """A selector that selects nothing says so, and which labels there are; nothing is done."""
    with world(tmp_path, *HOSTS, fleet=three) as w:
        w.with_engine(lambda reconciler, _: reconciler.run_pass())
        effects, rules = w.effects(), command in ("plan", "apply")
        done = w.run(command, "sotre-1", rules=rules)
        assert done.returncode == 1, done.stdout
        assert "sotre-1" in done.stderr
        assert "did you mean" in done.stderr
        assert "store-1" in done.stderr
        done = w.run(command, "-l", "wave=7", rules=rules)
        assert done.returncode == 1, done.stdout
        assert "'wave=7' selects none of the 3 intents" in done.stderr
        assert "labels there are: kind=kiosk, wave=1, wave=2" in done.stderr
        done = w.run(command, "store-1", "-l", "wave=1", rules=rules)
        assert (done.returncode, "give names, or --selector" in done.stderr) == (1, True)
        assert w.effects() == effects


def test_what_is_selected_is_shown_and_explained_together(tmp_path: Path) -> None:
    """Intents with the same layers and selection are explained once; JSON has each of them."""
    with world(tmp_path, *HOSTS, fleet=three) as w:
        w.one_pass()
        done = w.run("explain", "store-1", "store-2", rules=False)
        assert (done.returncode, done.stdout.count("LAYER")) == (0, 1)
        assert "store-1, store-2: 2 clusters of the same layers" in done.stdout
        done = w.run("explain", "-l", "wave", "-o", "json", rules=False)
        names = [one["name"] for one in json.loads(done.stdout)["items"]]
        assert names == ["store-1", "store-2", "store-3"]
        done = w.run("status", "-l", "wave=1", rules=False)
        assert done.stdout.startswith("2 intents: ")
        assert "store-3" not in w.run("status", "store-1", "store-2", rules=False).stdout
        whole = w.run("status", "store-3", rules=False).stdout
        assert "LayersMatched" in whole
        assert "0 acceptances" in w.run("approve", "-l", "wave=1", rules=False).stderr


def test_an_intent_whose_document_is_refused_can_be_named(tmp_path: Path) -> None:
    """Its labels are not known, so no selector has it; by its name it is recorded as refused."""
    with world(tmp_path, *HOSTS, fleet=three) as w:
        broken = labelled(w.intent(3, desired="Piared"), wave="2")
        w.commit(*three(w)[:2], broken)
        done = w.run("apply", "store-3")
        assert (done.returncode, w.told("store-3")) == (3, ("Blocked", "Invalid"))
        assert "1 are refused" in w.run("plan", "-l", "wave=2").stderr


def test_a_selection_is_of_all_unless_something_is_said() -> None:
    """No names and no selector: every intent, without a list of them."""
    assert IntentSelection().chosen({"store-1": {}}, "here") is None
