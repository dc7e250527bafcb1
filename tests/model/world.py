"""What is true in the model: the status branches, the hosts and Palette, as bad as they may be.

A second POST makes a second request, and a second acceptance a second cluster. What was sent may
take effect late. All that must never happen is found here, as a `Violation`.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from model.records import Evidence, Intent, Records, Status
from model.scene import Scene

LOOK_S = 2
"""At the last check the last look is at most so old."""
DATE_ERROR_S = 3
"""Assumed: Palette's Date is at most so far from Palette's clock."""
MARGIN_S = 2 * DATE_ERROR_S
HOUR_S = 30
"""The time that the cap is about; shorter than an hour, since only its order counts."""
CHANGE_OVER_S = 3
"""So long after its acceptance a host follows Palette."""


class Violation(Exception):
    """Something happened that the protocol is there to prevent."""


class Host(NamedTuple):
    """An edge host, as it is or as it says it is."""

    uid: str
    name: str
    pairing_uid: str = ""
    is_central: bool = False


class PairingRequest(NamedTuple):
    """A request as Palette lists it; `state` is pending, accepted or rejected."""

    cluster: str
    name: str
    state: str = "pending"


class Commit(NamedTuple):
    """One commit of a status branch. Two commits are the same if they are one object."""

    number: int
    records: Records

    def __str__(self) -> str:
        return f"commit {self.number}: {self.records}"


class Listing(NamedTuple):
    """Palette's list of requests, and the Date of that answer."""

    requests: Mapping[str, PairingRequest]
    date: int


class Batch(NamedTuple):
    """One try to commit: the clusters that claims were asked for, and those that it claims."""

    process: str
    asked: frozenset[str]
    claimed: frozenset[str]
    is_again: bool


class LateEffect(NamedTuple):
    """Something that was sent, and is still on its way. A push is about no cluster."""

    due_at: int
    apply: Callable[[], object]
    cluster: str


class World:
    """The truth, and the time.

    `journal` has what happened, where somebody wants to read it, and `batches` what was put into
    one commit together.
    """

    def __init__(self, scene: Scene, rng: Random) -> None:
        self.scene = scene
        self.rng = rng
        self.now = 0
        self.palette_offset = 0
        self.intents = dict(scene.intents)
        self.lies: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.requests: dict[str, PairingRequest] = {}
        self.late: list[LateEffect] = []
        self._following: list[tuple[int, str]] = []
        self.accepted_at: list[int] = []
        self.batches: list[Batch] = []
        self.journal: list[str] | None = None
        self._numbers = 0
        self.hosts = {
            address: Host(address, name, is_central=address in scene.central)
            for address, name in scene.clusters.items()
        }
        evidence = {c: Evidence(self.new("e"), c, None) for c in scene.central}
        statuses = {n: Status(self.intents[n].address, uid) for n, uid in scene.pinned.items()}
        first = Records({}, evidence, statuses)
        self.branches = [[Commit(0, first)] for _ in range(scene.branches)]
        self.accepted_at += [0 for _ in scene.central]
        for address in scene.requested:
            self.request(address)

    def new(self, letter: str) -> str:
        """Return an id that was never used."""
        return f"{letter}{self.count()}"

    def count(self) -> int:
        """Return a number that was never used, larger than all before."""
        self._numbers += 1
        return self._numbers

    def note(self, *words: object) -> None:
        """Write into the journal."""
        if self.journal is not None:
            self.journal.append(f"{self.now:4} " + " ".join(map(str, words)))

    def tick(self, seconds: int) -> None:
        """Let time pass, and what is on its way arrive."""
        for _ in range(seconds):
            self.now += 1
            self._change_over()
            due = [effect for effect in self.late if effect.due_at <= self.now]
            if due:
                self.late = [effect for effect in self.late if effect.due_at > self.now]
                for effect in due:
                    self.note("arrives late:", effect.cluster or "a push", "->", effect.apply())

    # The status branches.

    def tip(self, branch: int) -> Commit:
        """Return the newest commit of a status branch."""
        return self.branches[branch][-1]

    def push(
        self, branch: int, base: Commit, records: Records, *, is_forced: bool
    ) -> Commit | None:
        """Add a commit; None where the tip is another by now."""
        tip = self.tip(branch)
        if base is not tip and not is_forced:
            return None
        if records.operator != tip.records.operator:
            raise Violation("a person's commit was lost")
        for name, intent in self.intents.items():
            status = records.status_of(name, intent)
            if status.is_paired and not self.hosts[intent.address].is_central:
                raise Violation("a status says Paired, and the host is not")
        commit = Commit(self.count(), records)
        self.branches[branch].append(commit)
        return commit

    # The hosts and Palette: looking.

    def look_at_host(self, address: str) -> Host:
        """Return what the host at an address says: the truth, or what a liar takes from another."""
        host = self.hosts[address]
        if address not in self.lies:
            return host
        victim, fields = self.lies[address]
        return host._replace(**{name: getattr(self.hosts[victim], name) for name in fields})

    def list_requests(self) -> Listing:
        """Return Palette's list, with a Date that errs."""
        error = self.rng.choice((-DATE_ERROR_S, 0, DATE_ERROR_S))
        return Listing(dict(self.requests), self.now + self.palette_offset + error)

    # The hosts and Palette: acting.

    def leave(self, cluster: str) -> None:
        """Let an action about a cluster leave."""
        if not self.scene.may_double and any(e.cluster == cluster for e in self.late):
            raise Violation("an action was sent while another of the cluster was on its way")

    def request(self, address: str) -> str:
        """Make a pairing request at a host, and return its id; empty is a definite no."""
        host = self.hosts[address]
        if host.is_central:
            return ""
        pending = [r for r in self.requests.values() if r.state == "pending"]
        is_second = any(request.cluster == host.uid for request in pending)
        if is_second and not self.scene.may_double and address not in self.lies:
            raise Violation("a second request was made while one was pending")
        pairing_uid = self.new("p")
        self.hosts[address] = host._replace(pairing_uid=pairing_uid)
        self.requests[pairing_uid] = PairingRequest(host.uid, host.name)
        return pairing_uid

    def accept(self, pairing_uid: str, intent: Intent) -> str:
        """Accept a request for an intent, and return its id; empty is a definite no."""
        request = self.requests[pairing_uid]
        if request.state == "rejected":
            return ""
        if request.state == "accepted":
            raise Violation("a request was accepted twice")
        if request.cluster != self.hosts[intent.address].uid:
            raise Violation("another cluster's request was accepted")
        if any(
            r.cluster == request.cluster and r.state == "accepted" for r in self.requests.values()
        ):
            raise Violation("two requests of one cluster were accepted")
        self.requests[pairing_uid] = request._replace(state="accepted")
        self._following.append((self.now + CHANGE_OVER_S, request.cluster))
        self.accepted_at.append(self.now)
        cap = self.scene.per_hour
        if cap and sum(at > self.now - HOUR_S for at in self.accepted_at) > cap:
            raise Violation("more was accepted within an hour than the cap allows")
        return pairing_uid

    def _change_over(self) -> None:
        while self._following and self._following[0][0] <= self.now:
            _, uid = self._following.pop(0)
            self.hosts[uid] = self.hosts[uid]._replace(is_central=True)
