"""`pairctl validate` as an operator, a pull request and a machine use it."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli_factory import ROOT, git, pairctl, run
from pairctl.cli.app import app
from pairctl.cli.formats import ReportFormat

INVALID = ROOT / "examples" / "invalid"
EXAMPLES = sorted(INVALID.glob("*.yaml"))

# A program that runs pairctl and ends at once if anything opens a socket or touches a secret. The
# loop that runs Git wakes itself through a pair of sockets without an address.
GUARDED = """
import os, socket, sys
secrets = sys.argv.pop(1)
def guard(event, arguments):
    is_pipe = event == "socket.__new__" and arguments[1] == socket.AF_UNIX
    if event.startswith("socket.") and not is_pipe:
        os.write(2, f"FORBIDDEN {event}".encode()); os._exit(97)
    if event in ("open", "os.listdir", "os.scandir") and str(arguments[0]).startswith(secrets):
        os.write(2, b"FORBIDDEN secret"); os._exit(98)
sys.addaudithook(guard)
from pairctl.cli import main
main()
"""

# What follows it says which libraries of other commands were loaded.
LOADED = """
try:
    main()
except SystemExit:
    heavy = {"httpx", "uvicorn", "starlette", "trustme", "watchfiles", "xml.etree"}
    print("loaded:", sorted(heavy & set(sys.modules)))
"""


def called(*arguments: str) -> Result:
    """Run the command within this process: many runs take no time."""
    return CliRunner().invoke(app, ["validate", *arguments])


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda path: path.stem)
def test_a_broken_document_is_told_word_for_word(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said of each example alone stands beside it; errors make exit code 2, notes do not.

    `make expected` writes these files anew.
    """
    shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)
    done = called()
    assert done.stdout == document.with_suffix(".expected").read_text(encoding="utf-8")
    assert done.exit_code == (2 if ": error[" in done.stdout else 0)


def test_many_broken_documents_are_reported_at_once(tmp_path: Path) -> None:
    """All problems of all files come in one run, causes first, each part by file and place."""
    for example in EXAMPLES:
        shutil.copy(example, tmp_path)
    done = pairctl("validate", "--format", "json", cwd=tmp_path)
    findings = json.loads(done.out)["findings"]
    places = [(f["path"], f["line"], f["column"]) for f in findings]
    assert done.code == 2
    assert {path for path, _, _ in places} == {example.name for example in EXAMPLES}
    begin = next((n for n in range(1, len(places)) if places[n] < places[n - 1]), len(places))
    assert places[begin:] == sorted(places[begin:])
    assert {f["code"] for f in findings[begin:]} <= {"RefersToRejected", "UnknownReference"}


@pytest.mark.parametrize("folder", ["valid", "quickstart/repository"])
def test_the_examples_are_valid(folder: str, tmp_path: Path) -> None:
    """What the documentation shows is accepted, as a repository of its own: exit code 0."""
    shutil.copytree(ROOT / "examples" / folder, tmp_path / "clone")
    done = pairctl("validate", cwd=tmp_path / "clone")
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"\d+ documents in \d+ files: all valid\n", done.out)


@pytest.mark.parametrize(
    ("cwd", "named", "told"),
    [
        (".", "clone/clusters", "clone/clusters/a.yaml"),
        (".", "./clone/../clone/clusters/", "clone/clusters/a.yaml"),
        ("clone", "clusters", "clusters/a.yaml"),
        ("clone/clusters", ".", "a.yaml"),
        ("clone/clusters", "..", "clusters/a.yaml"),
        ("clone", "{root}/clone", "clusters/a.yaml"),
        ("elsewhere", "{root}/clone", "clusters/a.yaml"),
        (".", "link", "clone/clusters/a.yaml"),
    ],
)
def test_a_file_is_told_as_it_can_be_opened(
    cwd: str, named: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the current folder where it lies below that; else from the folder that was named."""
    (tmp_path / "clone" / "clusters").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("clone/clusters")
    shutil.copy(INVALID / "field-unknown.yaml", tmp_path / "clone" / "clusters" / "a.yaml")
    monkeypatch.chdir(tmp_path / cwd)
    done = called("-o", "json", named.format(root=tmp_path))
    assert [finding["path"] for finding in json.loads(done.stdout)["findings"]] == [told]


def test_one_run_writes_all_formats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One for the log, and files beside it, in folders that are made; the exit code is the same."""
    shutil.copy(INVALID / "number-as-version.yaml", tmp_path / "a.yaml")
    monkeypatch.chdir(tmp_path)
    writes = [word for form in ReportFormat for word in ("--write", f"{form}=reports/{form}")]
    done = pairctl("validate", "--format", "github", *writes, cwd=tmp_path)
    assert (done.code, done.out) == (2, (tmp_path / "reports" / "github").read_text())
    for form in ReportFormat:
        alone = called("--format", form)
        written = (tmp_path / "reports" / form).read_text(encoding="utf-8")
        assert (alone.stdout, alone.exit_code) == (written, 2)


@pytest.mark.parametrize("wrong", ["sarif", "sarif=", "=a.sarif", "yaml=a.yaml", "Json=a.json"])
def test_a_wrong_destination_is_told_before_anything_is_done(wrong: str, tmp_path: Path) -> None:
    """With the formats that there are; nothing is written."""
    done = pairctl("validate", "--write", wrong, cwd=tmp_path)
    assert done.code == 1
    assert all(form in done.err for form in ReportFormat)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """What the machine was to read is not there: that is no success, and no finding either."""
    (tmp_path / "taken").mkdir()
    done = pairctl("validate", "--write", "json=taken", cwd=tmp_path)
    assert done.code == 1
    assert "taken: it is a folder" in done.err


def test_colours_are_for_terminals(tmp_path: Path) -> None:
    """None in a pipe; where they are forced, they are only beside the text."""
    shutil.copy(INVALID / "alias.yaml", tmp_path)
    plain = pairctl("validate", cwd=tmp_path)
    coloured = pairctl("validate", cwd=tmp_path, env={"FORCE_COLOR": "1", "TERM": "xterm"})
    assert "\x1b" not in plain.out
    assert "\x1b[1;31merror[AliasNotAllowed]" in coloured.out
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured.out) == plain.out
    without = {"FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": "1"}
    assert "31m" not in pairctl("validate", cwd=tmp_path, env=without).out


