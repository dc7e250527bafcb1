"""What to do about one intent, and what to record: pure, for what was seen and is on record."""

from collections.abc import Mapping
from typing import NamedTuple

from model.records import Claim, Close, Edit, Evidence, Intent, Note, Prove, Records
from model.rules import Rule, Rules
from model.world import HOUR_S, MARGIN_S, Host, PairingRequest

REQUEST = "request"
ACCEPT = "accept"


class FirstRead(NamedTuple):
    """When a process first read an id on the branch: by its own clock, and in its own order."""

    clock: int
    order: int


class Observation(NamedTuple):
    """One look at a host and at Palette, for one generation of an intent, or for none.

    `asked_at` is when the list, and with it the Date, was asked for; `began_at` when the look
    began. Both are of the process' own clock. `order` is its count of events when it asked.
    """

    intent: Intent | None
    host: Host
    requests: Mapping[str, PairingRequest]
    date: int
    asked_at: int
    began_at: int
    order: int


class Reader(NamedTuple):
    """The process that decides: how it is set up, what it knows, and what its clocks show now."""

    name: str
    rules: Rules
    intents: Mapping[str, Intent]
    stays: bool
    lifetime_s: int
    per_hour: int
    may_adopt: bool
    first_read: Mapping[str, FirstRead]
    clock: int
    wall: int

    def time_since(self, mark: Claim | Evidence, seen: Observation) -> int:
        """Return how long ago a mark was first read when the look began, by the own clock."""
        first = self.first_read.get(read_as(mark, self.rules))
        then = first.clock if first else self.clock
        return (seen.began_at if Rule.OVER_AT_BEGINNING in self.rules else self.clock) - then

    def is_dated_before(self, mark: Claim | Evidence, span_s: int, seen: Observation) -> bool:
        """Whether `span_s` has passed since a mark's Date, by the Date of the look."""
        if mark.dated_at is None:
            return Rule.UNDATED_COUNTS not in self.rules
        first = self.first_read.get(read_as(mark, self.rules))
        is_asked_after = first is not None and seen.order >= first.order
        if Rule.DATE_AFTER_CLAIM in self.rules and not is_asked_after:
            return False
        margin = MARGIN_S if Rule.MARGIN in self.rules else 0
        return seen.date >= mark.dated_at + span_s + margin


class Action(NamedTuple):
    """What would be sent: its verb, the cluster's uid, and the request that it accepts."""

    verb: str
    cluster: str
    pairing_uid: str = ""


class Decision(NamedTuple):
    """At most one action, and what is to be recorded with it."""

    action: Action | None
    edits: tuple[Edit, ...] = ()


NOTHING = Decision(None)


def read_as(mark: Claim | Evidence, rules: Rules) -> str:
    """Return under which key a process keeps when it first read a mark."""
    return mark.id if Rule.FIRST_READ_BY_ID in rules else mark.cluster


def is_claim_over(claim: Claim, seen: Observation, reader: Reader) -> bool:
    """Whether nothing that was sent under a claim can take effect any more."""
    lifetime_s = reader.lifetime_s
    if Rule.LARGER_LIFETIME in reader.rules:
        lifetime_s = max(lifetime_s, claim.lifetime_s)
    if Rule.NOT_BY_WALL not in reader.rules:
        return reader.wall >= claim.dated_at + lifetime_s
    is_by_clock = reader.time_since(claim, seen) >= lifetime_s
    is_by_date = reader.is_dated_before(claim, lifetime_s, seen)
    if reader.stays:
        return is_by_clock or (is_by_date and Rule.OWN_CLOCK not in reader.rules)
    return is_by_date if Rule.DATE_ENDS_CLAIM in reader.rules else is_by_clock


def is_place_free(evidence: Evidence, seen: Observation, reader: Reader) -> bool:
    """Whether an acceptance was so long ago that it does not count any more."""
    if Rule.HOUR_NOT_BY_WALL not in reader.rules and evidence.dated_at is not None:
        return reader.wall >= evidence.dated_at + HOUR_S
    return reader.time_since(evidence, seen) >= HOUR_S or reader.is_dated_before(
        evidence, HOUR_S, seen
    )


def counted(records: Records, seen: Observation, reader: Reader) -> set[str]:
    """Return the clusters that take a place under the cap."""
    accepted = {
        evidence.cluster
        for key, evidence in records.evidence.items()
        if _is_counted(key, evidence, records, reader) and not is_place_free(evidence, seen, reader)
    }
    if Rule.COUNT_CLAIMS not in reader.rules:
        return accepted
    return accepted | {c.cluster for c in records.claims.values() if c.action == ACCEPT}


def _is_counted(key: str, evidence: Evidence, records: Records, reader: Reader) -> bool:
    """Whether evidence counts: always, where it goes by cluster; else with the intent of `key`."""
    if Rule.COUNT_BY_CLUSTER in reader.rules:
        return True
    intent = reader.intents.get(key)
    return intent is not None and records.status_of(key, intent).uid == evidence.cluster


