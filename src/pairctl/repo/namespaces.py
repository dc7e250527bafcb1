"""Where the branches and tags of the source stand in the repository that is read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pairctl.problem import Problem
from pairctl.repo.problems import GitFailed, RefNotFound
from pairctl.repo.program import GitProgram
from pairctl.repo.refs import checked_ref, is_object_id, may_be_short_id, split_revision
from pairctl.repo.remote import Advertised
from pairctl.text import escaped

MAX_NAMES_SHOWN = 20
_LIST_NAMES = ("for-each-ref", f"--count={MAX_NAMES_SHOWN + 1}", "--format=%(refname)")


@dataclass(frozen=True, slots=True)
class Namespace:
    """The prefixes of the source's branches and tags; `head` is the full name that HEAD means."""

    heads: str
    tags: str
    remotes: str | None
    head: str | None

    def candidates(self, ref: str) -> tuple[str, ...]:
        """The full names that `ref` may stand for, most likely first: a branch before a tag."""
        if ref == "HEAD":
            return (self.head,) if self.head else ()
        if is_object_id(ref):
            return (ref,)
        for prefix, place in (("refs/heads/", self.heads), ("refs/tags/", self.tags)):
            if ref.startswith(prefix):
                return (place + ref.removeprefix(prefix),)
        if ref.startswith("refs/"):
            return (ref,) if self.remotes else ()
        # `origin/main` of a clone URL is its branch `main`.
        remote = (
            (self.remotes + ref,) if self.remotes else (self.heads + ref.removeprefix("origin/"),)
        )
        short = (ref,) if may_be_short_id(ref) else ()
        return (self.heads + ref, self.tags + ref, *remote, *short)

    def place_of(self, full: str) -> str:
        """Where a branch or tag is kept that has this full name at the source."""
        for prefix, place in (("refs/heads/", self.heads), ("refs/tags/", self.tags)):
            if full.startswith(prefix):
                return place + full.removeprefix(prefix)
        raise ValueError(full)

    def with_head_of(self, advertised: Advertised) -> "Namespace":
        """This namespace with the default branch that the remote has now."""
        head = advertised.head
        name = self.heads + head.removeprefix("refs/heads/") if head else None
        return replace(self, head=name)


HERE = Namespace("refs/heads/", "refs/tags/", "refs/remotes/", "HEAD")
FETCHED = Namespace("refs/pairctl/source/heads/", "refs/pairctl/source/tags/", None, None)
FETCHED_REFSPECS = (f"+refs/heads/*:{FETCHED.heads}*", f"+refs/tags/*:{FETCHED.tags}*")


async def resolve(git: GitProgram, space: Namespace, ref: str) -> str:
    """The full id of the commit that `ref` names, a ref with or without steps (`HEAD~1`).

    Raises RefNotFound, listing what exists.
    """
    name, steps = split_revision(ref)
    commit = await commit_of(git, space.candidates(checked_ref(name)), ref, steps)
    if commit is not None:
        return commit
    if steps and await commit_of(git, space.candidates(name), name):
        raise too_far(ref, name)
    stands_at = await _stands_at(git, space, name)
    raise missing_object(ref, stands_at) if stands_at else await _not_found(git, space, ref)


def too_far(ref: str, name: str) -> RefNotFound:
    """The error of steps that lead to no commit."""
    text = f"{ref!r} names no commit: the history of {name} that is here does not reach as far"
    hint = "check it; in a shallow clone, fetch more of the history: git fetch --deepen=50"
    return RefNotFound(Problem("RefNotFound", text, hint))


async def commit_of(git: GitProgram, names: Sequence[str], ref: str, steps: str = "") -> str | None:
    """The full id of the first commit among full names that `ref` may stand for; else None.

    With `steps` it is the commit that they lead to from there.
    """
    answer = await git.output(
        ["cat-file", "--batch-check"],
        doing=f"resolving ref {ref!r}",
        stdin="".join(f"{name}{steps}^{{commit}}\n" for name in names).encode(),
    )
    for line in answer.decode("utf-8", "replace").splitlines():
        match line.split(" "):
            case [object_id, "commit", _] if is_object_id(object_id):
                return object_id
    return None


async def _not_found(git: GitProgram, space: Namespace, ref: str) -> RefNotFound:
    listing = await git.output(
        [*_LIST_NAMES, space.heads, space.tags],
        doing="listing branches and tags",
    )
    full = listing.decode("utf-8", "backslashreplace").splitlines()
    names = [name.removeprefix(space.heads).removeprefix(space.tags) for name in full]
    exists = (
        f"there are: {shown_names(names)}" if names else "the repository has no branch and no tag"
    )
    hint = "check --ref, or push it" if names else "make the first commit; of a clone URL, push it"
    return RefNotFound(Problem("RefNotFound", f"ref {ref!r} names no commit; {exists}", hint))


async def _stands_at(git: GitProgram, space: Namespace, ref: str) -> str:
    """Return the id that a ref stands at though no commit is there to be read; empty without."""
    for name in space.candidates(ref):
        if not is_object_id(name) and (name == "HEAD" or name.startswith("refs/")):
            said = await git.answer(
                ["rev-parse", "--verify", "--quiet", "--end-of-options", name],
                doing=f"resolving ref {ref!r}",
            )
            found = said.stdout.decode("utf-8", "replace").strip()
            if said.status == 0 and is_object_id(found) and not await is_there(git, found):
                return found
    return ""


async def is_there(git: GitProgram, object_id: str) -> bool:
    """Whether an object is here, and is what its id says: Git looks when it peels one."""
    looking = ["rev-parse", "--verify", "--quiet", f"{object_id}^{{object}}"]
    answer = await git.answer(looking, doing=f"looking for {object_id[:12]}")
    return answer.status == 0


def missing_object(ref: str, object_id: str) -> GitFailed:
    """The error of a ref that stands at what is not here, or cannot be read."""
    text = f"ref {ref!r} stands at {object_id[:12]}, and that object is missing or cannot be read"
    return GitFailed(Problem("GitFailed", text, "check the repository with `git fsck`"))


def shown_names(names: Sequence[str]) -> str:
    """The first of some names, fit to be shown."""
    more = ", ..." if len(names) > MAX_NAMES_SHOWN else ""
    return ", ".join(map(escaped, names[:MAX_NAMES_SHOWN])) + more
