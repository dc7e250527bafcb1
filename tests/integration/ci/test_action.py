"""The steps of `action.yml`, run as scripts in a checkout, against a forge on loopback."""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from action_factory import ACTION, STEPS, Runner, checkout, pull_request
from cli_factory import ROOT, git, run
from forge_factory import NUMBER, TOKEN, Forge, serve
from pairctl import __version__
from plug_factory import (
    OFFLINE,
    copy_of_pairctl,
    installed_program,
    push_status,
    pushed_repository,
    stand_in,
)
from repo_http_factory import serve as serve_git

README_CHANGE = {"README.md": "# Pairings\n"}
PLAN = "<!-- pairctl-plan -->\n### Plan\n"


@pytest.fixture
def forge() -> Iterator[Forge]:
    """A forge with a pull request that nobody has said anything about."""
    with serve() as served:
        yield served


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository made by `pairctl init`, and pushed to a bare one."""
    return pushed_repository(tmp_path)


def job_for(
    clone: Path, forge: Forge, changes: Mapping[str, str | None], **given: dict[str, str]
) -> Runner:
    """Check a change out as a job does; the steps named in `given` are not run."""
    root = clone.parent
    event = pull_request(clone, changes)
    (root / "temporary").mkdir()
    workspace = checkout(root / "origin.git", root / "workspace")
    return Runner(workspace, forge, root / "temporary", given, event=event)


NOT_ABOUT_DOCUMENTS: Mapping[str, dict[str, str]] = {
    "install": {"program": installed_program()},
    "validate": {"result": "valid"},
    "plan": {},
    "comment": {},
}


def job_with_a_plan(folder: Path, forge: Forge, result: str = "valid") -> Runner:
    """Have all done but the comment and the result."""
    (folder / "plan.md").write_text(PLAN)
    given = {
        "install": {"program": installed_program()},
        "fetch": {},
        "validate": {"result": result},
        "plan": {"plan-file": "plan.md"},
    }
    return Runner(folder, forge, folder, given, event={"pull_request": {"number": NUMBER}})


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.get("id", step.get("name", "upload")))
def test_no_value_becomes_part_of_a_script(step: Mapping[str, Any]) -> None:
    """Whatever a branch or folder is called, it reaches a script by its environment only."""
    assert ("run" in step) != ("uses" in step)
    assert "${{" not in step.get("run", "")


def test_other_actions_are_taken_at_a_commit() -> None:
    """A tag can be moved to other code; the comment tells people which version it is."""
    used = re.findall(r"uses: (\S+)@(\S+) # v\d", (ROOT / "action.yml").read_text())
    assert [name for name, _ in used] == [s["uses"].split("@")[0] for s in STEPS if "uses" in s]
    assert all(re.fullmatch(r"[0-9a-f]{40}", commit) for _, commit in used)


def test_every_input_and_output_is_described() -> None:
    """Their descriptions are the Action's manual."""
    for one in (*ACTION["inputs"].values(), *ACTION["outputs"].values()):
        assert one["description"].endswith(".")


def test_the_base_and_the_status_branch_are_fetched(clone: Path, forge: Forge) -> None:
    """A checkout has one commit: the others are fetched, one commit each."""
    push_status(clone, {"STATUS.md": b""})
    job = job_for(clone, forge, README_CHANGE, **NOT_ABOUT_DOCUMENTS)
    done = job.run()
    assert not done.has_failed, done.err
    base = git(clone, "rev-parse", "main").strip()
    assert done.steps["fetch"] == {
        "base": base,
        "observed": "refs/remotes/origin/pairctl-status",
    }
    assert git(job.workspace, "cat-file", "-t", base) == "commit\n"
    assert git(job.workspace, "show", "refs/remotes/origin/pairctl-status:STATUS.md") == ""
    assert git(job.workspace, "rev-list", "--count", "--all", base).strip() == "3"


def test_a_base_may_be_a_branch(clone: Path, forge: Forge) -> None:
    """A workflow can compare with any branch, by its name."""
    job = job_for(clone, forge, README_CHANGE, **NOT_ABOUT_DOCUMENTS)
    done = job.run(base="main")
    assert done.steps["fetch"]["base"] == git(clone, "rev-parse", "main").strip()


def test_a_status_branch_that_is_not_there_yet_fails_nothing(clone: Path, forge: Forge) -> None:
    """The first pull request comes before the first pass."""
    done = job_for(clone, forge, README_CHANGE, **NOT_ABOUT_DOCUMENTS).run()
    assert not done.has_failed, done.err
    assert "observed" not in done.steps["fetch"]


def test_a_server_that_cannot_be_asked_is_no_missing_branch(clone: Path, forge: Forge) -> None:
    """What is not known is not taken for "not there"."""
    job = job_for(clone, forge, README_CHANGE, **NOT_ABOUT_DOCUMENTS)
    git(job.workspace, "remote", "set-url", "origin", "file:///nowhere")
    assert job.run().has_failed


