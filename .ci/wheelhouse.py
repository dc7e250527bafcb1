#!/usr/bin/env python3
"""Gathers all wheels that pairctl runs with, for machines without network.

`wheelhouse.py FOLDER [PYTHON ...]` makes FOLDER with `wheels/`, `requirements.txt` (versions and
hashes), `INSTALL.txt` and `SHA256SUMS`; for this Python, or for the versions named (`3.12`), on
this system. It needs pip and, but for what pip has in its cache, the package index; what comes from
there is held against the hashes of src/requirements.txt.

It is run by a plain Python: what pairctl is built with is installed into a scratch folder.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
HERE = ".".join(platform.python_version_tuple()[:2])
GLIBC = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
"""The tags of wheels for a Linux with glibc 2.28 or later, the newest first."""

INSTALL = """\
pairctl {version}, to be installed without network

It needs {needs}, and git 2.36 or later.
In this folder:

    sha256sum --check --quiet SHA256SUMS
    python3 -m venv /opt/pairctl
    /opt/pairctl/bin/pip install --no-index --find-links wheels --require-hashes -r requirements.txt
    /opt/pairctl/bin/pairctl --version

pip installs these versions and no others, and asks no package index. SHA256SUMS finds what was
damaged on the way; that nobody has put other files here says only the checksum of the archive,
from where you trust it. For a look around: /opt/pairctl/bin/pairctl demo
"""


def main(folder: Path, pythons: list[str]) -> None:
    """Make the folder; it must not be there, or be empty."""
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty: name another folder, or remove it")
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    with TemporaryDirectory() as scratch:
        everything, tools = Path(scratch, "wheels"), Path(scratch, "tools")
        download(ROOT / "src" / "requirements.txt", everything)
        python = environment(tools, everything)
        own = build(python, wheels)
        needed = Path(scratch, "requirements.txt")
        needed.write_text(run(python, str(ROOT / ".ci" / "packages.py"), *pythons))
        for one in pythons:
            download(needed, wheels, "--find-links", str(everything), *for_python(one))
        shutil.copyfile(needed, folder / "requirements.txt")
    write_rest(folder, own, pythons)
    count = len(list(wheels.iterdir()))
    sys.stdout.write(f"made {folder}: {count} wheels; INSTALL.txt says how to install them\n")


def download(requirements: Path, to: Path, *options: str) -> None:
    """Download wheels, never anything that would have to be built, with these hashes only."""
    fixed = ("--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes")
    command = ("-m", "pip", "download", *fixed, "--only-binary", ":all:", *options)
    run(sys.executable, *command, "--requirement", str(requirements), "--dest", str(to))


def environment(folder: Path, wheels: Path) -> str:
    """Install all of these wheels into a new environment; gives its Python."""
    venv.create(folder, with_pip=True, symlinks=True)
    python = str(folder / "bin" / "python")
    fixed = ("--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps", "--no-index")
    command = ("-m", "pip", "install", *fixed, "--find-links", str(wheels))
    run(python, *command, *map(str, sorted(wheels.glob("*.whl"))))
    return python


def build(python: str, to: Path) -> Path:
    """Build pairctl's own wheel, with the very builder that is pinned."""
    run(python, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(to.resolve()))
    (own,) = to.glob("pairctl-*.whl")
    return own


def for_python(version: str) -> Iterable[str]:
    """Give the options by which pip takes the wheels of another CPython on this system."""
    if platform.libc_ver()[0] != "glibc":
        if version != HERE:
            raise SystemExit(f"this system has no glibc: only wheels of its own Python ({HERE})")
        return
    short = version.replace(".", "")
    tags = [f"{one}_{platform.machine()}" for one in GLIBC]
    yield from ("--implementation", "cp", "--python-version", version)
    yield from (word for abi in (f"cp{short}", "abi3", "none") for word in ("--abi", abi))
    yield from (word for tag in (*tags, "any") for word in ("--platform", tag))


def write_rest(folder: Path, own: Path, pythons: list[str]) -> None:
    """Pin pairctl's own wheel beside the others, and write the instructions and the checksums."""
    version = own.name.split("-")[1]
    with (folder / "requirements.txt").open("a") as requirements:
        requirements.write(f"pairctl=={version} \\\n    --hash=sha256:{digest(own)}\n")
    system = f"{platform.system()} on {platform.machine()}"
    if platform.libc_ver()[0] == "glibc":
        system = f"{system} with glibc 2.28 or later"
    needs = f"CPython {', '.join(pythons)} for {system}"
    (folder / "INSTALL.txt").write_text(INSTALL.format(version=version, needs=needs))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = [f"{digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    (folder / "SHA256SUMS").write_text("".join(sums))


def digest(file: Path) -> str:
    """Give the SHA-256 of a file, as sha256sum and pip write it."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def run(*command: str) -> str:
    """Run a command in pairctl's folder; gives what it prints. Ends where it fails."""
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"`{' '.join(command[:4])}` failed, exit code {done.returncode}")
    return done.stdout


if __name__ == "__main__":
    if len(sys.argv) < 2:  # noqa: PLR2004 - the program, and its one argument
        raise SystemExit("which folder? wheelhouse.py FOLDER [PYTHON ...]")
    main(Path(sys.argv[1]).resolve(), sys.argv[2:] or [HERE])