def decide(
    name: str, seen: Observation, records: Records, reader: Reader, mine: str = ""
) -> Decision:
    """Decide on an intent. `mine` is the id of the claim that the reader holds for it."""
    intent = reader.intents.get(name)
    if intent is None or (Rule.OWN_GENERATION in reader.rules and intent is not seen.intent):
        return NOTHING
    edits: list[Edit] = []
    if not records.status_of(name, intent).uid:
        edits.append(Note(name, intent, uid=seen.host.uid))
    closed = _closed(seen, records, reader, mine)
    if closed is None:
        return Decision(None, tuple(edits))
    edits += closed
    if seen.host.is_central or _states(seen, "accepted"):
        edits += _settled(name, seen, records, reader, closed)
        return Decision(None, tuple(edits))
    if not _is_meant(name, intent, seen.host, records, reader):
        return Decision(None, tuple(edits))
    return Decision(_action(name, intent, seen, records, reader, mine), tuple(edits))


def _states(seen: Observation, state: str) -> list[str]:
    """Return the cluster's requests that are in a state, by Palette's list."""
    uid = seen.host.uid
    return [p for p, r in seen.requests.items() if r.cluster == uid and r.state == state]


def _closed(seen: Observation, records: Records, reader: Reader, mine: str) -> list[Close] | None:
    """Close the claims that bind and are done with; None while one of them is open."""
    host, rules = seen.host, reader.rules
    closed: list[Close] = []
    for claim in records.claims.values():
        is_about_it = claim.cluster == host.uid or (
            Rule.BINDS_REQUEST in rules
            and claim.pairing_uid
            and claim.pairing_uid == host.pairing_uid
        )
        if not is_about_it or claim.id == mine:
            continue
        if Rule.BINDS_HOLDER not in rules and claim.holder == reader.name:
            continue
        is_done = claim.cluster == host.uid and _is_effect_seen(claim, seen)
        if not is_done and not is_claim_over(claim, seen, reader):
            return None
        if claim.cluster == host.uid:
            closed.append(Close(claim.cluster, claim.id))
    return closed


def _is_effect_seen(claim: Claim, seen: Observation) -> bool:
    if seen.host.is_central or _states(seen, "accepted"):
        return True
    return claim.action == REQUEST and seen.host.pairing_uid in _states(seen, "pending")


def _settled(
    name: str, seen: Observation, records: Records, reader: Reader, closed: list[Close]
) -> list[Edit]:
    """Record that a cluster was accepted, and that it is Paired."""
    rules, edits, uid = reader.rules, list[Edit](), seen.host.uid
    key = uid if Rule.COUNT_BY_CLUSTER in rules else name
    known = records.evidence.get(key)
    is_known = known is not None and known.cluster == uid
    if not is_known and (Rule.CLOSED_WITH_EVIDENCE in rules or not closed):
        edits.append(Prove(key, uid, _dated_at(seen, records, reader, closed)))
    intent = reader.intents[name]
    if seen.host.is_central and not records.status_of(name, intent).is_paired:
        edits.append(Note(name, intent, is_paired=True))
    return edits


def _dated_at(seen: Observation, records: Records, reader: Reader, closed: list[Close]) -> int:
    """Return from when an acceptance that is seen now counts."""
    if Rule.HOUR_NOT_BY_WALL not in reader.rules:
        return reader.wall
    if Rule.HOUR_FROM_EFFECT not in reader.rules and closed:
        return records.claims[closed[0].cluster].dated_at
    return seen.date


def _is_meant(name: str, intent: Intent, host: Host, records: Records, reader: Reader) -> bool:
    """Whether the host is of the cluster that the intent is about, and of no other intent's."""
    rules = reader.rules
    if Rule.HOST_NAME in rules and host.name != intent.acknowledged:
        return False
    if Rule.INTENT_UID in rules and intent.uid and host.uid != intent.uid:
        return False
    pinned = records.status_of(name, intent).uid
    if Rule.PINNED_UID in rules and pinned and pinned != host.uid:
        return False
    if Rule.DUPLICATES not in rules or (intent.uid and Rule.UID_KEEPS_CLUSTER in rules):
        return True
    return not any(
        host.uid in (other.uid, records.status_of(other_name, other).uid)
        for other_name, other in reader.intents.items()
        if other_name != name
    )


def _action(
    name: str, intent: Intent, seen: Observation, records: Records, reader: Reader, mine: str
) -> Action | None:
    host, pending = seen.host, _states(seen, "pending")
    if not host.pairing_uid:
        return None if pending else Action(REQUEST, host.uid)
    pairing_uid = _chosen(intent, seen, reader.rules)
    if not pairing_uid or len(pending) > 1:
        return None
    is_own = records.status_of(name, intent).own_request == pairing_uid
    if Rule.OWN_BY_ANSWER in reader.rules and not reader.may_adopt and not is_own:
        return None
    if reader.per_hour:
        others = counted(records, seen, reader) - ({host.uid} if mine else set())
        if len(others) >= reader.per_hour:
            return None
    return Action(ACCEPT, host.uid, pairing_uid)


def _chosen(intent: Intent, seen: Observation, rules: Rules) -> str:
    """Return the pending request that the host shows and Palette lists for it, if it does."""
    host = seen.host
    if Rule.REQUEST_BY_ID not in rules:
        named = (
            p for p, r in seen.requests.items() if r.name == host.name and r.state == "pending"
        )
        return next(named, "")
    request = seen.requests.get(host.pairing_uid)
    if request is None or request.state != "pending":
        return ""
    if Rule.LIST_CLUSTER in rules and request.cluster != host.uid:
        return ""
    if Rule.LIST_NAME in rules and request.name != intent.acknowledged:
        return ""
    return host.pairing_uid
