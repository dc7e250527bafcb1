"""New commits on a branch that one run writes again and again: changes in, a commit's id out.

A few changes are written in this process, since starting Git costs more than all of its work here;
many of them, and what a repository has rules of its own for, are written by `git fast-import`. Both
make the same commit.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime

from pairctl.repo.blobs import read_trees_at
from pairctl.repo.commits import write_commit
from pairctl.repo.loose_objects import LooseObjects
from pairctl.repo.problems import GitFailed
from pairctl.repo.program import GitProgram
from pairctl.repo.refs import checked_path
from pairctl.repo.stream import Identity, commit_object
from pairctl.repo.tree_objects import EditedTree, folders_above, object_id

MOST_LOOSE = 100
"""How many changes are written one by one: with more, Git too makes a pack of them."""


class CommitWriter:
    """Writes commits into one repository; no ref points to them yet.

    It keeps the folders of the commit that it wrote last: the next is a child of it as a rule.
    """

    def __init__(self, git: GitProgram, identity: Identity, id_digits: int) -> None:
        self._git = git
        self._identity = identity
        self._id_digits = id_digits
        self._known: tuple[str, dict[bytes, bytes | None]] = ("", {})

    async def write(
        self,
        base: str | None,
        changes: Mapping[str, bytes | None],
        *,
        message: str,
        now: datetime,
    ) -> str:
        """Return the id of a new commit on `base` with `changes` made. Raises as `write_commit`."""
        edits = {checked_path(path).encode(): content for path, content in changes.items()}
        if len(edits) <= MOST_LOOSE and (written := await self._loose(base, edits, message, now)):
            return written
        return await write_commit(
            self._git,
            base,
            changes,
            message=message,
            identity=self._identity,
            now=now,
            id_digits=self._id_digits,
        )

    async def _tree(self, base: str | None, paths: Iterable[bytes]) -> EditedTree | None:
        """Return the folders that changes at `paths` touch; None where they cannot be read."""
        needed = {b"", *(above for path in paths for above in folders_above(path))}
        if base is None:
            return EditedTree(dict.fromkeys(needed), self._id_digits)
        known = self._known[1] if self._known[0] == base else {}
        missing = sorted(needed - known.keys())
        try:
            read = await read_trees_at(self._git, base, missing) if missing else {}
        except GitFailed:
            return None
        tree = EditedTree({**known, **read}, self._id_digits)
        return tree if tree.is_whole else None

    async def _loose(
        self, base: str | None, edits: Mapping[bytes, bytes | None], message: str, now: datetime
    ) -> str | None:
        """Write the commit without a process; None where Git has to, or says best what is wrong."""
        store = await asyncio.to_thread(LooseObjects.of, self._git, self._id_digits)
        tree = await self._tree(base, edits) if store else None
        if store is None or tree is None:
            return None
        blobs = {
            path: None if content is None else object_id(b"blob", content, self._id_digits)
            for path, content in edits.items()
        }
        root = tree.edit(blobs)
        commit = commit_object(root, base, message=message, identity=self._identity, now=now)
        contents = [(b"blob", content) for content in edits.values() if content is not None]
        contents += [(b"tree", content) for content in tree.written()]
        contents.append((b"commit", commit))
        objects = [(object_id(kind, one, self._id_digits), kind, one) for kind, one in contents]
        try:
            await asyncio.to_thread(store.write, objects)
        except OSError:
            return None
        found = objects[-1][0]
        self._known = (found, tree.folders)
        return found
