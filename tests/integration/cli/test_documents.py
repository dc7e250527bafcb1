"""The README, ARCHITECTURE.md and the pages of `docs` say what the program does."""

import re
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli_factory import ROOT, Done, run
from pairctl.cli.app import COMMANDS, app
from pairctl.glossary import PHASES, REASONS
from pairctl.pairing import ConditionType, Phase, RolloutPhase
from pairctl.sim import parse_scenario
from pairctl.spec import Code, SourceFile, load, load_config, load_operator

README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^( *)```yaml\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
YAML = BLOCK.findall(README)


def _document(kind: str) -> str:
    blocks = [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in YAML]
    return next(text for text in blocks if f"kind: {kind}\n" in text)


def test_every_command_has_its_options_on_the_page_of_commands() -> None:
    """The page is complete, and in the order of the program's help."""
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^## pairctl (\w+)$", page, flags=re.MULTILINE)
    assert parts[1::2] == list(COMMANDS)
    of_all = set(re.findall(r"--[a-z][a-z-]+", parts[0]))
    assert {"--log-level", "--log-format"} <= of_all
    for name, part in zip(parts[1::2], parts[2::2], strict=True):
        shown = CliRunner(env={"COLUMNS": "200"}).invoke(app, [name, "--help"]).stdout
        options = of_all | set(re.findall(r"--[a-z][a-z-]+", part))
        assert set(re.findall(r"│ (--[a-z][a-z-]+)", shown)) - {"--help"} <= options
        assert f"pairctl {name}" in part.split("```sh")[1]


def test_the_readme_names_commands_that_there_are() -> None:
    """Its table has those of a day."""
    named = set(re.findall(r"`pairctl (\w+)", README))
    assert {"validate", "plan", "apply", "status", "explain"} <= named <= set(COMMANDS)


def test_the_readme_is_read_in_some_minutes() -> None:
    """What it does, an intent and its status, the way to a real Palette; the rest is in docs."""
    assert len(README.split()) < 1200


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_is_explained(phase: Phase) -> None:
    """What a status means, when it is set, and until when: in the words of `pairctl explain`."""
    told = PHASES[phase]
    page = (ROOT / "docs/statuses.md").read_text(encoding="utf-8")
    assert f"\n| `{phase}` | {told.when} | {told.until} |\n" in page


@pytest.mark.parametrize("condition", ConditionType)
def test_every_condition_is_explained(condition: ConditionType) -> None:
    """When a condition is True, False and Unknown."""
    assert re.search(rf"^\| `{condition}` \| .+ \| .+ \|", ARCHITECTURE, re.MULTILINE)


def test_the_readmes_operator_file_is_valid() -> None:
    """What a newcomer copies works."""
    operator = load_operator(SourceFile("README", _document("Operator").encode()))
    assert operator.spec.limits.acceptances_at_once == 5


def _blocks(kind: str) -> list[tuple[str, str]]:
    """Return every YAML of this kind in the README and docs, with its page."""
    return [
        (page.name, text)
        for page in [ROOT / "README.md", *ROOT.glob("docs/*.md")]
        for indent, found in BLOCK.findall(page.read_text(encoding="utf-8"))
        for text in [re.sub(rf"^{indent}", "", found, flags=re.MULTILINE)]
        if f"\nkind: {kind}\n" in f"\n{text}" and text.startswith(("#", "apiVersion"))
    ]


def test_every_simulation_in_the_pages_is_one() -> None:
    """What is copied from a page can be served."""
    found = _blocks("Simulation")
    assert {page for page, _ in found} == {"simulation.md", "rehearsal.md"}
    assert [len(parse_scenario(text).hosts()) for _, text in sorted(found)] == [3, 20]


def test_every_configuration_file_in_the_pages_is_one() -> None:
    """What is copied from a page is read."""
    found = _blocks("Config")
    assert {page for page, _ in found} == {"config.md", "rehearsal.md", "real-palette.md"}
    for page, text in found:
        assert "secretsDir" in load_config(SourceFile(page, text.encode()))


def test_every_operators_file_in_the_pages_is_one() -> None:
    """What is copied from a page works."""
    found = _blocks("Operator")
    assert {"README.md", "rehearsal.md", "real-palette.md"} <= {page for page, _ in found}
    for page, text in found:
        assert load_operator(SourceFile(page, text.encode())).spec.secrets


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
    """Decision tables, codes, words of statuses, fields and options are those of the code."""
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
    assert sorted(rows) == sorted([*Phase, *RolloutPhase, *ConditionType, *REASONS])


def test_relative_links_lead_somewhere() -> None:
    """No document points to a file that is not there."""
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        text = document.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (document.parent / link).exists(), f"{document.name}: {link}"
