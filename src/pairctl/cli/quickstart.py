"""The quickstart example as a workplace: a simulated world, a repository, secrets, rules."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pairctl.cli.pinning import pin_documents
from pairctl.problem import ConfigurationError, Problem
from pairctl.sim import Address, Scenario

_GIT = (
    "git",
    "-c", "user.name=an operator",
    "-c", "user.email=operator@localhost",
    "-c", "commit.gpgsign=false",
    "-c", "init.defaultBranch=main",
    "-c", "core.hooksPath=/dev/null",
)  # fmt: skip

OPERATOR = """\
# The file of whoever runs pairctl. It stays out of the repository: no pull request changes it.
apiVersion: pairctl/v1alpha1
kind: Operator
metadata: {name: demo}
spec:
  secrets: # where each secret may be sent
    palette-production: {hosts: [127.0.0.1]}
    store-local-ui: {hosts: [127.0.0.1]}
  limits: {acceptancesPerRun: 10}
"""


@dataclass(frozen=True, slots=True)
class Workplace:
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


def example_folder() -> Path:
    """Return the quickstart example: from the installed package, or from a source tree."""
    packaged = Path(str(files("pairctl") / "_data" / "quickstart"))
    source = Path(__file__).parents[3] / "examples" / "quickstart"
    found = next((place for place in (packaged, source) if place.is_dir()), None)
    if found is None:
        raise ConfigurationError(
            Problem("NoExample", "the quickstart example is not installed", "install pairctl anew")
        )
    return found


def prepare(folder: Path, scenario: Scenario, addresses: Mapping[str, Address]) -> Workplace:
    """Make a repository from the example, pinned to the servers that run, and all beside it."""
    place = Workplace(folder)
    _git(folder, "init", "--quiet", "--bare", str(place.bare))
    shutil.copytree(example_folder() / "repository", place.clone)
    pin_documents(place.clone, addresses)
    place.git("init", "--quiet")
    place.git("remote", "add", "origin", str(place.bare))
    place.git("add", "--all")
    place.git("commit", "--quiet", "--message", "Pair the first stores")
    place.git("push", "--quiet", "--set-upstream", "origin", "HEAD:main")
    place.operator.write_text(OPERATOR)
    _write_secrets(place.secrets, scenario)
    return place


def _write_secrets(folder: Path, scenario: Scenario) -> None:
    """Write the simulated secrets as Kubernetes mounts them: a file, or a folder, each."""
    user = scenario.spec.hosts[0].users[0]
    login = folder / "store-local-ui"
    login.mkdir(parents=True, mode=0o700)
    _write_private(login / "username", user.username)
    _write_private(login / "password", user.password)
    _write_private(folder / "palette-production", scenario.spec.palette.api_keys[0].key)


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)


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
