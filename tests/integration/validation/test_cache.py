"""What is kept from one run to the next: never more than saves time."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cli_factory import pairctl
from pairctl import spec as pairctl_spec
from pairctl.spec import Finding
from pairctl.user_cache import rules_version, user_cache_folder, version_of
from pairctl.validation import Inspection, ReadingCache
from pairctl.validation.inspection import inspect_folder
from spec_factory import file_of, intent, intent_at, match, palette

HOUR_AGO_NS = time.time_ns() - 3600 * 10**9
GOOD = (palette(), match(), intent())


def write(root: Path, name: str, content: bytes, modified_ns: int = HOUR_AGO_NS) -> None:
    """Write a file as if it had been written before."""
    root.mkdir(exist_ok=True)
    (root / name).write_bytes(content)
    os.utime(root / name, ns=(modified_ns, modified_ns))


def inspect(root: Path, folder: Path | None) -> Inspection:
    """Inspect a folder with the cache in another."""
    cache = ReadingCache.open(folder)
    try:
        return inspect_folder(root, "", cache)
    finally:
        cache.close()


def other(**changes: str) -> dict[str, Any]:
    """Return an intent for another host than the usual one."""
    return intent_at("https://10.0.42.11:5080", "other", **changes)


def told(inspection: Inspection) -> tuple[tuple[Finding, ...], list[tuple[str | None, str]]]:
    """Return all that an inspection says."""
    return inspection.findings, [(entry.name, entry.digest) for entry in inspection.entries]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a folder with good documents and a broken one."""
    write(tmp_path / "documents", "good.yaml", file_of(*GOOD).content)
    write(tmp_path / "documents", "broken.yaml", file_of(other(palette="lab")).content)
    return tmp_path / "documents"


def test_a_run_with_the_cache_says_what_one_without_says(root: Path, tmp_path: Path) -> None:
    """First, second and uncached runs are the same, findings across files included."""
    without = told(inspect(root, None))
    assert without[0]
    assert told(inspect(root, tmp_path / "cache")) == without
    assert told(inspect(root, tmp_path / "cache")) == without


def test_what_is_kept_is_not_read_again(root: Path, tmp_path: Path) -> None:
    """A file whose signature is the same is not opened: it may even be unreadable by now."""
    before = told(inspect(root, tmp_path / "cache"))
    signature = (root / "good.yaml").stat()
    (root / "good.yaml").write_bytes(b"#" * signature.st_size)
    os.utime(root / "good.yaml", ns=(signature.st_mtime_ns, signature.st_mtime_ns))
    assert told(inspect(root, tmp_path / "cache")) == before


def test_a_changed_file_is_read(root: Path, tmp_path: Path) -> None:
    """Another time, or another size, is another content until it was read."""
    inspect(root, tmp_path / "cache")
    write(root, "broken.yaml", file_of(other()).content, HOUR_AGO_NS + 1)
    assert told(inspect(root, tmp_path / "cache")) == told(inspect(root, None))


def test_a_file_written_just_now_is_not_trusted(root: Path, tmp_path: Path) -> None:
    """Clocks are coarse: a second change within the same tick has the same signature."""
    now_ns = time.time_ns()
    write(root, "broken.yaml", file_of(intent("aaaaa", palette="lab")).content, now_ns)
    inspect(root, tmp_path / "cache")
    write(root, "broken.yaml", file_of(intent("bbbbb", palette="lab")).content, now_ns)
    assert told(inspect(root, tmp_path / "cache")) == told(inspect(root, None))


def test_a_file_that_is_gone_is_gone(root: Path, tmp_path: Path) -> None:
    """What was kept of it brings it back to nobody."""
    inspect(root, tmp_path / "cache")
    (root / "broken.yaml").unlink()
    assert told(inspect(root, tmp_path / "cache")) == told(inspect(root, None))


@pytest.mark.parametrize("content", [b"", b"no database", os.urandom(5000)])
def test_a_broken_cache_is_done_without(root: Path, tmp_path: Path, content: bytes) -> None:
    """It holds nothing that cannot be made again."""
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / f"readings-{rules_version()}.sqlite").write_bytes(content)
    assert told(inspect(root, folder)) == told(inspect(root, None))


def test_a_cache_that_cannot_be_made_is_done_without(root: Path, tmp_path: Path) -> None:
    """A file stands where the folder would be."""
    (tmp_path / "cache").write_text("")
    assert told(inspect(root, tmp_path / "cache")) == told(inspect(root, None))


