"""All that is on record of a fleet: documents of one commit beside the status branch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pairctl.engine.desired.rollouts import rollout_documents
from pairctl.engine.desired.source import Source, read_source
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.queries.explain import Explaining, Explanation
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import Claim, Evidence, Status
from pairctl.problem import PairctlError, Problem
from pairctl.records import Ledger, RecordedRollout, read_rollouts
from pairctl.spec import OperatorSpec


@dataclass(frozen=True, slots=True)
class IntentRecord:
    """What is on record of one intent.

    `status` is None where no pass has recorded one. Where the intent selects profiles, one of
    `explanation` and `unexplained` is set.
    `desired`, `palette` and `endpoint` are empty where the document is `refused`, or there is none
    at the commit (`is_declared`). `project` is that of its Palette document, a name or a uid; empty
    for the tenant. `seen_at` is since when its cluster is as it was last seen.
    """

    name: str
    status: Status | None = None
    is_declared: bool = True
    labels: Mapping[str, str] = field(default_factory=dict)
    desired: str = ""
    palette: str = ""
    project: str = ""
    endpoint: str = ""
    refused: Problem | None = None
    explanation: Explanation | None = None
    unexplained: Problem | None = None
    seen_at: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class RolloutRecord:
    """What is on record of one rollout, and the wave of each member by the documents."""

    recorded: RecordedRollout
    waves: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FleetRecord:
    """The intents in the order of their names, and which two commits say all this, and when.

    The times are those of the two commits; `tip` is of the status branch. `unreadable` are paths
    of statuses and evidence on it. `rollouts` are those on record, whole, by name.
    """

    ref: str
    commit: str
    committed_at: datetime | None
    status_branch: str
    tip: str
    recorded_at: datetime | None
    intents: tuple[IntentRecord, ...]
    unreadable: tuple[str, ...] = ()
    rollouts: Mapping[str, RolloutRecord] = field(default_factory=dict)


async def read_fleet_record(settings: Settings) -> FleetRecord:
    """Read what is on record of the settings' selection. Nobody but Git is asked.

    Raises PairctlError where there is no status branch, a name is not known, or nothing is
    selected.
    """
    repository = settings.repository
    ledger = await read_records(settings)
    if ledger.tip is None:
        raise PairctlError(
            Problem(
                "NoStatus",
                f"there is no status branch yet: no branch {repository.status_branch}",
                "run `pairctl apply` first, or check --status-branch and --remote",
            )
        )
    source = await read_source(repository, settings.ref, settings.under, settings.operator)
    known = {**dict.fromkeys(ledger.statuses), **source.labels}
    chosen = settings.selection.chosen(known, f"commit {source.commit[:7]} and the status branch")
    reading = _Reading(source, ledger)
    return FleetRecord(
        ref=settings.ref,
        commit=source.commit,
        committed_at=await repository.made_at(source.commit),
        status_branch=repository.status_branch,
        tip=ledger.tip,
        recorded_at=await repository.made_at(ledger.tip),
        intents=tuple(reading.read(name) for name in sorted(known if chosen is None else chosen)),
        unreadable=(*ledger.unreadable_statuses, *ledger.unreadable_evidence),
        rollouts=_rollouts(source, ledger, settings.operator),
    )


def _rollouts(
    source: Source, ledger: Ledger, operator: OperatorSpec
) -> Mapping[str, RolloutRecord]:
    documents = rollout_documents(source, ledger, operator)
    waves: dict[str, dict[str, str]] = {}
    for name in documents.intents:
        for one in documents.memberships(name):
            if one.wave is not None:
                wave = documents.rollouts[one.rollout].waves[one.wave].name
                waves.setdefault(one.rollout, {})[name] = wave
    return {
        name: RolloutRecord(recorded, waves.get(name, {}))
        for name, recorded in read_rollouts(ledger.files).items()
    }


class _Reading:
    """Puts together what documents and records say of an intent."""

    def __init__(self, source: Source, ledger: Ledger) -> None:
        self._source, self._ledger = source, ledger
        self._explaining = Explaining(source, ledger)
        self._invalid, self._labels, self._names = source.invalid, source.labels, source.names
        self._evidence: dict[str, tuple[Evidence, ...]] = {}
        for _, one in sorted(ledger.evidence.items()):
            self._evidence[one.intent] = (*self._evidence.get(one.intent, ()), one)
        self._claims: dict[str, tuple[Claim, ...]] = {}
        for _, claim in sorted(ledger.claims.items()):
            self._claims[claim.intent] = (*self._claims.get(claim.intent, ()), claim)

    def read(self, name: str) -> IntentRecord:
        """Return all that is on record of one intent."""
        intent = self._source.intents.get(name)
        local_ui = intent.spec.local_ui if intent else None
        cluster = self._explaining.cluster(name)
        explanation, unexplained = self._explain(name) if intent and intent.match else (None, None)
        return IntentRecord(
            name=name,
            status=self._ledger.statuses.get(name),
            is_declared=name in self._names,
            labels=self._labels.get(name) or {},
            desired=intent.spec.desired if intent else "",
            palette=intent.palette_name if intent else "",
            project=(intent.palette.project or "") if intent else "",
            endpoint=local_ui.places[0].endpoint if local_ui and local_ui.places else "",
            refused=self._invalid.get(name),
            explanation=explanation,
            unexplained=unexplained,
            seen_at=cluster.seen_at if cluster else None,
            evidence=self._evidence.get(name, ()),
            claims=self._claims.get(name, ()),
        )

    def _explain(self, name: str) -> tuple[Explanation | None, Problem | None]:
        try:
            return self._explaining.explain(name, with_users=False), None
        except PairctlError as error:
            return None, error.problem
