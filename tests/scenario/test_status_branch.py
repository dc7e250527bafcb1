"""The status branch is never one that holds the intents, or anything else that is not pairctl's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pairctl.engine import PassResult, Reconciler, Settings, watch
from pairctl.problem import PairctlError
from repo_factory import STATUS, git
from scenario_factory import World, world

COMMANDS = (
    ("plan",),
    ("plan", "--offline"),
    ("plan", "--base", "HEAD"),
    ("discover",),
    ("doctor",),
    ("apply",),
    ("apply", "--local"),
    ("apply", "--wait"),
    ("watch",),
    ("status",),
    ("explain", "store-1"),
    ("approve",),
)
WITHOUT_RULES = {"status", "explain", "approve"}


def refuses(w: World, command: tuple[str, ...], *more: str) -> str:
    """Run a command that must be refused: nothing is looked at. Gives what it says."""
    received = len(w.running.simulation.journal.received)
    branches = git(w.box.bare, "for-each-ref")
    done = w.run(*command, *more, rules=command[0] not in WITHOUT_RULES)
    told = done.stdout + done.stderr
    assert done.returncode == (3 if command[0] == "doctor" else 1), (command, told)
    assert "is not a status branch" in told, (command, told)
    assert len(w.running.simulation.journal.received) == received, command
    assert git(w.box.bare, "for-each-ref") == branches
    return told


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Run a world that nothing is ever done to."""
    with world(tmp_path_factory.mktemp("world")) as w:
        git(w.box.clone, "branch", "--quiet", "never-pushed")
        yield w


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_takes_the_branch_of_the_intents_for_its_own(
    one: World, command: tuple[str, ...]
) -> None:
    """It is refused before anybody is looked at, by its name and with what to do."""
    told = refuses(one, command, "--status-branch", "main")
    assert "main is not a status branch" in told
    assert "--status-branch" in told


def at_clone(w: World) -> str:
    """Name the clone."""
    return str(w.box.clone)


def at_bare(w: World) -> str:
    """Name the bare repository, which has no remote, by its path."""
    return str(w.box.bare)


def at_url(w: World) -> str:
    """Name the bare repository by a clone URL."""
    return w.box.url


@pytest.mark.parametrize(
    ("where", "branch", "ref"),
    [
        (at_clone, "refs/heads/main", "HEAD"),
        (at_clone, "HEAD", "HEAD"),
        (at_clone, "main", "main"),
        (at_clone, "main", "refs/heads/main"),
        (at_clone, "main", "origin/main"),
        (at_clone, "main", "refs/remotes/origin/main"),
        (at_clone, "never-pushed", "never-pushed"),
        (at_bare, "main", "HEAD"),
        (at_bare, "refs/heads/main", "refs/heads/main"),
        (at_url, "main", "HEAD"),
        (at_url, "refs/heads/main", "main"),
        (at_url, "HEAD", "main"),
    ],
)
def test_by_whatever_spelling(
    one: World, where: Callable[[World], str], branch: str, ref: str
) -> None:
    """A short name, a full one, HEAD and what it points to, of a path or a clone URL."""
    told = refuses(one, ("apply",), "-r", where(one), "--status-branch", branch, "--ref", ref)
    assert "it is the branch that the intents are read from" in told


def test_though_it_does_not_exist_at_the_remote_yet(tmp_path: Path) -> None:
    """Nobody's first push makes a branch of the intents the branch of statuses."""
    with world(tmp_path) as w:
        for branch, new in (("feature", ("--no-track", "-b")), ("unborn", ("--orphan",))):
            git(w.box.clone, "checkout", "--quiet", *new, branch)
            for command in (("plan", "--offline"), ("apply", "--local"), ("status",)):
                refuses(w, command, "--status-branch", branch)


def push_branch(w: World, name: str, *paths: str, link: str = "") -> None:
    """Push a branch that holds nothing but files of these paths, from a clone of somebody's."""
    theirs = w.root / "theirs"
    if not theirs.exists():
        w.box.another_clone("theirs")
    git(theirs, "checkout", "--quiet", "--orphan", name)
    git(theirs, "rm", "-rfq", ".")
    for path in paths:
        (theirs / path).parent.mkdir(exist_ok=True)
        (theirs / path).write_text("# mine\n")
    if link:
        (theirs / link).symlink_to("elsewhere")
    git(theirs, "add", "--all")
    git(theirs, "commit", "--quiet", "--message", "mine")
    git(theirs, "push", "--quiet", "origin", name)


