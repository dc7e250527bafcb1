"""`pairctl comment` as a step of a workflow runs it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_factory import Done, pairctl
from forge_factory import NUMBER, TOKEN, Fault, Forge, serve

BODY = "<!-- pairctl-plan -->\n### Plan\n"


@pytest.fixture
def forge() -> Iterator[Forge]:
    """A forge with a pull request that nobody has said anything about."""
    with serve() as served:
        yield served


def comment(forge: Forge, folder: Path, body: str = BODY, event: object = None) -> Done:
    """Run the command in a folder, for an event about the pull request."""
    told = {"pull_request": {"number": NUMBER}} if event is None else event
    (folder / "event.json").write_text(json.dumps(told))
    (folder / "plan.md").write_text(body)
    paths = {"GITHUB_EVENT_PATH": "event.json", "GITHUB_STEP_SUMMARY": "summary.md"}
    return pairctl("comment", "plan.md", cwd=folder, env={**forge.environment, **paths})


def test_the_comments_address_is_the_result(forge: Forge, tmp_path: Path) -> None:
    """What was done goes to standard error, the address alone to standard output."""
    done = comment(forge, tmp_path)
    assert done.code == 0
    assert done.out.strip() == forge.comments[0]["html_url"]
    assert "created" in done.err
    assert forge.comments[0]["body"] == BODY
    assert not (tmp_path / "summary.md").exists()


def test_where_the_token_may_only_read_the_summary_has_the_text(
    forge: Forge, tmp_path: Path
) -> None:
    """A pull request from a fork fails nothing, and shows the same."""
    forge.may_write = False
    (tmp_path / "summary.md").write_text("said before\n")
    done = comment(forge, tmp_path)
    assert (done.code, done.out) == (0, "")
    assert "summary" in done.err
    assert (tmp_path / "summary.md").read_text() == f"said before\n{BODY}\n"


def test_a_run_about_no_pull_request_writes_the_summary(forge: Forge, tmp_path: Path) -> None:
    """After a push there is nothing to comment on: nothing is called."""
    assert comment(forge, tmp_path, event={"ref": "refs/heads/main"}).code == 0
    assert (tmp_path / "summary.md").read_text() == f"{BODY}\n"
    assert forge.requests == []


def test_without_a_summary_the_refusal_is_an_error(forge: Forge, tmp_path: Path) -> None:
    """At a terminal nothing is lost in silence."""
    (tmp_path / "plan.md").write_text(BODY)
    done = pairctl("comment", "plan.md", cwd=tmp_path, env=forge.environment)
    assert done.code == 1
    assert "--pull-request" in done.err


def test_a_number_makes_up_for_an_event(forge: Forge, tmp_path: Path) -> None:
    """A person can put a comment on a pull request."""
    (tmp_path / "plan.md").write_text(BODY)
    arguments = ["comment", "plan.md", "--pull-request", str(NUMBER)]
    assert pairctl(*arguments, cwd=tmp_path, env=forge.environment).code == 0
    assert len(forge.comments) == 1


def test_a_refusal_of_another_kind_fails_the_step(forge: Forge, tmp_path: Path) -> None:
    """A token that is not accepted is nobody's fork."""
    forge.faults = [Fault("GET /repos", 401)]
    done = comment(forge, tmp_path)
    assert done.code == 1
    assert "GITHUB_TOKEN" in done.err


def test_the_token_is_never_shown_and_never_sent_as_text(forge: Forge, tmp_path: Path) -> None:
    """Not on the screen, not in the comment, whatever the text holds."""
    done = comment(forge, tmp_path, body=f"{BODY}{TOKEN}\n")
    assert TOKEN not in done.out + done.err
    assert forge.comments[0]["body"] == f"{BODY}[redacted]\n"
