"""What a release consists of, made once by the scripts of `.ci`, and used without any network."""

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli_factory import ROOT, Done, run

EPOCH = {"SOURCE_DATE_EPOCH": "1767225600"}
LEFT_OUT = shutil.ignore_patterns(
    *(".venv", ".git", "__pycache__", ".*_cache", ".hypothesis", "dist", "build")
)

# Where pip is configured does not matter then, and a connection would be refused.
ALONE = {
    **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9"),
    "PIP_CONFIG_FILE": "/dev/null",
    "PIP_FIND_LINKS": "",
    "PIP_NO_COMPILE": "1",
}
PATIENCE_S = 280


def no_network() -> list[str]:
    """Give the words before a command that leave it without network, where the system has them."""
    words = ["unshare", "--map-root-user", "--net"]
    try:
        done = subprocess.run([*words, "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return []
    return [] if done.returncode else words


def release(folder: Path, *words: str, source: Path = ROOT, **env: str) -> Done:
    """Run `.ci/release` with the Python of the tests, and pip as it is set up here."""
    command = [str(source / ".ci" / "release"), str(folder), *words]
    everything = {**os.environ, "PYTHON": sys.executable, "PYTHONS": "", **env}
    return run(command, cwd=source, env=everything, timeout_s=PATIENCE_S)


def made_release(factory: pytest.TempPathFactory) -> Path:
    """Make a release, once for all workers; skips where no package can be had."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "release"
    with (shared / "release.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "SHA256SUMS").exists():
            _skip_without_packages(factory.mktemp("probe"))
            done = release(folder, **EPOCH)
            assert done.code == 0, done.out + done.err
            summed = run([str(ROOT / ".ci" / "checksums"), str(folder)], cwd=ROOT)
            assert summed.code == 0, summed.out + summed.err
    return folder


def unpacked(folder: Path, to: Path) -> Path:
    """Unpack the wheelhouse of a release."""
    (archive,) = folder.glob("pairctl-*-wheelhouse-*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(to, filter="data")
    return to / archive.name.removesuffix(".tar.gz")


def shell(script: str, folder: Path, env: Mapping[str, str]) -> Done:
    """Run commands as they stand, without network; the first that fails ends them."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    command = [*no_network(), "bash", "-euc", script]
    return run(command, cwd=folder, env={**ALONE, "PATH": path, **env}, timeout_s=PATIENCE_S)


def _skip_without_packages(scratch: Path) -> None:
    """Ask for one small package: where not even that can be had, nothing was tried."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "sniffio", "--dest", "."]
    done = run(command, cwd=scratch, env=os.environ, timeout_s=PATIENCE_S)
    if done.code:
        pytest.skip("pip can get no package here, neither from an index nor from a cache")
