"""The plan: what `apply` would do now. It is the first half of a pass, and cannot write."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pairctl.engine.desired.change import Change, change_between, is_unchanged
from pairctl.engine.desired.merged import merged_commit
from pairctl.engine.desired.reader import Misremembered, SourceReader
from pairctl.engine.desired.rollouts import rollout_documents
from pairctl.engine.desired.source import (
    Source,
    file_reader,
    read_base,
    read_source,
    refuse_empty,
    with_unread,
)
from pairctl.engine.observe.access import Access
from pairctl.engine.observe.first_reads import FirstReads
from pairctl.engine.observe.fleet import FleetLook, documents_of, observe_all, observe_one
from pairctl.engine.observe.observer import Observer
from pairctl.engine.observe.observing_again import ObservingAgain
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.plan.consequences import Outlook, with_consequences
from pairctl.engine.plan.forecasting import RolloutPlan, rollout_plans
from pairctl.engine.runtime.events import Decided, PassStarted, unheard
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import (
    Decision,
    Evidence,
    FleetDecisions,
    FleetLimits,
    FleetRecords,
    Pace,
    RolloutState,
    Status,
    Unrecognized,
    canonical_uid,
    decide_all,
    other_subjects,
    paired_before,
    renamed,
    subject_of,
)
from pairctl.problem import PairctlError, Problem
from pairctl.records import Ledger, refuse_source
from pairctl.spec import Finding, Limits, Rejected
from pairctl.text import did_you_mean


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided for each intent of a commit, or for those that a change is about.

    `kept` are those whose recorded status still says it all; `invalid` cannot be used as they are
    written; of `unseen` too little is known to decide. `change` is None for a plan of everything.
    `unseen_palettes` could not be looked at, whether an intent waits for them or not.
    `rollouts` are how far rollouts are, by name, of all of their intents; `rollout_plans` say what
    is to come of those that the plan is about. `paired_before` are intents whose cluster is on
    record as paired, with since when, though its host says that it is managed locally.
    A plan that `is_remembered` rests on the status branch alone: nobody was asked. `caps` are those
    of the operator's file.
    """

    source: Source
    decisions: Mapping[str, Decision]
    kept: Mapping[str, Status]
    invalid: Mapping[str, Problem]
    unrecognized: Mapping[str, Unrecognized] = field(default_factory=dict)
    unseen: Mapping[str, Problem] = field(default_factory=dict)
    change: Change | None = None
    unseen_palettes: Mapping[str, Problem] = field(default_factory=dict)
    is_remembered: bool = False
    rollouts: Mapping[str, RolloutState] = field(default_factory=dict)
    rollout_plans: Mapping[str, RolloutPlan] = field(default_factory=dict)
    caps: Limits = field(default_factory=Limits)
    paired_before: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def has_changes(self) -> bool:
        """Whether `apply` would send anything now, or something is still on its way."""
        return any(decision.verdict.pace is Pace.SOON for decision in self.decisions.values())

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """What is wrong with what is refused: of a change only what is new with it."""
        return self.change.refusals if self.change else self.source.refusals

    @property
    def is_blocked(self) -> bool:
        """Whether something goes on only if a person, or the world, does something.

        What could not be read counts as that: nobody knows what stands in it.
        """
        return (
            bool(self.invalid or self.refusals)
            or any(status.is_blocked for status in self.kept.values())
            or any(decision.verdict.is_blocked for decision in self.decisions.values())
        )

    @property
    def is_partly_unknown(self) -> bool:
        """Whether of some intents it is not known what is to do: they may be paired all the same.

        A plan made without credentials has these where no pass has seen a host yet.
        """
        return bool(self.unseen or (self.change and self.change.unsure))

    @property
    def unlisted(self) -> dict[str, Problem]:
        """Why the pairing requests of a Palette are not known, by its name; refused ones, too.

        Raises PairctlError where the commit declares no Palette at all.
        """
        refused = {
            item.name or item.path: _refused_palette(item)
            for item in self.source.declared.rejected
            if item.kind == "Palette"
        }
        found = {name: one.problem for name, one in self.unrecognized.items() if one.problem}
        if not (self.unrecognized or refused):
            words = f"commit {self.source.commit[:7]} holds no Palette document"
            words += ", so nothing is looked at"
            if self.source.is_partial:
                words += "; it may stand in a file that cannot be read"
            hint = "check --ref and --path, or commit one"
            raise PairctlError(Problem("NoPalette", words, hint))
        return {**refused, **found}

    def of_intents(self, names: frozenset[str] | None) -> "Plan":
        """Return the part of the plan that is about these intents; None: all of it."""
        if names is None:
            return self
        return replace(
            self,
            decisions={name: one for name, one in self.decisions.items() if name in names},
            kept={name: one for name, one in self.kept.items() if name in names},
            invalid={name: one for name, one in self.invalid.items() if name in names},
            unseen={name: one for name, one in self.unseen.items() if name in names},
            # Of a selection by itself the others were not looked at.
            rollout_plans=self._plans_about(names) if self.change else {},
        )

    def _plans_about(
        self, names: Collection[str], changed: Collection[str] = ()
    ) -> dict[str, RolloutPlan]:
        return {
            name: one
            for name, one in self.rollout_plans.items()
            if name in changed or not one.state.members.keys().isdisjoint(names)
        }

    def of_change(self, change: Change) -> "Plan":
        """Return the part of the plan that a change is about."""
        return replace(
            self,
            decisions={name: one for name, one in self.decisions.items() if name in change.intents},
            kept={name: one for name, one in self.kept.items() if name in change.intents},
            invalid={name: one for name, one in self.invalid.items() if name in change.intents},
            unseen={name: one for name, one in self.unseen.items() if name in change.intents},
            change=change,
            rollout_plans=self._plans_about(change.intents, change.rollouts),
        )


