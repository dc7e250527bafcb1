"""What people see of a rollout: in statuses, in what `apply` ends with, and in STATUS.md."""

import json
from pathlib import Path

from rollout_factory import fleet, labelled, rollout
from scenario_factory import world
from sim_factory import host_document

HOSTS = tuple(host_document(number) for number in (1, 2, 3))
WAVES = {1: "rest", 2: "canary", 3: "rest"}


def test_how_far_a_rollout_is(tmp_path: Path) -> None:
    """A line of `apply`, of `status` and of STATUS.md; a table, its waves, and JSON."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, WAVES), rollout(pace={"perHour": 60}))
        applied = w.run("apply").stdout
        line = "rollout emea Progressing, wave canary: 0 of 3 paired; waits for: wave `canary`"
        assert line in applied
        assert line in w.run("status", rules=False).stdout
        assert "| [emea](status/rollouts/emea.yaml) | Progressing | canary |" in (
            w.files()["STATUS.md"].decode()
        )
        table = w.run("status", "--rollouts", "--all", rules=False).stdout
        assert "ROLLOUT" in table
        assert "0 of 3" in table
        assert "not before 20" in table
        assert "waves of emea" in table
        assert "2 held back" in table
        listed = json.loads(w.run("status", "-o", "json", rules=False).stdout)
        assert [one["metadata"]["name"] for one in listed["rollouts"]] == ["emea"]
        shown = json.loads(w.run("status", "--rollouts", "-o", "json", rules=False).stdout)
        (item,) = shown["items"]
        assert item["status"]["current"] == "canary"
        assert [one["left"] for one in item["forecast"]["waves"]] == [1, 2]
        done = json.loads(w.run("apply", "--wait", "-o", "json").stdout)
        assert done["commit"] == json.loads(w.run("plan", "-o", "json").stdout)["commit"]
        assert done["rollouts"] == [
            {
                "name": "emea",
                "phase": "Complete",
                "current": "",
                "paired": 3,
                "intents": 3,
                "reason": "",
                "waitsFor": "",
            }
        ]
        ended = w.run("status", "--rollouts", rules=False).stdout
        assert "Complete" in ended
        assert "not before" not in ended


def test_a_pass_for_some_leaves_the_section_of_rollouts(tmp_path: Path) -> None:
    """Of a rollout whose members were not all seen, what is on record stays in STATUS.md."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, {**WAVES, 3: "canary"}), rollout())
        w.run("apply")
        before = w.files()["STATUS.md"].decode().partition("## Rollouts")[2]
        assert "[emea]" in before
        w.run("apply", "store-2")
        assert w.files()["STATUS.md"].decode().partition("## Rollouts")[2] == before


def test_a_rollout_that_is_gone_has_no_line(tmp_path: Path) -> None:
    """Nor a file, nor a section."""
    with world(tmp_path, host_document(1)) as w:
        w.commit(labelled(w.intent(1), "canary"), rollout())
        w.run("apply")
        w.commit(labelled(w.intent(1), "canary"))
        assert "rollout emea" not in w.run("apply").stdout
        assert "## Rollouts" not in w.files()["STATUS.md"].decode()
        assert "no rollout is on record" in w.run("status", "--rollouts", rules=False).stdout
