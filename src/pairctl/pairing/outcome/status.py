"""The status of an intent: stable, sorted, told anew from each pass, and nothing in it ticks."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from pairctl.pairing.action import Reject, SendRequest
from pairctl.pairing.case import Declined, Pinned, Recorded, Refused, Sent, Unanswered, Withdrawn
from pairctl.pairing.facts.claim import ProfileUse, profile_use
from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.palette import PaletteCluster
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.outcome.conditions import (
    Condition,
    ConditionType,
    Truth,
    health_in_list,
    latched_health,
    stamped,
)
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.predicates import is_central, is_over_at_host, withdrawn_request
from pairctl.pairing.rules.approval import digest_to_approve
from pairctl.pairing.rules.ownership import (
    earlier_requests,
    has_moved,
    is_meant,
    pinned_cluster,
)
from pairctl.pairing.verdict import is_blocked

_ACCEPTED_PHASES = frozenset({Phase.ACCEPTED, Phase.PAIRED})


@dataclass(frozen=True)
class Status:
    """What is written into the repository for one intent.

    `source_commit` is the commit that brought this generation. `local_uid` is the cluster's uid on
    the host, `palette_uid` the one in Palette. `digest` is what an approval has to name, or what
    was approved; empty where the Palette asks for none. `sent` is the request that the answer to
    pairctl's own sending named, `withdrawn` one that the host holds no more: its pairing id is
    needed where it stays in Palette. `earlier_requests` are those of a cluster that the intent was
    about at an address that it names no more, for as long as Palette may have them open.
    """

    name: str
    phase: Phase
    generation: str
    source_commit: str
    reason: str = ""
    message: str = ""
    pairing_uid: str = ""
    local_uid: str = ""
    palette_uid: str = ""
    profiles: tuple[ProfileUse, ...] = ()
    digest: str = ""
    waiting_for: str = ""
    human_action: str = ""
    sent: Sent | None = None
    withdrawn: Withdrawn | None = None
    refused: Refused | None = None
    declined: Declined | None = None
    unanswered: Unanswered | None = None
    pinned: Pinned | None = None
    earlier_requests: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = field(default_factory=tuple)

    @cached_property
    def recorded(self) -> Recorded:
        """What the next decision may know of this status, beside claims."""
        return Recorded(
            sent=self.sent,
            withdrawn=self.withdrawn,
            refused=self.refused,
            declined=self.declined,
            unanswered=self.unanswered,
            pinned=self.pinned,
            earlier_requests=self.earlier_requests,
            pairing_uid=self.pairing_uid,
            local_uid=self.local_uid,
            palette_uid=self.palette_uid,
            requested_at=self.requested_at,
            accepted_at=self.accepted_at,
        )

    @property
    def is_blocked(self) -> bool:
        """Whether it goes on only if a person, or the world, does something."""
        return is_blocked(self.phase, self.human_action)

    @property
    def requested_at(self) -> datetime | None:
        """When the request was first seen sent; None where there is none."""
        return self.since(ConditionType.REQUESTED)

    @property
    def accepted_at(self) -> datetime | None:
        """When the request was first seen accepted; None where it was not."""
        return self.since(ConditionType.ACCEPTED)

    @property
    def health_note(self) -> str:
        """What Palette says of a paired cluster that it never showed as healthy; else nothing."""
        health = self.condition(ConditionType.HEALTHY_IN_PALETTE)
        if self.phase is not Phase.PAIRED or health is None or health.status is Truth.TRUE:
            return ""
        return health.message

    def condition(self, kind: ConditionType) -> Condition | None:
        """Return a condition; None where the status has none of this type."""
        return next((one for one in self.conditions if one.type is kind), None)

    def since(self, kind: ConditionType) -> datetime | None:
        """Return since when a condition holds; None where it does not."""
        held = (c for c in self.conditions if c.type is kind and c.status is Truth.TRUE)
        return next((condition.last_transition_time for condition in held), None)


def status_of(decision: Decision, previous: Status | None, *, commit: str, now: datetime) -> Status:
    """Make the status that a decision leads to. What did not change keeps its commit and times.

    Where nothing did, it says the same at any later time, and is not made again.
    """
    known: tuple[Status, Status] | None = decision.came_to.get("status")
    if known and known[0] is previous:
        return known[1]
    status = _status_of(decision, previous, commit, now)
    if status == previous:
        decision.came_to["status"] = previous, status
    return status


def _status_of(decision: Decision, previous: Status | None, commit: str, now: datetime) -> Status:
    case, verdict = decision.case, decision.verdict
    generation = case.intent.generation
    same = previous is not None and previous.generation == generation
    palette_uid = _palette_uid(decision)
    return Status(
        name=case.intent.name,
        phase=verdict.phase,
        generation=generation,
        source_commit=previous.source_commit if same and previous else commit,
        reason=verdict.reason,
        message=verdict.message,
        pairing_uid=_pairing_uid(decision, previous if same else None),
        local_uid=case.local_uid,
        palette_uid=palette_uid,
        profiles=_profiles(decision, previous),
        digest=_digest(decision, previous),
        waiting_for=verdict.waiting_for,
        human_action=verdict.human_action,
        sent=_sent(decision),
        withdrawn=withdrawn_request(case),
        refused=decision.refused,
        declined=_still_declined(decision),
        unanswered=_still_unanswered(decision),
        pinned=pinned_cluster(case),
        earlier_requests=earlier_requests(case),
        conditions=stamped(
            _with_latched_health(decision.conditions, previous, palette_uid),
            previous.conditions if previous else (),
            generation=generation,
            now=now,
        ),
    )


def with_health(status: Status, cluster: PaletteCluster, *, now: datetime) -> Status:
    """Return the status of a settled intent with its cluster's health; itself where none is new."""
    recorded = status.condition(ConditionType.HEALTHY_IN_PALETTE)
    health = latched_health(health_in_list(cluster), recorded)
    if health is recorded:
        return status
    by_type = {one.type: one for one in (*status.conditions, health)}
    in_order = tuple(by_type[kind] for kind in ConditionType if kind in by_type)
    conditions = stamped(in_order, status.conditions, generation=status.generation, now=now)
    return replace(status, conditions=conditions)


