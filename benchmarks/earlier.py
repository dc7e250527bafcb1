"""The pairctl of another commit, ready to be measured beside this one."""

import compileall
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Build:
    """Sources of pairctl, compiled, and an interpreter that has what they depend on."""

    source: Path
    python: str


def this_tree() -> Build:
    """Return what is checked out here."""
    compileall.compile_dir(ROOT / "src", quiet=1)
    return Build(ROOT / "src", sys.executable)


@contextmanager
def built(commit: str) -> Iterator[Build]:
    """Write a commit's sources into a folder that goes with the block, and install what it pins."""
    with tempfile.TemporaryDirectory(prefix="pairctl-bench-") as root:
        tree, environment = Path(root, "tree"), Path(root, "venv")
        tree.mkdir()
        tar = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", tree], input=tar.stdout, check=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        python = str(environment / "bin" / "python")
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "."],
            cwd=tree,
            env=os.environ | {"PIP_CONSTRAINT": "constraints.txt"},
            check=True,
        )
        compileall.compile_dir(tree / "src", quiet=1)  # as ours are: only the work is compared
        yield Build(tree / "src", python)
