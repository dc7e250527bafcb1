"""All of `pairctl validate` on a hostile repository, under a guard that ends it at a false step.

Nothing beside the repository is read, no socket is opened, nothing but Git's plumbing is run. That
Git itself asks nobody and follows nothing is tested in `test_places` and in `integration/repo`.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from cli_factory import ROOT, Done, run
from hostile_factory import SECRET, Trap, make_trap
from pairctl.validation.reading import MANY_FILES
from repo_factory import git
from spec_factory import file_of, palette

GUARD = ROOT / "tests" / "guard"
FORBIDDEN = 97
PAIRCTL = str(Path(sys.executable).with_name("pairctl"))


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Trap:
    """Make the hostile repository once; nobody writes to it."""
    return make_trap(tmp_path_factory.mktemp("trap"))


def guarded(*command: str, cwd: Path, own: Path) -> Done:
    """Run a program; it may read `cwd` and pairctl, and write below `own`, its user's folder."""
    places = {
        "data": [str(cwd)],
        "code": [str(ROOT / "src")],
        "write": [str(own / "cache"), str(own / "tmp")],
        "git": shutil.which("git"),
    }
    (own / "cache").mkdir(exist_ok=True)
    (own / "tmp").mkdir(exist_ok=True)
    env = {
        "HOME": str(own),
        "XDG_CACHE_HOME": str(own / "cache"),
        "TMPDIR": str(own / "tmp"),
        "PAIRCTL_SECRETS_DIR": str(own / "secrets"),
        "PAIRCTL_GUARD": json.dumps(places),
        "PYTHONPATH": str(GUARD),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return run(list(command), cwd=cwd, env=env)


RUNS = {
    "the folder": (),
    "without a cache": ("--no-cache", "--format", "github"),
    "a part": ("fleet", "--observed", "pairctl-status"),
    "a commit": ("--ref", "main", "--observed", "pairctl-status"),
    "a change": ("--ref", "pull", "--base", "main", "--observed", "pairctl-status"),
    "the folder since": ("--base", "main", "--observed", "pairctl-status", "--format", "sarif"),
}


@pytest.mark.parametrize("options", RUNS.values(), ids=RUNS.keys())
def test_a_hostile_repository_is_judged_and_nothing_else_happens(
    trap: Trap, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """There are findings; there is no trace of what lies outside, nor of anything that was run."""
    done = guarded(PAIRCTL, "validate", *options, cwd=trap.clone, own=tmp_path)
    assert (done.code, done.err) == (2, "")
    again = guarded(PAIRCTL, "validate", *options, cwd=trap.clone, own=tmp_path)
    assert again == done, "what was kept from the run before makes a difference"
    for word in ("Traceback", "Defect", SECRET, "root:"):
        assert word not in done.out
    assert done.out.replace("\n", "").replace("\t", "").isprintable()
    assert not trap.marker.exists()


def test_a_hostile_status_branch_is_refused(trap: Trap, tmp_path: Path) -> None:
    """A branch that holds what pairctl never wrote is not read for what was seen."""
    done = guarded(PAIRCTL, "validate", "--observed", "pull", cwd=trap.clone, own=tmp_path)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: pull is not a status branch: ")
    assert done.err.replace("\n", "").isprintable()
    assert not trap.marker.exists()


def codes(trap: Trap, tmp_path: Path, *options: str) -> dict[str, set[str]]:
    """Return the codes that were found in each file."""
    arguments = ("validate", "--format", "json", *options)
    done = guarded(PAIRCTL, *arguments, cwd=trap.clone, own=tmp_path)
    found: dict[str, set[str]] = {}
    for one in json.loads(done.out)["findings"]:
        found.setdefault(one["path"], set()).add(one["code"])
    return found


REFUSED = {
    "SymlinkRefused": {
        *("link", "secret.yaml", "passwd.yaml", "zero.yaml", "dangling.yaml", "circle.yaml"),
        *("outside", "etc", "around", "above", "fleet/inner.yaml"),
    },
    "UnreadableFile": {r"\x1b[2J.yaml", r"a\n::error::b.yaml", r"\u202egpj.yaml"},
}


@pytest.mark.parametrize("options", [(), ("--ref", "main")], ids=["folder", "commit"])
def test_every_trap_is_told(trap: Trap, tmp_path: Path, options: tuple[str, ...]) -> None:
    """What the tests above pass over has been met: each has its finding, here as in a commit."""
    found = codes(trap, tmp_path, *options)
    for code, paths in REFUSED.items():
        assert paths <= {path for path, told in found.items() if code in told}
    assert "InvalidValue" in found["fleet/lost.yaml"]
    assert "UnknownKind" in found["bare/objects/x.yaml"]
    assert ".ssh/id.yaml" not in found


def test_what_no_work_tree_can_have_is_told_or_left_out(trap: Trap, tmp_path: Path) -> None:
    """A commit can hold paths that lead out of it, or into `.git`, and commits of others."""
    listed = git(trap.clone, "ls-tree", "-r", "--name-only", "pull").splitlines()
    assert {"../fleet/all.yaml", ".git/fleet/all.yaml"} <= set(listed)
    found = codes(trap, tmp_path, "--ref", "pull")
    assert not {"submodule", "submodule.yaml"} & set(found)
    assert found["clone/passwd.yaml"] == {"SymlinkRefused"}
    assert not [path for path in found if path.startswith(".")]


def test_what_is_no_file_is_told(trap: Trap, tmp_path: Path) -> None:
    """Nobody waits at a pipe, and no device is read."""
    found = codes(trap, tmp_path)
    for name in ("pipe.yaml", "socket.yaml"):
        assert found[name] == {"UnreadableFile"}


def test_processes_that_help_run_nothing_of_the_repository(tmp_path: Path) -> None:
    """With very many files other processes read them; Python would look for modules right there."""
    clone = tmp_path / "clone"
    (clone / "multiprocessing").mkdir(parents=True)
    for module in ("multiprocessing/__init__", "multiprocessing/spawn", "runpy", "json", "site"):
        (clone / f"{module}.py").write_text("raise SystemExit('the repository runs')\n")
    for number in range(MANY_FILES):
        (clone / f"{number}.yaml").write_bytes(file_of(palette(f"palette-{number}")).content)
    done = guarded(PAIRCTL, "validate", "--no-cache", cwd=clone, own=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert f"{MANY_FILES} documents in {MANY_FILES} files" in done.out


# ── the guard itself ─────────────────────────────────────────────────────────────────────────────

FALSE_STEPS = {
    "connect": "import socket; socket.create_connection(('127.0.0.1', 1))",
    "resolve": "import socket; socket.getaddrinfo('localhost', 1)",
    "a socket": "import socket; socket.socket()",
    "a local socket": "import socket; socket.socket(socket.AF_UNIX).connect('/run/x')",
    "open": "open('/etc/passwd')",
    "open low": "import os; os.open('/etc/passwd', os.O_RDONLY)",
    "open upwards": "open('../secret.yaml')",
    "open a link": "open('secret.yaml')",
    "open through a link": "open('above/secret.yaml')",
    "open a device": "open('zero.yaml')",
    "pathlib": "import pathlib; pathlib.Path('/etc/passwd').read_bytes()",
    "list": "import os; os.listdir('/etc')",
    "list upwards": "import os; os.scandir('..')",
    "list through a link": "import os; os.scandir('etc')",
    "glob": "import glob; glob.glob('/etc/*')",
    "walk": "import os; next(os.walk('/etc'))",
    "stand elsewhere": "import os; os.chdir('/')",
    "look": "import os; os.stat('/etc/passwd')",
    "look through a link": "import pathlib; pathlib.Path('passwd.yaml').exists()",
    "look upwards": "import pathlib; pathlib.Path('../secret.yaml').is_file()",
    "look at a link": "import os; os.lstat('/etc/localhost')",
    "read a link": "import os; os.readlink('/etc/mtab')",
    "ask whether it may": "import os; os.access('/etc/passwd', os.R_OK)",
    "write here": "open('new.yaml', 'w')",
    "append here": "open('fleet/all.yaml', 'a')",
    "make here": "import os; os.mkdir('new')",
    "remove here": "import os; os.remove('fleet/all.yaml')",
    "move here": "import os; os.rename('fleet/all.yaml', 'x')",
    "write elsewhere": "import tempfile; tempfile.TemporaryFile(dir='/var/tmp')",
    "a database": "import sqlite3; sqlite3.connect('x.sqlite')",
    "run": "import subprocess; subprocess.run(['true'])",
    "run by a shell": "import os; os.system('true')",
    "run clean": "import subprocess; subprocess.run(['env', '-i', 'A=b', 'sh', '-c', 'true'])",
    "spawn": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "become": "import os; os.execv('/bin/true', ['true'])",
    "fork": "import os; os.fork()",
    "load": "import ctypes; ctypes.CDLL('libc.so.6')",
    "run what is read": "import sys; sys.path.insert(0, '.'); import trap",
    "run what is read, elsewhere": "from multiprocessing import get_context;"
    " get_context('spawn').Process(target=print).start()",
    "start like multiprocessing": "import _posixsubprocess as p, os;"
    " p.fork_exec([b'true'], [b'/bin/true'], True, (), None, None, *[-1] * 8, *[False] * 2,"
    " 0, None, None, None, -1, None, True)",
    "fetch": "import subprocess; subprocess.run(['git', 'fetch'])",
    "status": "import subprocess; subprocess.run(['git', '-c', 'a=b', 'status'])",
    "point elsewhere": "import subprocess;"
    " subprocess.run(['git', 'symbolic-ref', 'HEAD', 'refs/heads/x'])",
    "another git": "import subprocess; subprocess.run(['./git', 'version'])",
    "let git ask": "import subprocess;"
    " subprocess.run(['git', '-c', 'protocol.https.allow=always', 'cat-file'])",
}


@pytest.mark.parametrize("step", FALSE_STEPS.values(), ids=FALSE_STEPS.keys())
def test_the_guard_ends_a_false_step(trap: Trap, tmp_path: Path, step: str) -> None:
    """A guard that never ends anything would let the tests above pass."""
    done = guarded(sys.executable, "-c", step, cwd=trap.clone, own=tmp_path)
    assert done.code == FORBIDDEN, done.err
    assert done.err.startswith("FORBIDDEN")


FAIR_STEPS = {
    "read here": "open('fleet/all.yaml').read()",
    "list here": "import os; os.listdir('.')",
    "write to the cache": "import os, sqlite3; p = os.environ['XDG_CACHE_HOME'] + '/pairctl';"
    " os.makedirs(p); sqlite3.connect(p + '/x')",
    "a temporary file": "import tempfile; tempfile.TemporaryFile()",
    "git's plumbing": "import subprocess; subprocess.run(['git', 'version'], check=True)",
    "a loop": "import asyncio; asyncio.run(asyncio.sleep(0))",
}


@pytest.mark.parametrize("step", FAIR_STEPS.values(), ids=FAIR_STEPS.keys())
def test_the_guard_lets_a_fair_step_pass(trap: Trap, tmp_path: Path, step: str) -> None:
    """A guard that ended everything would prove as little."""
    done = guarded(sys.executable, "-c", step, cwd=trap.clone, own=tmp_path)
    assert (done.code, done.err) == (0, "")


def test_the_traps_are_real(trap: Trap) -> None:
    """A plain `git status` in this repository runs what it was told to: it leaves the mark."""
    probe = trap.root / "probe"
    shutil.copytree(trap.clone / ".git", probe / ".git")
    git(probe, "config", "core.fsmonitor", f"touch {probe / 'mark'}")
    git(probe, "status")
    assert (probe / "mark").exists()
    assert os.path.lexists(trap.clone / "passwd.yaml")
