"""Git never does what a repository says: not its configuration, hooks, replaced objects or grafts.

Each trap stands in the clone itself, and would leave a mark, or other bytes, if it were obeyed.
"""

import base64
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cli_factory import pairctl
from pairctl.problem import PairctlError
from pairctl.repo import Repository
from pairctl.repo.clone_settings import CloneSettings
from pairctl.repo.private_git_dir import PrivateGitDir
from pairctl.repo.program import GitProgram
from repo_factory import NOW, STATUS, Box, git, make_box, run, write_hook
from repo_http_factory import serve

GOOD = b"kind: A\n"


async def whole_story(location: str) -> tuple[bytes, str]:
    """Fetch, read, publish, read: what the document holds, and the new commit."""
    async with await Repository.open(location) as repository:
        await repository.refresh()
        files = await repository.files(await repository.resolve("main"))
        status = await repository.status()
        commit = await repository.publish(status.tip, {"s/a": b"1"}, message="m", now=NOW)
        (source,) = files.sources
        return source.content, commit


def told(box: Box, *, inner: str = "") -> tuple[bytes, str]:
    """Tell the story on the clone, and hold that the commit came to the true remote."""
    (before,) = box.status_log()
    content, commit = run(whole_story(str(box.clone / inner)))
    assert box.status_log() == [commit, before]
    return content, commit


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """A bare repository with a status branch, and a clone of it that has yet to fetch that."""
    made = make_box(tmp_path)
    stream = b"commit refs/heads/%s\ncommitter a <a@localhost> 0 +0000\ndata 0\n" % STATUS.encode()
    git(made.bare, "fast-import", "--quiet", stdin=stream + b"M 644 inline s/b\ndata 1\nb\n")
    return made


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """What is there once anything of the clone has been run."""
    return tmp_path / "mark"


@pytest.fixture
def program(tmp_path: Path, mark: Path) -> Path:
    """A program that leaves the mark."""
    path = tmp_path / "program"
    write_hook(path, f'touch "{mark}"')
    return path


def configure(clone: Path, settings: Mapping[str, str]) -> None:
    """Write settings into the clone's own configuration, or into a file that it includes."""
    for name, value in settings.items():
        git(clone, "config", "--add", name, value)


Trap = Callable[[Box, Path], None]


def _alternates(box: Box, program: Path) -> None:
    other = make_box_at(box.root / "alternate")
    (box.clone / ".git/objects/info/alternates").write_text(f"{other.bare}/objects\n")
    configure(box.clone, {"core.alternateRefsCommand": str(program)})


def _promisor(url: str) -> Trap:
    def trap(box: Box, program: Path) -> None:
        configure(
            box.clone,
            {
                "core.repositoryFormatVersion": "1",
                "extensions.partialClone": "lazy",
                "remote.lazy.promisor": "true",
                "remote.lazy.partialCloneFilter": "blob:none",
                "remote.lazy.url": url.format(bare=box.bare, program=program),
                "remote.lazy.uploadpack": str(program),
                "protocol.allow": "always",
                "protocol.ext.allow": "always",
                "protocol.file.allow": "always",
            },
        )
        object_id = git(box.clone, "rev-parse", "main:fleet/a.yaml")
        (box.clone / ".git/objects" / object_id[:2] / object_id[2:]).unlink()

    return trap


def _named_like_the_address(name: str, value: str) -> Trap:
    def trap(box: Box, program: Path) -> None:
        git(box.clone, "config", "remote.origin.url", box.url)
        configure(
            box.clone,
            {
                f"remote.{box.url}.{name}": value.format(program=program),
                "protocol.ext.allow": "always",
                "protocol.allow": "always",
            },
        )

    return trap


def _instead(name: str) -> Trap:
    def trap(box: Box, program: Path) -> None:
        configure(
            box.clone,
            {
                f"url.ext::{program} .{name}": str(box.root),
                "protocol.ext.allow": "always",
            },
        )

    return trap


def _elsewhere(name: str) -> Trap:
    def trap(box: Box, program: Path) -> None:
        other = make_box_at(box.root / "elsewhere")
        write_hook(other.bare / "hooks/pre-receive", str(program))
        configure(box.clone, {f"url.{other.bare}.{name}": str(box.bare)})

    return trap


def _hooks(box: Box, program: Path) -> None:
    names = ("pre-push", "reference-transaction", "post-update", "post-checkout", "pre-auto-gc")
    for name in (*names, "fsmonitor-watchman", "query-watchman", "post-index-change"):
        write_hook(box.clone / ".git/hooks" / name, str(program))
        write_hook(box.root / "hooks" / name, str(program))
    configure(box.clone, {"core.hooksPath": str(box.root / "hooks")})


