"""`pairctl validate` as an operator, a pull request and a machine use it."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli_factory import ROOT, git, pairctl, run
from pairctl.cli.app import app

INVALID = ROOT / "examples" / "invalid"
EXAMPLES = sorted(INVALID.glob("*.yaml"))

# A program that runs pairctl and ends at once if anything opens a socket or touches a secret.
GUARDED = """
import os, sys
secrets = sys.argv.pop(1)
def guard(event, arguments):
    if event.startswith("socket."):
        os.write(2, f"FORBIDDEN {event}".encode()); os._exit(97)
    if event in ("open", "os.listdir", "os.scandir") and str(arguments[0]).startswith(secrets):
        os.write(2, b"FORBIDDEN secret"); os._exit(98)
sys.addaudithook(guard)
from pairctl.cli import main
main()
"""


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda path: path.stem)
def test_a_broken_document_is_told_with_code_and_place(document: Path, tmp_path: Path) -> None:
    """Each finding says file, line, column and code; errors make exit code 2, notes do not."""
    shutil.copy(document, tmp_path)
    done = CliRunner().invoke(app, ["validate", "--format", "json", str(tmp_path)])
    findings = json.loads(done.stdout)["findings"]
    told = [f"{f['line']}:{f['column']} {f['code']}" for f in findings]
    assert told == document.with_suffix(".expected").read_text().split("\n")[:-1]
    assert {f["path"] for f in findings} == {document.name}
    assert done.exit_code == (2 if any(f["severity"] == "error" for f in findings) else 0)


def test_many_broken_documents_are_reported_at_once(tmp_path: Path) -> None:
    """All problems of all files come in one run of the real program, sorted by file and place."""
    for example in EXAMPLES:
        shutil.copy(example, tmp_path)
    done = pairctl("validate", "--format", "json", cwd=tmp_path)
    findings = json.loads(done.out)["findings"]
    places = [(f["path"], f["line"], f["column"]) for f in findings]
    assert done.code == 2
    assert {path for path, _, _ in places} == {example.name for example in EXAMPLES}
    assert places == sorted(places)


@pytest.mark.parametrize("folder", ["valid", "quickstart/repository"])
def test_the_examples_are_valid(folder: str) -> None:
    """What the documentation shows is accepted: exit code 0."""
    done = pairctl("validate", cwd=ROOT / "examples" / folder)
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"\d+ documents in \d+ files: all valid\n", done.out)


def test_text_tells_where_what_and_what_to_do(tmp_path: Path) -> None:
    """A finding is one line with its place, and a second one with what to do."""
    (tmp_path / "a.yaml").write_text((INVALID / "number-as-version.yaml").read_text())
    done = pairctl("validate", cwd=tmp_path)
    assert re.match(r"a\.yaml:\d+:\d+: error NotText: .+\n    quote it", done.out)
    assert done.out.endswith("1 error\n")


def test_it_opens_no_socket_and_reads_no_secret(tmp_path: Path) -> None:
    """Validation needs nothing but the documents: any other access ends the program."""
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "palette-production").write_text("never read")
    clone = tmp_path / "clone"
    shutil.copytree(ROOT / "examples" / "valid", clone)
    env = {"PAIRCTL_SECRETS_DIR": str(secrets)}
    for folder, code in ((clone, 0), (INVALID, 2)):
        command = [sys.executable, "-c", GUARDED, str(secrets), "validate", str(folder)]
        done = run(command, cwd=tmp_path, env=env)
        assert "FORBIDDEN" not in done.err
        assert done.code == code


def test_the_guard_of_the_test_above_can_fail(tmp_path: Path) -> None:
    """A program that does open a socket is ended by the very same guard."""
    program = GUARDED.replace("main()", "import socket; socket.socket()")
    done = run([sys.executable, "-c", program, "none"], cwd=tmp_path)
    assert done.code == 97


def test_a_commit_is_checked_as_it_is_committed(tmp_path: Path) -> None:
    """With --ref the work tree does not count."""
    shutil.copytree(ROOT / "examples" / "valid", tmp_path / "clone")
    clone = tmp_path / "clone"
    git(clone, "init", "--quiet")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "add documents")
    (clone / "broken.yaml").write_text("kind: Nothing\n")
    assert pairctl("validate", cwd=clone).code == 2
    assert pairctl("validate", "--ref", "HEAD", cwd=clone).code == 0


def test_links_and_hidden_folders_are_not_read(tmp_path: Path) -> None:
    """A link is a finding, whatever it points to; hidden folders belong to others."""
    outside = tmp_path / "outside.yaml"
    outside.write_text("kind: Secret\n")
    folder = tmp_path / "documents"
    (folder / ".github").mkdir(parents=True)
    (folder / ".github" / "workflow.yaml").write_text("on: push\n")
    (folder / "link.yaml").symlink_to(outside)
    done = pairctl("validate", "--format", "json", cwd=folder)
    codes = [(f["path"], f["code"]) for f in json.loads(done.out)["findings"]]
    assert codes == [("link.yaml", "SymlinkRefused")]
