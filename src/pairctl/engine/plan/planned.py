"""Putting a plan into its document: what was decided, what it rests on, and nothing secret."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from pydantic import BaseModel

from pairctl.engine.desired.change import Change
from pairctl.engine.plan.consequences import leads_one_way
from pairctl.engine.plan.document import (
    PlanDocument,
    PlannedAction,
    PlannedChange,
    PlannedCondition,
    PlannedConfiguration,
    PlannedDeletion,
    PlannedIntent,
    PlannedProfile,
    PlannedRefusal,
    PlannedRollout,
    PlannedSecret,
    PlannedWave,
    PlanSummary,
    UnseenPalette,
)
from pairctl.engine.plan.forecasting import RolloutPlan
from pairctl.engine.plan.plan import Plan
from pairctl.pairing import (
    Accept,
    Action,
    Condition,
    Decision,
    MemberState,
    Phase,
    SendRequest,
    ShownDifference,
    Status,
)
from pairctl.pairing.basis.basis import BasisCluster, BasisHost, BasisIntent, BasisPalette
from pairctl.problem import Problem
from pairctl.spec import API_VERSION, Finding
from pairctl.text import both_ends

Clean = Callable[[str], str]

MOST_CHANGES = 10
"""How many values that would change a plan tells of one intent; `explain` tells all."""

LONGEST_TEXT = 2_000
"""How long one text of a plan is: of a longer one both ends are told."""

OWN_FIELDS: Mapping[type[BaseModel], frozenset[str]] = {
    PlannedIntent: frozenset({"name", "reason", "missing_consent", "digest"}),
    PlannedAction: frozenset({"verb", "local_uid", "pairing_uid"}),
    PlannedCondition: frozenset({"reason"}),
    PlannedConfiguration: frozenset({"digest"}),
    BasisIntent: frozenset(BasisIntent.model_fields),
    BasisPalette: frozenset(BasisPalette.model_fields),
    BasisHost: frozenset(BasisHost.model_fields),
    BasisCluster: frozenset({"local_uid"}),
}
"""What pairctl chose, or the documents' author: it is never redacted, whatever a secret is."""


def plan_document(plan: Plan, clean: Clean = str) -> PlanDocument:
    """Put a plan into its document, without secrets and control characters: see `Redactor`."""
    change = plan.change
    kinds = change.intents if change else {}
    once = cache(clean)  # most texts of a fleet are the same: layers, versions, fields
    intents = [
        cleaned(one.model_copy(update={"change": kinds.get(one.name)}), once)
        for one in sorted(_intents(plan), key=lambda one: one.name)
    ]
    refused = tuple(_refusal(one, once) for one in plan.refusals)
    document = PlanDocument(
        api_version=API_VERSION,
        kind="Plan",
        commit=plan.source.commit,
        base=change.base if change else None,
        is_remembered=plan.is_remembered,
        intents=tuple(intents),
        refused=refused,
        rollouts=tuple(_rollout(one, once) for one in plan.rollout_plans.values()),
        unseen_palettes=_unseen(plan.unseen_palettes, once),
        deleted=_deleted(change, once),
        unsure=change.unsure if change else (),
        secrets=_secrets(change, once),
        refused_secrets=tuple(map(once, change.refused_secrets)) if change else (),
        summary=summarized(intents, refused),
    )
    return document.model_copy(update={"digest": document.own_digest})


def planned(name: str, decision: Decision) -> PlannedIntent:
    """Put one decision into the words of the document."""
    verdict, basis = decision.verdict, decision.basis
    # What a request that is sent now waits for, once it has arrived.
    consent = decision.missing_consent or None if isinstance(decision.action, SendRequest) else None
    return PlannedIntent(
        name=name,
        phase=verdict.phase,
        reason=verdict.reason,
        message=verdict.message,
        waiting_for=verdict.waiting_for,
        human_action=verdict.human_action,
        action=planned_action(decision.action) if decision.action else None,
        leads_one_way=decision.leads_one_way,
        missing_consent=consent,
        conditions=_conditions(decision.conditions),
        configuration=_configuration(decision.case.configuration),
        basis=basis,
        digest=basis.digest,
    )


