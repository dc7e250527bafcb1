"""A repository whose object ids are SHA-256, from the intents' commit to the evidence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pairctl.exits import Exit
from repo_factory import STATUS, git
from repo_http_factory import serve
from scenario_factory import World, world

PLACES = ("clone", "work tree", "bare", "file", "http")


@contextmanager
def place(w: World, where: str) -> Iterator[str]:
    """Give the repository as a path or as a clone URL."""
    match where:
        case "clone":
            yield str(w.box.clone)
        case "work tree":
            git(w.box.clone, "worktree", "add", "--quiet", "-B", "beside", str(w.root / "beside"))
            git(w.root / "beside", "branch", "--quiet", "--set-upstream-to=origin/main")
            yield str(w.root / "beside")
        case "bare":
            yield str(w.box.bare)
        case "file":
            yield w.box.url
        case _:
            with serve(w.box.bare) as server:
                yield server.url


@pytest.mark.parametrize("where", PLACES)
def test_a_cluster_is_paired_from_a_repository_with_long_ids(tmp_path: Path, where: str) -> None:
    """Every command that reads or writes; then a change, in a new process and its cache."""
    with (
        world(tmp_path, object_format="sha256", fleet=lambda w: [w.intent(suspend=True)]) as w,
        place(w, where) as location,
    ):

        def done(command: str, *more: str, rules: bool = True, code: Exit = Exit.OK) -> str:
            ended = w.run(command, *more, "-r", location, rules=rules)
            assert ended.returncode == code, ended.stdout + ended.stderr
            return ended.stdout + ended.stderr

        done("apply", "--wait")
        assert w.told()[0] == "Waiting"
        w.commit(w.intent())
        assert w.run("validate", rules=False).returncode == 0
        done("plan", "--ref", "main", code=Exit.CHANGES)
        done("apply", "--wait")
        assert w.told() == ("Paired", "Paired")
        assert "Paired" in done("status", rules=False)
        done("evidence", "--verify", rules=False)
        assert len(git(w.box.bare, "rev-parse", STATUS)) == 64
        git(w.box.bare, "fsck", "--strict", "--no-dangling")
