"""The status branch as one cell with compare-and-swap: in this repository, or at a remote."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from pairctl.problem import PairctlError, Problem
from pairctl.repo.durable import sync_ref
from pairctl.repo.failures import failure
from pairctl.repo.git_dirs import common_dir_of, find_git_dir
from pairctl.repo.obstacles import conflicting_names, refuse_folder, refuse_names
from pairctl.repo.plain_refs import move_plain_ref
from pairctl.repo.problems import (
    PushRefused,
    PushUnknown,
    RepositoryError,
    lost,
    refused,
)
from pairctl.repo.program import GitProgram
from pairctl.repo.ref_ids import is_ancestor, ref_id, refs_like, whole_ref_id
from pairctl.repo.refusals import (
    CHECKED_OUT,
    conflicting_branch,
    is_lost_race,
    refusal_of,
)
from pairctl.repo.remote import Remote
from pairctl.repo.verdicts import Outcome, Verdict
from pairctl.text import output_words


class StatusBranch(Protocol):
    """Where status commits go. `tip` and `swap` speak of the same place."""

    @property
    def name(self) -> str:
        """The short name of the branch."""

    @property
    def ref_here(self) -> str:
        """The full name of the ref that holds, in this repository, what was last seen of it."""

    @property
    def is_remote(self) -> bool:
        """The branch may move without this repository knowing."""

    @property
    def remote(self) -> Remote | None:
        """Where the branch is; None where that is this repository itself, or is not known."""

    @property
    def why_old(self) -> Problem | None:
        """Why `ref_here` may be older than the branch; None where it is not."""

    async def fetch(self) -> None:
        """Bring `ref_here` up to date."""

    async def tip(self) -> str | None:
        """The commit that the branch stands at now; None where there is no branch."""

    async def swap(self, base: str | None, commit: str) -> None:
        """Move the branch from `base` to `commit`, or raise a PublishError and move nothing."""

    async def rehearse(self, commit: str) -> None:
        """Raise a PublishError for what can be seen to stand in the way; nothing is moved."""


@dataclass(frozen=True, slots=True)
class LocalBranch:
    """The branch of a repository that has no remote: the repository itself is the store."""

    git: GitProgram
    name: str
    id_digits: int

    @property
    def ref_here(self) -> str:
        """The branch itself."""
        return f"refs/heads/{self.name}"

    @property
    def is_remote(self) -> bool:
        """Never: this repository is where the branch is."""
        return False

    @property
    def remote(self) -> None:
        """None: there is no other repository."""

    @property
    def why_old(self) -> None:
        """Never: there is no other copy."""

    async def fetch(self) -> None:
        """Do nothing: the branch is here."""

    async def tip(self) -> str | None:
        """The commit that the branch stands at now; None where there is no branch."""
        return await whole_ref_id(self.git, self.ref_here)

    async def swap(self, base: str | None, commit: str) -> None:
        """Move the branch by `git update-ref`, which checks the old value under its own lock.

        It is on the disk when this returns: a claim is not forgotten over a loss of power.
        """
        await self._refuse_if_checked_out()
        doing = f"moving branch {self.name!r}"
        answer = await self.git.answer(
            ["update-ref", "-m", "pairctl", self.ref_here, commit, base or "0" * self.id_digits],
            doing=doing,
        )
        if answer.status == 0:
            await asyncio.to_thread(self._put_to_disk)
            return
        refusal, words = refusal_of(answer.stderr), output_words(answer.stderr)
        if refusal:
            raise refused(self.name, words, refusal, conflicting_branch(answer.stderr))
        if is_lost_race(answer.stderr):
            raise lost(self.name, words)
        raise failure(doing, answer.stderr)

    def _put_to_disk(self) -> None:
        """Put the branch that was moved to disk, as far as its file system can."""
        with suppress(OSError):
            sync_ref(self.git.git_dir, self.ref_here)

    async def rehearse(self, commit: str) -> None:  # noqa: ARG002 - none is needed
        """Look for a branch in the way, a lock, a full disk, and files of others."""
        await self._refuse_if_checked_out()
        listed = await self.git.output(
            ["for-each-ref", "--format=%(refname)", *conflicting_names(self.ref_here)],
            doing="looking for branches in the way",
        )
        refuse_names(self.name, listed.decode("utf-8", "replace").splitlines())
        await asyncio.to_thread(refuse_folder, self.name, common_dir_of(self.git.git_dir))

    async def _refuse_if_checked_out(self) -> None:
        where = await self.git.output(
            ["for-each-ref", "--format=%(worktreepath)", self.ref_here],
            doing="asking where the status branch is checked out",
        )
        if where.strip():
            raise refused(self.name, f"in {output_words(where.decode())}", CHECKED_OUT)


@dataclass(frozen=True, slots=True)
class RemoteBranch:
    """The branch at a remote; `ref_here` is a private ref of pairctl's own."""

    remote: Remote
    name: str
    ref_here: str

    @property
    def is_remote(self) -> bool:
        """Always: others may write to it."""
        return True

    @property
    def why_old(self) -> None:
        """Never: what cannot be fetched is an error."""

    @property
    def ref(self) -> str:
        """The full name of the branch at the remote."""
        return f"refs/heads/{self.name}"

    async def tip(self) -> str | None:
        """The commit that the branch stands at now; asks the remote."""
        return (await self.remote.advertised([self.ref])).refs.get(self.ref)

    async def fetch(self) -> None:
        """Bring the branch into its private ref; a branch that is gone is forgotten here too."""
        tip = await self.tip()
        if tip is None:
            await self.remote.forget(self.ref_here)
        elif tip != await ref_id(self.remote.git, self.ref_here):
            await self.remote.fetch([f"+{self.ref}:{self.ref_here}"])

    async def swap(self, base: str | None, commit: str) -> None:
        """Push once; where the answer does not say for certain what happened, look.

        The remote is asked to move the branch from `base`, which `commit` continues, and from
        nowhere else: no commit of others is ever lost, and nothing that was taken away comes back.
        """
        verdict = await self.remote.push(base, commit, self.ref)
        match verdict.outcome:
            case Outcome.DONE:
                await asyncio.to_thread(self._put_to_disk)
                await self._remember(base, commit)
            case Outcome.LOST:
                raise lost(self.name, verdict.words)
            case Outcome.REFUSED | Outcome.UNCLEAR:
                if await self._is_published(commit, verdict):
                    await asyncio.to_thread(self._put_to_disk)
                    return
                if verdict.outcome is Outcome.REFUSED:
                    raise refused(self.name, verdict.words, verdict.refusal, verdict.conflict)
                raise lost(
                    self.name, f"the push was cut, and the branch does not hold it: {verdict.words}"
                )

    async def rehearse(self, commit: str) -> None:
        """Push as a rehearsal, then look for what only the remote's own push would meet."""
        verdict = await self.remote.rehearse(commit, self.ref)
        if verdict.outcome is Outcome.REFUSED:
            raise refused(self.name, verdict.words, verdict.refusal, verdict.conflict)
        names = conflicting_names(self.ref)
        refuse_names(self.name, (await self.remote.advertised(names)).refs)
        if folder := self.remote.location.folder:
            await asyncio.to_thread(refuse_folder, self.name, folder)

    def _put_to_disk(self) -> None:
        """Put the branch to disk where it was moved on this machine; elsewhere others do."""
        folder = self.remote.location.folder
        with suppress(OSError):
            if folder and (found := find_git_dir(folder)):
                sync_ref(found[0], self.ref)

    async def _remember(self, base: str | None, commit: str) -> None:
        """Note what was pushed, unless another process has fetched a later tip by now.

        Best effort, also where the run is over by then: it is published, and the next look tells.
        """
        git, ref, before = self.remote.git, self.ref_here, base or ""
        if await asyncio.to_thread(move_plain_ref, git.git_dir, ref, before, commit):
            return
        moving = ["update-ref", ref, commit, before or "0" * len(commit)]
        with suppress(RepositoryError):
            if (await git.answer(moving, doing=f"remembering {ref}")).status != 0:
                await self.fetch()

    async def _is_published(self, commit: str, verdict: Verdict) -> bool:
        git = self.remote.git
        try:
            await self.fetch()
            tip = await ref_id(git, self.ref_here)
            return tip is not None and await is_ancestor(git, commit, tip)
        except RepositoryError as error:
            if verdict.outcome is Outcome.REFUSED:
                return False
            raise _unknown(self.name, verdict, error) from error


