"""What tests of CI and hooks share: pairctl as others take it, installed without any network."""

import shutil
import sysconfig
from pathlib import Path

from cli_factory import ROOT, git, pairctl

PARTS = (
    ".pre-commit-hooks.yaml",
    "LICENSE",
    "README.md",
    "action.yml",
    "constraints.txt",
    "examples",
    "pyproject.toml",
    "schemas",
    "src",
)

BAD_INTENT = """\
apiVersion: pairctl/v1alpha1
kind: PairingIntent
metadata: {name: store-0001}
spec:
  desired: Paird
  palette: production
"""
BAD_LINE = 5

# pip installs pairctl from its folder as it does anywhere, but finds the build backend and the
# dependencies among those of the tests. To pip, `NO_BUILD_ISOLATION=0` means no isolation.
OFFLINE = {
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_NO_BUILD_ISOLATION": "0",
    "PIP_NO_DEPS": "1",
    "PIP_NO_INDEX": "1",
    "PYTHONPATH": sysconfig.get_path("purelib"),
}


def installed_program() -> str:
    """The program of the environment that the tests run in."""
    return str(Path(sysconfig.get_path("scripts")) / "pairctl")


def copy_of_pairctl(folder: Path) -> Path:
    """Copy what is needed to install pairctl into a new folder."""
    folder.mkdir(parents=True)
    for part in PARTS:
        found = ROOT / part
        if found.is_dir():
            shutil.copytree(found, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(found, folder)
    return folder


def new_repository(folder: Path, *options: str) -> Path:
    """Make a repository with `pairctl init`, and commit it on main."""
    made = pairctl("init", str(folder), *options, cwd=folder.parent)
    assert made.code == 0, made.err
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "begin")
    return folder
