"""A remote repository: what it advertises, fetching from it, pushing to it.

Each push names what it finds in its place, and moves nothing else. A branch is only ever continued;
`replace` is for a ref that has no history.
"""

import asyncio
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from pairctl.repo.broken_refs import forget_broken_refs
from pairctl.repo.environment import SETTINGS_OF_REMOTES_HERE
from pairctl.repo.failures import failure
from pairctl.repo.location import Location
from pairctl.repo.plain_refs import read_plain_refs
from pairctl.repo.problems import GitFailed, GitTimeout, NotOurs, RepositoryError
from pairctl.repo.program import GitProgram, trusted_folders
from pairctl.repo.refusals import is_lost_race
from pairctl.repo.verdicts import Outcome, Verdict, push_verdict

FETCH_TRIES = 5
FETCH_PAUSE_S = 0.05
# The programs at the other end are named, since a clone's configuration may name others.
LOOK = ("ls-remote", "--symref", "--quiet")
FETCH = (
    *("fetch", "--quiet", "--prune", "--no-tags", "--no-write-fetch-head"),
    *("--no-recurse-submodules", "--no-auto-maintenance"),
)
PUSH = (
    *("push", "--porcelain", "--no-verify", "--no-signed", "--no-follow-tags"),
    "--recurse-submodules=no",
)


@dataclass(frozen=True, slots=True)
class Advertised:
    """The refs of a remote at one moment, by full name; `head` is what its HEAD points to.

    Those that are `other_names` of another ref move that one when they are pushed to.
    """

    refs: Mapping[str, str]
    head: str | None
    other_names: frozenset[str] = frozenset()

    @property
    def id_digits(self) -> int:
        """How many digits the remote's object ids have; 0 where it shows none."""
        return len(next(iter(self.refs.values()), ""))


