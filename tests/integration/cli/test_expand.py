"""`pairctl expand`: what sets come to, as documents that could be committed instead."""

import shutil
from pathlib import Path

import pytest

from cli_factory import ROOT, git, pairctl
from pairctl.records import render_document
from pairctl.spec import Declared, SourceFile, load, read_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the examples of sets."""
    clone = tmp_path / "clone"
    shutil.copytree(ROOT / "examples" / "valid", clone)
    return clone


def declared(folder: Path) -> Declared:
    """Load a folder."""
    found = read_folder(folder)
    return load(found.files, tables=found.tables)


def test_what_is_printed_is_what_the_rows_are(folder: Path) -> None:
    """Committed in place of the sets, the documents have the same digests."""
    before = declared(folder)
    done = pairctl("expand", cwd=folder)
    assert (done.code, done.err) == (0, "5 intents of sets\n")
    (folder / "sets.yaml").write_text(done.out)
    after = declared(folder)
    assert after.findings == ()
    assert {name: one.digest for name, one in after.intents.items()} == {
        name: one.digest for name, one in before.intents.items()
    }


def test_sets_and_intents_are_called_by_name(folder: Path) -> None:
    """A name that nothing has is an error that knows a near one."""
    assert pairctl("expand", "store-1002", cwd=folder).out.count("kind: PairingIntent") == 1
    assert pairctl("expand", "lab-hosts", cwd=folder).out.count("kind: PairingIntent") == 2
    wrong = pairctl("expand", "store-1020", cwd=folder)
    assert wrong.code == 1
    assert "store-1002" in wrong.err


def test_what_is_refused_is_left_out_and_said(folder: Path) -> None:
    """Exit code 3: what is printed is not all."""
    table = folder / "inventory" / "emea.csv"
    table.write_text(table.read_text().replace("10.1.2.10", "10.1.2.999"))
    done = pairctl("expand", "emea", cwd=folder)
    assert (done.code, done.out.count("kind: PairingIntent")) == (3, 2)
    assert "1 refused" in done.err
    table.write_text("")
    assert pairctl("expand", cwd=folder).code == 3


def test_a_commit_is_expanded_as_it_is_committed(folder: Path) -> None:
    """With --ref neither the set nor its inventory come from the work tree."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "add documents")
    (folder / "inventory" / "emea.csv").write_text("store,address\n")
    assert pairctl("expand", "store-1001", "--ref", "HEAD", cwd=folder).code == 0
    assert pairctl("expand", cwd=folder).code == 3


@pytest.mark.parametrize("text", ["no", "12:30", "1.10", "0x1F", "~", "2026-01-01", "{x}", "a: b"])
def test_text_that_could_be_read_otherwise_is_quoted(text: str) -> None:
    """The loader reads back what was printed, and has nothing to say of it."""
    made = {"apiVersion": "pairctl/v1alpha1", "kind": "PairingIntent", "metadata": {"name": "a"}}
    spec = {
        "desired": "Rejected",
        "palette": "production",
        "request": {"tags": {"key": text, text: "value"}},
    }
    content = render_document({**made, "spec": spec}).encode()
    found = load([SourceFile("a.yaml", content)])
    assert [one.code for one in found.findings] == ["UnknownReference"]
