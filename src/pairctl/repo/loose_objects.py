"""Objects written into a repository without a process, as Git writes a few of them: one file each.

A status commit has some twenty. They are named and left as Git does it, so that an unfinished one
is cleared away by `git gc`, and one that is there already counts as new again.
"""

import os
import re
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pairctl.repo.durable import sync_folder
from pairctl.repo.git_dirs import common_dir_of, whole_configuration
from pairctl.repo.program import GitProgram
from pairctl.repo.refs import SHA1_DIGITS

_FASTEST = 1  # as Git packs what is to be packed again soon
# Who may read objects, what they are called, whether they are put to disk at once, and how.
_OWN_RULES = re.compile(rb"sharedrepository|\[\s*extensions|fsync|createobject|compression")


@dataclass(frozen=True, slots=True)
class LooseObjects:
    """Where a repository's objects are kept, one file each."""

    folder: Path

    @classmethod
    def of(cls, git: GitProgram, id_digits: int) -> "LooseObjects | None":
        """Return those of a repository whose configuration says nothing about how they are kept.

        None where it may, where its objects go elsewhere, or have long ids: Git is to write then.
        """
        if git.variables or id_digits != SHA1_DIGITS:
            return None
        said = whole_configuration(git.git_dir)
        if said is None or _OWN_RULES.search(said.lower()):
            return None
        return cls(common_dir_of(git.git_dir) / "objects")

    def write(self, objects: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Write objects: id, kind and content of each, one that names others after them.

        All are on the disk, under their names, when this returns. Raises OSError.
        """
        folders = set()
        for object_id, kind, content in objects:
            head = b"%s %d\0" % (kind, len(content))
            folder = self.folder / object_id[:2]
            folder.mkdir(exist_ok=True)
            folders.add(folder)
            self._put(folder, object_id[2:], zlib.compress(head + content, _FASTEST))
        for folder in (*folders, self.folder):
            sync_folder(folder)

    def _put(self, folder: Path, name: str, packed: bytes) -> None:
        """Have a file there as a whole, or not at all; only to be read, as the user's mask lets.

        A ref will lead to it, so it is put to disk first, as Git does by `core.fsync`: after a loss
        of power an empty object would make the branch unreadable.
        """
        draft = folder / f"tmp_obj_{secrets.token_hex(6)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o444)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(packed)
                file.flush()
                os.fsync(descriptor)
            draft.replace(folder / name)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
