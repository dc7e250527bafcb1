"""The rules, a function each: it yields all that was against it, in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.branch import WRITER, Claim, folded
from monitor.facts import Facts, Place, Sending, is_at
from monitor.trace import HOST_LOOK, ONE_REQUEST, PALETTE, PROFILES, REQUESTS, Noted, as_sender
from pairctl.sim.journal import Effect

DATE_S = 1.0
"""A `Date` has whole seconds."""

Earlier = Sequence[tuple[Noted, Effect]]


class Rule(StrEnum):
    """What is held, as it is told."""

    CLAIMED = "nothing is sent without an open claim of its sender"
    LOOKED = "between claim and sending both sides are looked at"
    IN_TIME = "nothing is sent when too little of its claim's time is left"
    ONCE = "one open claim, one sending, one effect at a time"
    NAMED = "all that names a cluster or a request names the same"
    EVIDENT = "an acceptance leaves evidence in the commit that closes its claim"


@dataclass(frozen=True)
class Violation:
    """A rule that was broken, and how."""

    rule: Rule
    text: str

    def __str__(self) -> str:
        return f"- {self.text} ({self.rule})"


def judge(facts: Facts) -> Iterator[Violation]:
    """Yield all that was against the rules."""
    for rule, checks in CHECKS.items():
        for check in checks:
            yield from (Violation(rule, text) for text in check(facts))


def sent_unclaimed(facts: Facts) -> Iterator[str]:
    """Each sending has an id, which is that of an open claim."""
    for sending in facts.sendings:
        if sending.claim is None:
            there = ", ".join(map(str, facts.branch.claims(sending.noted.tip).values()))
            yield f"{sending}, which is no open claim: there is {there or 'none'}"


def claimed_otherwise(facts: Facts) -> Iterator[str]:
    """The claim is the sender's own, for this action, on this cluster or request."""
    for sending, claim in facts.claimed():
        note, path = sending.noted, sending.request.path
        if as_sender(claim.holder) != note.sender:
            yield f"{sending}, under the {claim}"
        if claim.action != note.action:
            yield f"{sending} to {note.action}, under the {claim}"
        if sending.request.server != PALETTE and claim.cluster not in note.clusters:
            yield f"{sending}, whose cluster is {sorted(note.clusters)}, under the {claim}"
        if note.action == "reject" and folded(path.removeprefix(ONE_REQUEST)) != claim.pairing_uid:
            yield f"{sending}, under the {claim}, which is about request {claim.pairing_uid}"


def lists_not_read(facts: Facts) -> Iterator[str]:
    """Palette's profiles and requests are listed once the claim is there."""
    for sending, claim in facts.claimed():
        palette, looks = facts.palette_of(claim), facts.looks(sending, claim)
        seen = {path for path in (PROFILES, REQUESTS) for look in looks
                if is_at(look, palette) and look.is_call("POST", path)}  # fmt: skip
        missing = [path for path in (PROFILES, REQUESTS) if path not in seen]
        if missing and not _is_tried_in_vain(sending, palette, looks):
            yield f"{sending}, and did not list {', '.join(missing)} after its claim was there"


def host_not_looked_at(facts: Facts) -> Iterator[str]:
    """The host is looked at in full once the claim is there, where the action is about one."""
    for sending, claim in facts.claimed():
        hosts, looks = facts.hosts_of(sending, claim), facts.looks(sending, claim)
        missing = {host: _not_asked(host, looks) for host in hosts}
        # One of them is looked at whole: two halves of different hosts are no look.
        is_looked_at = any(not paths for paths in missing.values())
        is_vain = any(_is_tried_in_vain(sending, host, looks) for host in hosts)
        if hosts and not is_looked_at and not is_vain:
            names = " or ".join(host[1] for host in hosts)
            told = "; ".join(", ".join(paths) for paths in missing.values())
            yield f"{sending}, and did not look at {names} after its claim was there: {told}"


