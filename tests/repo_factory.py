"""Real repositories in a temporary folder, made with the git program and nothing of pairctl."""

import asyncio
import atexit
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from pairctl.repo import PushHeld, PushLost, Repository

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
STATUS = "pairctl-status"
T = TypeVar("T")

_ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "operator",
    "GIT_AUTHOR_EMAIL": "operator@localhost",
    "GIT_COMMITTER_NAME": "operator",
    "GIT_COMMITTER_EMAIL": "operator@localhost",
}


def run(work: Coroutine[None, None, T]) -> T:
    """Run one coroutine to its end in a loop of its own."""
    return asyncio.run(work)


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run the git program in `folder`; raises CalledProcessError."""
    answer = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=_ENVIRONMENT,
        input=stdin,
        capture_output=True,
        check=True,
    )
    return answer.stdout.decode("utf-8", "surrogateescape").strip()


@dataclass(frozen=True)
class Box:
    """A bare repository `origin.git` with one commit on main, and a clone of it."""

    root: Path

    @property
    def bare(self) -> Path:
        return self.root / "origin.git"

    @property
    def clone(self) -> Path:
        return self.root / "clone"

    @property
    def url(self) -> str:
        return f"file://{self.bare}"

    def another_clone(self, name: str) -> Path:
        git(self.root, "clone", "--quiet", str(self.bare), name)
        return self.root / name

    def commit(self, files: Mapping[str, str | bytes], message: str = "change") -> str:
        """Commit `files` on main through the clone and push them; gives the commit's id."""
        self.add(files)
        git(self.clone, "commit", "--quiet", "--allow-empty", "--message", message)
        git(self.clone, "push", "--quiet", "origin", "HEAD:refs/heads/main")
        return git(self.clone, "rev-parse", "HEAD")

    def add(self, files: Mapping[str, str | bytes]) -> None:
        """Write files into the clone, and stage all that is there."""
        for name, content in files.items():
            path = self.clone / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        git(self.clone, "add", "--all")

    def hook(self, name: str, script: str) -> None:
        """Give the bare repository a hook, as a server has them."""
        write_hook(self.bare / "hooks" / name, script)

    def status_log(self) -> list[str]:
        """The ids of the status branch's commits at the bare repository, newest first."""
        return git(self.bare, "rev-list", f"refs/heads/{STATUS}").split()


def make_box(
    root: Path, files: Mapping[str, str | bytes] | None = None, *, object_format: str = "sha1"
) -> Box:
    """A box whose first commit holds `files`."""
    box, empty = Box(root), _empty_box(object_format)
    for made in (box.bare, box.clone):
        shutil.copytree(empty / made.name, made)
    settings = box.clone / ".git" / "config"
    settings.write_text(settings.read_text().replace(str(empty), str(root)))
    box.add({"fleet/a.yaml": "kind: A\n"} if files is None else files)
    git(box.clone, "commit", "--quiet", "--allow-empty", "--message", "change")
    # What a push brings about, without the ten processes of a push: every world begins with one.
    shutil.copytree(box.clone / ".git/objects", box.bare / "objects", dirs_exist_ok=True)
    pushed = box.clone / ".git/refs/remotes/origin/main"
    pushed.parent.mkdir(parents=True)
    for ref in (pushed, box.bare / "refs/heads/main"):
        shutil.copyfile(box.clone / ".git/refs/heads/main", ref)
    return box


@cache
def _empty_box(object_format: str) -> Path:
    """A folder with an empty bare repository and its clone, made once a process."""
    root = Path(tempfile.mkdtemp(prefix="pairctl-box-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    made = ("init", "--quiet", f"--object-format={object_format}", "--initial-branch=main")
    git(root, *made, "--bare", "origin.git")
    git(root, *made, "clone")  # a clone of an empty repository may have another format
    git(root / "clone", "remote", "add", "origin", str(root / "origin.git"))
    git(root / "clone", "config", "branch.main.remote", "origin")
    git(root / "clone", "config", "branch.main.merge", "refs/heads/main")
    return root


def write_hook(path: Path, script: str) -> None:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@dataclass(frozen=True)
class NotedCommands:
    """The git commands that pairctl has run, each a line of a file."""

    file: Path

    def names(self) -> list[str]:
        """Tell what each command was."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [re.sub(r"^(?:-c \S+ |--git-dir=\S+ )+", "", line).split()[0] for line in lines]

    def clear(self) -> None:
        """Forget the commands so far."""
        self.file.unlink(missing_ok=True)


def note_commands(
    root: Path, monkeypatch: pytest.MonkeyPatch, first: str = "true"
) -> NotedCommands:
    """Have each git command noted that is run from now on, after some shell words of a test."""
    noted, program = NotedCommands(root / "commands"), root / "noting" / "git"
    write_hook(program, f'echo "$*" >> {noted.file}\n{first}\nexec {shutil.which("git")} "$@"')
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return noted


def blob(folder: Path, content: bytes) -> str:
    """The id of a new blob."""
    return git(folder, "hash-object", "-w", "--stdin", stdin=content)


def tree(folder: Path, *entries: tuple[str, str, str, bytes]) -> str:
    """The id of a tree of `(mode, kind, object id, name)`, whatever git thinks of the names."""
    lines = [f"{mode} {kind} {oid}\t".encode() + name + b"\0" for mode, kind, oid, name in entries]
    return git(folder, "mktree", "-z", "--missing", stdin=b"".join(lines))


def commit_tree(folder: Path, tree_id: str, branch: str = "main") -> str:
    """Put a branch onto a new root commit of `tree_id`; gives the commit's id."""
    commit = git(folder, "commit-tree", tree_id, "-m", "made by hand")
    git(folder, "update-ref", f"refs/heads/{branch}", commit)
    return commit


async def publish_again_and_again(repository: Repository, path: str, content: bytes) -> str:
    """What the engine does: read, publish, and on a lost race the same on the new tip."""
    while True:
        status = await repository.status()
        try:
            return await repository.publish(
                status.tip, {path: content}, message=f"status of {path}", now=NOW
            )
        except (PushLost, PushHeld):
            continue
