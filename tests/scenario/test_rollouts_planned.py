"""What a plan says of a rollout, with credentials and without, of all and of a change."""

import json
from pathlib import Path

from pairctl.engine.plan.forecasting import CALLS_OF_A_PAIRING, SNAPSHOTS
from rollout_factory import fleet, rollout, wave, window
from scenario_factory import World, world
from sim_factory import Document, host_document

HOSTS = tuple(host_document(number) for number in (1, 2, 3))
WAVES = {1: "rest", 2: "canary", 3: "rest"}


def planned(w: World, *options: str) -> list[Document]:
    """Give what the plan's document says of rollouts."""
    rules = "--offline" not in options
    done = w.run("plan", "-o", "json", *options, rules=rules)
    found: list[Document] = json.loads(done.stdout)["rollouts"]
    return found


def test_what_is_to_come_of_a_rollout(tmp_path: Path) -> None:
    """Its waves, what cannot be undone in each, and what it takes; nothing once all is done."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, WAVES), rollout())
        (fresh,) = planned(w)
        (unseen,) = planned(w, "--offline")
        assert fresh["calls"] == unseen["calls"] == 3 * 29
        assert fresh["leadsOneWay"] == unseen["leadsOneWay"] == 3
        for one in (fresh, unseen):
            assert [each["leadsOneWay"] for each in one["waves"]] == [1, 2]
            assert "beginsAt" not in one["waves"][0]
            assert one["waves"][1]["beginsAt"] >= one["waves"][0]["endsAt"]
            assert one["endsAt"] == one["waves"][1]["endsAt"]
        assert planned(w, "store-1") == []
        w.apply()
        (done,) = planned(w, "--offline")
        assert (done["phase"], done["paired"], done["leadsOneWay"]) == ("Complete", 3, 0)
        assert "endsAt" not in done


def test_a_change_of_a_rollout_is_about_it(tmp_path: Path) -> None:
    """With --base, those whose documents, intents or approvals the change touches, and no other."""
    with world(tmp_path, *HOSTS) as w:
        quiet = rollout(name="quiet", select={"matchLabels": {"fleet": "apac"}})
        before = w.commit(*fleet(w, WAVES), rollout(), quiet)
        assert planned(w, "--offline", "--base", before) == []
        never = rollout(windows=[window(["sun"], "02:00", "02:01")])
        w.commit(*fleet(w, WAVES), never, quiet)
        (changed,) = planned(w, "--offline", "--base", before)
        assert changed["name"] == "emea"
        text = w.run("plan", "--offline", "--base", before, "-o", "markdown", rules=False).stdout
        assert "**Rollout `emea` is Waiting: 3 of 3 to accept for good" in text
        assert "quiet" not in text
        gated = rollout(wave("canary", gate="Approval"), {"name": "rest"})
        w.commit(*fleet(w, WAVES), gated, quiet)
        text = w.run("plan", "--offline", rules=False).stdout
        assert "wave canary: 1 of 1, 1 not approved" in text


def test_a_pairing_takes_no_less_than_is_forecast(tmp_path: Path) -> None:
    """Calls are a bound from below, and so are the reads that Palette limits."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, WAVES), rollout())
        w.apply()
        received = w.running.call(lambda sim: sim.journal.received)
        assert len(received) >= len(HOSTS) * CALLS_OF_A_PAIRING
        snapshots = [one for one in received if "/clusterpairs/" in one.path]
        assert len(snapshots) >= len(HOSTS) * SNAPSHOTS


def test_a_saved_plan_of_a_rollout_is_carried_out(tmp_path: Path) -> None:
    """It is read back as it was written, and does what it holds: the canary, and nothing else."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, WAVES), rollout(pace={"perHour": 60}))
        saved = tmp_path / "plan.json"
        assert w.run("plan", "--out", str(saved)).returncode == 2
        done = w.run("apply", "--plan", str(saved))
        assert "PlanRefused" not in done.stderr
        assert [w.kinds(number) for number in (1, 2, 3)] == [[], ["request"], []]
