"""The README, ARCHITECTURE.md and the pages of `docs` say what the program does."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from cli_factory import ROOT, Done, run
from pairctl.cli.app import COMMANDS
from pairctl.glossary import PHASES, REASONS
from pairctl.pairing import ConditionType, Phase
from pairctl.spec import Code, SourceFile, load, load_operator

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
    """What a status means, when it is set, and until when: in the words of `pairctl explain`."""
    told = PHASES[phase]
    assert f"\n| `{phase}` | {told.when} | {told.until} |\n" in README


@pytest.mark.parametrize("condition", ConditionType)
def test_every_condition_is_explained(condition: ConditionType) -> None:
    """When a condition is True, False and Unknown."""
    assert re.search(rf"^\| `{condition}` \| .+ \| .+ \|", ARCHITECTURE, re.MULTILINE)


def test_the_readmes_operator_file_is_valid() -> None:
    """What a newcomer copies works."""
    operator = load_operator(SourceFile("README", _document("Operator").encode()))
    assert operator.spec.limits.acceptances_at_once == 5


def test_the_readmes_intent_is_valid() -> None:
    """The intent shown is one that loads, beside the Palette and match it refers to."""
    intent = _document("PairingIntent").replace("sha256:9b1f…", "sha256:" + "9b1f" * 16)
    match = _document("ProfileMatch")
    palette = (ROOT / "examples/quickstart/repository/palette.yaml").read_text()
    texts = {"intent": intent, "match": match, "palette": palette}
    declared = load([SourceFile(f"{n}.yaml", text.encode()) for n, text in texts.items()])
    assert [str(finding) for finding in declared.findings] == []
    assert set(declared.intents) == {"store-0003"}


def _pages(root: Path, *arguments: str) -> Done:
    return run([sys.executable, str(root / ".ci" / "pages.py"), *arguments], cwd=root)


def test_the_generated_pages_are_current() -> None:
    """The decision tables, the codes and the words of statuses are those of the code."""
    assert _pages(ROOT, "--check") == Done(0, "", "")


def test_a_stale_page_is_named_and_written_anew(tmp_path: Path) -> None:
    """A page that was changed by hand, or is gone, fails the check until `make schemas` is run."""
    for name in (".ci", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "ARCHITECTURE.md").write_text(ARCHITECTURE.replace("nothing to do |", "wait |"))
    (tmp_path / "docs" / "codes.md").unlink()
    stale = _pages(tmp_path, "--check")
    assert stale.code == 1
    assert stale.err.startswith("ARCHITECTURE.md, docs/codes.md: ")
    assert _pages(tmp_path).code == 0
    assert (tmp_path / "ARCHITECTURE.md").read_text() == ARCHITECTURE
    assert _pages(tmp_path, "--check").code == 0


@pytest.mark.parametrize("code", Code)
def test_every_code_has_its_anchor(code: Code) -> None:
    """Tools link to `docs/codes.md#` and the code in lower case."""
    page = (ROOT / "docs" / "codes.md").read_text(encoding="utf-8")
    assert page.count(f"\n## {code}\n") == 1
    assert page.count(f"[{code}](#{code.lower()})") == 1


def test_every_word_of_a_status_is_on_its_page() -> None:
    """Phases, conditions and reasons have a row each, with all that is told of them."""
    page = (ROOT / "docs" / "statuses.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert sorted(rows) == sorted([*Phase, *ConditionType, *REASONS])


def test_relative_links_lead_somewhere() -> None:
    """No document points to a file that is not there."""
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        text = document.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (document.parent / link).exists(), f"{document.name}: {link}"
