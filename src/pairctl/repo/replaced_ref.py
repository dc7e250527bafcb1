"""A ref of one file without a history: each writing replaces all that was there.

It is for what moves without being worth a commit on a branch. Its commits have no parents, so
nothing grows but what Git clears away by itself; they are made beside the clone's own objects.
"""

import asyncio
import hashlib
import os
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pairctl.problem import Problem
from pairctl.repo.branches import StatusBranch
from pairctl.repo.broken_refs import forget_broken_refs
from pairctl.repo.commits import read_file, write_commit
from pairctl.repo.failures import failure
from pairctl.repo.git_dirs import common_dir_of
from pairctl.repo.problems import RefNotAllowed, lost, refused
from pairctl.repo.process import Answer
from pairctl.repo.program import GitProgram
from pairctl.repo.ref_ids import ref_id
from pairctl.repo.refs import checked_ref
from pairctl.repo.remote import Remote
from pairctl.repo.stream import Identity
from pairctl.repo.verdicts import Outcome
from pairctl.text import output_words

FETCHED = "refs/pairctl/replaced/"
_TAKEN = (
    *("refs/heads/", "refs/tags/", "refs/remotes/", "refs/notes/", "refs/stash"),
    *(f"refs/pairctl/{one}/" for one in ("source", "merged", "status-of", "replaced", "draft")),
)


def checked_replaced_ref(name: str) -> str:
    """`name` itself; raises RefNotAllowed unless it is a full name that no branch or tag has.

    What stands there is replaced without a look at its history: it is never one that others keep
    something in.
    """
    full = checked_ref(name)
    if full.startswith("refs/") and f"{full}/".count("/") > 2 and not full.startswith(_TAKEN):  # noqa: PLR2004
        return full
    raise RefNotAllowed(
        Problem(
            "RefNotAllowed",
            f"ref {full!r} cannot be the one that is replaced: it is, or may be, a branch, a tag "
            "or another's",
            "name one below a folder of its own, as in refs/pairctl/heartbeat/NAME",
        )
    )


@dataclass(frozen=True, slots=True)
class ReplacedRef:
    """The ref `name` of a repository: at its remote, where the status branch is, else in itself."""

    git: GitProgram
    remote: Remote | None
    name: str
    id_digits: int

    @classmethod
    def beside(
        cls, branch: StatusBranch, git: GitProgram, name: str, id_digits: int
    ) -> "ReplacedRef":
        """Return the ref that is kept where a status branch is."""
        return cls(git, branch.remote, checked_replaced_ref(name), id_digits)

    async def read(self, path: str) -> bytes | None:
        """Read its file; None where there is none. Raises RepositoryError."""
        commit = await self._now()
        if not commit:
            return None
        if self.remote:
            key = hashlib.sha256(f"{self.remote.location.address}\0{self.name}".encode())
            place = FETCHED + key.hexdigest()[:20]
            await self.remote.fetch([f"+{self.name}:{place}"])
            commit = await ref_id(self.git, place) or commit
        return await read_file(self.git, commit, path)

    async def write(self, path: str, content: bytes, identity: Identity, now: datetime) -> None:
        """Replace what is there by one file.

        Raises PublishError where that was not done: another writer came first, or it was refused;
        and RefNotAllowed where it is another name of a ref, which would be replaced in its place.
        """
        before = await self._now()
        if self.remote is None:
            commit = await self._commit(self.git, path, content, identity, now)
            await self._move_here(before, commit)
            return
        # A clone's objects are its user's: what is out of date in a minute is not put there.
        with tempfile.TemporaryDirectory(prefix="pairctl-") as folder:
            beside = replace(self.remote, git=_writing_into(Path(folder), self.remote.git))
            commit = await self._commit(beside.git, path, content, identity, now)
            verdict = await beside.replace(before, commit, self.name)
        if verdict.outcome is Outcome.LOST:
            raise lost(self.name, verdict.words)
        if verdict.outcome is not Outcome.DONE:
            raise refused(self.name, verdict.words, verdict.refusal, verdict.conflict)

    async def _move_here(self, before: str, commit: str) -> None:
        """Move the ref of this repository, be what is there broken: it is replaced anyway."""
        answer = await self._moved(before, commit)
        if answer.status != 0 and await asyncio.to_thread(
            forget_broken_refs, self.git.git_dir, [self.name], stale_s=self.git.longest_s
        ):
            # Of one that could not be read, what was packed from before it broke is there again.
            before = before or await self._now()
            answer = await self._moved(before, commit)
        if answer.status == 0:
            return
        if await self._now() != before:
            raise lost(self.name, output_words(answer.stderr))
        raise failure(self._moving, answer.stderr)

    async def _moved(self, before: str, commit: str) -> Answer:
        old = before or "0" * self.id_digits
        moving = ["update-ref", "--no-deref", self.name, commit, old]
        return await self.git.answer(moving, doing=self._moving)

    @property
    def _moving(self) -> str:
        return f"moving {self.name}"

    async def _now(self) -> str:
        """Return what it stands at; empty where it is not there."""
        if self.remote is None:
            return await ref_id(self.git, self.name) or ""
        there = await self.remote.advertised([self.name])
        if self.name in there.other_names:
            words = f"ref {self.name!r} is another name of a ref at {self.remote.location.address}"
            hint = "delete it there (`git symbolic-ref --delete`), or name another ref"
            raise RefNotAllowed(Problem("RefNotAllowed", f"{words}, and is not replaced", hint))
        return there.refs.get(self.name, "")

    async def _commit(
        self, git: GitProgram, path: str, content: bytes, identity: Identity, now: datetime
    ) -> str:
        return await write_commit(
            git,
            None,
            {path: content},
            message=path,
            identity=identity,
            now=now,
            id_digits=self.id_digits,
        )


def _writing_into(folder: Path, git: GitProgram) -> GitProgram:
    objects = os.path.realpath(common_dir_of(git.git_dir) / "objects")
    places = (
        ("GIT_OBJECT_DIRECTORY", str(folder)),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES", objects),
    )
    return replace(git, variables=(*git.variables, *places))