async def make_plan(settings: Settings, access: Access, base: str | None = None) -> Plan:
    """Look, and decide. With `base`, a ref, only what differs because of the change since then.

    For a change, and without a selection, all is looked at: what is held back by caps or duplicates
    depends on the others. Raises PairctlError where the repository cannot be read, or is empty, and
    where nothing is selected.
    """
    source, ledger = await read_repository(settings)
    before = await read_before(settings, base)
    selected = selected_intents(settings, source)
    observer = Observer(await access.at(file_reader(settings.repository, source)), settings.clock)
    records = _records(settings, ledger)
    only = selected if base is None else None
    names = source.intents if only is None else source.intents.keys() & only
    settings.listener(PassStarted(source.commit, tuple(sorted(names))))
    seen = await observe_all(
        source, records, observer, settings.clock, settings.listener, only=only
    )
    seen = seen.with_rollouts(rollout_documents(source, ledger, settings.operator))
    decided = _decided(settings, records, seen)
    plan = Plan(
        source,
        decided.decisions,
        seen.observations.kept,
        source.invalid,
        decided.unrecognized,
        unseen_palettes=seen.unseen_palettes,
        rollouts=decided.rollouts,
        rollout_plans=rollout_plans(
            source,
            decided.rollouts,
            {**decided.decisions, **seen.observations.kept},
            ledger.evidence.values(),
            settings.operator.limits,
            now=settings.clock.now(),
        ),
        caps=settings.operator.limits,
        paired_before=_paired_before(decided.decisions, ledger),
    )
    if before is None:
        return plan.of_intents(selected)
    change = change_between(before, source)
    if not is_unchanged(before, source):
        earlier = await _outlook_before(settings, access, before, ledger, records, seen)
        change = with_consequences(
            change, earlier, _outlook(source, plan.decisions, plan.kept, records)
        )
    return plan.of_change(change).of_intents(selected)


def _paired_before(decisions: Mapping[str, Decision], ledger: Ledger) -> dict[str, datetime]:
    evidence: dict[str, list[Evidence]] = {}
    for one in ledger.evidence.values():
        evidence.setdefault(canonical_uid(one.cluster), []).append(one)
    found = {}
    for name, decision in decisions.items():
        mine = evidence.get(canonical_uid(decision.case.cluster_uid), ())
        if since := paired_before(decision, ledger.statuses.get(name), mine):
            found[name] = since
    return found


def selected_intents(settings: Settings, source: Source) -> frozenset[str] | None:
    """Return the names of the intents that the run is about; None for all. Raises PairctlError."""
    return settings.selection.chosen(source.labels, f"commit {source.commit[:7]}")


async def plan_one(settings: Settings, access: Access, name: str) -> Plan:
    """Look, and decide, for one intent of what is merged; the others count by what is on record.

    Raises as `make_plan` does, and where there is no such intent.
    """
    source, ledger = await read_merged(settings)
    ledger = _with_renamed(source, ledger)
    usable_intent(source, name)
    observer = Observer(await access.at(file_reader(settings.repository, source)), settings.clock)
    records = _records(settings, ledger)
    seen = await observe_one(name, source, records, observer)
    seen = seen.with_rollouts(rollout_documents(source, ledger, settings.operator))
    decided = _decided(settings, records, seen)
    settings.listener(Decided(name, decided.decisions[name]))
    return Plan(source, decided.decisions, {}, {}, unseen_palettes=seen.unseen_palettes)


def usable_intent(source: Source, name: str) -> str:
    """Return the name of an intent that can be used as it is written. Raises PairctlError."""
    if name in source.intents:
        return name
    if problem := source.invalid.get(name):
        raise PairctlError(problem)
    near = did_you_mean(name, source.intents)
    commit = source.commit[:7]
    raise PairctlError(
        Problem(
            "NoSuchIntent",
            f"commit {commit} holds no pairing intent named {name}",
            near or "check the name, --ref and --path; in a clone, that the intent is merged",
        )
    )