@pytest.mark.parametrize("form", ["text", "json"])
def test_any_encoding_of_the_output_will_do(form: str, tmp_path: Path) -> None:
    """Machines get ASCII anyway; people lose a sign, and not the result."""
    shutil.copy(INVALID / "name-with-a-look-alike-letter.yaml", tmp_path)
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = pairctl("validate", "-o", form, cwd=tmp_path, env=env)
    assert (done.code, done.err) == (2, "")
    assert ("pr?duction" if form == "text" else "pr\\u043eduction") in done.out


def test_it_does_not_load_what_it_does_not_need(tmp_path: Path) -> None:
    """A hook of pre-commit runs often: HTTP and servers are for other commands."""
    program = GUARDED.replace("main()", LOADED)
    done = run([sys.executable, "-c", program, "none", "validate"], cwd=tmp_path)
    assert done.out.endswith("loaded: []\n")


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
        done = run(command, cwd=folder, env=env)
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
    (clone / "broken.yaml").write_text("apiVersion: pairctl/v1alpha1\nkind: Nothing\n")
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


def test_names_and_labels_keep_to_intents_and_what_they_refer_to(tmp_path: Path) -> None:
    """All documents are judged; of the others nothing is said, and nothing makes it fail."""
    shutil.copytree(ROOT / "examples" / "quickstart" / "repository", tmp_path / "docs")
    broken = tmp_path / "docs" / "intents" / "store-0002.yaml"
    broken.write_text(broken.read_text().replace("desired: Paired", "desired: Piared"))
    assert pairctl("validate", "docs", cwd=tmp_path).code == 2
    assert pairctl("validate", "docs", "store-0001", cwd=tmp_path).code == 0
    done = pairctl("validate", "docs", "store-0002", cwd=tmp_path)
    assert (done.code, "store-0002.yaml" in done.out) == (2, True)
    done = pairctl("validate", "docs", "-l", "region=emea", cwd=tmp_path)
    assert done.code == 0, "its labels are not known, for it is refused"
    palette = tmp_path / "docs" / "palette.yaml"
    palette.write_text(palette.read_text().replace("endpoint:", "endpoimt:"))
    assert pairctl("validate", "docs", "store-0001", cwd=tmp_path).code == 2
    done = pairctl("validate", "docs", "stoer-0001", cwd=tmp_path)
    assert (done.code, "did you mean store-0001" in done.err) == (1, True)
    done = pairctl("validate", "docs", "-l", "region=nowhere", cwd=tmp_path)
    assert (done.code, "selects none" in done.err) == (1, True)


def test_a_row_that_is_named_brings_what_is_said_of_its_set(tmp_path: Path) -> None:
    """A warning about the template is about each row of it, and about no row of another set."""
    text = (INVALID / "set-with-an-unused-column.yaml").read_text()
    other = text.split("---")[0].replace(", city: Porto", "").replace("store-0042", "store-0043")
    other = other.replace("name: emea", "name: apac").replace("10.0.42.10", "10.0.43.10")
    (tmp_path / "sets.yaml").write_text(f"{text}---\n{other}")
    done = pairctl("validate", ".", "store-0042", cwd=tmp_path)
    assert (done.code, "UnusedColumn" in done.out) == (0, True), done.out
    done = pairctl("validate", ".", "store-0043", cwd=tmp_path)
    assert (done.code, "UnusedColumn" in done.out) == (0, False), done.out


CONFIG = """apiVersion: pairctl/v1alpha1
kind: Config
spec: {repository: pairings}
"""


def test_a_folder_of_own_files_names_the_repository_that_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Typed where `plan` is typed, it says where the documents are."""
    shutil.copytree(ROOT / "examples" / "quickstart" / "repository", tmp_path / "pairings")
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / "fleet.yaml").write_text("apiVersion: pairctl/v1alpha1\nkind: Simulation\nspec: {}")
    monkeypatch.chdir(tmp_path)
    done = pairctl("validate", cwd=tmp_path)
    assert (done.code, done.out) == (1, "")
    assert "this folder holds your own files (config.yaml, fleet.yaml)" in done.err
    assert "do: did you mean `pairctl validate pairings`?" in done.err
    git(tmp_path, "init", "--quiet")
    done = pairctl("validate", cwd=tmp_path)
    assert (done.code, done.err) == (2, "")
    assert done.out.count("UnknownKind]") == 2


def test_own_files_are_helped_by_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None is told to be a kind that is refused in its turn."""
    (tmp_path / "fleet.yaml").write_text("apiVersion: pairctl/v1alpha1\nkind: Simulation\nspec: {}")
    (tmp_path / "odd.yaml").write_text("apiVersion: pairctl/v1alpha1\nkind: Something\nspec: {}")
    monkeypatch.chdir(tmp_path)
    shown = called().output
    assert "keep it out of the repository; `pairctl sim FILE` serves it" in shown
    assert "the kinds are " in shown
    assert "Operator" not in shown