class RememberedBranch:
    """The branch for those who only look: fetched if it can be, else as the clone had it last.

    What is in the way of fetching is in `why_old`. Nothing is ever written to it.
    """

    is_remote = True

    def __init__(
        self, git: GitProgram, name: str, remote_name: str, source: RemoteBranch | Problem
    ) -> None:
        self.name = name
        self.why_old: Problem | None = None
        self._git = git
        self._source = source
        self._remote_name = remote_name
        self._ref = ""

    @property
    def remote(self) -> Remote | None:
        """Where the branch is fetched from; None where nothing can be."""
        return self._source.remote if isinstance(self._source, RemoteBranch) else None

    @property
    def ref_here(self) -> str:
        """The ref that was found to be the newest; a branch that was never fetched has none."""
        return self._ref or f"refs/remotes/{self._remote_name}/{self.name}"

    async def fetch(self) -> None:
        """Fetch the branch; where that fails, find what the clone has of it."""
        self.why_old = await self._fetched()
        self._ref = await self._newest()

    async def tip(self) -> str | None:
        """The commit that is known of the branch; None where none is."""
        return await ref_id(self._git, self.ref_here)

    async def swap(self, base: str | None, commit: str) -> None:  # noqa: ARG002 - never called
        """Refuse: who only looks moves no branch."""
        text = f"branch {self.name!r} was opened to be looked at"
        raise PushRefused(Problem("PushRefused", text, "this is a defect of pairctl"))

    async def rehearse(self, commit: str) -> None:
        """Refuse, as `swap` does."""
        await self.swap(None, commit)

    async def _fetched(self) -> Problem | None:
        """Fetch the branch, or return what stands in the way."""
        if isinstance(self._source, Problem):
            return self._source
        try:
            await self._source.fetch()
        except RepositoryError as error:
            return error.problem
        return None

    async def _newest(self) -> str:
        """Return the newest ref of the branch: each holds the ones before it, or is left alone."""
        if isinstance(self._source, RemoteBranch) and self.why_old is None:
            return self._source.ref_here
        known = await refs_like(self._git, f"refs/remotes/*/{self.name}")
        own = f"refs/remotes/{self._remote_name}/{self.name}"
        others = [ref for ref in known if ref != own]
        ordered = [own] if own in known else others * (len(others) == 1)
        fetched = [self._source.ref_here] if isinstance(self._source, RemoteBranch) else []
        best, at = "", ""
        for ref in (*ordered, *fetched, f"refs/heads/{self.name}"):
            commit = await ref_id(self._git, ref)
            if commit and (not at or await is_ancestor(self._git, at, commit)):
                best, at = ref, commit
        return best


def _unknown(name: str, verdict: Verdict, error: PairctlError) -> PushUnknown:
    text = (
        f"branch {name!r}: the push was cut ({verdict.words}) and the remote cannot be looked at:"
        f" {error.problem.message}"
    )
    return PushUnknown(Problem("PushUnknown", text, "look at the branch before anything is done"))