def _configuration(found: ShownDifference | None) -> PlannedConfiguration | None:
    """Put what would change in the values of packs into the words of the document."""
    if found is None:
        return None
    return PlannedConfiguration(
        digest=found.digest,
        count=len(found.changes),
        changes=tuple(
            PlannedChange(
                layer=one.layer.kind,
                pack=one.layer.name,
                path=one.path,
                local=one.local,
                profile=one.brought,
            )
            for one in found.changes[:MOST_CHANGES]
        ),
        notes=found.notes[:MOST_CHANGES],
    )


def planned_action(action: Action) -> PlannedAction:
    """Put one action into the words of the document."""
    profiles = action.profiles if isinstance(action, Accept) else ()
    return PlannedAction(
        verb=action.verb,
        is_one_way=action.is_one_way,
        text=str(action),
        local_uid=action.local_uid,
        pairing_uid=action.pairing_uid,
        profiles=tuple(PlannedProfile(name=p.name, version=p.version, uid=p.uid) for p in profiles),
    )


def cleaned(intent: PlannedIntent, clean: Clean) -> PlannedIntent:
    """Return the same with each text as it may be shown. What the digests say stays as it is."""
    found = _cleaned(intent, clean)
    assert isinstance(found, PlannedIntent)
    return found


def cleaned_action(action: Action, clean: Clean) -> PlannedAction:
    """Return an action as a plan shows it."""
    found = _cleaned(planned_action(action), clean)
    assert isinstance(found, PlannedAction)
    return found


def _intents(plan: Plan) -> Iterator[PlannedIntent]:
    for name, decision in plan.decisions.items():
        shown = planned(name, decision)
        # What rests on memory binds nobody: it has no basis that could be held against the world.
        unbound = {"basis": None, "digest": None} if plan.is_remembered else {}
        yield shown.model_copy(update={"note": _note(plan.paired_before.get(name)), **unbound})
    for name, status in plan.kept.items():
        leads = leads_one_way(plan.source, plan.kept, name)
        yield _kept(status).model_copy(update={"leads_one_way": leads})
    for name, problem in plan.invalid.items():
        yield _of_problem(name, problem, Phase.BLOCKED)
    for name, problem in plan.unseen.items():
        yield _of_problem(name, problem, None)


def _note(paired_before: datetime | None) -> str:
    if paired_before is None:
        return ""
    return (
        f"on record as paired since {paired_before:%Y-%m-%d}; the host says that it is managed "
        "locally again"
    )


def _rollout(one: RolloutPlan, clean: Clean) -> PlannedRollout:
    """Put one rollout into the words of the document; instants to the second."""
    state, coming = one.state, one.forecast
    waits = state.waits_for
    of_wave = {wave.name: wave for wave in coming.waves}
    leading = Counter(state.members[name] for name in one.leading)
    return PlannedRollout(
        name=state.name,
        phase=state.phase,
        current=state.current or "",
        reason=waits.reason if waits else "",
        waits_for=both_ends(clean(waits.message), LONGEST_TEXT) if waits else "",
        goes_on_at=state.goes_on_at,
        intents=state.size,
        paired=state.count(MemberState.PAIRED),
        dark=state.count(MemberState.DARK),
        blocked=state.count(MemberState.BLOCKED),
        failed=state.count(MemberState.FAILED),
        leads_one_way=len(one.leading),
        calls=coming.calls,
        lasts_seconds=None if coming.lasts_s is None else int(coming.lasts_s),
        ends_at=_second(coming.ends_at),
        waves=tuple(
            PlannedWave(
                name=wave.name,
                intents=wave.size,
                paired=wave.count(MemberState.PAIRED),
                leads_one_way=leading[wave.name],
                unapproved=len(wave.unapproved),
                begins_at=_second(_later(of_wave[wave.name].begins_at, one.made_at)),
                ends_at=_second(of_wave[wave.name].ends_at),
            )
            for wave in state.waves
        ),
    )