def test_by_the_name_that_the_remote_has_for_it(tmp_path: Path) -> None:
    """A branch of the clone that follows another one is that one, whatever either holds."""
    with world(tmp_path) as w:
        push_branch(w, STATUS, "status/note.yaml")
        git(w.box.clone, "fetch", "--quiet")
        git(w.box.clone, "checkout", "--quiet", "-b", "work")
        shown = w.run("status", rules=False)
        assert shown.returncode == 1
        assert shown.stderr.startswith("status/note.yaml: ")
        assert "is not a status branch" not in shown.stderr
        git(w.box.clone, "branch", "--quiet", "--set-upstream-to", f"origin/{STATUS}")
        refuses(w, ("apply",))
        refuses(w, ("status",))


def test_a_branch_with_a_file_of_somebodys_is_refused_by_all(tmp_path: Path) -> None:
    """One path that is not pairctl's own is enough; nothing is written beside it."""
    with world(tmp_path) as w:
        push_branch(w, "notes", "status/store-1.yaml", "fleet/README.md")
        for command in COMMANDS:
            told = refuses(w, command, "--status-branch", "notes")
            assert "it holds what pairctl did not write there: fleet/README.md" in told


def test_hidden_files_and_odd_ones_are_foreign_too(tmp_path: Path) -> None:
    """Though they are never read: a link, and names that differ only in case."""
    with world(tmp_path) as w:
        push_branch(w, "hidden", ".gitignore")
        push_branch(w, "cases", "Readme", "README")
        push_branch(w, "a-link", "STATUS.md", link="status")
        for branch in ("hidden", "cases", "a-link"):
            told = refuses(w, ("status",), "--status-branch", branch)
            assert "it holds what pairctl did not write there: " in told


def test_a_file_that_came_since_the_last_pass_stops_the_next(tmp_path: Path) -> None:
    """The branch is judged at each tip: nothing is sent on one that is not pairctl's alone."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        w.one_pass()
        w.push_status({"README.md": "words\n"})
        w.commit(w.intent())
        with pytest.raises(PairctlError, match="not a status branch"):
            w.one_pass()
        assert w.writes() == []


def test_watch_goes_on_once_the_branch_is_mended(tmp_path: Path) -> None:
    """Refused at the start it ends; a file that comes later is reported, and waited for."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        told: list[PassResult | PairctlError] = []

        def report(one: PassResult | PairctlError) -> None:
            told.append(one)
            match len(told):
                case 1:
                    w.push_status({"README.md": "words\n"})
                case 2:
                    (w.root / "theirs" / "README.md").unlink()
                    w.push_status({})
                case _:
                    settings_of[0].stop.request()

        settings_of: list[Settings] = []

        async def work(reconciler: Reconciler, settings: Settings) -> None:
            settings_of.append(settings)
            await watch(reconciler, settings, report, every_s=0.01)

        w.with_engine(work)
        assert [isinstance(one, PairctlError) for one in told] == [False, True, False]


def test_a_commit_of_the_status_branch_holds_no_intents(tmp_path: Path) -> None:
    """By its id too the branch of statuses is not the one of the intents."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        w.one_pass()
        refuses(w, ("plan", "--offline"), "--ref", w.tip, "-r", w.box.url)


def test_validate_believes_no_other_branch(tmp_path: Path) -> None:
    """Matches are proven on what pairctl wrote down, not on what somebody has put there."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        w.one_pass()
        git(w.box.clone, "fetch", "--quiet")
        assert w.run("validate", rules=False).returncode == 0
        commit = git(w.box.clone, "rev-parse", "main")
        for observed in ("main", "refs/heads/main", "origin/main", "HEAD", commit):
            done = w.run("validate", "--observed", observed, rules=False)
            assert done.returncode == 1, observed
            assert "is not a status branch" in done.stderr
        w.push_status({"README.md": "words\n"})
        git(w.box.clone, "fetch", "--quiet")
        done = w.run("validate", rules=False)
        assert (done.returncode, "README.md" in done.stderr) == (1, True)
