"""What a clone's remote looks like is no matter to commands that can do without asking it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli_factory import ROOT, Done, git, pairctl
from pairctl.repo import Repository
from repo_factory import NOW, run, write_hook
from repo_http_factory import serve

TOKEN = "glcbt-64_dJxyQx4zXb1"
STATUS = "refs/heads/pairctl-status"
QUICKSTART = ROOT / "examples/quickstart/repository"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with a document and what a pass wrote down, fetched as CI's templates fetch it."""
    git(tmp_path, "init", "--quiet", "--bare", "origin.git")
    git(tmp_path, "clone", "--quiet", f"file://{tmp_path}/origin.git", "clone")
    folder = tmp_path / "clone"
    shutil.copytree(QUICKSTART, folder, dirs_exist_ok=True)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "pair")
    git(folder, "push", "--quiet", "origin", "HEAD")
    run(_publish(str(tmp_path / "origin.git")))
    git(folder, "fetch", "--quiet")
    return folder


async def _publish(bare: str) -> None:
    status = b"apiVersion: pairctl.dev/v1alpha1\nkind: PairingStatus\n"
    async with await Repository.open(bare) as repository:
        await repository.publish(None, {"status/x.yaml": status}, message="m", now=NOW)


def _url(url: str, *settings: tuple[str, str]) -> Callable[[Path], None]:
    def change(clone: Path) -> None:
        git(clone, "remote", "set-url", "origin", url)
        for name, value in settings:
            git(clone, "config", name, value)

    return change


def _renamed(clone: Path) -> None:
    git(clone, "remote", "rename", "origin", "upstream")


def _several(clone: Path) -> None:
    _renamed(clone)
    git(clone, "remote", "add", "fork", "https://git.invalid/fork.git")


REMOTES = {
    "a job's token": _url(f"https://gitlab-ci-token:{TOKEN}@git.invalid/edge/x.git"),
    "a token for a user": _url(f"https://{TOKEN}@git.invalid/edge/x.git"),
    "a token over plain http": _url(f"http://job:{TOKEN}@git.invalid/edge/x.git"),
    "a token with odd characters": _url(f"https://job:a/b@{TOKEN}@git.invalid/x.git"),
    "a password for ssh": _url(f"ssh://git:{TOKEN}@git.invalid/x.git"),
    "a helper's scheme": _url("codecommit::eu-west-1://edge"),
    "git's own protocol": _url("git://git.invalid/x.git"),
    "a shorthand": _url("corp:x.git", ("url.https://git.invalid/.insteadOf", "corp:")),
    "a path that is gone": _url("../gone.git"),
    "another name": _renamed,
    "several, of other names": _several,
}


@pytest.fixture(params=REMOTES)
def odd(request: pytest.FixtureRequest, clone: Path) -> Path:
    """The clone, whose remote cannot be asked."""
    REMOTES[request.param](clone)
    return clone


@pytest.fixture
def job(clone: Path) -> Path:
    """The clone as a CI's job has it."""
    REMOTES["a job's token"](clone)
    return clone


def looked(clone: Path, *arguments: str) -> Done:
    """Run a command in the clone, and see that it shows no token."""
    done = pairctl(*arguments, cwd=clone)
    assert TOKEN not in done.out + done.err
    return done


def test_the_status_that_was_fetched_is_shown(odd: Path) -> None:
    """`status` reads what the clone has, and says why it asked nobody for more."""
    done = looked(odd, "status")
    assert "status/x.yaml" in done.err  # it is there, and unreadable as it was written above
    assert "could not be fetched" in done.err


def test_a_plan_that_asks_nobody_needs_no_remote(odd: Path) -> None:
    """The documents of the commit are judged by what the last pass wrote down."""
    done = looked(odd, "plan", "--offline")
    assert done.code != 1, done.err
    assert "could not be fetched" in done.err


def test_approvals_are_printed_of_what_was_last_seen(job: Path) -> None:
    """`approve` reads the same branch."""
    done = looked(job, "approve")
    assert done.code == 0, done.err
    assert "could not be fetched" in done.err


def test_what_is_explained_is_as_it_was_last_seen(job: Path) -> None:
    """`explain` gets as far as the facts; nothing is said against the remote itself."""
    done = looked(job, "explain", "store-0001")
    assert "could not be fetched" in done.err
    assert "error: cluster of store-0001 has not been seen yet" in done.err


@pytest.mark.parametrize("command", [("plan",), ("apply",)])
def test_who_needs_the_remote_shows_no_token_either(job: Path, command: tuple[str, ...]) -> None:
    """It is an error, and nothing of the login."""
    assert looked(job, *command).code == 1


def test_a_clone_without_remote_is_its_own_place(clone: Path) -> None:
    """Nothing is old there."""
    git(clone, "branch", "pairctl-status", "origin/pairctl-status")
    git(clone, "remote", "remove", "origin")
    done = looked(clone, "plan", "--offline")
    assert done.code != 1
    assert "could not be fetched" not in done.err


def test_the_newest_of_what_a_clone_has_is_shown(clone: Path) -> None:
    """What `status` itself fetched a moment ago, and not what `git fetch` left long before."""
    run(_publish_more(f"{clone.parent}/origin.git"))
    assert "y.yaml" in looked(clone, "status").err
    (clone.parent / "origin.git").rename(clone.parent / "gone.git")
    assert "y.yaml" in looked(clone, "status").err


