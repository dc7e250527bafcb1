"""An example as a workplace: its repository, pinned to servers that run, its secrets and rules."""

import os
import shutil
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pairctl.demo.pinning import pin_documents
from pairctl.pairing import Status
from pairctl.problem import ConfigurationError, Problem
from pairctl.records import parse_status
from pairctl.sim import Address

_GIT = (
    "git",
    "-c", "user.name=an operator",
    "-c", "user.email=operator@localhost",
    "-c", "commit.gpgsign=false",
    "-c", "init.defaultBranch=main",
    "-c", "core.hooksPath=/dev/null",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Where the demo works: the operators' clone, and what lies beside it."""

    folder: Path

    @property
    def clone(self) -> Path:
        """The operators' clone of the repository."""
        return self.folder / "clone"

    @property
    def bare(self) -> Path:
        """The repository that everybody pushes to."""
        return self.folder / "pairing.git"

    @property
    def operator(self) -> Path:
        """The operator's file."""
        return self.folder / "operator.yaml"

    @property
    def secrets(self) -> Path:
        """The folder of secrets."""
        return self.folder / "secrets"

    def git(self, *arguments: str) -> str:
        """Run git in the clone, whatever the user's own configuration says; return its output."""
        return _git(self.clone, *arguments)

    def commit(self, message: str) -> None:
        """Commit all that was changed in the clone, and push it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.git("push", "--quiet", "--set-upstream", "origin", "HEAD:main")

    def written(self, path: str) -> str:
        """Return a file of the status branch as it is now."""
        self.git("fetch", "--quiet", "origin")
        return self.git("show", f"origin/pairctl-status:{path}")

    def statuses(self) -> dict[str, Status | None]:
        """Return the status of every intent on the status branch, by name."""
        self.git("fetch", "--quiet", "origin")
        paths = self.git("ls-tree", "--name-only", "origin/pairctl-status", "status/").split()
        # Beside the files of intents stands a folder, of rollouts.
        own = [Path(path) for path in paths if path.endswith(".yaml")]
        return {path.stem: parse_status(self.written(str(path)).encode()) for path in own}


def example_folder(name: str) -> Path:
    """Return an example by its name: from the installed package, or from a source tree."""
    packaged = Path(str(files("pairctl") / "_data" / "examples" / name))
    source = Path(__file__).parents[3] / "examples" / name
    found = next((place for place in (packaged, source) if place.is_dir()), None)
    if found is None:
        raise ConfigurationError(
            Problem("NoExample", f"the example {name} is not installed", "install pairctl anew")
        )
    return found


def prepare(
    folder: Path, example: str, addresses: Mapping[str, Address], intents: Collection[str] = ()
) -> Sandbox:
    """Make a repository from an example, pinned to the servers that run, and all beside it.

    Where some `intents` are named, it has no others.
    """
    place, origin = Sandbox(folder), example_folder(example)
    _git(folder, "init", "--quiet", "--bare", str(place.bare))
    shutil.copytree(origin / "repository", place.clone)
    for file in (place.clone / "intents").glob("*.yaml") if intents else ():
        if file.stem not in intents:
            file.unlink()
    pin_documents(place.clone, addresses)
    place.git("init", "--quiet")
    place.git("remote", "add", "origin", str(place.bare))
    place.commit("Write down what is wanted")
    shutil.copyfile(origin / "operator.yaml", place.operator)
    shutil.copytree(origin / "secrets", place.secrets)
    return place


def _git(folder: Path, *arguments: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        [*_GIT, *arguments],
        cwd=folder,
        env={**kept, **alone},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ConfigurationError(
            Problem(
                "GitFailed", f"git {arguments[0]} failed: {done.stderr.strip()}", "is git there?"
            )
        )
    return done.stdout
