"""What is fetched of a clone URL: the status branch and the refs that were asked for, no others.

A repository may hold the branches of many people. Their bytes are not fetched, and what is wrong
with them is in nobody's path.
"""

from collections.abc import Iterable, Iterator, Mapping

from pairctl.problem import Problem
from pairctl.repo.namespaces import (
    FETCHED,
    FETCHED_REFSPECS,
    Namespace,
    commit_of,
    shown_names,
    too_far,
)
from pairctl.repo.problems import GitFailed, RefNotFound
from pairctl.repo.program import GitProgram
from pairctl.repo.ref_ids import ref_id
from pairctl.repo.refs import checked_ref, is_object_id, may_be_short_id, split_revision
from pairctl.repo.remote import Advertised, Remote
from pairctl.repo.upstream import BRANCHES_AND_TAGS, names_at_remote

DEFAULT_REMOTE = "origin"


class WantedRefs:
    """The refs of `remote` that are kept below `FETCHED`; `space` says where they are.

    `id_digits` are those of the object ids of the repository here, which has to be made anew where
    the remote's have others.
    """

    def __init__(self, git: GitProgram, remote: Remote, status_branch: str, id_digits: int) -> None:
        self.space: Namespace = FETCHED
        self.id_digits = id_digits
        self._git = git
        self._remote = remote
        self._status_ref = f"refs/heads/{status_branch}"
        self._wanted = {self._status_ref}
        self._brought: set[str] = set()
        self._seen: Advertised | None = None

    def note(self, ref: str) -> None:
        """Have the next `refresh` bring what `ref` may name."""
        self._wanted |= set(_names(split_revision(ref)[0]))

    def forget(self) -> None:
        """Take nothing for fetched any more: the repository was made anew."""
        self._seen, self._brought = None, set()

    async def refresh(self) -> None:
        """Bring all that is wanted up to date; what is gone at the remote goes here too.

        Raises GitFailed where the repository here has object ids of another length.
        """
        asked = ["HEAD", *sorted(self._wanted - {"HEAD"})]
        advertised = await self._remote.advertised(asked)
        if advertised.id_digits not in (0, self.id_digits):
            raise self._other_format(advertised.id_digits)
        if advertised == self._seen and self._wanted <= self._brought:
            # A push moves it too: what the remote had before that, it may have again.
            here = await ref_id(self._git, FETCHED.place_of(self._status_ref))
            if here == advertised.refs.get(self._status_ref):
                return
        names = asked[1:]
        there = {name: advertised.refs[name] for name in names if name in advertised.refs}
        if advertised.head and "HEAD" in self._wanted and "HEAD" in advertised.refs:
            there[advertised.head] = advertised.refs["HEAD"]
        await self._bring(there, {name for name in names if name not in there})
        self.space = FETCHED.with_head_of(advertised)
        self._seen, self._brought = advertised, set(self._wanted)

    async def resolve(self, ref: str) -> str:
        """The full id of the commit that `ref` names at the remote; fetches it if it is new.

        A commit id is looked for in all branches and tags where none that is here has it. Raises
        RefNotFound, listing what the remote has.
        """
        name, steps = split_revision(ref)
        names = _names(name)
        self._wanted |= names
        if not names <= self._brought:
            await self.refresh()
        commit = await self._commit_of(name, steps)
        if commit is None and (is_object_id(name) or may_be_short_id(name)):
            await self._remote.fetch(FETCHED_REFSPECS)
            commit = await self._commit_of(name, steps)
        if commit is None and steps and await self._commit_of(name):
            raise too_far(ref, name)
        if commit is None:
            raise await self._not_found(ref)
        return commit

    async def _commit_of(self, name: str, steps: str = "") -> str | None:
        return await commit_of(self._git, self.space.candidates(name), name, steps)

    async def _bring(self, there: Mapping[str, str], gone: Iterable[str]) -> None:
        listing = await self._git.output(
            ["for-each-ref", "--format=%(objectname) %(refname)", FETCHED.heads, FETCHED.tags],
            doing="listing what was fetched",
        )
        pairs = (line.partition(" ") for line in listing.decode("utf-8", "replace").splitlines())
        here = {name: value for value, _, name in pairs}
        places = {name: FETCHED.place_of(name) for name in (*there, *gone)}
        # First what is gone: a branch may take the place of a folder of branches.
        new = {places[name] for name in there}
        lost = sorted({places[name] for name in gone} & set(here) | set(_conflicting(here, new)))
        if lost:
            await self._git.output(
                ["update-ref", "--stdin"],
                doing="forgetting branches that are gone",
                stdin="".join(f"delete {place}\n" for place in lost).encode(),
            )
        news = [name for name, value in there.items() if here.get(places[name]) != value]
        if news:
            await self._remote.fetch([f"+{name}:{places[name]}" for name in sorted(news)])

    def _other_format(self, there: int) -> GitFailed:
        here, self.id_digits = self.id_digits, there
        text = f"{self._remote.location.address} has object ids of {there} digits, and not {here}"
        return GitFailed(Problem("GitFailed", text, "it is fetched anew"))

    async def _not_found(self, ref: str) -> RefNotFound:
        advertised = await self._remote.advertised(BRANCHES_AND_TAGS)
        names = sorted(
            name.split("/", maxsplit=2)[2] for name in advertised.refs if name[-1] != "}"
        )
        exists = f"there are: {shown_names(names)}" if names else "it has no branch and no tag"
        hint = "check --ref, or push it" if names else "make the first commit, and push it"
        text = f"ref {ref!r} names no commit at {self._remote.location.address}; {exists}"
        return RefNotFound(Problem("RefNotFound", text, hint))


def _conflicting(here: Iterable[str], new: set[str]) -> Iterator[str]:
    """Yield the refs that leave no room for the new ones: above or below them."""
    above = {name.rsplit("/", count)[0] for name in new for count in range(1, name.count("/"))}
    for name in here:
        parents = (name.rsplit("/", count)[0] for count in range(1, name.count("/")))
        if name in above or not new.isdisjoint(parents):
            yield name


def _names(ref: str) -> frozenset[str]:
    """Return the full names at the remote that `ref` may stand for; none for a commit id."""
    if ref == "HEAD":
        return frozenset({"HEAD"})
    return frozenset(names_at_remote(checked_ref(ref), DEFAULT_REMOTE))
