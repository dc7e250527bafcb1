"""Git's trees and commits as bytes: what `git fast-import` would make of the same changes. Pure."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_FOLDER, _FILE = b"40000", b"100644"
_ROOT = b""

Table = dict[bytes, tuple[bytes, bytes]]
"""A folder's entries by name: mode, and object id as bytes."""


def object_id(kind: bytes, content: bytes, id_digits: int = 40) -> str:
    """The id that Git gives an object."""
    algorithm = hashlib.sha1 if id_digits == 40 else hashlib.sha256  # noqa: PLR2004
    head = b"%s %d\0" % (kind, len(content))
    return algorithm(head + content, usedforsecurity=False).hexdigest()


def folders_above(path: bytes) -> Iterator[bytes]:
    """The folders that a file is in, from the root on, which is the empty path."""
    parts = path.split(b"/")
    return (b"/".join(parts[:count]) for count in range(len(parts)))


@dataclass(slots=True)
class EditedTree:
    """The folders of a commit, as far as changes touch them, with these changes made.

    `folders` are contents of tree objects by path, None where there is no folder: all of those that
    `folders_above` names of each change. Afterwards it holds what they have become.
    """

    folders: dict[bytes, bytes | None]
    id_digits: int = 40
    _tables: dict[bytes, Table] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether each folder that another one lists is among `folders`, as far as they are known.

        One that cannot be read is none that is empty: what is in it would be gone.
        """
        unread = [path for path, content in self.folders.items() if path and content is None]
        return not any(map(self._is_listed, unread))

    def edit(self, blobs: Mapping[bytes, str | None]) -> str:
        """Put blobs, by object id, at their paths, and take those away that are None.

        Returns the root's object id. A folder that is empty goes, as Git knows none; a file gives
        way to a folder of its name, and a folder to a file.
        """
        for path in sorted(path for path, blob in blobs.items() if blob is None):
            self._take_away(path)
        for path, blob in sorted(blobs.items()):
            if blob is not None:
                self._put(path, _FILE, blob)
        return self._folded_up()

    def written(self) -> Iterator[bytes]:
        """The contents of the trees that were touched and are still there."""
        return (content for path in self._tables if (content := self.folders[path]) is not None)

    def _is_listed(self, path: bytes) -> bool:
        """Whether the folder that another one is in lists it."""
        outer, _, own = path.rpartition(b"/")
        entries = dict(_entries(self.folders[outer] or b"", self.id_digits // 2))
        return own in entries and entries[own][0] == _FOLDER

    def _table(self, path: bytes) -> Table:
        if path not in self._tables:
            self._tables[path] = dict(_entries(self.folders[path] or b"", self.id_digits // 2))
        return self._tables[path]

    def _take_away(self, path: bytes) -> None:
        folder, _, name = path.rpartition(b"/")
        if self._table(folder).pop(name, None):
            self._forget(path)

    def _put(self, path: bytes, mode: bytes, blob: str) -> None:
        folder, _, name = path.rpartition(b"/")
        for above in folders_above(path):
            outer, _, own = above.rpartition(b"/")
            entry = self._table(outer).get(own) if above else None
            if entry and entry[0] != _FOLDER:
                self._forget(above)
            if above and (entry is None or entry[0] != _FOLDER):
                self._table(outer)[own] = (_FOLDER, b"")
        self._table(folder)[name] = (mode, bytes.fromhex(blob))
        self._forget(path)

    def _forget(self, path: bytes) -> None:
        """Forget a folder, and what is in it, where something else takes its place."""
        for known in [one for one in self.folders if one == path or one.startswith(path + b"/")]:
            self.folders[known] = None
            self._tables.pop(known, None)

    def _folded_up(self) -> str:
        for touched in list(self._tables):
            for above in folders_above(touched):
                self._table(above)
        for path in sorted(self._tables, key=lambda one: one.count(b"/"), reverse=True):
            if path:
                self._fold(path)
        root = self.folders[_ROOT] = b"".join(_rendered(self._table(_ROOT)))
        return object_id(b"tree", root, self.id_digits)

    def _fold(self, path: bytes) -> None:
        """Put what a folder has become into the one that it is in."""
        outer, _, own = path.rpartition(b"/")
        above, table = self._table(outer), self._tables[path]
        if table:
            content = self.folders[path] = b"".join(_rendered(table))
            found = object_id(b"tree", content, self.id_digits)
            above[own] = (_FOLDER, bytes.fromhex(found))
            return
        self.folders[path] = None
        if own in above and above[own][0] == _FOLDER:
            del above[own]


def _entries(content: bytes, id_bytes: int) -> Iterator[tuple[bytes, tuple[bytes, bytes]]]:
    """Yield a tree's entries by name. Some programs write a mode with a zero before it."""
    at = 0
    while at < len(content):
        end = content.index(b"\0", at)
        mode, _, name = content[at:end].partition(b" ")
        at = end + 1 + id_bytes
        yield name, (mode.lstrip(b"0"), content[end + 1 : at])


def _rendered(table: Table) -> Iterator[bytes]:
    """Yield a folder's entries in Git's order: folders as if their names ended in a slash."""
    for name, (mode, found) in sorted(
        table.items(), key=lambda one: one[0] + b"/" * (one[1][0] == _FOLDER)
    ):
        yield mode + b" " + name + b"\0" + found
