"""A pull request from the first push to a merge, through every step of the Action."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from action_factory import Finished, Runner, checkout, pull_request
from forge_factory import Forge, serve
from markdown_factory import rows
from plug_factory import (
    BAD,
    BAD_INTENT,
    BAD_LINE,
    copy_of_pairctl,
    example,
    observed,
    push_status,
    pushed_repository,
)

MATCH = "matches/retail.yaml"
INTENT = "intents/store-0001.yaml"
MARK = "<!-- pairctl-plan -->"


def run_action(
    clone: Path, forge: Forge, changes: Mapping[str, str | None], name: str, **given: dict[str, str]
) -> Finished:
    """Run the Action on a machine of its own, for a pull request with these changes."""
    root = clone.parent
    event = pull_request(clone, changes)
    (root / f"{name}-temporary").mkdir()
    workspace = checkout(root / "origin.git", root / name)
    job = Runner(workspace, forge, root / f"{name}-temporary", given, root / "action", event)
    return job.run(python=sys.executable)


def sarif_results(finished: Finished) -> list[tuple[str, int]]:
    """Return file and line of each result in the SARIF file."""
    log: Any = json.loads(Path(finished.outputs["sarif-file"]).read_text())
    places = [r["locations"][0]["physicalLocation"] for r in log["runs"][0]["results"]]
    return [(p["artifactLocation"]["uri"], p["region"]["startLine"]) for p in places]


def test_a_pull_request_proves_itself(tmp_path: Path) -> None:
    """Findings on their lines, SARIF, a comment; corrected, it passes, and the comment says so.

    pairctl is installed by the Action's own step, and no step reaches anything but this machine.
    """
    copy_of_pairctl(tmp_path / "action")
    clone = pushed_repository(tmp_path)
    change = {MATCH: example(clone, MATCH), INTENT: example(clone, INTENT)}
    with serve() as forge:
        push_status(clone, observed(grafana="40.3.1"))
        bad = run_action(clone, forge, {**change, BAD: BAD_INTENT}, "bad")
        first = forge.comments[0]["body"]
        push_status(clone, observed(grafana="44.3.1"))
        good = run_action(clone, forge, change, "good", install=bad.steps["install"])

    assert bad.has_failed
    assert bad.outputs["result"] == "findings"
    assert any(f"file={BAD},line={BAD_LINE}," in line for line in bad.annotations), bad.out
    assert any(f"file={INTENT}," in line and "40.3.1" in line for line in bad.annotations), bad.out
    assert (BAD, BAD_LINE) in sarif_results(bad)
    assert first.startswith(f"{MARK}\n")
    assert [row[1] for row in rows(first)] == ["store-0001", "store-0002"]

    assert not good.has_failed, good.out + good.err
    assert good.outputs["result"] == "valid"
    assert [line for line in good.annotations if line.startswith("::error")] == []
    assert sarif_results(good) == []
    assert len(forge.comments) == 1
    assert forge.comments[0]["body"].startswith(f"{MARK}\n")
    assert forge.comments[0]["body"] != first
    assert good.outputs["comment-url"] == forge.comments[0]["html_url"]

    (row,) = rows(forge.comments[0]["body"])
    assert row[1:3] == ["store-0001", "send a pairing request to palette.example.com"]