def _with_latched_health(
    seen: tuple[Condition, ...], previous: Status | None, palette_uid: str
) -> tuple[Condition, ...]:
    """Keep the health on record of the same cluster in Palette, unless what is seen is better."""
    if previous is None or not palette_uid or previous.palette_uid != palette_uid:
        return seen
    recorded = previous.condition(ConditionType.HEALTHY_IN_PALETTE)
    return tuple(
        latched_health(one, recorded) if one.type is ConditionType.HEALTHY_IN_PALETTE else one
        for one in seen
    )


def _pairing_uid(decision: Decision, same: Status | None) -> str:
    """Return the host's own pairing id; the recorded one while the host cannot be asked.

    An intent that names a request keeps its id: the one in the document, or the one that had the
    tags, by the `same` intent's status.
    """
    case = decision.case
    if case.request_is_ours and is_meant(case):
        return case.request_uid
    if has_moved(case):
        return ""
    reference = case.intent.spec.request
    if reference and reference.pairing_uid:
        return reference.pairing_uid
    if reference and isinstance(decision.action, Reject):
        return decision.action.pairing_uid
    if reference:
        return same.pairing_uid if same else ""
    is_gone = case.host is not None and decision.phase is Phase.LOCAL
    return "" if is_gone else case.recorded.pairing_uid


def _palette_uid(decision: Decision) -> str:
    """Return the cluster's uid in Palette, from when it is paired until it is seen to be local."""
    case = decision.case
    if decision.phase is Phase.PAIRED and case.registered:
        return case.registered.uid
    is_local = case.host is not None and not is_central(case)
    return "" if is_local else case.recorded.palette_uid


def _sent(decision: Decision) -> Sent | None:
    """Return the request that was sent until host and Palette both show that it is gone.

    While the claim of its sending is open, what was looked at may be from before the sending: a
    slow host shows the request later than it answers. The claim may have been made for the intent
    under another name.
    """
    case, sent = decision.case, decision.case.recorded.sent
    if has_moved(case):
        return None
    if any(
        claim.action == SendRequest.verb
        and claim.binds(case.intent.name, {canonical_uid(case.local_uid)}, ())
        for claim in case.recorded.claims
    ):
        return sent
    if sent is None or case.host is None or case.observed.palette.problem or case.request:
        return sent
    return sent if case.listed_as(sent.pairing_uid) else None


def _still_declined(decision: Decision) -> Declined | None:
    declined = decision.case.recorded.declined
    is_meant = declined is not None and declined.generation == decision.case.intent.generation
    return declined if is_meant else None


def _still_unanswered(decision: Decision) -> Unanswered | None:
    """Return the action whose outcome is not known, until its effect shows or the intent changes.

    While a side cannot be seen it stays: it holds back only. What ends its claim ends the count.
    """
    case, one = decision.case, decision.case.recorded.unanswered
    if one is None or one.generation != case.intent.generation:
        return None
    match one.action:
        case "request":
            # The refused one that came before shows nothing of it.
            is_seen = is_central(case) or (case.request_is_ours and not is_over_at_host(case))
        case "withdraw":
            is_seen = case.host is not None and is_over_at_host(case)
        case "accept":
            is_seen = decision.phase in _ACCEPTED_PHASES
        case _:
            is_seen = decision.verdict.is_done
    is_seen = is_seen or one.claim in {claim.id for claim in decision.spent_claims}
    return None if is_seen else one


def _profiles(decision: Decision, previous: Status | None) -> tuple[ProfileUse, ...]:
    """Return the selection; once accepted it stays as it was, whatever is published later.

    A cluster that stays local by an intent that selects nothing has none.
    """
    before = previous.profiles if previous else ()
    proof, is_done = decision.case.proof, decision.phase in _ACCEPTED_PHASES
    was_done = previous is not None and previous.phase in _ACCEPTED_PHASES
    is_found = decision.phase is Phase.PAIRED and previous is None
    if decision.phase is Phase.LOCAL and decision.case.intent.match is None:
        return ()
    if proof is None or was_done or is_found or (is_done and not proof.holds):
        return before
    return tuple(map(profile_use, proof.selection))


def _digest(decision: Decision, previous: Status | None) -> str:
    """Return what has to be approved; once accepted it stays as it was, as the profiles do."""
    if decision.phase in _ACCEPTED_PHASES:
        return previous.digest if previous else ""
    return "" if decision.phase is Phase.FAILED else digest_to_approve(decision.case)
