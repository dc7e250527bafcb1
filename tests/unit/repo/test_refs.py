"""Names inside a repository, checked before git sees them."""

import pytest

from pairctl.repo import RefNotAllowed
from pairctl.repo.refs import checked_object_id, checked_path, checked_ref


@pytest.mark.parametrize(
    "name",
    ["main", "HEAD", "v1.2.0", "feature/x-1", "refs/heads/main", "npm/@types/node-1", "größe"],
)
def test_plain_names_are_taken(name: str) -> None:
    """A branch or tag as people name them is given on as it is."""
    assert checked_ref(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("", "-x", "--all", "a..b", "a b", "main~1", "main^", "a:b", "x@{1}", "@", "a\nb", "a\0"),
        *("/a", "a/", "a//b", ".a", "a/.b", "a.lock", "a.lock/b", "a.", "a*", "a?", "a[b", "a\\b"),
        "x" * 2000,
    ],
)
def test_anything_git_could_read_as_more_than_a_name_is_refused(name: str) -> None:
    """Options, revision expressions, globs and malformed names never reach git."""
    with pytest.raises(RefNotAllowed):
        checked_ref(name)


@pytest.mark.parametrize("text", ["", "abc", "A" * 40, "a" * 39, "a" * 41, "a" * 40 + "\n"])
def test_only_full_object_ids_are_object_ids(text: str) -> None:
    """An object id is 40 or 64 lower-case hexadecimal digits."""
    with pytest.raises(RefNotAllowed):
        checked_object_id(text)
    assert checked_object_id("a" * 40) == "a" * 40


@pytest.mark.parametrize(
    "path",
    [
        *("", "/etc/passwd", "a//b", "a/", "../a", "a/../b", "./a", ".git/hooks/x", "a/.GIT/x"),
        *("-a", "a/-b", "a\nb", "a\x1b[0m", "a\u202eb", "x" * 2000),
    ],
)
def test_paths_that_could_leave_the_tree_or_the_line_are_refused(path: str) -> None:
    """A path in a commit is relative, printable, and names no part of Git's own."""
    with pytest.raises(RefNotAllowed):
        checked_path(path)


@pytest.mark.parametrize("path", ["a", "status/store-0042.yaml", "a b/ü.yaml", ".hidden", 'q"'])
def test_ordinary_paths_are_taken(path: str) -> None:
    """Spaces, quotes, dots and other scripts may stand in a path."""
    assert checked_path(path) == path
