"""A plan that was written is carried out as it is, or not at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cli_factory import ROOT
from pairctl.engine import Acting, Event, SavedPlan, StalePlan, read_plan
from pairctl.sim import Fault, LocalProfile
from scenario_factory import ACCEPT, World, profile_match, quick_palette, world
from sim_factory import GRAFANA, HELLO, INFRA_PACKS, Document, host_document

HOSTS = [host_document(1), host_document(2)]


def written(w: World, *more: str) -> Path:
    """Write a plan of the world as it is now."""
    file = w.root / "plan.json"
    done = w.run("plan", "--out", str(file), *more)
    assert done.returncode == 2, done.stdout + done.stderr
    return file


def newer_profile(w: World) -> None:
    """Publish the add-on profile anew, with the very same stack."""
    w.running.call(
        lambda sim: sim.palette.publish("addons", "1.1.0", (GRAFANA,), project="edge-retail")
    )


def another_layer(w: World) -> None:
    """Give the cluster one more pack."""
    infra = LocalProfile("store-infra", "infra", "1.0.0", INFRA_PACKS)
    addons = LocalProfile("store-addons", "add-on", "1.0.0", (GRAFANA, HELLO))
    w.running.call(lambda sim: sim.hosts["store-1"].set_profiles(infra, addons))


def other_intent(w: World) -> None:
    """Change how the first cluster is to be called."""
    w.commit(w.intent(1, cluster={"name": "shop-1"}), w.intent(2))


def no_intent(w: World) -> None:
    """Delete the first intent."""
    w.commit(w.intent(2))


def ill(w: World) -> None:
    """Let a node fail."""
    w.running.call(lambda sim: sim.hosts["store-1"].set_node("node-1", is_healthy=False))


MOVES: dict[str, tuple[Callable[[World], None], list[str]]] = {
    "a newer profile": (newer_profile, ["store-1: profile addons: 1.0.0 -> 1.1.0"]),
    "another layer": (
        another_layer,
        [
            "store-1: layer added: hello-universe 2.0.0 in layer addon",
            "store-1: planned was to send a pairing request",
            "now it is Blocked: no selected profile has hello-universe 2.0.0",
        ],
    ),
    "another intent": (
        other_intent,
        [
            "store-1: the intent, its Palette or its ProfileMatch has been changed",
            "store-1: name in Palette: store-1 -> shop-1",
        ],
    ),
    "no intent": (no_intent, ["store-1: the commit has no such intent"]),
    "a node that fails": (ill, ["now it is Blocked: 1 of 1 nodes of cluster store-1 not healthy"]),
}


@pytest.mark.parametrize("what", MOVES)
def test_where_the_world_has_moved_nothing_of_a_plan_is_done(tmp_path: Path, what: str) -> None:
    """One difference refuses the whole: no claim, no request, no commit; and it is told."""
    move, told = MOVES[what]
    with world(tmp_path, *HOSTS) as w:
        file = written(w)
        move(w)
        done = w.run("apply", "--plan", str(file))
        assert done.returncode == 1
        assert [words for words in told if words not in done.stderr] == []
        assert "make a new plan" in done.stderr
        assert (w.tip, w.writes()) == ("", [])


def test_a_plan_is_carried_out_as_it_is_and_no_further(tmp_path: Path) -> None:
    """The requests that it holds are sent; accepting them is another plan's."""
    with world(tmp_path, *HOSTS) as w:
        done = w.run("apply", "--plan", str(written(w)), "--wait")
        assert done.returncode == 0, done.stderr
        assert w.kinds() == ["request", "request"]
        done = w.run("apply", "--plan", str(written(w)), "--wait")
        assert done.returncode == 0, done.stderr
        assert w.kinds() == ["request", "request", "accept", "accept"]
        assert w.told("store-1") == w.told("store-2") == ("Paired", "Paired")


