"""A plan without credentials: what would be decided if the world is as it was last seen.

What the status branch cannot tell (health, connections, tokens, requests) is taken to be well, and
the decision is made by the very rules of every other plan. So a step that is told here may still be
blocked, and a block that is told here is real, if what was last seen still holds.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from pairctl.engine.desired.change import change_between, is_unchanged
from pairctl.engine.desired.rollouts import rollout_documents
from pairctl.engine.desired.source import Source
from pairctl.engine.observe.fleet import documents_of
from pairctl.engine.observe.last_known import (
    Memory,
    imagined,
    taken_to_be_well,
    with_known_approval,
)
from pairctl.engine.plan.consequences import Outlook, taken_away, with_consequences
from pairctl.engine.plan.forecasting import rollout_plans
from pairctl.engine.plan.plan import Plan, read_before, read_repository, selected_intents
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import (
    HELD_BY_ROLLOUTS,
    Decision,
    FleetLimits,
    FleetObservations,
    FleetRecords,
    Intent,
    Observed,
    Pace,
    PaletteView,
    Phase,
    Recorded,
    RolledOut,
    RolloutHistory,
    Status,
    Subject,
    Verdict,
    canonical_endpoint,
    canonical_uid,
    decide,
    decide_all,
    other_subjects,
    roll_out,
)
from pairctl.problem import Problem
from pairctl.records import Ledger, observed_cluster, observed_palette
from pairctl.spec import Desired, Limits, OperatorSpec

ONLY_CREDENTIALS_TELL = (
    "the cluster's health",
    "whether its hosts reach Palette",
    "the registration token",
    "which pairing requests are pending",
    "layers and profiles as they are now",
    "what would change in the values of packs",
)
"""What a plan without credentials takes to be well, or as it was last seen."""

OF_OTHERS = frozenset({"DuplicateTarget", "TooManyAtOnce", *HELD_BY_ROLLOUTS})
"""Why an intent waits for others: it goes on where these are changed, and it is not."""

_DECIDED_AGAIN = frozenset({"DuplicateTarget", *HELD_BY_ROLLOUTS})
"""Reasons on record that say nothing of now: the documents decide on them again."""

_OF_APPROVALS = frozenset({"ApprovalMissing", "ApprovalOutdated"})


async def plan_offline(settings: Settings, base: str | None = None) -> Plan:
    """Decide on what the status branch remembers. Nobody but Git is asked.

    Raises PairctlError where the repository cannot be read, or is empty.
    """
    source, ledger = await read_repository(settings)
    selected = selected_intents(settings, source)
    before = await read_before(settings, base)
    plan = remembered_plan(source, ledger, before, now=settings.clock.now())
    return plan.of_intents(selected)


def remembered_plan(
    source: Source, ledger: Ledger, before: Source | None, *, now: datetime
) -> Plan:
    """Return the plan that the status branch allows, of what differs from `before`. Pure."""
    taken = taken_away(before, source) if before else frozenset()
    has_read_more = before is not None and before.unread != source.unread
    doubted = OF_OTHERS if taken or has_read_more else _DECIDED_AGAIN
    known = _known(source, ledger, now, doubted)
    rolled = _rolled_out(source, ledger, known, now)
    known |= rolled.decisions
    for name in _with_other_hosts(before, source, ledger) if before else ():
        known[name] = _not_seen(name)
    if not source.is_guarded:
        known |= _of_unclear_approvals(source, known)
    plan = Plan(
        source,
        decisions={name: one for name, one in known.items() if isinstance(one, Decision)},
        kept={name: one for name, one in known.items() if isinstance(one, Status)},
        invalid=source.invalid,
        unseen={name: one for name, one in known.items() if isinstance(one, Problem)},
        is_remembered=True,
        rollouts=rolled.states,
        rollout_plans=rollout_plans(
            source, rolled.states, known, ledger.evidence.values(), Limits(), now=now
        ),
    )
    if before is None:
        return plan
    change = change_between(before, source)
    if not is_unchanged(before, source):
        known_before = _known(before, ledger, now, HELD_BY_ROLLOUTS)
        known_before |= _rolled_out(before, ledger, known_before, now).decisions
        earlier = Outlook(before, known_before, _subjects(before, ledger), True)
        later = Outlook(source, known, _subjects(source, ledger), True)
        change = with_consequences(change, earlier, later)
    return plan.of_change(change)


def _known(
    source: Source, ledger: Ledger, now: datetime, doubted: frozenset[str] = frozenset()
) -> dict[str, Decision | Status | Problem]:
    """Return what is remembered of each intent; what is on record for a doubted reason is not.

    Where the reason is doubted, intents that were seen to be about one thing wait for each other.
    """
    known = {name: _shown(intent, ledger, now, doubted) for name, intent in source.intents.items()}
    if "DuplicateTarget" in doubted:
        decisions = {name: one for name, one in known.items() if isinstance(one, Decision)}
        intents = {name: decision.case.intent for name, decision in decisions.items()}
        documents = replace(documents_of(source), intents={**source.intents, **intents})
        remembered = FleetObservations(
            standing=decisions, subjects=_subjects(source, ledger), all_looked_for=False
        )
        # Of claims and caps an earlier pass has said what there is to say; see `_decided`.
        records = FleetRecords(ledger.statuses)
        known |= decide_all(documents, records, remembered, FleetLimits(), now=now).decisions
    return known


def _rolled_out(
    source: Source, ledger: Ledger, known: Mapping[str, Decision | Status | Problem], now: datetime
) -> RolledOut:
    """Hold what would begin against the rollouts; what is on record as paired is taken to be well.

    The pace is not: how much of it is left is not known.
    """
    paired: dict[str, bool | None] = {
        name: True
        for name, one in known.items()
        if isinstance(one, Status) and one.phase is Phase.PAIRED
        if one.generation == source.intents[name].generation
    }
    decisions = {name: one for name, one in known.items() if isinstance(one, Decision)}
    documents = rollout_documents(source, ledger, OperatorSpec())
    return roll_out(documents, decisions, paired, RolloutHistory(), now=now)


def _subjects(source: Source, ledger: Ledger) -> tuple[Subject, ...]:
    """Return what each intent is about, as far as it was seen at the address that it has."""
    requests = {name: one.spec.request for name, one in source.intents.items() if one.spec.request}
    named = (
        Subject(name, frozenset({canonical_uid(one.pairing_uid)}))
        for name, one in requests.items()
        if one.pairing_uid
    )
    records = FleetRecords(ledger.statuses)
    return (*other_subjects(documents_of(source), {}, records), *named)


def _of_unclear_approvals(
    source: Source, known: Mapping[str, Decision | Status | Problem]
) -> dict[str, Problem]:
    """Return the intents with several approvals: one may count where a folder is guarded."""
    several = {one.document.spec.intent for one in source.declared.refused_approvals}
    return {
        name: Problem(
            "NotSeenYet",
            f"several approvals are committed for {name}; whether one of them counts is for the "
            "operator's file to say",
            "keep one of them, or plan with --operator",
        )
        for name, one in known.items()
        if name in several and isinstance(one, Decision) and one.verdict.reason in _OF_APPROVALS
    }


def _shown(
    intent: Intent, ledger: Ledger, now: datetime, doubted: frozenset[str]
) -> Decision | Status | Problem:
    """Return the decision on what is remembered; a status that stays; or what is not known."""
    name, status = intent.name, ledger.statuses.get(intent.name)
    is_same = status is not None and status.generation == intent.generation
    if status is not None and _stays(status, intent, is_same=is_same):
        return status
    if intent.spec.suspend:
        recorded = status.recorded if status else Recorded()
        return decide(intent, Observed(PaletteView()), recorded, now=now)
    if intent.spec.desired is Desired.REJECTED:
        return Problem(
            "NotSeenYet",
            f"whether the request that {name} is about is pending is known to Palette only",
            "a plan with credentials asks it",
        )
    cluster = observed_cluster(ledger.files, name)
    if cluster is None:
        return status if status is not None and is_same else _not_seen(name)
    palette = observed_palette(ledger.files, intent.palette_name)
    if palette is None and intent.match is not None:
        return Problem(
            "NotSeenYet",
            f"the profiles of Palette {intent.palette_name} were not looked at yet",
            "a plan with credentials looks at them",
        )
    memory = Memory(taken_to_be_well(cluster), palette.profiles if palette else (), status)
    return _decided(intent, memory, now, doubted, is_same=is_same)


def _stays(status: Status, intent: Intent, *, is_same: bool) -> bool:
    """Whether a recorded status still says it all: it is settled, or only Palette knows more."""
    if status.phase is Phase.PAIRED and intent.spec.desired is Desired.PAIRED:
        return True
    if intent.spec.desired is Desired.REJECTED or status.phase is Phase.LOCAL:
        return is_same
    return False


def _decided(
    intent: Intent, memory: Memory, now: datetime, doubted: frozenset[str], *, is_same: bool
) -> Decision:
    """Decide as if all were well; what the last pass found in the way of the same still is.

    What it found for a doubted reason is not.
    """
    status = memory.status
    observed = imagined(intent, memory)
    recorded = status.recorded if status else Recorded()
    known = with_known_approval(intent, observed, memory, is_same=is_same)
    decision = decide(known, observed, recorded, now=now)
    if decision.verdict.reason in _OF_APPROVALS:
        return replace(decision, verdict=_unapproved(decision.verdict, intent))
    is_held = status is not None and is_same and status.is_blocked
    if status is None or not is_held or status.reason in _OF_APPROVALS | doubted:
        return decision
    return replace(
        decision,
        verdict=Verdict(
            status.phase,
            status.reason,
            status.message,
            Pace.LATER,
            waiting_for=status.waiting_for,
            human_action=status.human_action,
        ),
        conditions=status.conditions,
    )


# ── in words ─────────────────────────────────────────────────────────────────────────────────────


def _unapproved(verdict: Verdict, intent: Intent) -> Verdict:
    """Leave out the digest of what was only imagined."""
    is_missing = verdict.reason == "ApprovalMissing"
    found = "no approval is committed" if is_missing else "the approval names something else"
    return replace(
        verdict,
        message=f"Palette {intent.palette_name} takes only what is approved, and {found}",
        human_action=f"`pairctl approve {intent.name}` prints it, once a pass has seen this commit",
    )


def _not_seen(name: str) -> Problem:
    return Problem(
        "NotSeenYet",
        f"the host of {name} was not looked at yet, so whether its layers match is not known",
        "a plan with credentials looks at it",
    )


def _with_other_hosts(before: Source, after: Source, ledger: Ledger) -> frozenset[str]:
    """Return the intents that are about another host than before: what is remembered is not its.

    Of several hosts the one that was seen has to be among those that are named now, in whatever
    order; where none is on record, all that were named.
    """
    return frozenset(
        name
        for name, intent in after.intents.items()
        if name in before.intents
        and not _seen_addresses(before.intents[name], ledger.statuses.get(name))
        <= _addresses(intent)
    )


def _seen_addresses(before: Intent, status: Status | None) -> frozenset[str]:
    named, pinned = _addresses(before), status.pinned if status else None
    return frozenset({pinned.endpoint}) if pinned and pinned.endpoint in named else named


def _addresses(intent: Intent) -> frozenset[str]:
    places = intent.spec.local_ui.places if intent.spec.local_ui else ()
    return frozenset(canonical_endpoint(place.endpoint) for place in places)
