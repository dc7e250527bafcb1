"""What tests of CI and hooks share: pairctl as others take it, installed without any network."""

import shutil
import sysconfig
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cli_factory import ROOT, git, pairctl
from pairctl.layers import Layer, Profile, stack
from pairctl.pairing import EdgeHost, LocalCluster, ManagementMode, PaletteView, ProfileListing
from pairctl.records import cluster_file, palette_file

SEEN_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

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

BAD = "intents/store-0002.yaml"
BAD_INTENT = """\
apiVersion: pairctl/v1alpha1
kind: PairingIntent
metadata: {name: store-0002}
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


def example(clone: Path, path: str) -> str:
    """Return an example of a new repository as a person uses it: not suspended any more."""
    text = (clone / f"{path}.example").read_text()
    return text.replace("  suspend: true # nothing is sent for as long as this line is here\n", "")


def observed(grafana: str) -> dict[str, bytes]:
    """Return a status branch's files: what was seen of the examples' Palette and cluster."""
    infra = [Layer("os", "edge-native-ubuntu", "22.04"), Layer("k8s", "edge-k8s", "1.31.0")]
    add_on = Layer("addon", "prometheus-grafana", "44.3.1")
    profiles = (
        Profile("uid-infra", "retail-infra", "3.2.0", "infra", stack(infra)),
        Profile("uid-observability", "retail-observability", "1.4.0", "add-on", stack([add_on])),
    )
    layers = stack([*infra, Layer("addon", "prometheus-grafana", grafana)])
    cluster = LocalCluster("uid-1", "store-0001", "Running", is_healthy=True, stack=layers)
    host = EdgeHost("host-1", ManagementMode.LOCAL, "airgap", "v4.9.0", cluster)
    view = PaletteView(tuple(ProfileListing(one.name, one) for one in profiles))
    seen = cluster_file("store-0001", host, SEEN_AT)
    assert seen is not None
    return dict([seen, palette_file("production", view, SEEN_AT)])


def push_status(clone: Path, files: Mapping[str, bytes]) -> None:
    """Push a status branch that holds these files, and nothing else."""
    git(clone, "update-ref", "-d", "refs/heads/pairctl-status")
    git(clone, "checkout", "--quiet", "--orphan", "pairctl-status")
    git(clone, "rm", "-rfq", ".")
    for path, content in files.items():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_bytes(content)
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "status")
    git(clone, "push", "--quiet", "--force", "origin", "pairctl-status")
    git(clone, "checkout", "--quiet", "main")


def pushed_repository(root: Path, *options: str) -> Path:
    """Make a repository in `root`/clone, pushed to the bare one `root`/origin.git."""
    git(root, "init", "--quiet", "--bare", "origin.git")
    folder = new_repository(root / "clone", *options)
    git(folder, "remote", "add", "origin", f"file://{root}/origin.git")
    git(folder, "push", "--quiet", "origin", "main")
    return folder


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


def stand_in(folder: Path, code: int) -> Path:
    """Return a program called as pairctl that ends with this code, whatever it is asked."""
    program = folder / "stand-in" / "pairctl"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    return program