def _programs(box: Box, program: Path) -> None:
    configure(box.clone, named_programs(program))


def _included(box: Box, program: Path) -> None:
    other = box.root / "other"
    git(box.root, "init", "--quiet", str(other))
    configure(other, named_programs(program))
    configure(box.clone, {"include.path": str(other / ".git/config")})
    configure(box.clone, {f"includeIf.gitdir:{box.clone}/.path": str(other / ".git/config")})


def _of_the_work_tree(box: Box, program: Path) -> None:
    configure(box.clone, {"core.repositoryFormatVersion": "1", "extensions.worktreeConfig": "true"})
    for name, value in named_programs(program).items():
        git(box.clone, "config", "--worktree", "--add", name, value)


def named_programs(program: Path) -> dict[str, str]:
    """All that Git can be told to run by a setting of its own."""
    plain = (
        *("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass"),
        *("core.gitProxy", "core.alternateRefsCommand", "diff.external", "sequence.editor"),
        *("gpg.program", "gpg.ssh.program", "gpg.x509.program", "gpg.ssh.defaultKeyCommand"),
        *("uploadpack.packObjectsHook", "interactive.diffFilter", "credential.helper"),
        *("filter.a.clean", "filter.a.smudge", "filter.a.process", "merge.a.driver"),
        *("diff.a.textconv", "diff.a.command", "remote.origin.uploadpack"),
        *("remote.origin.receivepack", "remote.origin.vcs", "pager.fetch", "pager.ls-remote"),
    )
    flags = {
        "commit.gpgSign": "true",
        "push.gpgSign": "true",
        "tag.gpgSign": "true",
        "gc.auto": "1",
        "maintenance.auto": "true",
        "push.recurseSubmodules": "on-demand",
        "fetch.recurseSubmodules": "true",
        "submodule.recurse": "true",
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
    }
    aliases = {f"alias.{name}": f"!{program}" for name in ("fetch", "push", "cat-file", "ls-tree")}
    return {**dict.fromkeys(plain, str(program)), **flags, **aliases}


def make_box_at(folder: Path) -> Box:
    """Make another box, with another document."""
    folder.mkdir()
    return make_box(folder, {"fleet/other.yaml": "kind: Other\n"})


TRAPS: Mapping[str, Trap] = {
    "alternates": _alternates,
    "a remote named like the address, with a helper": _named_like_the_address("vcs", "{program}"),
    "a remote named like the address, elsewhere": _named_like_the_address("url", "ext::{program}"),
    "its proxy": _named_like_the_address("proxy", "{program}"),
    "its receiver": _named_like_the_address("receivepack", "{program}"),
    "its sender": _named_like_the_address("uploadpack", "{program}"),
    "another address": _instead("insteadOf"),
    "another address to push to": _instead("pushInsteadOf"),
    "another repository": _elsewhere("insteadOf"),
    "another repository to push to": _elsewhere("pushInsteadOf"),
    "hooks": _hooks,
    "programs": _programs,
    "programs, included": _included,
    "programs, of the work tree": _of_the_work_tree,
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS.keys())
def test_a_clone_is_read_and_written_whatever_its_configuration_says(
    box: Box, mark: Path, program: Path, trap: Trap
) -> None:
    """No program of the clone is run, and no other repository is asked or written to."""
    trap(box, program)
    content, _ = told(box)
    assert content == GOOD
    assert not mark.exists()


LAZY = {
    "a path": "{bare}",
    "a file": "file://{bare}",
    "a helper": "ext::{program}",
    "a helper with words": "ext::sh -c '{program}'",
}


@pytest.mark.parametrize("url", LAZY.values(), ids=LAZY.keys())
@pytest.mark.parametrize("remote", ["origin", None])
def test_what_is_missing_is_asked_of_nobody(
    box: Box, mark: Path, program: Path, url: str, remote: str | None
) -> None:
    """A partial clone says where the rest is, and with which program to fetch it: it is told."""
    _promisor(url)(box, program)

    async def story() -> None:
        async with await Repository.open(str(box.clone), remote=remote) as repository:
            await repository.files(await repository.resolve("main"))

    with pytest.raises(PairctlError, match="missing"):
        run(story())
    assert not mark.exists()