async def _outlook_before(
    settings: Settings,
    access: Access,
    before: Source,
    ledger: Ledger,
    records: FleetRecords,
    seen: FleetLook,
) -> Outlook:
    """Decide on the documents before a change, by the same look where they are the same.

    `records` are those of that look.
    """
    again = ObservingAgain(
        await access.at(file_reader(settings.repository, before)),
        settings.clock,
        {name: (seen.documents.intents[name], look) for name, look in seen.looks.items()},
    )
    earlier = await observe_all(before, records, again, settings.clock, unheard)
    earlier = earlier.with_rollouts(rollout_documents(before, ledger, settings.operator))
    decided = _decided(settings, records, earlier)
    return _outlook(before, decided.decisions, earlier.observations.kept, records)


def _records(settings: Settings, ledger: Ledger) -> FleetRecords:
    """Return what a plan knows of the status branch: it has read it just now."""
    now_s, patience = settings.clock.monotonic(), settings.patience(stays=False)
    return FirstReads().records(ledger, now_s, patience)


def _decided(settings: Settings, records: FleetRecords, seen: FleetLook) -> FleetDecisions:
    """Decide for all. A plan holds what may be done by and by: nothing waits for its turn in it."""
    limits = FleetLimits(settings.operator.limits)
    now = settings.clock.now()
    return decide_all(seen.documents, records, seen.observations, limits, now=now)


def _outlook(
    source: Source,
    decisions: Mapping[str, Decision],
    kept: Mapping[str, Status],
    records: FleetRecords,
) -> Outlook:
    seen = (subject_of(name, decision) for name, decision in decisions.items())
    subjects = (*seen, *other_subjects(documents_of(source), decisions, records))
    return Outlook(source, {**decisions, **kept}, subjects)


async def read_repository(settings: Settings) -> tuple[Source, Ledger]:
    """Read what is wanted as the repository has it, be it merged or not, and what is on record.

    Raises PairctlError, also where all is gone.
    """
    ledger = await read_records(settings)
    source = await _wanted(settings, settings.ref, ledger)
    return source, _with_renamed(source, ledger)


async def read_merged(
    settings: Settings, reader: SourceReader | None = None
) -> tuple[Source, Ledger]:
    """Read what is to be carried out, and what is on record. Raises as `read_repository` does.

    What a `reader` gives may be remembered.
    """
    ledger = await read_records(settings)
    commit = await merged_commit(settings)
    if reader is None:
        return await _wanted(settings, commit, ledger), ledger
    source = await reader.read(settings, commit, ledger.statuses)
    return await _with_what_is_missing(settings, source, ledger), ledger


def names_of_before(source: Source, ledger: Ledger) -> dict[str, str]:
    """Return the intents that a commit has renamed, with what they are called on record.

    Of a commit that is known in part it is not certain who is gone. What is on record of one that
    may be holds the other back all the same.
    """
    return renamed(ledger.statuses, source.intents, source.names)


def under_new_names(ledger: Ledger, names: Mapping[str, str]) -> dict[str, Status]:
    """Return what is on record of renamed intents, under their names of now."""
    return {new: replace(ledger.statuses[old], name=new) for new, old in names.items()}


def _with_renamed(source: Source, ledger: Ledger) -> Ledger:
    """Return the branch as `apply` decides on it: what is known of renamed intents goes along."""
    found = under_new_names(ledger, names_of_before(source, ledger))
    return replace(ledger, statuses={**ledger.statuses, **found})


async def confirmed(
    settings: Settings, remembered: Source, ledger: Ledger, reader: SourceReader
) -> Source:
    """Return the same documents as Git has them. Raises Misremembered where they are others."""
    source = await reader.from_git(settings, remembered.commit)
    source = await _with_what_is_missing(settings, source, ledger)
    if source != replace(remembered, is_remembered=False):
        raise Misremembered
    return source


async def _wanted(settings: Settings, ref: str, ledger: Ledger) -> Source:
    source = await read_source(settings.repository, ref, settings.under, settings.operator)
    return await _with_what_is_missing(settings, source, ledger)


async def _with_what_is_missing(settings: Settings, source: Source, ledger: Ledger) -> Source:
    if source.commit == ledger.tip:
        branch = settings.repository.status_branch
        refuse_source(branch, settings.ref, [branch])
    source = await with_unread(settings.repository, source, settings.under, ledger.statuses)
    refuse_empty(source, len(ledger.statuses))
    return source


async def read_before(settings: Settings, base: str | None) -> Source | None:
    """Read what a plan is compared with, if it is compared with anything."""
    if base is None:
        return None
    return await read_base(settings.repository, base, settings.under, settings.operator)


def _refused_palette(item: Rejected) -> Problem:
    first = min(one for one in item.findings if one.refuses)
    words = f"its document is refused: {first.path}:{first.line}:{first.column}: {first.message}"
    return Problem("Invalid", words, first.hint)