async def _publish_more(bare: str) -> None:
    async with await Repository.open(bare) as repository:
        tip = (await repository.status()).tip
        await repository.publish(tip, {"status/y.yaml": b"a: b\n"}, message="m", now=NOW)


def test_a_login_in_the_url_logs_in_and_is_on_no_command_line(clone: Path) -> None:
    """The token goes into a file for this user alone; programs are started without it."""
    log, real = clone.parent / "log", shutil.which("git")
    write_hook(clone.parent / "bin/git", f'echo "$@" >> {log}; exec {real} "$@"')
    env = {"PATH": f"{clone.parent}/bin:{os.environ['PATH']}"}
    with serve(clone.parent / "origin.git") as server:
        server.password = TOKEN
        url = server.url.replace("//", f"//x-access-token:{TOKEN}@")
        git(clone, "remote", "set-url", "origin", url)
        done = pairctl("status", cwd=clone, env=env)
    assert "could not be fetched" not in done.err
    assert "ls-remote" in log.read_text()
    assert TOKEN not in done.out + done.err + log.read_text()


def test_a_header_that_logs_in_stays_the_only_one(clone: Path) -> None:
    """Servers refuse two logins."""
    with serve(clone.parent / "origin.git") as server:
        server.password = TOKEN
        git(clone, "remote", "set-url", "origin", server.url.replace("//", "//job:other@"))
        basic = "AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW46Z2xjYnQtNjRfZEp4eVF4NHpYYjE="
        git(clone, "config", f"http.{server.url.rsplit('/', 1)[0]}/.extraheader", basic)
        done = looked(clone, "status")
    assert "could not be fetched" not in done.err


def _own(clone: Path, name: str, value: str) -> dict[str, str]:
    git(clone, "config", name, value)
    return {}


def _users(clone: Path, name: str, value: str) -> dict[str, str]:
    file = clone.parent / "gitconfig"
    git(clone, "config", "--file", str(file), name, value)
    return {"GIT_CONFIG_GLOBAL": str(file)}


def _in_variables(clone: Path, name: str, value: str) -> dict[str, str]:
    return {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": name, "GIT_CONFIG_VALUE_0": value}


SAYING = pytest.mark.parametrize("say", [_own, _users, _in_variables])
Say = Callable[[Path, str, str], dict[str, str]]


@SAYING
def test_a_login_that_git_puts_into_the_url_logs_in(clone: Path, say: Say) -> None:
    """CI's way: `insteadOf` adds a token to the URL of the same host and path."""
    with serve(clone.parent / "origin.git") as server:
        server.password = TOKEN
        git(clone, "remote", "set-url", "origin", server.url)
        place = server.url.rsplit("/", 1)[0]
        login = place.replace("//", f"//x-access-token:{TOKEN}@")
        env = say(clone, f"url.{login}.insteadOf", place)
        done = pairctl("status", cwd=clone, env=env)
    assert "could not be fetched" not in done.err
    assert "insteadOf" not in done.err
    assert TOKEN not in done.out + done.err


@pytest.mark.parametrize(
    ("say", "kind", "command"),
    [
        (_own, "insteadOf", ("status",)),
        (_own, "pushInsteadOf", ("plan", "--offline")),
        (_own, "insteadOf", ("doctor",)),
        (_own, "pushInsteadOf", ("apply",)),
        (_users, "insteadOf", ("status",)),
        (_in_variables, "insteadOf", ("status",)),
    ],
)
def test_another_place_that_git_would_go_to_is_named(
    clone: Path, say: Say, kind: str, command: tuple[str, ...]
) -> None:
    """The URL of the remote is used as it is; of a login in the other nothing is shown."""
    base = f"https://job:{TOKEN}@mirror.invalid"
    env = say(clone, f"url.{base}.{kind}", f"file://{clone.parent}")
    done = pairctl(*command, cwd=clone, env=env)
    said = " ".join((done.out + done.err).split())
    assert "mirror.invalid/origin.git" in said
    assert f"uses file://{clone.parent}/origin.git" in said
    assert TOKEN not in done.out + done.err


def test_a_shorthand_that_only_git_knows_is_refused_with_what_it_stands_for(clone: Path) -> None:
    """A URL of no form that is allowed: the message has the command that mends it."""
    git(clone, "config", "url.https://git.invalid/.insteadOf", "corp://")
    git(clone, "remote", "set-url", "origin", "corp://x.git")
    done = pairctl("apply", cwd=clone)
    assert done.code == 1
    said = " ".join(done.err.split())
    assert "git remote set-url origin https://git.invalid/x.git" in said


def test_a_clone_url_is_used_as_it_is_given_and_a_rewrite_is_named(clone: Path) -> None:
    """Also where it would only add a login."""
    url = f"file://{clone.parent}/origin.git"
    env = _users(clone, f"url.file://{clone.parent}/mirror.insteadOf", f"file://{clone.parent}/or")
    done = pairctl("status", "-r", url, cwd=clone, env=env)
    assert "status/x.yaml" in done.err
    assert f"mirrorigin.git in place of {url}" in " ".join(done.err.split())
