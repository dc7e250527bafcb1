"""The text that becomes one commit."""

from datetime import UTC, datetime

import pytest

from pairctl.repo import Identity, RefNotAllowed
from pairctl.repo.stream import import_stream

NOW = datetime(2026, 1, 2, tzinfo=UTC)
BASE = "b" * 40


def stream(
    changes: dict[str, bytes | None], *, base: str | None = BASE, now: datetime = NOW
) -> bytes:
    """A stream with defaults."""
    return import_stream(base, changes, message="m", identity=Identity(), now=now, id_digits=40)


def test_the_same_changes_make_the_same_bytes_in_any_order() -> None:
    """A commit does not depend on the order in which changes were found."""
    one = stream({"b": b"2", "a": b"1", "c": None})
    other = stream({"c": None, "a": b"1", "b": b"2"})
    assert one == other


def test_content_cannot_end_the_stream_or_add_commands() -> None:
    """Contents go by their length: what looks like a command in them is content."""
    evil = b"\ndone\nM 100644 inline x\n"
    assert b"data %d\n" % len(evil) + evil in stream({"a": evil})


def test_deletions_come_before_new_files() -> None:
    """A folder may take the place of a file in one commit."""
    text = stream({"a/b": b"", "z": None})
    assert text.index(b'D "z"') < text.index(b'M 100644 inline "a/b"')


def test_a_root_commit_names_no_parent() -> None:
    """Without a base the commit starts a history of its own."""
    assert BASE.encode() in stream({"a": b""})
    assert b"\nfrom b" not in stream({"a": b""}, base=None)


@pytest.mark.parametrize("path", ["../a", "/a", ".git/config", "a\nD b", ""])
def test_paths_are_checked(path: str) -> None:
    """No path from outside becomes a command or leaves the tree."""
    with pytest.raises(RefNotAllowed):
        stream({path: b""})


def test_a_time_without_zone_is_a_mistake_of_the_caller() -> None:
    """Commit times are instants."""
    with pytest.raises(ValueError, match="aware"):
        stream({"a": b""}, now=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("name", ["", "a\nb", "a <b>", "\0"])
def test_an_identity_stands_on_one_line(name: str) -> None:
    """A name cannot add headers to a commit."""
    with pytest.raises(ValueError, match="author line"):
        Identity(name=name)
