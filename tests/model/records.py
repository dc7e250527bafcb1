"""What a status branch holds, and how edits are laid upon it, whatever was written meanwhile."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from model.rules import Rule, Rules


class Intent(NamedTuple):
    """What an operator committed: which host is to be paired, and for which cluster.

    An intent that is edited is another object: being the same object is the same generation.
    """

    address: str
    acknowledged: str
    """The name of the cluster that a person acknowledged."""
    uid: str = ""
    """`cluster.uid`, where the intent has it."""


class Claim(NamedTuple):
    """Who is about to do what. `holder`, `branch` and `palette` are for people: no rule reads them.

    A claim to request has no `pairing_uid`. `dated_at` is Palette's Date.
    """

    id: str
    cluster: str
    pairing_uid: str
    action: str
    holder: str
    branch: str
    lifetime_s: int
    palette: str
    dated_at: int


class Evidence(NamedTuple):
    """One acceptance whose effect was seen, and Palette's Date then, where one is known."""

    id: str
    cluster: str
    dated_at: int | None


class Status(NamedTuple):
    """What is on record of an intent, for the address that it had then."""

    address: str
    uid: str = ""
    """The uid at first contact."""
    own_request: str = ""
    """The pairing id in the answer to the own POST."""
    is_paired: bool = False


class Records:
    """The files of one commit. `evidence` goes by cluster; `operator` counts commits of people."""

    __slots__ = ("claims", "evidence", "operator", "statuses")

    def __init__(
        self,
        claims: Mapping[str, Claim],
        evidence: Mapping[str, Evidence],
        statuses: Mapping[str, Status],
        operator: int = 0,
    ) -> None:
        self.claims = dict(claims)
        self.evidence = dict(evidence)
        self.statuses = dict(statuses)
        self.operator = operator

    def copy(self) -> "Records":
        """Return records to be edited."""
        return Records(self.claims, self.evidence, self.statuses, self.operator)

    def is_same(self, other: "Records") -> bool:
        """Whether there is nothing to commit."""
        return (self.claims, self.evidence, self.statuses) == (
            other.claims,
            other.evidence,
            other.statuses,
        )

    def status_of(self, name: str, intent: Intent) -> Status:
        """Return what is on record of an intent, unless it was about another address."""
        status = self.statuses.get(name)
        return status if status and status.address == intent.address else Status(intent.address)

    def __str__(self) -> str:
        claims = ", ".join(
            f"{c.action} {c.cluster} by {c.holder} ({c.id})" for c in self.claims.values()
        )
        return f"claims [{claims}] evidence {sorted(self.evidence)} {self.statuses}"


class Close(NamedTuple):
    """Close a claim."""

    cluster: str
    id: str


class Prove(NamedTuple):
    """Write the evidence of an acceptance; `key` is its cluster."""

    key: str
    cluster: str
    dated_at: int


class Note(NamedTuple):
    """Write something into the status of the intent that it was seen for."""

    name: str
    intent: Intent
    uid: str = ""
    own_request: str = ""
    is_paired: bool = False


Edit = Close | Prove | Note


class Desk(NamedTuple):
    """What it takes to lay edits: the rules, the intents as they are now, and a source of ids."""

    rules: Rules
    intents: Mapping[str, Intent]
    new_id: Callable[[], str]


def lay(edits: tuple[Edit, ...], records: Records, desk: Desk) -> None:
    """Lay edits upon records, in place: each counts only where it still applies."""
    for edit in edits:
        match edit:
            case Close(cluster, id_):
                there = records.claims.get(cluster)
                if there and (there.id == id_ or Rule.CLOSED_BY_ID not in desk.rules):
                    del records.claims[cluster]
            case Prove(key, cluster, dated_at):
                known = records.evidence.get(key)
                if known is None or known.cluster != cluster:
                    records.evidence[key] = Evidence(desk.new_id(), cluster, dated_at)
            case Note():
                _note(edit, records, desk)


def _note(note: Note, records: Records, desk: Desk) -> None:
    intent = desk.intents.get(note.name)
    if intent is None or (Rule.OWN_GENERATION in desk.rules and intent is not note.intent):
        return
    status = records.status_of(note.name, intent)
    records.statuses[note.name] = status._replace(
        uid=status.uid or note.uid,
        own_request=note.own_request or status.own_request,
        is_paired=note.is_paired or status.is_paired,
    )