@pytest.mark.parametrize("scheme", ["ssh://127.0.0.1:1/x", "git@127.0.0.1:x"])
def test_ssh_is_started_as_pairctl_says(box: Box, mark: Path, program: Path, scheme: str) -> None:
    """Neither the clone's program for ssh nor what it takes it for."""
    git(box.clone, "config", "remote.origin.url", scheme)
    configure(box.clone, {"core.sshCommand": str(program), "ssh.variant": "simple"})
    with pytest.raises(PairctlError):
        told(box)
    assert not mark.exists()


def test_a_server_that_asks_for_a_login_starts_no_helper(
    box: Box, mark: Path, program: Path
) -> None:
    """A clone's credential helper, for all addresses or for this one, is a program of the clone."""
    with serve(box.bare) as server:
        server.password = "hunter2"
        git(box.clone, "config", "remote.origin.url", server.url)
        base = server.url.rpartition("/")[0]
        helpers = {
            "credential.helper": f"!{program}",
            f"credential.{base}.helper": f"!{program}",
            "core.askPass": str(program),
        }
        configure(box.clone, helpers)
        with pytest.raises(PairctlError):
            told(box)
    assert not mark.exists()


@pytest.mark.parametrize("form", ["http.extraHeader", "http.{base}/.extraHeader", "included"])
def test_the_login_that_a_checkout_left_in_the_clone_is_used(box: Box, form: str) -> None:
    """As CI's checkouts keep it: a header is data, and is all that they need to fetch and push."""
    with serve(box.bare) as server:
        server.password = "hunter2"
        git(box.clone, "config", "remote.origin.url", server.url)
        login = base64.b64encode(b"x-access-token:hunter2").decode()
        header = f"AUTHORIZATION: basic {login}"
        if form == "included":
            file = box.root / "login"
            git(box.root, "config", "--file", str(file), "http.extraHeader", header)
            configure(box.clone, {"include.path": str(file)})
        else:
            name = form.format(base=server.url.rpartition("/")[0])
            configure(box.clone, {name: header})
        content, _ = told(box)
    assert content == GOOD


@pytest.mark.parametrize("kind", ["commit", "tree", "blob"])
def test_the_bytes_are_those_of_the_commit(box: Box, kind: str) -> None:
    """`refs/replace` shows another object under the same id, and does not for pairctl."""
    other = box.clone / "fleet/a.yaml"
    other.write_text("kind: Other\n")
    git(box.clone, "commit", "--quiet", "--all", "--message", "other")
    names = {"commit": "{}", "tree": "{}^{{tree}}", "blob": "{}:fleet/a.yaml"}[kind]
    good, bad = (git(box.clone, "rev-parse", names.format(at)) for at in ("HEAD~1", "HEAD"))
    git(box.clone, "reset", "--quiet", "--hard", "HEAD~1")
    git(box.clone, "replace", good, bad)
    assert git(box.clone, "show", "main:fleet/a.yaml") == "kind: Other", "the trap is real"
    content, _ = told(box)
    assert content == GOOD