def test_what_is_in_no_plan_is_left_alone(tmp_path: Path) -> None:
    """Though it would be done by now, and first: it takes no place under a cap either."""
    with world(
        tmp_path,
        *HOSTS,
        fleet=lambda w: [w.intent(1, acknowledge=None), w.intent(2)],
        limits={"acceptancesPerRun": 1},
    ) as w:
        w.one_pass()
        file = written(w)
        w.commit(w.intent(1), w.intent(2))
        done = w.run("apply", "--plan", str(file), "--wait")
        assert done.returncode == 0, done.stderr
        assert [effect.cluster_uid for effect in w.effects("accept")] == [w.cluster_uid(2)]
        assert w.told("store-1") == ("Requested", "ReadyToAccept")


def test_the_second_look_holds_against_the_basis_too(tmp_path: Path) -> None:
    """A profile published between claim and request, with the same stack, stops the request."""
    with world(tmp_path) as w:
        document = read_plan(written(w))
        done: list[bool] = []

        def hear(event: Event) -> None:
            if isinstance(event, Acting) and not done:
                done.append(True)
                newer_profile(w)

        saved_plan = SavedPlan(document)
        result = w.one_pass(listener=hear, saved_plan=saved_plan)
        assert w.kinds() == []
        assert (result.is_blocked, result.undone) == (True, {"store-1"})
        (outcome,) = result.outcomes.values()
        assert outcome.problem is not None
        assert "profile addons: 1.0.0 -> 1.1.0" in outcome.problem.message
        with pytest.raises(StalePlan, match="nothing is done"):
            w.one_pass(saved_plan=saved_plan)


def test_a_plan_that_somebody_else_has_carried_out_is_refused(tmp_path: Path) -> None:
    """What was to be done is done: it is told, and not done again."""
    with world(tmp_path) as w:
        file = written(w)
        w.one_pass()
        done = w.run("apply", "--plan", str(file))
        assert done.returncode == 1
        assert "planned was to send a pairing request" in done.stderr
        assert w.kinds() == ["request"]


def test_a_plan_of_another_fleet_is_refused(tmp_path: Path) -> None:
    """Of another repository nothing is known here; of another Palette it is told."""
    with world(tmp_path) as w:
        file = written(w)
        w.commit(w.intent(name="other"))
        done = w.run("apply", "--plan", str(file))
        assert done.returncode == 1
        assert "this seems to be the plan of others" in done.stderr
        w.commit(w.palette(project="lab"), w.intent())
        done = w.run("apply", "--plan", str(file))
        assert done.returncode == 1
        assert "store-1: Palette's project: edge-retail -> lab" in done.stderr
        assert w.writes() == []


def test_a_planned_acceptance_waits_until_the_host_has_changed_over(tmp_path: Path) -> None:
    """With --wait it goes on looking until what it did has come to rest, though others go on."""
    slow = quick_palette(pairing={"acceptSeconds": 1.0})
    with world(tmp_path, *HOSTS, palette=slow, fleet=lambda w: [w.intent(1)]) as w:
        w.one_pass()
        file = written(w)
        w.commit(w.intent(1), w.intent(2))
        done = w.run("apply", "--plan", str(file), "--wait", "--interval", "0.1")
        assert done.returncode == 0, done.stderr
        assert w.told("store-1") == ("Paired", "Paired")
        assert w.told("store-2") == ("Waiting", "ReadyToRequest")


def test_a_planned_action_that_is_declined_ends_with_3(tmp_path: Path) -> None:
    """It is not tried again, and the exit code says that not all is well."""
    with world(tmp_path) as w:
        w.one_pass()
        file = written(w)
        w.plan_faults(Fault("error", "palette", "POST", ACCEPT, status=403, message="not yours"))
        done = w.run("apply", "--plan", str(file), "--wait")
        assert done.returncode == 3, done.stderr
        assert w.kinds() == ["request"]
        assert "not yours" in w.status()["message"]