def _not_asked(host: Place, looks: Sequence[Noted]) -> list[str]:
    seen = {path for path in HOST_LOOK for look in looks
            if is_at(look, host) and look.is_call("GET", path)}  # fmt: skip
    return [path for path in HOST_LOOK if path not in seen]


def _is_tried_in_vain(sending: Sending, where: Place | None, looks: Sequence[Noted]) -> bool:
    """Whether a request is taken back at one side while the other one does not answer."""
    if sending.noted.action not in ("withdraw", "reject") or where is None:
        return False
    return where in sending.noted.dark or any(is_at(look, where) for look in looks)


def sent_late(facts: Facts) -> Iterator[str]:
    """The last look, and the sending, come soon enough before the claim's end.

    When a process decided to send is not to be seen: it was after its last look, and the request
    itself takes at most so long. So each of the two has a bound of its own.
    """
    timing = facts.timing
    for sending, claim in facts.claimed():
        last_s = facts.dated_s(sending, claim) + DATE_S + claim.lifetime_s - timing.settle_s
        looks = facts.looks(sending, claim)
        late_s = looks[-1].at_s - (last_s - timing.request_s) if looks else 0.0
        if late_s > 0:
            yield f"{sending}, and looked last {late_s:.1f} s too late for the {claim}"
        if sending.noted.at_s > last_s:
            yield f"{sending}, {sending.noted.at_s - last_s:.1f} s too late for the {claim}"


def claimed_twice(facts: Facts) -> Iterator[str]:
    """No commit opens a claim on a cluster beside another one."""
    for commit in facts.branch.commits:
        before, now = facts.branch.claims(commit.parent), facts.branch.claims(commit.id)
        for path, claim in now.items() if commit.committer == WRITER else ():
            others = [c for p, c in now.items() if p != path and c.cluster == claim.cluster]
            if others and before.get(path) != claim:
                yield f"commit {commit.id} makes the {claim}, beside the {others[0]}"


def sent_twice(facts: Facts) -> Iterator[str]:
    """Under each claim there is one sending."""
    seen = set()
    for sending in facts.sendings:
        request_id = sending.request.request_id
        if request_id and request_id in seen:
            yield f"{sending}, for the second time"
        seen.add(request_id)


def overtaken(facts: Facts) -> Iterator[str]:
    """Nothing is sent for a cluster while an effect on it is still to come."""
    for note, effect in facts.effects:
        own, sent = facts.claims.get(effect.request_id), facts.sending_of(effect)
        for other, claim in facts.claimed() if own and sent else ():
            is_between = sent and sent.noted.number < other.noted.number < note.number
            if own and is_between and claim.cluster == own.cluster:
                yield f"{other}, before the {own} had its effect"


def accepted_twice(facts: Facts) -> Iterator[str]:
    """A cluster, and so a request, is accepted once.

    Somebody else may come first: then it is against the rule where it was there to be seen.
    """
    for note, effect in _own(facts, "accept"):
        sent = facts.sending_of(effect)
        listed = facts.last_before(sent, REQUESTS) if sent else None
        for when, other in _earlier(facts, note, effect):
            is_seen = listed is None or when.number < listed.number
            if other.kind == "accept" and (other.request_id or is_seen):
                yield f"{_told(effect)}, after {_told(other)}"


def requested_twice(facts: Facts) -> Iterator[str]:
    """No request is made beside another one of pairctl's that is pending, or accepted."""
    for note, effect in _own(facts, "request"):
        pending: dict[str, Effect] = {}
        for when, other in _earlier(facts, note, effect):
            is_told = other.details.get("toldPalette") != "false"
            if other.kind == "request" and when.simulation == note.simulation and other.request_id:
                pending[other.pairing_uid] = other
            elif other.kind == "reject" or (other.kind == "withdraw" and is_told):
                pending.pop(other.pairing_uid, None)
        yield from (f"{_told(effect)}, beside {_told(other)}" for other in pending.values())


