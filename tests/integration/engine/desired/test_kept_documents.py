"""Readings of documents in the user's cache folder: the same as their files', or none."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pairctl.engine import Settings
from pairctl.engine.apply.claiming import claim_all
from pairctl.engine.desired import kept_documents
from pairctl.engine.desired.kept_documents import KeptDocuments
from pairctl.engine.desired.reader import SourceReader
from pairctl.engine.desired.source import Source
from pairctl.records import Ledger
from pairctl.repo import Repository
from pairctl.spec import SourceFile, load, read_file
from repo_factory import make_box

KEY = b"k" * 32
INTENT = """\
apiVersion: pairctl/v1alpha1
kind: PairingIntent
metadata: {{name: {name}}}
spec:
  desired: {desired}
  palette: production
  localUI: {{endpoint: "https://10.0.0.1:5080", credentials: {{secret: login}}}}
"""


def file(name: str = "a", desired: str = "Local", more: str = "") -> SourceFile:
    """Return a file with one intent."""
    text = INTENT.format(name=name, desired=desired) + more
    return SourceFile(f"{name}.yaml", text.encode())


FILE = file()


def keep(folder: Path, *files: SourceFile, key: bytes = KEY) -> None:
    """Keep the readings of files."""
    with closing(KeptDocuments(folder, key)) as kept:
        kept.keep((one, read_file(one)) for one in files)


def kept(folder: Path, *files: SourceFile, key: bytes = KEY, paired: str = "ab") -> Any:
    """Return what is kept of files, by path."""
    with closing(KeptDocuments(folder, key, paired)) as opened:
        return opened.readings(files or (FILE,))


def change(folder: Path, query: str) -> None:
    """Change the database as somebody else would."""
    (path,) = folder.glob("documents-*.sqlite")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(query)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache folder with the reading of one file."""
    keep(tmp_path / "cache", FILE)
    return tmp_path / "cache"


def test_what_is_kept_is_what_the_file_says(cache: Path) -> None:
    """A reading comes back as it was: places, digest, secrets, references and document."""
    assert kept(cache) == {"a.yaml": read_file(FILE)}


def test_a_file_is_known_by_its_content_alone(cache: Path) -> None:
    """The same content under another path is the same reading there."""
    moved = SourceFile("b/c.yaml", FILE.content)
    assert kept(cache, moved) == {"b/c.yaml": read_file(moved)}


def test_another_content_is_not_known(cache: Path) -> None:
    """One letter more is another file."""
    assert kept(cache, file(more="# \n")) == {}


def test_only_paired_intents_are_taken_from_it(cache: Path) -> None:
    """What may act is read from Git."""
    assert kept(cache, paired="b") == {}


@pytest.mark.parametrize(
    "one",
    [
        file(desired="Nonsense"),
        file(more="---\n" + INTENT.format(name="b", desired="Sideways")),
        SourceFile("a.yaml", b"kind: Deployment\n"),
        SourceFile("a.yaml", b""),
        SourceFile(
            "a.yaml",
            b"apiVersion: pairctl/v1alpha1\nkind: Palette\nmetadata: {name: p}\n"
            b"spec: {endpoint: 'https://p.example.com', apiKey: {secret: key}}\n",
        ),
    ],
)
def test_only_files_of_valid_intents_are_kept(tmp_path: Path, one: SourceFile) -> None:
    """Palettes, matches and approvals, and all that something is to be said of, is read anew."""
    keep(tmp_path, one)
    assert kept(tmp_path, one) == {}


@pytest.mark.parametrize(
    "query",
    [
        "update documents set reading = replace(reading, 'Local', 'Paired')",
        "update documents set reading = substr(reading, 1, 40)",
        "update documents set seal = ''",
        "update documents set seal = null",
        "update documents set reading = x'ff00'",
        "drop table documents",
    ],
)
def test_what_was_changed_is_not_believed(cache: Path, query: str) -> None:
    """Who has not the secrets of the run can seal nothing: the file is read again."""
    change(cache, query)
    assert kept(cache) == {}


def test_what_a_run_with_other_secrets_kept_is_not_believed(cache: Path) -> None:
    """A seal is of the secrets that a run has."""
    assert kept(cache, key=b"j" * 32) == {}


def test_without_secrets_nothing_is_kept(tmp_path: Path) -> None:
    """What could be written by anybody is not written."""
    keep(tmp_path, FILE, key=b"")
    assert list(tmp_path.iterdir()) == []


def test_what_other_rules_kept_is_not_believed(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under another version of the rules a seal is another, whatever the file is called."""
    monkeypatch.setattr(kept_documents, "rules_version", lambda: "other")
    assert kept(cache) == {}


def test_a_folder_that_others_may_write_to_is_not_used(cache: Path) -> None:
    """What others may have put there is neither read nor written."""
    cache.chmod(0o777)
    assert kept(cache) == {}


def test_a_database_that_is_none_is_done_without(cache: Path) -> None:
    """Whatever stands in the file: the documents are in Git."""
    (path,) = cache.glob("documents-*.sqlite")
    path.write_bytes(b"nonsense" * 1000)
    assert kept(cache) == {}


def test_what_is_forgotten_is_gone(cache: Path) -> None:
    """Something was wrong: nothing of it is used again."""
    with closing(KeptDocuments(cache, KEY)) as opened:
        opened.forget()
    assert kept(cache) == {}


def test_no_claim_rests_on_what_is_remembered() -> None:
    """Whoever calls it: what is remembered is for looking."""
    remembered = Source("0" * 40, load(()), {}, is_remembered=True)
    nothing: Any = None
    with pytest.raises(ValueError, match="not read from Git"):
        asyncio.run(claim_all(nothing, {}, remembered, Ledger(), nothing))


def test_a_commit_is_read_once_in_a_run(tmp_path: Path) -> None:
    """Passes over the same commit read none of its files again."""
    box = make_box(tmp_path, {"a.yaml": FILE.content})

    async def read() -> tuple[Source, Source, Source]:
        async with await Repository.open(str(box.clone)) as repository:
            settings, reader = Settings(repository, "first", is_local=True), SourceReader()
            first = await reader.read(settings, "HEAD", {})
            again = await reader.read(settings, "HEAD", {})
            box.commit({"b.yaml": file("b").content})
            return first, again, await reader.read(settings, "HEAD", {})

    first, again, other = asyncio.run(read())
    assert again is first
    assert other.commit != first.commit
