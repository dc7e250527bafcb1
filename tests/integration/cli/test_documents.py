"""The README and ARCHITECTURE.md say what the program does."""

import re
import subprocess
import sys

import pytest

from cli_factory import ROOT
from pairctl.cli.app import COMMANDS
from pairctl.pairing import ConditionType, Phase
from pairctl.spec import SourceFile, load, load_operator

README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
YAML = re.findall(r"^( *)```yaml\n(.*?)^ *```", README, re.MULTILINE | re.DOTALL)


def _document(kind: str) -> str:
    blocks = [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in YAML]
    return next(text for text in blocks if f"kind: {kind}\n" in text)


def test_every_command_is_in_the_readme_and_the_other_way_round() -> None:
    """The table of commands is complete."""
    named = set(re.findall(r"^\| `pairctl (\w+)", README, re.MULTILINE))
    assert named == set(COMMANDS)


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_is_explained(phase: Phase) -> None:
    """What a status means, when it is set, and until when."""
    assert re.search(rf"^\| `{phase}` \| .+ \| .+ \|$", README, re.MULTILINE)


@pytest.mark.parametrize("condition", ConditionType)
def test_every_condition_is_explained(condition: ConditionType) -> None:
    """When a condition is True, False and Unknown."""
    assert re.search(rf"^\| `{condition}` \| .+ \| .+ \|", ARCHITECTURE, re.MULTILINE)


def test_the_readmes_operator_file_is_valid() -> None:
    """What a newcomer copies works."""
    operator = load_operator(SourceFile("README", _document("Operator").encode()))
    assert operator.spec.limits.acceptances_per_run == 5


def test_the_readmes_intent_is_valid() -> None:
    """The intent shown is one that loads, beside the Palette and match it refers to."""
    intent = _document("PairingIntent").replace("sha256:9b1f…", "sha256:" + "9b1f" * 16)
    match = _document("ProfileMatch")
    palette = (ROOT / "examples/quickstart/repository/palette.yaml").read_text()
    texts = {"intent": intent, "match": match, "palette": palette}
    declared = load([SourceFile(f"{n}.yaml", text.encode()) for n, text in texts.items()])
    assert [str(finding) for finding in declared.findings] == []
    assert set(declared.intents) == {"store-0003"}


def test_the_decision_tables_are_those_of_the_code() -> None:
    """ARCHITECTURE.md is written from the rules."""
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "tables"), "--check"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_relative_links_lead_somewhere() -> None:
    """No document points to a file that is not there."""
    for document in ROOT.glob("*.md"):
        text = document.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (ROOT / link).exists(), f"{document.name}: {link}"