@dataclass(frozen=True, slots=True)
class Remote:
    """A checked location, reached through the local repository that `git` works on.

    `without_refs` works on the objects of the same repository, and knows none of its refs.
    `shown` are the refs that the remote has let us see in this run; `trusted` are folders of other
    users that the user's own configuration trusts, where Git has asked for that.
    """

    git: GitProgram
    location: Location
    without_refs: GitProgram | None = None
    shown: set[str] = field(default_factory=set, compare=False, repr=False)
    trusted: list[str] = field(default_factory=list, compare=False, repr=False)

    async def advertised(self, patterns: Sequence[str]) -> Advertised:
        """What the remote holds now of the refs that match `patterns`; transfers no objects.

        On this machine a ref that Git has shown once is read where the remote keeps it.
        """
        folder = self.location.folder
        if folder and patterns and self.shown.issuperset(patterns):
            found = await asyncio.to_thread(read_plain_refs, folder, patterns)
            if found is not None:
                return Advertised(MappingProxyType(found), None)
        try:
            answer = await self._look(patterns)
        except NotOurs:
            if self.location.protocol != "file" or not (trusted := await trusted_folders()):
                raise
            self.trusted[:] = trusted
            answer = await self._look(patterns)
        advertised = parse_advertised(answer.decode("utf-8", "replace"))
        # A full name: of a pattern, and of HEAD, there is more to say.
        self.shown.update(one for one in patterns if one in advertised.refs and one != "HEAD")
        return advertised

    async def _look(self, patterns: Sequence[str]) -> bytes:
        return await self.git.output(
            [*LOOK, self._upload_pack, "--end-of-options", self.location.address, *patterns],
            doing=f"asking {self.location.address} for its refs",
            timeout_s=self.git.timeouts.look_s,
        )

    @property
    def _upload_pack(self) -> str:
        return f"--upload-pack={self._other_side('upload-pack')}"

    @property
    def _receive_pack(self) -> str:
        return f"--receive-pack={self._other_side('receive-pack', *SETTINGS_OF_REMOTES_HERE)}"

    def _other_side(self, program: str, *settings: str) -> str:
        """Return the command at the other end: on this machine it heeds settings, and no others.

        Git keeps those of this end from it, and finds none of the user's.
        """
        if self.location.protocol != "file":
            return f"git-{program}"
        given = (*settings, *(f"safe.directory={one}" for one in self.trusted))
        return shlex.join(["git", *(part for one in given for part in ("-c", one)), program])

    async def fetch(self, refspecs: Sequence[str]) -> None:
        """Bring `refspecs` into private refs; what is gone at the remote goes here too.

        Git refuses to fetch into a clone of which any ref, or what one stands at, is broken: then
        it is fetched past the clone's own refs, whole.
        """
        try:
            await self._fetch(self.git, refspecs)
        except GitFailed as error:
            if await self._forget_broken([spec.rpartition(":")[2] for spec in refspecs]):
                return await self.fetch(refspecs)
            if self.without_refs is None:
                raise
            try:
                await self._fetch(self.without_refs, refspecs)
            except RepositoryError:
                raise error from None
            await self._take_over(self.without_refs, refspecs)

    async def forget(self, ref: str) -> None:
        """Forget what was last seen of a ref of the remote, at a private ref, be it broken."""
        doing, forgetting = f"forgetting {ref}", ["update-ref", "-d", ref]
        answer = await self.git.answer(forgetting, doing=doing)
        if answer.status != 0 and await self._forget_broken([ref]):
            # What was packed of it, from before it broke, is there again.
            answer = await self.git.answer(forgetting, doing=doing)
        if answer.status != 0:
            raise failure(doing, answer.stderr)

    async def _forget_broken(self, names: Sequence[str]) -> bool:
        """Forget what of some private refs is broken; a lock is so once its holder was stopped."""
        places = [name.removesuffix("*") for name in names]
        return await asyncio.to_thread(
            forget_broken_refs, self.git.git_dir, places, stale_s=self.git.longest_s
        )

    async def _fetch(self, git: GitProgram, refspecs: Sequence[str]) -> None:
        """Fetch into the refs that `git` knows.

        Another process may be writing the same private refs: a lock that is taken is tried again.
        """
        doing = f"fetching from {self.location.address}"
        # To a server that does not know of it, a partial clone has what it left out.
        again = ["--refetch"] if git.is_partial else []
        place = ["--end-of-options", self.location.address]
        command = [*FETCH, self._upload_pack, *again, *place, *refspecs]
        stderr = ""
        for done in range(FETCH_TRIES):
            await asyncio.sleep(done * FETCH_PAUSE_S)
            answer = await git.answer(command, doing=doing, timeout_s=git.timeouts.fetch_s)
            if answer.status == 0:
                return
            stderr = answer.stderr
            if not is_lost_race(stderr):
                break
        raise failure(doing, stderr)

    async def _take_over(self, fetched: GitProgram, refspecs: Sequence[str]) -> None:
        """Make the clone's private refs what they were `fetched` as; first what is gone goes."""
        places = [spec.rpartition(":")[2].removesuffix("*") for spec in refspecs]
        there, here = [await _refs_below(git, places) for git in (fetched, self.git)]
        gone = "".join(f"delete {name}\n" for name in here if name not in there)
        new = "".join(f"update {name} {value}\n" for name, value in there.items())
        for changes in filter(None, (gone, new)):
            await self.git.output(
                ["update-ref", "--stdin"], doing="noting what was fetched", stdin=changes.encode()
            )

    async def push(self, base: str | None, commit: str, ref: str) -> Verdict:
        """Ask the remote to move `ref` from `base` (None: it is not there) to its child `commit`.

        A killed push is UNCLEAR.
        """
        return await self.replace(base or "", commit, ref)

    async def replace(self, before: str, commit: str, ref: str) -> Verdict:
        """Ask the remote to put `commit` in the place of `before` (empty: nothing) at `ref`.

        Where anything else stands there the verdict is LOST. A killed push is UNCLEAR.
        """
        lease = f"--force-with-lease={ref}:{before}"
        try:
            answer = await self.git.answer(
                [
                    *PUSH,
                    self._receive_pack,
                    lease,
                    "--end-of-options",
                    self.location.address,
                    f"{commit}:{ref}",
                ],
                doing=f"pushing to {self.location.address}",
                timeout_s=self.git.timeouts.push_s,
            )
        except GitTimeout as error:
            return Verdict(Outcome.UNCLEAR, error.problem.message)
        return push_verdict(answer, ref)

    async def rehearse(self, commit: str, ref: str) -> Verdict:
        """Ask what a push would come to, as far as that is seen without one: nothing is sent."""
        answer = await self.git.answer(
            [
                *PUSH,
                self._receive_pack,
                "--dry-run",
                "--end-of-options",
                self.location.address,
                f"{commit}:{ref}",
            ],
            doing=f"asking {self.location.address} whether it may be pushed to",
            timeout_s=self.git.timeouts.push_s,
        )
        return push_verdict(answer, ref)


async def _refs_below(git: GitProgram, places: Sequence[str]) -> Mapping[str, str]:
    """What refs of these full names, or below these folders, stand at."""
    listing = await git.output(
        ["for-each-ref", "--format=%(objectname) %(refname)", *places],
        doing="listing what was fetched",
    )
    pairs = (line.partition(" ") for line in listing.decode("utf-8", "replace").splitlines())
    return {name: value for value, _, name in pairs}


def parse_advertised(text: str) -> Advertised:
    """What `git ls-remote --symref` wrote."""
    refs, head, other_names = {}, None, set()
    for line in text.splitlines():
        value, _, name = line.partition("\t")
        if value.startswith("ref: "):
            head = value.removeprefix("ref: ") if name == "HEAD" else head
            other_names.add(name)
        elif name:
            refs[name] = value
    return Advertised(MappingProxyType(refs), head, frozenset(other_names))
