"""What is loaded when: nothing that a command, or a process that helps it, does not need."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "unneeded"),
    [
        ("pairctl.validation.reading", ["asyncio", "git", "httpx", "rich", "pairctl.records"]),
        ("pairctl.spec", ["jsonschema", "asyncio", "pairctl.pairing"]),
        ("pairctl.cli.commands.apply", ["jsonschema", "uvicorn", "starlette", "pairctl.sim"]),
    ],
)
def test_a_module_loads_what_it_needs(module: str, unneeded: list[str]) -> None:
    """Starting is most of what a small fleet takes, and each process of `validate` starts anew."""
    script = f"import sys, {module}; print(sorted(set({unneeded}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
