"""Folders as Git's objects: changes made to them, and what they are from the start."""

from collections.abc import Mapping

from hypothesis import example, given
from hypothesis import strategies as st

from pairctl.repo.tree_objects import EditedTree, folders_above, object_id

EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
Files = Mapping[bytes, bytes]

names = st.sampled_from([b"a", b"b", b"a.b", b"a-b", b"a0"])
paths = st.lists(names, min_size=1, max_size=3).map(b"/".join)
contents = st.sampled_from([b"1", b"2"])


def files_of(written: Files) -> dict[bytes, bytes]:
    """Return files that can stand beside each other: none has the name of another's folder."""
    found: dict[bytes, bytes] = {}
    for path, content in sorted(written.items()):
        if not any(above in found for above in folders_above(path)):
            found[path] = content
    return found


files = st.dictionaries(paths, contents, max_size=8).map(files_of)


def new_tree(*paths: bytes) -> EditedTree:
    """Return an empty tree in which these paths can be changed."""
    return EditedTree({b"": None} | {one: None for path in paths for one in folders_above(path)})


def blobs(written: Mapping[bytes, bytes | None]) -> dict[bytes, str | None]:
    """Return the ids of contents; None stays."""
    return {path: one and object_id(b"blob", one) for path, one in written.items()}


@given(before=files, after=files)
@example(before={b"a": b"1"}, after={b"a/b": b"1"})
@example(before={b"a/b/a": b"1"}, after={b"a": b"1"})
def test_a_tree_that_is_changed_is_the_tree_of_its_files(before: Files, after: Files) -> None:
    """What becomes of changes is the same as writing all files anew, whatever was there."""
    tree = new_tree(*before, *after)
    tree.edit(blobs(before))
    later = EditedTree(dict(tree.folders))
    changes: dict[bytes, bytes | None] = {**dict.fromkeys(before), **after}
    assert later.edit(blobs(changes)) == new_tree(*after).edit(blobs(after))
    written = {object_id(b"tree", one) for one in later.written()}
    assert later.edit({}) in written | {EMPTY}


def test_no_files_are_the_empty_tree() -> None:
    """Git knows no empty folders, but for the root."""
    tree = new_tree(b"a/b")
    assert tree.edit({b"a/b": None}) == EMPTY


def test_what_is_no_folder_stays_where_something_below_it_is_taken_away() -> None:
    """A change of what is not there changes nothing."""
    tree = new_tree(b"a/b")
    alone = tree.edit(blobs({b"a": b"1"}))
    assert EditedTree({**tree.folders, b"a": None}).edit({b"a/b": None}) == alone


def test_a_folder_whose_mode_has_a_zero_before_it_is_a_folder() -> None:
    """Some programs write `040000`: what is in such a folder stays where a file of it changes."""
    tree = new_tree(b"a/b", b"a/c")
    tree.edit(blobs({b"a/b": b"1", b"d": b"1"}))
    root = tree.folders[b""]
    assert root is not None
    padded = root.replace(b"40000 a", b"040000 a")
    assert padded != root
    later = EditedTree({**tree.folders, b"": padded})
    both = {b"a/b": b"1", b"a/c": b"2", b"d": b"1"}
    assert later.edit(blobs({b"a/c": b"2"})) == new_tree(*both).edit(blobs(both))


def test_a_folder_that_is_listed_and_was_not_read_is_missing() -> None:
    """It is none that is not there: what is in it would be lost."""
    tree = new_tree(b"a/b/c")
    assert tree.is_whole
    tree.edit(blobs({b"a/b/c": b"1"}))
    known = dict(tree.folders)
    assert EditedTree(known).is_whole
    for lost in (b"a", b"a/b"):
        assert not EditedTree({**known, lost: None}).is_whole
    file = new_tree(b"a/b", b"a/b/c")
    file.edit(blobs({b"a/b": b"1"}))
    assert EditedTree(dict(file.folders)).is_whole