def test_a_private_repository_is_fetched_with_the_token(clone: Path, forge: Forge) -> None:
    """Whether the checkout has kept its own login or not; the token is shown nowhere."""
    push_status(clone, {"STATUS.md": b""})
    job = job_for(clone, forge, README_CHANGE, **NOT_ABOUT_DOCUMENTS)
    with serve_git(clone.parent / "origin.git") as server:
        server.password = TOKEN
        address = server.url.rpartition("/")[0]
        git(job.workspace, "remote", "set-url", "origin", server.url)
        git(
            job.workspace, "config", f"http.{address}/.extraheader", "AUTHORIZATION: basic c3RhbGU="
        )
        private = Runner(
            job.workspace, forge, job.temporary, job.given, event=job.event, server=address
        )
        done = private.run()
    assert not done.has_failed, done.err
    assert "observed" in done.steps["fetch"]
    assert TOKEN not in done.out + done.err


def test_the_plan_becomes_one_comment(tmp_path: Path, forge: Forge) -> None:
    """A second run updates it; the output says where it stands."""
    job = job_with_a_plan(tmp_path, forge)
    first, second = job.run(), job.run()
    assert not first.has_failed, first.err
    assert not second.has_failed, second.err
    assert [comment["body"] for comment in forge.comments] == [PLAN]
    assert second.outputs["comment-url"] == forge.comments[0]["html_url"]
    assert second.summary == ""


def test_a_fork_gets_the_plan_as_the_jobs_summary(tmp_path: Path, forge: Forge) -> None:
    """Its token may only read: nothing fails."""
    forge.may_write = False
    done = job_with_a_plan(tmp_path, forge).run()
    assert not done.has_failed, done.err
    assert done.summary == f"{PLAN}\n"
    assert done.outputs["comment-url"] == ""


def test_comments_can_be_left_out(tmp_path: Path, forge: Forge) -> None:
    """Then the forge's API is not called at all."""
    done = job_with_a_plan(tmp_path, forge).run(comment="false")
    assert done.summary == PLAN
    assert forge.requests == []


@pytest.mark.parametrize(
    ("result", "fails_on_findings", "has_failed"),
    [
        ("valid", "true", False),
        ("findings", "true", True),
        ("findings", "false", False),
        ("error", "true", True),
        ("error", "false", True),
        ("", "false", True),
    ],
)
def test_the_job_fails_for_findings_if_asked_and_for_errors_always(
    tmp_path: Path, forge: Forge, result: str, fails_on_findings: str, has_failed: bool
) -> None:
    """It is the last step that fails: the plan has been shown by then."""
    job = job_with_a_plan(tmp_path, forge, result)
    done = job.run(fail_on_findings=fails_on_findings, comment="false")
    assert done.has_failed == has_failed
    assert done.summary == PLAN


def test_a_plan_that_cannot_be_made_fails_the_job(clone: Path, forge: Forge) -> None:
    """An error is told apart from changes, and no comment says that all is well."""
    given = {name: NOT_ABOUT_DOCUMENTS[name] for name in ("install", "validate")}
    done = job_for(clone, forge, README_CHANGE, **given).run(path="nowhere")
    assert done.has_failed
    assert "nowhere" in done.err
    assert forge.requests == []


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 127, 137, 143])
def test_only_a_plan_that_was_made_goes_on(tmp_path: Path, forge: Forge, code: int) -> None:
    """Blocked, and not known, are for the comment; what a signal has ended is no plan."""
    program = stand_in(tmp_path, code)
    given = {
        "install": {"program": str(program)},
        "fetch": {},
        "validate": {"result": "valid"},
        "comment": {},
    }
    done = Runner(tmp_path, forge, tmp_path, given).run()
    assert done.has_failed is (code not in {0, 2, 3})


def test_the_action_installs_itself_and_nothing_of_the_change(clone: Path, forge: Forge) -> None:
    """Modules in the change that are called like Python's own are not run.

    What is installed has all its parts, the templates of `init` among them.
    """
    trap = 'open("trapped", "w").close()\nraise SystemExit(1)\n'
    changes = {f"{name}.py": trap for name in ("venv", "pip", "runpy", "site", "typer", "os")}
    given = {name: one for name, one in NOT_ABOUT_DOCUMENTS.items() if name != "install"}
    job = job_for(clone, forge, changes, **given)
    action = copy_of_pairctl(clone.parent / "action")
    installing = Runner(job.workspace, forge, job.temporary, given, action, job.event)
    done = installing.run(python=sys.executable)
    assert not done.has_failed, done.err
    program = done.steps["install"]["program"]
    asked = run([program, "--version"], cwd=job.workspace, env=OFFLINE)
    assert asked.out == f"pairctl {__version__}\n"
    made = run([program, "init", "new"], cwd=job.temporary, env=OFFLINE)
    assert made.code == 0, made.err
    assert not (job.workspace / "trapped").exists()
