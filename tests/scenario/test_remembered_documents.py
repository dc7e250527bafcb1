"""What earlier runs have kept of documents: looked at, and never acted on."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pairctl.engine.desired.kept_documents import KeptDocuments
from pairctl.secrets import Redactor, SecretStore
from pairctl.spec import SourceFile, blob_id, read_file
from scenario_factory import World, world
from sim_factory import host_document

PATH = "intents/one.yaml"


@contextmanager
def paired_world(root: Path) -> Iterator[World]:
    """Run a world of two hosts: one is paired, remembered, and has a file of its own."""
    hosts = host_document(1), host_document(2)
    with world(root, *hosts, fleet=lambda _: ()) as w:
        w.box.commit({PATH: json.dumps(w.intent(1))})
        apply(w, "--wait")
        apply(w)
        assert blobs(w) == {blob_id(content(w))}
        yield w


def content(w: World) -> bytes:
    """Return the file of the intent."""
    return (w.box.clone / PATH).read_bytes()


def apply(w: World, *more: str) -> None:
    """Run the real program, which has to find all as it should be."""
    done = w.run("apply", *more)
    assert done.returncode == 0, done.stderr


def cache(w: World) -> Path:
    """Return the user's cache folder."""
    return Path(w.environment["HOME"]) / ".cache" / "pairctl"


def database(w: World) -> Path:
    """Return the database of documents."""
    (found,) = cache(w).glob("documents-*.sqlite")
    return found


def blobs(w: World) -> set[str]:
    """Return the ids of the files that are remembered."""
    with closing(sqlite3.connect(database(w))) as opened:
        return {blob for (blob,) in opened.execute("select blob from documents")}


def sealed(w: World, wrong: bytes, instead_of: bytes) -> None:
    """Keep a wrong reading of a file, sealed with the secrets of the run."""
    key = SecretStore(w.secrets, {}, Redactor()).seal_key("kept documents")
    kept = KeptDocuments(cache(w), key)
    with closing(kept):
        kept.keep([(SourceFile("", instead_of), read_file(SourceFile("", wrong)))])


def unsealed(w: World, wrong: bytes, instead_of: bytes) -> None:
    """Keep a wrong reading of a file, as one without the secrets can: with a seal of another."""
    sealed(w, wrong, wrong)
    with closing(sqlite3.connect(database(w))) as opened, opened:
        opened.execute("delete from documents where blob = ?", (blob_id(instead_of),))
        rows = opened.execute("update documents set blob = ?", (blob_id(instead_of),))
        assert rows.rowcount == 1


def test_what_is_remembered_wrong_is_forgotten_before_anything_is_written(tmp_path: Path) -> None:
    """Where something would follow from it, the documents are read from Git, and the pass again."""
    with paired_world(tmp_path) as w:
        wrong = json.dumps(w.intent(1, desired="Local", profileMatch=None)).encode()
        sealed(w, wrong, content(w))
        before, effects = w.box.status_log(), w.effects()
        apply(w)
        assert (w.box.status_log(), w.effects()) == (before, effects)
        assert blobs(w) == set()


def test_what_is_remembered_makes_no_action(tmp_path: Path) -> None:
    """A request that only the cache asks for is not sent: it is asked for by no commit."""
    with paired_world(tmp_path) as w:
        wrong = json.dumps(w.intent(2)).encode()
        w.running.call(lambda sim: sim.palette.lose(sim.palette.requests[0].uid))
        sealed(w, wrong.replace(b'"store-2"', b'"store-1"', 1), content(w))
        w.run("apply")
        assert w.kinds(2) == []


def test_what_others_have_put_there_prevents_no_action(tmp_path: Path) -> None:
    """Who has not the secrets of the run can seal nothing: the file is read from Git."""
    with paired_world(tmp_path) as w:
        paired = content(w)
        both = paired + b"\n---\n" + json.dumps(w.intent(2)).encode()
        w.box.commit({PATH: both})
        unsealed(w, paired, both)
        apply(w, "--wait")
        assert w.kinds(2) == ["request", "accept"]