def test_a_folder_of_the_path_that_depends_on_where_we_are_is_not_searched(
    box: Box, mark: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`.` in PATH would be the repository, and its files programs."""
    for name in ("git", "env", "ssh", "sh"):
        for folder in (box.clone, box.clone / ".git"):
            write_hook(folder / name, str(program))
    monkeypatch.chdir(box.clone)
    monkeypatch.setenv("PATH", f".::{os.environ['PATH']}")
    content, _ = told(box)
    assert content == GOOD
    assert not mark.exists()


@pytest.mark.parametrize("place", ["elsewhere", "/"])
def test_a_work_tree_that_a_clone_names_is_not_gone_to(box: Box, place: str) -> None:
    """`core.worktree` would have another repository asked who owns it, and where its remote is."""
    other = make_box_at(box.root / "elsewhere")
    configure(box.clone, {"core.worktree": str(other.clone) if place == "elsewhere" else place})
    relative = ("config", "remote.origin.url", "../origin.git")
    git(box.root, "--git-dir", str(box.clone / ".git"), *relative)
    content, _ = told(box, inner=".git")
    assert content == GOOD


def test_a_partial_clone_gets_a_whole_status_branch(box: Box) -> None:
    """What the clone left out of it is fetched by pairctl, with no help of the clone's settings."""
    git(box.bare, "config", "uploadpack.allowFilter", "true")
    git(box.root, "clone", "--quiet", "--filter=blob:none", box.url, "partial")
    (tip,) = box.status_log()
    held = git(box.root / "partial", "rev-parse", f"refs/remotes/origin/{STATUS}")
    assert held == tip, "the commit is there, and its files are not"

    async def story() -> Mapping[str, bytes]:
        async with await Repository.open(str(box.root / "partial")) as repository:
            await repository.refresh()
            return (await repository.status()).files

    assert run(story()) == {"s/b": b"b"}


@pytest.mark.parametrize("name", ["HEAD", "HEAD^{tree}", "HEAD:fleet", "HEAD:fleet/a.yaml"])
@pytest.mark.parametrize("read", ["files", "file"])
def test_an_object_that_is_another_than_its_id_says_is_refused(
    box: Box, name: str, read: str
) -> None:
    """Who may write to a clone's folder can put other bytes there, and Git gives what it finds."""
    (box.clone / "fleet/a.yaml").write_text("kind: B\n")
    git(box.clone, "commit", "--quiet", "--all", "--message", "other")
    good, bad = (git(box.clone, "rev-parse", name.replace("HEAD", at)) for at in ("HEAD~1", "HEAD"))
    stored = [box.clone / ".git/objects" / one[:2] / one[2:] for one in (good, bad)]
    stored[0].chmod(0o600)
    stored[0].write_bytes(stored[1].read_bytes())
    commit = git(box.clone, "rev-parse", "HEAD~1")

    async def story() -> None:
        async with await Repository.open(str(box.clone)) as repository:
            if read == "files":
                await repository.files(commit)
            else:
                await repository.file(commit, "fleet/a.yaml")

    with pytest.raises(PairctlError, match=r"other bytes|mismatch|not a tree"):
        run(story())


def test_what_a_graft_says_of_history_counts_for_nothing(box: Box) -> None:
    """A commit follows another by its own word, not by a file beside it, which can name any."""
    stranger = git(box.clone, "commit-tree", "HEAD^{tree}", "-m", "of another history")
    tip = git(box.clone, "rev-parse", "HEAD")
    (box.clone / ".git/info/grafts").write_text(f"{tip} {stranger}\n")
    assert git(box.clone, "merge-base", stranger, tip) == stranger, "the trap is real"
    asked = ["merge-base", "--is-ancestor", stranger, tip]
    answer = run(GitProgram(box.clone / ".git").answer(asked, doing="asking"))
    assert answer.status == 1


def test_nothing_is_left_behind_of_the_way_to_a_remote(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is made for it is for this user alone, and goes with the repository's closing."""
    scratch = box.root / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    configure(box.clone, {"http.extraHeader": "AUTHORIZATION: basic eA=="})

    async def story() -> list[int]:
        async with await Repository.open(str(box.clone)) as repository:
            await repository.refresh()
            (made,) = scratch.iterdir()
            return [path.stat().st_mode & 0o777 for path in (made, made / "config")]

    assert run(story()) == [0o700, 0o600]
    assert list(scratch.iterdir()) == []
    assert git(box.clone, "fsck", "--no-dangling") == ""


@pytest.mark.parametrize("value", ['a "b" \\ c', "# not a comment ; nor this", "two\nlines", " x "])
def test_what_is_taken_over_is_taken_over_letter_for_letter(box: Box, value: str) -> None:
    """No value ends its line in the configuration that pairctl writes, and begins another."""
    address = 'https://a.example/"]\\x'
    settings = CloneSettings(http=((address, "extraheader", value), ("", "proxy", value)))

    async def story() -> list[str]:
        made = await PrivateGitDir.over(box.clone / ".git", settings, 40)
        try:
            config = ("config", "--file", str(made.path / "config"), "-z", "--get-all")
            names = (f"http.{address}.extraheader", "http.proxy")
            return [git(box.root, *config, name) for name in names]
        finally:
            made.dispose()

    assert run(story()) == [f"{value}\0".strip()] * 2  # the helper strips what it gives


COMMANDS = (
    ("status",),
    ("plan", "--offline"),
    ("plan", "--offline", "--base", "main", "--format", "markdown"),
    ("explain", "store-1"),
    ("approve", "store-1"),
    ("discover",),
    ("doctor",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_runs_a_program_of_the_clone(
    box: Box, mark: Path, program: Path, command: tuple[str, ...]
) -> None:
    """Commands that only look fetch the status branch, and do no more than that."""
    git(box.clone, "config", "remote.origin.url", box.url)
    for trap in (_alternates, _hooks, _programs, _instead("insteadOf"), _promisor("{bare}")):
        trap(box, program)
    done = pairctl(*command, cwd=box.clone)
    assert "Traceback" not in done.err
    assert not mark.exists()
