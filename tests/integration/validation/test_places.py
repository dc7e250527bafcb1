"""Which folder is validated, of which repository: links, `..`, and whom git may ask."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pairctl.problem import ConfigurationError
from pairctl.repo import GitFailed
from pairctl.validation import Validation, repository_of
from repo_factory import git
from spec_factory import file_of, palette
from validation_factory import validated


def make_clone(folder: Path, *paths: str) -> Path:
    """Make a repository with a valid document under each path."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    for number, path in enumerate(paths):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(file_of(palette(f"palette-{number}")).content)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "first")
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Make a repository with documents at its top, in a folder and in a hidden one."""
    return make_clone(tmp_path / "clone", "a.yaml", "fleet/b.yaml", ".fleet/c.yaml")


def paths(found: Validation) -> list[str]:
    """Return where the documents stand."""
    return [entry.path for entry in found.inspection.entries]


@pytest.mark.parametrize("ref", [{}, {"ref": "main"}])
def test_paths_are_told_from_the_top_of_the_repository(clone: Path, ref: dict[str, str]) -> None:
    """The same file has the same path, whichever folder is named, and however."""
    assert paths(validated(clone, **ref)) == ["a.yaml", "fleet/b.yaml"]
    assert paths(validated(clone / "fleet", **ref)) == ["fleet/b.yaml"]
    assert paths(validated(clone / "fleet" / ".." / "fleet", **ref)) == ["fleet/b.yaml"]
    assert paths(validated(clone / ".fleet", **ref)) == [".fleet/c.yaml"]


def test_a_folder_is_named_from_where_one_stands(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Relative paths are taken from the current folder."""
    monkeypatch.chdir(clone / "fleet")
    assert paths(validated(Path())) == ["fleet/b.yaml"]
    assert paths(validated(Path(".."))) == ["a.yaml", "fleet/b.yaml"]


@pytest.mark.parametrize("target", ["outside", "another/fleet", "another", "clone/fleet", "link"])
def test_a_link_in_a_repository_is_not_looked_through(
    clone: Path, tmp_path: Path, target: str
) -> None:
    """A pull request can put one where a workflow names a folder."""
    make_clone(tmp_path / "another", "fleet/x.yaml")
    (tmp_path / "outside").mkdir()
    (clone / "link").symlink_to(clone / target if target == "link" else tmp_path / target)
    with pytest.raises(ConfigurationError, match="without links"):
        validated(clone / "link")


def test_a_link_to_a_clone_is_its_owners_own(clone: Path, tmp_path: Path) -> None:
    """Where no repository holds the link, it stands for what it leads to."""
    (tmp_path / "short").symlink_to(clone)
    (tmp_path / "shorter").symlink_to(clone / "fleet")
    assert paths(validated(tmp_path / "short")) == ["a.yaml", "fleet/b.yaml"]
    assert paths(validated(tmp_path / "short" / "fleet")) == ["fleet/b.yaml"]
    assert paths(validated(tmp_path / "shorter")) == ["fleet/b.yaml"]
    assert repository_of(tmp_path / "shorter") == clone


def test_links_in_a_circle_are_no_folder(tmp_path: Path) -> None:
    """They are told in words."""
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(ConfigurationError, match="is not a folder"):
        validated(tmp_path / "a")


def test_a_file_is_no_folder_and_its_folder_is_named(clone: Path, tmp_path: Path) -> None:
    """What it refers to stands elsewhere, so a file by itself is not judged."""
    (tmp_path / "alone.yaml").write_text("a: 1\n")
    for file in (clone / "fleet" / "b.yaml", tmp_path / "alone.yaml"):
        with pytest.raises(
            ConfigurationError, match="is a file, and documents are judged together"
        ):
            validated(file)


# ── whom git may ask ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "url", ["https://ci-token:hunter2@git.example/fleet.git", "git://git.example/fleet", "ext::sh"]
)
def test_the_remote_of_a_clone_does_not_matter(clone: Path, url: str) -> None:
    """A CI server's clone has its own credentials in the URL, and `validate` asks nobody."""
    git(clone, "remote", "add", "origin", url)
    assert paths(validated(clone, ref="main")) == ["a.yaml", "fleet/b.yaml"]
    git(clone, "remote", "rename", "origin", "upstream")
    assert paths(validated(clone, ref="main")) == ["a.yaml", "fleet/b.yaml"]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Listen on a port of this machine, and answer nobody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_what_a_partial_clone_left_out_is_not_fetched(clone: Path, listener: socket.socket) -> None:
    """Git would ask the remote for a missing file by itself; here it may not."""
    blob = git(clone, "rev-parse", "main:fleet/b.yaml")
    host, port = listener.getsockname()
    git(clone, "remote", "add", "origin", f"http://{host}:{port}/fleet.git")
    git(clone, "config", "remote.origin.promisor", "true")
    git(clone, "config", "remote.origin.partialclonefilter", "blob:none")
    git(clone, "config", "extensions.partialClone", "origin")
    (clone / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(GitFailed, match=r"missing|not allowed"):
        validated(clone, ref="main")
    with pytest.raises(BlockingIOError):
        listener.accept()
