"""A clone's remote as the place where commits are merged: its refs, fetched into private ones."""

import asyncio
import hashlib
from dataclasses import dataclass

from pairctl.problem import Problem
from pairctl.repo.git_dirs import branch_in_head, whole_configuration
from pairctl.repo.namespaces import (
    FETCHED,
    FETCHED_REFSPECS,
    HERE,
    commit_of,
    is_there,
    missing_object,
    resolve,
)
from pairctl.repo.problems import NotPushed, RefNotFound
from pairctl.repo.program import GitProgram
from pairctl.repo.ref_ids import ref_id
from pairctl.repo.refs import checked_ref, is_object_id, may_be_short_id
from pairctl.repo.remote import Remote

BRANCHES_AND_TAGS = ("refs/heads/*", "refs/tags/*")
PRIVATE_REFS = "refs/pairctl/merged/"
MAX_NAMES_SHOWN = 20
_FOLLOWS = r"^branch\..*\.(remote|merge)$"

_HINT = "push it, or let `--local` carry out what is only here"


@dataclass(frozen=True, slots=True)
class Tracking:
    """A ref of a clone beside the same at its remote: `here` and `there` are commits, or None.

    `name` is what the clone calls it; `full_name` what the remote does, or may first of all, empty
    for a commit id. Counts are of commits, 0 where a side is missing.
    """

    remote: str
    name: str
    full_name: str
    here: str | None
    there: str | None
    ahead: int = 0
    behind: int = 0

    @property
    def is_same(self) -> bool:
        """Whether both sides have the same commit."""
        return self.here is not None and self.here == self.there