def test_what_was_kept_under_other_rules_goes(root: Path, tmp_path: Path) -> None:
    """A new pairctl judges anew, and old databases do not pile up."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "readings-0123456789abcdef.sqlite").write_text("")
    inspect(root, tmp_path / "cache")
    assert [p.name for p in (tmp_path / "cache").glob("*.sqlite")] == [
        f"readings-{rules_version()}.sqlite"
    ]


@pytest.mark.parametrize("changed", ["shape.py", "cross_checks/references.py"])
def test_rules_are_others_where_any_of_their_source_is(tmp_path: Path, changed: str) -> None:
    """In whatever folder of theirs it stands."""
    rules = tmp_path / "spec"
    source = Path(pairctl_spec.__file__).parent
    shutil.copytree(source, rules, ignore=shutil.ignore_patterns("__pycache__"))
    before = version_of(rules)
    assert before == rules_version()
    with (rules / changed).open("a") as file:
        file.write("# changed\n")
    assert version_of(rules) != before


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, Path("/c/pairctl")),
        ({"HOME": "/h"}, Path("/h/.cache/pairctl")),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, Path("/h/.cache/pairctl")),
        ({}, None),
    ],
)
def test_it_lies_where_the_users_cache_lies(
    environment: dict[str, str], folder: Path | None
) -> None:
    """The XDG rules; without a home there is no cache."""
    assert user_cache_folder(environment) == folder


def test_the_cache_is_emptied_before_it_fills_a_disk(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Findings can be many times as large as the file that they are about."""
    write(root, "many.yaml", b"---\n- *a\n" * 99)
    folder = tmp_path / "cache"
    without = told(inspect(root, None))
    for most, is_kept in ((1 << 30, True), (10_000, False)):
        monkeypatch.setattr("pairctl.validation.cache.MOST_BYTES", most)
        shutil.rmtree(folder, ignore_errors=True)
        assert told(inspect(root, folder)) == without
        cache = ReadingCache.open(folder)
        assert cache.has_readings is is_kept
        cache.close()


# ── a cache that somebody else could have written ────────────────────────────────────────────────


def _for_all(cache: Path) -> None:
    cache.chmod(0o777)


def _for_a_group(cache: Path) -> None:
    cache.chmod(0o770)


def _a_link(cache: Path) -> None:
    cache.rename(cache.with_name("elsewhere"))
    cache.symlink_to("elsewhere")


def _in_a_folder_for_all(cache: Path) -> None:
    cache.parent.chmod(0o777)


def _a_database_for_all(cache: Path) -> None:
    database_in(cache).chmod(0o666)


def _a_database_elsewhere(cache: Path) -> None:
    database = database_in(cache)
    database.rename(cache.parent / "elsewhere.sqlite")
    database.symlink_to(cache.parent / "elsewhere.sqlite")


def _a_database_of_two_names(cache: Path) -> None:
    (cache.parent / "second.sqlite").hardlink_to(database_in(cache))


def _a_journal_for_all(cache: Path) -> None:
    database = database_in(cache)
    journal = database.with_name(f"{database.name}-wal")
    journal.write_bytes(b"")
    journal.chmod(0o666)


def _of_somebody_else(cache: Path) -> None:
    os.chown(cache, 12345, 12345)


def _a_database_of_somebody_else(cache: Path) -> None:
    os.chown(database_in(cache), 12345, 12345)


def database_in(cache: Path) -> Path:
    """Return the one database of a cache."""
    return cache / f"readings-{rules_version()}.sqlite"


CHANGED = (
    *(_for_all, _for_a_group, _a_link, _in_a_folder_for_all, _a_database_for_all),
    *(_a_database_elsewhere, _a_database_of_two_names, _a_journal_for_all),
)
GIVEN_AWAY = (_of_somebody_else, _a_database_of_somebody_else)
AS_ROOT = pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")


@pytest.mark.parametrize(
    "change", [*CHANGED, *(pytest.param(one, marks=AS_ROOT) for one in GIVEN_AWAY)]
)
def test_what_others_could_have_kept_is_not_taken(
    root: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    """A reading of theirs would be what `validate` says of a change; so it is told, and left."""
    kept = tmp_path / "home" / "cache"
    kept.parent.mkdir()
    without = told(inspect(root, None))
    inspect(root, kept)
    with closing(sqlite3.connect(database_in(kept))) as database, database:
        database.execute("update readings set reading = '[[],[],false,false]'")
    assert told(inspect(root, kept)) != without, "what is kept is taken where it is ours"
    change(kept)
    before = sorted(kept.iterdir())
    cache = ReadingCache.open(kept)
    assert cache.refused
    assert str(tmp_path) in cache.refused
    assert not cache.has_readings
    cache.close()
    assert told(inspect(root, kept)) == without
    assert sorted(kept.iterdir()) == before


def test_what_is_kept_is_for_the_user_alone(root: Path, tmp_path: Path) -> None:
    """Whatever the user's mask lets others do elsewhere."""
    before = os.umask(0)
    try:
        inspect(root, tmp_path / "cache")
    finally:
        os.umask(before)
    files = [tmp_path / "cache", *(tmp_path / "cache").iterdir()]
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_run_without_its_cache_says_so_once(root: Path, tmp_path: Path, form: str) -> None:
    """Beside the result, which is the same."""
    (tmp_path / "home").mkdir(mode=0o777)
    (tmp_path / "home").chmod(0o777)
    given = ("validate", str(root), "--format", form)
    env = {"XDG_CACHE_HOME": str(tmp_path / "home")}
    done = pairctl(*given, cwd=tmp_path, env=env)
    plain = pairctl(*given, "--no-cache", cwd=tmp_path, env=env)
    assert (done.code, done.out) == (plain.code, plain.out)
    assert plain.err == ""
    (line,) = done.err.splitlines()
    assert line.startswith("validated without the cache: others may write to ")
