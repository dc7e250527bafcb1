#!/usr/bin/env python3
"""What pairctl needs to run: the packages of src/requirements.txt, less what it is only built with.

`packages.py [PYTHON ...]` prints the lines of src/requirements.txt that pairctl runs with on any of
these versions of Python (`3.12`; without one: on this one).
"""

import platform
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
_ENTRY = re.compile(r"^(\S+?)==(\S+)[^\n\\]*(?:\\\n[^\n\\]*)*$", re.MULTILINE)


@dataclass(frozen=True)
class Package:
    """A package in the one version that pairctl is tested with; `lines` name it with its hashes."""

    name: str
    version: str
    lines: str


def pinned() -> dict[str, Package]:
    """Give all packages of src/requirements.txt by their canonical name, in its order."""
    text = (ROOT / "src" / "requirements.txt").read_text("utf-8")
    found = (Package(canonicalize_name(one[1]), one[2], one[0]) for one in _ENTRY.finditer(text))
    return {package.name: package for package in found}


def project() -> dict[str, object]:
    """Give the table `project` of pyproject.toml."""
    table: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return table


def version() -> str:
    """Give pairctl's own version."""
    text = (ROOT / "src" / "pairctl" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    if found is None:
        raise SystemExit("src/pairctl/__init__.py has no __version__")
    return found[1]


def dependencies(name: str, pythons: Iterable[str]) -> set[str]:
    """Name what a package needs directly on any of these Pythons; others must be installed."""
    if name == "pairctl":
        texts = project()["dependencies"]
        assert isinstance(texts, list)
    else:
        try:
            texts = requires(name) or []
        except PackageNotFoundError:  # needed on another Python or system only
            texts = []
    needed = (Requirement(text) for text in texts)
    environments = list(map(_environment, pythons))
    return {canonicalize_name(one.name) for one in needed if _is_needed(one, environments)}


def closure(pythons: Iterable[str]) -> dict[str, set[str]]:
    """Map pairctl, and all that it needs to run, to what each of them needs directly."""
    wanted, found = list(pythons), dict[str, set[str]]()
    waiting = {"pairctl"}
    while waiting:
        name = waiting.pop()
        found[name] = dependencies(name, wanted) & pinned().keys()
        waiting |= found[name] - found.keys()
    return dict(sorted(found.items()))


def this_python() -> str:
    """Give the version of the Python that runs this, as `3.12`."""
    return ".".join(platform.python_version_tuple()[:2])


def _environment(python: str) -> dict[str, str]:
    here = {key: str(value) for key, value in default_environment().items()}
    return {**here, "python_version": python, "python_full_version": f"{python}.0", "extra": ""}


def _is_needed(one: Requirement, environments: list[dict[str, str]]) -> bool:
    return one.marker is None or any(map(one.marker.evaluate, environments))


def _lines(pythons: list[str]) -> Iterator[str]:
    needed = closure(pythons or [this_python()])
    return (package.lines for name, package in pinned().items() if name in needed)


if __name__ == "__main__":
    sys.stdout.writelines(f"{lines}\n" for lines in _lines(sys.argv[1:]))