class Upstream:
    """The remote called `name` of the clone that `git` works on.

    The user's refs, configuration and work tree are read at most; what is fetched goes into refs
    below `refs/pairctl/`.
    """

    def __init__(self, git: GitProgram, remote: Remote, name: str) -> None:
        self._git = git
        self._remote = remote
        self._followed_by: tuple[str, bytes, str] | None = None
        self._peeled = ("", "")
        self.name = name

    async def resolve(self, ref: str) -> str:
        """The full id of the commit that `ref` names at the remote now; fetches it.

        HEAD is the branch that the clone has checked out, as the remote has it; without one, and
        for a commit id, the commit has to be on a branch or tag of the remote. Raises NotPushed
        for what only the clone has, and RefNotFound, listing what the remote has.
        """
        names = await self._names(ref)
        advertised = await self._advertised(names)
        for full in names:
            if full in advertised:
                return await self._fetched(full, advertised[full], ref)
        if await self._may_be_commit(ref):
            return await self._on_any_branch(ref)
        raise await self._missing(ref)

    async def token(self, ref: str) -> str:
        """The commit or tag id that `ref` has at the remote now; while it is there, unfetched.

        Raises as `resolve` does.
        """
        names = await self._names(ref)
        advertised = await self._advertised(names)
        found = next((advertised[full] for full in names if full in advertised), "")
        if not found and await self._may_be_commit(ref):
            return await resolve(self._git, HERE, ref)
        return found or await self.resolve(ref)

    async def tracking(self, ref: str) -> Tracking:
        """How what `ref` names in the clone stands to what it names at the remote, fetched.

        A commit id counts as being there by what is known without fetching all branches.
        """
        here = await self._here(ref)
        own = await checked_out(self._git) or "" if ref == "HEAD" else ref
        names = await self._names_of_branch(own) if ref == "HEAD" else await self._names(ref)
        if not names:
            is_there = here is not None and await self._is_known(here)
            return Tracking(self.name, own, "", here, here if is_there else None)
        advertised = await self._advertised(names)
        full = next((name for name in names if name in advertised), "")
        if not full:
            return Tracking(self.name, own, names[0], here, None)
        there = await self._fetched(full, advertised[full], ref)
        counts = await self._counts(here, there) if here and here != there else (0, 0)
        return Tracking(self.name, own, full, here, there, *counts)

    async def branches_named(self, ref: str, head: str | None = None) -> frozenset[str]:
        """The short names of the branches of the remote that `ref` may stand for.

        `head` is the branch that HEAD is, where that is known already.
        """
        names = await (self._names_of_branch(head) if head else self._names(ref))
        return frozenset(
            full.removeprefix("refs/heads/") for full in names if full.startswith("refs/heads/")
        )

    async def _names(self, ref: str) -> tuple[str, ...]:
        if ref != "HEAD":
            return names_at_remote(checked_ref(ref), self.name)
        return await self._names_of_branch(await checked_out(self._git))

    async def _names_of_branch(self, branch: str | None) -> tuple[str, ...]:
        return (f"refs/heads/{await self._followed(branch)}",) if branch else ()

    async def _followed(self, branch: str) -> str:
        """What the remote calls a branch of the clone: as it is configured to follow it.

        A `watch` asks every few seconds: Git is asked again where the configuration is another.
        """
        configuration = await asyncio.to_thread(whole_configuration, self._git.git_dir)
        known = self._followed_by
        if known and configuration is not None and known[:2] == (branch, configuration):
            return known[2]
        followed = await self._asked_what_is_followed(branch)
        if configuration is not None:
            self._followed_by = branch, configuration, followed
        return followed

    async def _asked_what_is_followed(self, branch: str) -> str:
        remote, followed = await self._configured(branch)
        is_this = remote in (self.name, self._remote.location.address)
        if is_this and followed.startswith("refs/heads/"):
            return checked_ref(followed).removeprefix("refs/heads/")
        return branch

    async def _configured(self, branch: str) -> tuple[str, str]:
        """Return which remote, and which ref there, a branch of the clone is set to follow."""
        answer = await self._git.answer(
            ["config", "-z", "--get-regexp", _FOLLOWS], doing="reading the clone's branches"
        )
        records = answer.stdout.decode("utf-8", "replace").split("\0")
        said = {key: value.strip() for key, _, value in (one.partition("\n") for one in records)}
        return said.get(f"branch.{branch}.remote", ""), said.get(f"branch.{branch}.merge", "")

    async def _advertised(self, names: tuple[str, ...]) -> dict[str, str]:
        return dict((await self._remote.advertised(names)).refs) if names else {}

    async def _may_be_commit(self, ref: str) -> bool:
        if ref == "HEAD":
            return await checked_out(self._git) is None
        if is_object_id(ref):
            return True
        own = (f"refs/heads/{ref}", f"refs/tags/{ref}")
        return may_be_short_id(ref) and not any([await ref_id(self._git, name) for name in own])

    async def _fetched(self, full: str, object_id: str, ref: str) -> str:
        # One flat ref a name: a branch may take the place of a folder of branches, and two runs on
        # one clone may be about two branches.
        private = PRIVATE_REFS + hashlib.sha256(full.encode()).hexdigest()[:20]
        if await ref_id(self._git, private) != object_id:
            await self._remote.fetch([f"+{full}:{private}"])
        if self._peeled[0] != object_id:  # an id is a tag, or a commit, for ever
            commit = await commit_of(self._git, (object_id,), ref)
            if commit is None and not await is_there(self._git, object_id):
                raise missing_object(ref, object_id)
            if commit is None:
                text = f"ref {ref!r} names no commit at {self.name}"
                raise RefNotFound(Problem("RefNotFound", text, "check --ref"))
            self._peeled = object_id, commit
        return self._peeled[1]

    async def _on_any_branch(self, ref: str) -> str:
        """The commit of an id, if the remote has it on a branch or tag; fetches where need be."""
        advertised = await self._advertised(BRANCHES_AND_TAGS)
        commit = await self._here(ref)
        if commit in advertised.values():
            return str(commit)
        await self._remote.fetch(FETCHED_REFSPECS)
        commit = await self._here(ref)
        if commit is None:
            raise _not_found(ref, self.name, advertised)
        if await self._is_in(commit, (FETCHED.heads, FETCHED.tags)):
            return commit
        what = f"HEAD is no branch, and commit {commit[:7]}" if ref == "HEAD" else f"commit {ref}"
        text = f"{what} is on no branch and no tag of {self.name}"
        raise NotPushed(Problem("NotPushed", text, _HINT))

    async def _is_known(self, commit: str) -> bool:
        """Whether the remote has a commit as a tip, or had it when the clone last fetched."""
        if commit in (await self._advertised(BRANCHES_AND_TAGS)).values():
            return True
        return await self._is_in(commit, (f"refs/remotes/{self.name}/", FETCHED.heads))

    async def _is_in(self, commit: str, prefixes: tuple[str, ...]) -> bool:
        listing = await self._git.output(
            ["for-each-ref", "--count=1", f"--contains={commit}", *prefixes],
            doing=f"looking for commit {commit[:7]} at {self.name}",
        )
        return bool(listing.strip())

    async def _here(self, ref: str) -> str | None:
        try:
            return await resolve(self._git, HERE, ref)
        except RefNotFound:
            return None

    async def _missing(self, ref: str) -> NotPushed | RefNotFound:
        named = ", ".join(sorted(await self.branches_named(ref))) if ref == "HEAD" else ref
        if await self._here(ref) is None:
            return _not_found(named, self.name, await self._advertised(BRANCHES_AND_TAGS))
        what = f"branch {named!r}, which HEAD is," if ref == "HEAD" else f"ref {ref!r}"
        text = f"{what} is not at {self.name}: only this clone has it"
        return NotPushed(Problem("NotPushed", text, _HINT))

    async def _counts(self, here: str, there: str) -> tuple[int, int]:
        answer = await self._git.output(
            ["rev-list", "--left-right", "--count", f"{here}...{there}"],
            doing=f"comparing the clone with {self.name}",
        )
        ahead, behind = answer.decode().split()
        return int(ahead), int(behind)


