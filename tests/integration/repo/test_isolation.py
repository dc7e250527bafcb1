"""Nothing of the user's environment or configuration changes what git does for pairctl."""

import os
from pathlib import Path

import pytest

from pairctl.repo import NotARepository, NotOurs, Repository
from repo_factory import NOW, git, make_box, run


async def whole_story(location: str) -> tuple[list[str], str]:
    """Read, publish, read: the paths of the documents and the new commit."""
    async with await Repository.open(location) as repository:
        await repository.refresh()
        files = await repository.files(await repository.resolve("main"))
        status = await repository.status()
        commit = await repository.publish(status.tip, {"s/a": b"1"}, message="m", now=NOW)
        return [source.path for source in files.sources], commit


@pytest.mark.parametrize("kind", ["clone", "url"])
def test_a_hostile_configuration_has_no_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Signing, hooks, rewritten URLs, helpers and filters of the user's own git stay out."""
    box = make_box(tmp_path)
    home = tmp_path / "home"
    (home / "hooks").mkdir(parents=True)
    owned = tmp_path / "owned"
    for name in ("pre-push", "reference-transaction", "post-update"):
        (home / "hooks" / name).write_text(f"#!/bin/sh\ntouch {owned}\n")
        (home / "hooks" / name).chmod(0o755)
    (home / ".gitconfig").write_text(
        f"""
        [commit] gpgsign = true
        [gpg] program = touch {owned}
        [core]
            hooksPath = {home}/hooks
            fsmonitor = touch {owned}
            sshCommand = touch {owned}
            attributesFile = {home}/attributes
        [url "ext::touch {owned} "] insteadOf = file://
        [url "ext::touch {owned} "] insteadOf = /
        [credential] helper = "!touch {owned}"
        [protocol] allow = always
        [push] gpgSign = true
        """
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    paths, commit = run(whole_story(box.url if kind == "url" else str(box.clone)))
    assert paths == ["fleet/a.yaml"]
    assert box.status_log() == [commit]
    assert not owned.exists()


@pytest.mark.parametrize("kind", ["clone", "url"])
def test_git_variables_of_the_environment_have_no_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A run inside a hook or another tool's git has its GIT_* variables set; ours does not care."""
    box = make_box(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    elsewhere = make_box(other, {"wrong.yaml": "x"})
    for name, value in {
        "GIT_DIR": str(elsewhere.bare),
        "GIT_WORK_TREE": str(elsewhere.clone),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_OBJECT_DIRECTORY": str(elsewhere.bare / "objects"),
        "GIT_COMMON_DIR": str(elsewhere.bare),
        "GIT_NAMESPACE": "x",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.bare",
        "GIT_CONFIG_VALUE_0": "nonsense",
        "GIT_TRACE": str(tmp_path / "trace"),
    }.items():
        monkeypatch.setenv(name, value)
    paths, commit = run(whole_story(box.url if kind == "url" else str(box.clone)))
    assert paths == ["fleet/a.yaml"]
    assert box.status_log() == [commit]
    assert git(elsewhere.bare, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert not (tmp_path / "trace").exists()


def test_our_secrets_are_not_in_the_environment_of_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What git starts, down to a hook, knows nothing of pairctl's own environment."""
    box = make_box(tmp_path)
    box.hook("pre-receive", f'cat /proc/$PPID/environ > "{tmp_path}/env"; env >> "{tmp_path}/env"')
    monkeypatch.setenv("PAIRCTL_SECRET_PALETTE", "hunter2")
    run(whole_story(str(box.clone)))
    seen = (tmp_path / "env").read_text()
    assert "GIT_TERMINAL_PROMPT=0" in seen
    assert "hunter2" not in seen


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_refused_with_advice(tmp_path: Path) -> None:
    """A clone that somebody else can write to could run programs in our name."""
    box = make_box(tmp_path)
    os.chown(box.bare, 12345, 12345)
    with pytest.raises(NotARepository, match="chown"):
        run(whole_story(str(box.bare)))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("trusted", ["{place}", "*"])
@pytest.mark.parametrize("kind", ["a work tree", "a bare repository"])
def test_a_repository_of_another_user_whom_we_trust_is_opened(
    tmp_path: Path, kind: str, trusted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the checkout of a CI job in a container says; only that counts of our configuration."""
    box = make_box(tmp_path)
    place = box.clone if kind == "a work tree" else box.bare
    for path in [place, *place.rglob("*")]:
        os.chown(path, 12345, 12345)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    (home / ".gitconfig").write_text("[safe]\n\tdirectory = /elsewhere\n[core]\n\tbare = maybe\n")
    with pytest.raises(NotOurs, match=r"add safe\.directory"):
        run(opened(str(place)))
    with (home / ".gitconfig").open("a") as more:
        more.write(f"[safe]\n\tdirectory = {trusted.format(place=place)}\n")
    run(opened(str(place)))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("kind", ["a clone", "a clone URL"])
def test_a_remote_of_another_user_whom_we_trust_is_used(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a bare repository of a server's own user, on the same machine."""
    box = make_box(tmp_path / "it's here")
    for path in [box.bare, *box.bare.rglob("*")]:
        os.chown(path, 12345, 12345)
    where = str(box.clone) if kind == "a clone" else f"file://{box.bare}"
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    with pytest.raises(NotOurs, match=r"add safe\.directory"):
        run(whole_story(where))
    (home / ".gitconfig").write_text(f"[safe]\n\tdirectory = {box.bare}\n")
    run(whole_story(where))


async def opened(place: str) -> None:
    """Open a repository, and read a commit of it."""
    async with await Repository.open(place, remote=None) as repository:
        await repository.resolve("main")