def test_what_a_plan_found_to_be_blocked_counts_for_nothing(tmp_path: Path) -> None:
    """A plan is well carried out though others, which it has nothing for, are blocked."""
    with world(tmp_path, *HOSTS, fleet=lambda w: [w.intent(1, acknowledge=None), w.intent(2)]) as w:
        w.one_pass()
        assert w.run("apply", "--plan", str(written(w)), "--wait").returncode == 0
        assert w.told("store-1") == ("Blocked", "NotAcknowledged")


def changed(text: str, change: Callable[[Document], object]) -> str:
    """Change a plan's document by hand."""
    document: dict[str, Any] = json.loads(text)
    change(document)
    return json.dumps(document)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d["intents"][0]["action"].update(text="nothing"), "another digest"),
        (lambda d: d["intents"][0].update(digest="sha256:" + "0" * 64), "another digest"),
        (lambda d: d.update(digest=""), "another digest"),
        (lambda d: d.update(apiVersion="pairctl/v1"), "`apiVersion`"),
        (lambda d: d.update(colour="green"), "`colour`"),
        (lambda d: d["intents"][0].pop("name"), "`intents.0.name`"),
        (lambda d: d.clear(), "`apiVersion`"),
    ],
    ids=["an action", "a digest", "no digest", "a version", "a new field", "a field gone", "empty"],
)
def test_a_plan_that_was_changed_is_refused(
    tmp_path: Path, change: Callable[[Document], object], told: str
) -> None:
    """By hand, by chance or by another version: the file says what is wrong with it."""
    with world(tmp_path) as w:
        file = written(w)
        file.write_text(changed(file.read_text(), change))
        done = w.run("apply", "--plan", str(file))
        assert done.returncode == 1
        assert told in done.stderr
        assert "make it anew" in done.stderr
        assert "Traceback" not in done.stderr
        assert (w.tip, w.writes()) == ("", [])


def test_a_plan_file_says_what_the_json_output_says(tmp_path: Path) -> None:
    """One model; a newer plan replaces an older one, and no other file."""
    with world(tmp_path) as w:
        file = written(w, "--format", "json")
        first = file.read_text()
        printed = w.run("plan", "--out", str(file), "-o", "json").stdout
        assert printed == file.read_text() == first
        schema = json.loads((ROOT / "schemas" / "plan.json").read_text())
        assert list(Draft202012Validator(schema).iter_errors(json.loads(first))) == []
        mine = w.root / "mine.json"
        mine.write_text('{"kind": "Plans"}')
        done = w.run("plan", "--out", str(mine))
        assert done.returncode == 1
        assert "is no plan; it is not written over" in done.stderr
        assert mine.read_text() == '{"kind": "Plans"}'
        done = w.run("plan", "--out", str(w.root / "nowhere" / "plan.json"))
        assert (done.returncode, "cannot write" in done.stderr) == (1, True)
        assert sorted(path.name for path in w.root.glob("*plan.json*")) == ["plan.json"]


def test_a_plan_made_offline_binds_nobody(tmp_path: Path) -> None:
    """It cannot be written for `apply`, nor slipped in through the JSON output."""
    with world(tmp_path) as w:
        w.commit(w.intent(acknowledge=None))
        w.apply()
        w.commit(w.intent())
        done = w.run("plan", "--offline", "--out", str(w.root / "plan.json"), rules=False)
        assert (done.returncode, "--offline takes none" in done.stderr) == (1, True)
        file = w.root / "printed.json"
        file.write_text(w.run("plan", "--offline", "-o", "json", rules=False).stdout)
        done = w.run("apply", "--plan", str(file))
        assert (done.returncode, "it was made offline" in done.stderr) == (1, True)


def test_a_plan_is_as_good_for_a_commit_that_changes_nothing(tmp_path: Path) -> None:
    """Squashed, rebased or beside other work: what the documents come to is what counts."""
    with world(tmp_path) as w:
        file = written(w)
        w.box.commit({"README.md": "words\n"})
        w.commit(w.intent(), **{"other.yaml": json.dumps(profile_match("unused"))})
        done = w.run("apply", "--plan", str(file))
        assert done.returncode == 0, done.stderr
        assert w.kinds() == ["request"]