def names_at_remote(ref: str, remote: str) -> tuple[str, ...]:
    """The full names that `ref` may have at the remote, most likely first: a branch before a tag.

    `origin/main` and `refs/remotes/origin/main` are the branch `main` of `origin`. Pure.
    """
    if is_object_id(ref):
        return ()
    tracked = f"refs/remotes/{remote}/"
    if ref.startswith(tracked):
        return (_branch(ref.removeprefix(tracked)),)
    if ref.startswith("refs/"):
        return (ref,) if ref.startswith(("refs/heads/", "refs/tags/")) else ()
    own = (f"refs/heads/{ref}", f"refs/tags/{ref}")
    rest = ref.removeprefix(f"{remote}/")
    return own if rest == ref else (*own, _branch(rest))


async def checked_out(git: GitProgram) -> str | None:
    """The short name of the branch that HEAD is, born or not; None where HEAD is a commit."""
    if name := await asyncio.to_thread(branch_in_head, git.git_dir):
        return name
    answer = await git.answer(["symbolic-ref", "--quiet", "HEAD"], doing="reading HEAD")
    name = answer.stdout.decode("utf-8", "replace").strip()
    return name.removeprefix("refs/heads/") if answer.status == 0 and name else None


def _branch(name: str) -> str:
    """A remote-tracking `HEAD` is the remote's own."""
    return "HEAD" if name == "HEAD" else f"refs/heads/{name}"


def _not_found(ref: str, remote: str, advertised: dict[str, str]) -> RefNotFound:
    names = sorted(name.split("/", maxsplit=2)[2] for name in advertised if name[-3:] != "^{}")
    shown = ", ".join(names[:MAX_NAMES_SHOWN]) + (", ..." if len(names) > MAX_NAMES_SHOWN else "")
    has = f"has: {shown}" if names else "has no branch and no tag"
    text = f"ref {ref!r} names no commit at {remote}, which {has}"
    return RefNotFound(Problem("RefNotFound", text, "check --ref, or push it"))