def _later(at: datetime | None, now: datetime) -> datetime | None:
    return at if at and at > now else None


def _second(at: datetime | None) -> datetime | None:
    return at.replace(microsecond=0) if at else None


def _kept(status: Status) -> PlannedIntent:
    return PlannedIntent(
        name=status.name,
        phase=status.phase,
        reason=status.reason,
        message=status.message,
        waiting_for=status.waiting_for,
        human_action=status.human_action,
        conditions=_conditions(status.conditions),
    )


def _of_problem(name: str, problem: Problem, phase: Phase | None) -> PlannedIntent:
    return PlannedIntent(
        name=name,
        phase=phase,
        reason=problem.reason,
        message=problem.message,
        human_action=problem.hint,
    )


def _conditions(conditions: Iterable[Condition]) -> tuple[PlannedCondition, ...]:
    return tuple(
        PlannedCondition(type=one.type, status=one.status, reason=one.reason, message=one.message)
        for one in conditions
    )


def _refusal(one: Finding, clean: Clean) -> PlannedRefusal:
    return PlannedRefusal(
        path=clean(one.path),
        line=one.line,
        column=one.column,
        code=one.code,
        message=both_ends(clean(one.message), LONGEST_TEXT),
        hint=both_ends(clean(one.hint), LONGEST_TEXT),
    )


def _unseen(palettes: Mapping[str, Problem], clean: Clean) -> tuple[UnseenPalette, ...]:
    return tuple(
        UnseenPalette(
            name=name,
            reason=problem.reason,
            message=both_ends(clean(problem.message), LONGEST_TEXT),
            hint=both_ends(clean(problem.hint), LONGEST_TEXT),
        )
        for name, problem in palettes.items()
    )


def _deleted(change: Change | None, clean: Clean) -> tuple[PlannedDeletion, ...]:
    gone = change.gone if change else {}
    return tuple(PlannedDeletion(name=name, message=clean(shown)) for name, shown in gone.items())


def _secrets(change: Change | None, clean: Clean) -> tuple[PlannedSecret, ...]:
    """Put the secrets that go somewhere new into the document, by their names."""
    return tuple(
        PlannedSecret(
            name=one.name,
            role=one.role,
            destination=clean(one.destination),
            variable=clean(one.variable),
        )
        for one in (change.secrets if change else ())
    )


def summarized(
    intents: Sequence[PlannedIntent], refused: Sequence[PlannedRefusal] = ()
) -> PlanSummary:
    """Count the intents of each sort, and what is wrong with what is refused."""
    actions = [intent.action for intent in intents if intent.action]
    return PlanSummary(
        intents=len(intents),
        to_do=len(actions),
        one_way=sum(action.is_one_way for action in actions),
        leads_one_way=sum(intent.leads_one_way for intent in intents),
        blocked=sum(intent.is_blocked for intent in intents),
        not_known=sum(intent.phase is None for intent in intents),
        refused=len(refused),
    )


def _cleaned(value: Any, clean: Clean) -> Any:
    """Return a value of a document with each text cleaned; names of fields are none."""
    match value:
        case BaseModel():
            own = OWN_FIELDS.get(type(value), frozenset())
            fields = {name: item for name, item in value if name not in own}
            return value.model_copy(
                update={name: _cleaned(item, clean) for name, item in fields.items()}
            )
        case Enum():
            return value
        case str():
            return both_ends(clean(value), LONGEST_TEXT)
        case dict():  # of tags: a key is as foreign as its value
            return {
                both_ends(clean(key), LONGEST_TEXT): _cleaned(item, clean)
                for key, item in value.items()
            }
        case tuple():
            return tuple(_cleaned(item, clean) for item in value)
        case _:
            return value
