"""What is loaded when: nothing that a command, or a process that helps it, does not need."""

import inspect
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from cli_factory import ROOT
from pairctl.cli.app import COMMANDS

RUN = """
import atexit, sys
from pairctl.cli import main
atexit.register(lambda: sys.stderr.write("LOADED " + " ".join(sorted(sys.modules))))
main()
"""
PARTS = {"asyncio", "git", "httpx", "jsonschema", "pydantic", "ruamel.yaml", "ssl"}
ROOMS = {"apis", "engine.plan.plan", "layers.stack", "pairing.case", "records.record", "repo"}
OTHERS = {"demo", "doctor", "fleet_report", "glossary", "sim", "starter"}
SERVERS = {"cryptography", "jinja2", "starlette", "trustme", "uvicorn", "watchfiles"}
WRITERS = {"click", "httpx._main", "pathspec", "rich.live", "rich.progress", "rich.table"}
"""httpx's own command line with what it loads, and what draws or matches where that is needed."""

VALID = ROOT / "examples" / "quickstart" / "repository"


def own(names: set[str]) -> set[str]:
    """Return the names of pairctl's rooms as modules."""
    return {f"pairctl.{name}" for name in names}


def loaded(cwd: Path, *arguments: str) -> set[str]:
    """Run the program on arguments, and return the modules that it has loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        check=False,
        cwd=cwd,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rpartition("LOADED ")[2].split())


@pytest.mark.parametrize(
    ("module", "unneeded"),
    [
        ("pairctl.validation.reading", ["asyncio", "git", "httpx", "rich", "pairctl.records"]),
        ("pairctl.spec.candidates", ["jsonschema", "asyncio", "pathspec", "pairctl.pairing"]),
        ("pairctl.secrets", ["html.entities", "pydantic", "pairctl.spec"]),
        ("pairctl.apis", ["httpx", "pydantic", "asyncio", "pairctl.apis.channel"]),
        ("pairctl.engine", ["pydantic", "asyncio", "pairctl.engine.plan"]),
        ("pairctl.cli.options", ["pydantic", "asyncio", "pairctl.validation.request"]),
        (
            "pairctl.cli.commands.apply",
            [
                *("jsonschema", "uvicorn", "starlette", "click", "pathspec", "multiprocessing"),
                *("httpx", "rich.live", "pairctl.sim", "pairctl.engine.queries"),
                *("pairctl.apis.exchange_log", "pairctl.engine.plan.document"),
                *("pairctl.engine.apply.loop", "pairctl.validation.request"),
            ],
        ),
    ],
)
def test_a_module_loads_what_it_needs(module: str, unneeded: list[str]) -> None:
    """Starting is most of what a small fleet takes, and each process of `validate` starts anew."""
    script = f"import sys, {module}; print(sorted(set({unneeded}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (("--version",), PARTS | SERVERS | WRITERS | own(ROOMS | OTHERS)),
        (("--help",), PARTS | SERVERS | own(ROOMS | OTHERS)),
        (("apply", "--help"), SERVERS | own(OTHERS) | {"jsonschema", "pathspec", "httpx._main"}),
        (("validate", "--help"), SERVERS | own(OTHERS) | {"jsonschema", "httpx", "pathspec"}),
        (
            ("validate", "documents"),
            (PARTS - {"pydantic", "ruamel.yaml"}) | SERVERS | WRITERS | own(OTHERS | {"engine"}),
        ),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_a_command_loads_what_it_needs(
    arguments: tuple[str, ...], unneeded: set[str], tmp_path: Path
) -> None:
    """What a person waits for, and each test that starts the program, is mostly loading."""
    shutil.copytree(VALID, tmp_path / "documents")
    assert loaded(tmp_path, *arguments) & unneeded == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says(name: str) -> None:
    """The help that lists all commands, and loads none, has the first words of each one's own."""
    command = getattr(import_module(f"pairctl.cli.commands.{name}"), name)
    first, *_ = inspect.cleandoc(command.__doc__).split("\n\n")
    assert COMMANDS[name] == first.replace("\n", " ")