def _own(facts: Facts, kind: str) -> Earlier:
    return [(n, e) for n, e in facts.effects if e.request_id and e.kind == kind]


def _earlier(facts: Facts, note: Noted, effect: Effect) -> Earlier:
    """Return what happened to the same cluster before."""
    uid = folded(effect.cluster_uid)
    return [(n, e) for n, e in facts.effects
            if n.number < note.number and folded(e.cluster_uid) == uid]  # fmt: skip


def effect_on_another(facts: Facts) -> Iterator[str]:
    """An effect is on the cluster, and on the request, that its claim names."""
    for _, effect in facts.effects:
        claim = facts.claims.get(effect.request_id)
        if claim and not _is_claimed_effect(effect, claim):
            yield f"{_told(effect)}, under the {claim}, which is about {claim.pairing_uid}"


def _is_claimed_effect(effect: Effect, claim: Claim) -> bool:
    cluster, request = folded(effect.cluster_uid), folded(effect.pairing_uid)
    # A cluster may call itself what no claim can be named after: its request stands for it then.
    named = {cluster, request} if effect.kind == "reject" else {cluster}
    is_request = effect.kind == "request" or request == claim.pairing_uid
    return effect.kind == claim.action and claim.cluster in named and is_request


def another_acknowledged(facts: Facts) -> Iterator[str]:
    """What is accepted has the name that its intent acknowledges."""
    names = {e.pairing_uid: e.details["name"] for _, e in facts.effects if e.kind == "request"}
    for _, effect in _own(facts, "accept"):
        claim = facts.claims.get(effect.request_id)
        intent = facts.intent_of(claim) if claim else None
        name, said = names.get(effect.pairing_uid), intent.acknowledged if intent else None
        if name is None or name != said:
            yield f"{_told(effect)}, which is called {name!r}; acknowledged is {said!r}"


def nowhere_declared(facts: Facts) -> Iterator[str]:
    """The intent that a claim names is in the commit that is carried out.

    A request that no intent names is rejected where a Palette says so.
    """
    for sending, claim in facts.claimed():
        declared = facts.carried_out(sending, claim)
        is_rest = sending.noted.action == "reject" and any(one.rejects_rest for one in declared)
        if not is_rest and not any(claim.intent in one.intents for one in declared):
            yield f"{sending}, under the {claim}: no commit that was carried out has this intent"


def without_evidence(facts: Facts) -> Iterator[str]:
    """The claim of an acceptance that took effect goes in the commit that writes evidence of it."""
    accepted = {effect.request_id: effect for _, effect in _own(facts, "accept")}
    for commit in facts.branch.commits:
        left = {claim.id for claim in facts.branch.claims(commit.id).values()}
        written = {(e.claim, e.cluster, e.pairing_uid) for e in facts.branch.new_evidence(commit)}
        for claim in facts.branch.claims(commit.parent).values():
            effect = accepted.get(claim.id)
            is_closed = effect and claim.id not in left and commit.committer == WRITER
            if effect and is_closed:
                named = (claim.id, folded(effect.cluster_uid), folded(effect.pairing_uid))
                if named not in written:
                    yield f"commit {commit.id} closes the {claim} without evidence of it"


CHECKS: Mapping[Rule, Sequence[Callable[[Facts], Iterator[str]]]] = {
    Rule.CLAIMED: (sent_unclaimed, claimed_otherwise),
    Rule.LOOKED: (lists_not_read, host_not_looked_at),
    Rule.IN_TIME: (sent_late,),
    Rule.ONCE: (claimed_twice, sent_twice, overtaken, accepted_twice, requested_twice),
    Rule.NAMED: (effect_on_another, another_acknowledged, nowhere_declared),
    Rule.EVIDENT: (without_evidence,),
}


def _told(effect: Effect) -> str:
    under = f"claim {effect.request_id}" if effect.request_id else "no claim"
    return f"{effect.kind} of {effect.cluster_uid} in request {effect.pairing_uid} under {under}"
