"""What the status branch has of acceptances, and whether it fits history. Nobody but Git is asked.

What cannot be read of history is a finding, and never an error: so much cannot be verified.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pairctl.engine.desired.merged import merged_commit
from pairctl.engine.desired.source import Source, read_source
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.queries.evidence_history import read_histories, read_past, read_removed
from pairctl.engine.queries.evidence_laws import CarriedOut, Finding, History, Result, StatusHistory
from pairctl.engine.queries.evidence_verification import verify, worst
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import AcceptanceGrounds, Evidence, is_same_uid
from pairctl.problem import PairctlError, Problem
from pairctl.records import Ledger
from pairctl.repo import PathHistory
from pairctl.text import did_you_mean, name_list

_MOST_NAMED = 5
_LENGTH_OF_NAMES = 120
_WITHOUT_GROUNDS = Problem("NoGrounds", "the evidence names no commit")


@dataclass(frozen=True, slots=True)
class Examined:
    """One evidence, with what came of verifying it; no findings where that was not asked for.

    What `is_removed` is only in the branch's history.
    """

    evidence: Evidence
    findings: tuple[Finding, ...] = ()
    is_removed: bool = False

    @property
    def result(self) -> Result:
        """What the findings come to together."""
        return worst(self.findings)


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """Evidence by intents' names, then clusters. `unreadable` are paths of files that are none."""

    items: tuple[Examined, ...]
    unreadable: tuple[str, ...]

    @property
    def is_verified(self) -> bool:
        """Whether all findings are good ones."""
        return all(item.result is Result.VERIFIED for item in self.items)


async def read_evidence(settings: Settings, names: Sequence[str] = ()) -> EvidenceReport:
    """Return the evidence of all clusters, or of these: intents, clusters' names or uids.

    Raises PairctlError where there is no status branch, or a name has no evidence.
    """
    ledger = await _read_ledger(settings)
    chosen = _chosen(ledger.evidence, names, ledger.unreadable_evidence)
    items = (Examined(evidence) for evidence in chosen.values())
    return EvidenceReport(tuple(items), ledger.unreadable_evidence)


async def verify_evidence(settings: Settings, names: Sequence[str] = ()) -> EvidenceReport:
    """Hold evidence against the history of both branches; removed evidence is looked for, too.

    Raises as `read_evidence` does, and where `settings.ref` names no commit.
    """
    ledger = await _read_ledger(settings)
    assert ledger.tip
    commits = _Commits(settings, await merged_commit(settings))
    removed: Mapping[str, Evidence] = {}
    past: PathHistory | Problem
    try:
        past = await read_past(settings.repository, ledger.tip)
        removed = await read_removed(settings.repository, past)
    except PairctlError as error:
        past = error.problem
    chosen = _chosen({**removed, **ledger.evidence}, names, ledger.unreadable_evidence)
    histories = await _histories(settings, past, chosen)
    findings: dict[str, tuple[Finding, ...]] = {}
    for path, evidence in sorted(chosen.items(), key=_by_commit):
        carried_out = await commits.carried_out(evidence)
        findings[path] = verify(evidence, History(histories[path], carried_out))
    items = (
        Examined(evidence, findings[path], is_removed=path not in ledger.evidence)
        for path, evidence in chosen.items()
    )
    return EvidenceReport(tuple(items), ledger.unreadable_evidence)


def _by_commit(item: tuple[str, Evidence]) -> str:
    """Order evidence so that each commit is read once, and one at a time is held."""
    return item[1].grounds.commit if item[1].grounds else ""


async def _histories(
    settings: Settings, past: PathHistory | Problem, chosen: Mapping[str, Evidence]
) -> Mapping[str, StatusHistory | Problem]:
    if isinstance(past, Problem):
        return dict.fromkeys(chosen, past)
    try:
        return await read_histories(settings.repository, past, chosen)
    except PairctlError as error:
        return dict.fromkeys(chosen, error.problem)


async def _read_ledger(settings: Settings) -> Ledger:
    ledger = await read_records(settings)
    if ledger.tip is None:
        raise PairctlError(
            Problem(
                "NoStatus",
                f"there is no status branch yet: no branch {settings.repository.status_branch}",
                "run `pairctl apply` first, or check --status-branch and --remote",
            )
        )
    return ledger


# ── names ────────────────────────────────────────────────────────────────────────────────────────


def _chosen(
    known: Mapping[str, Evidence], names: Sequence[str], unreadable: Sequence[str]
) -> dict[str, Evidence]:
    """Return the evidence that is meant, sorted. Raises PairctlError for a name without any."""
    for name in names:
        if not any(_is_called(one, name) for one in known.values()):
            raise PairctlError(_unknown(name, known.values(), unreadable))
    return {
        path: one
        for path, one in sorted(known.items(), key=lambda item: (item[1].intent, item[0]))
        if not names or any(_is_called(one, name) for name in names)
    }


def _is_called(evidence: Evidence, name: str) -> bool:
    uids = (evidence.cluster, evidence.palette_uid, evidence.pairing_uid)
    return name in _names(evidence) or any(is_same_uid(uid, name) for uid in uids)


def _names(evidence: Evidence) -> tuple[str, ...]:
    return (evidence.intent, evidence.grounds.name if evidence.grounds else "")


def _unknown(name: str, known: Iterable[Evidence], unreadable: Sequence[str]) -> Problem:
    words = {word for one in known for word in (*_names(one), one.cluster, one.palette_uid) if word}
    near = did_you_mean(name, words)
    there = name_list({one.intent for one in known}, _LENGTH_OF_NAMES)
    hint = near or f"there is evidence of: {there or 'none yet'}"
    if unreadable:
        hint += f"; not readable: {', '.join(unreadable[:_MOST_NAMED])}"
    return Problem("NoEvidence", f"there is no evidence of an acceptance of {name}", hint)


# ── commits that were carried out ────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Commits:
    """The commits that evidence names, read once each; `tip` is where the branch stands now."""

    settings: Settings
    tip: str
    sources: dict[str, Source] = field(default_factory=dict)
    merged: dict[str, bool | None] = field(default_factory=dict)

    async def carried_out(self, evidence: Evidence) -> CarriedOut | Problem:
        """Read what the repository says of the commit that evidence names."""
        if evidence.grounds is None:
            return _WITHOUT_GROUNDS
        try:
            return await self._read(evidence.intent, evidence.grounds)
        except PairctlError as error:
            return error.problem

    async def _read(self, name: str, grounds: AcceptanceGrounds) -> CarriedOut | Problem:
        repository, commit = self.settings.repository, grounds.commit
        if not await repository.has_commit(commit):
            return Problem(
                "CommitGone",
                f"the commit that was carried out, {commit or 'none'}, is not in this repository: "
                "it was not fetched, or the branch was rewritten",
                "fetch all of the branch, or name the clone URL with --repository",
            )
        source = await self._source(commit)
        loaded = source.declared.intents.get(name)
        asked = await repository.last_change(commit, *loaded.files) if loaded else None
        approvals = (one.document.spec for one in source.declared.approvals.values())
        return CarriedOut(
            intent=source.intents.get(name),
            refused=source.invalid.get(name) or _unread(source, name),
            asked=asked,
            approvals=tuple((a.digest, a.approved_by or "") for a in approvals if a.intent == name),
            ref=self.settings.ref,
            tip=self.tip,
            is_merged=await self._is_merged(commit),
        )

    async def _source(self, commit: str) -> Source:
        if commit not in self.sources:
            self.sources.clear()
            found = await read_source(self.settings.repository, commit, self.settings.under)
            self.sources[commit] = found
        return self.sources[commit]

    async def _is_merged(self, commit: str) -> bool | None:
        if commit not in self.merged:
            repository = self.settings.repository
            is_there = await repository.is_ancestor(commit, self.tip)
            is_known = is_there or not await repository.cut(self.tip)
            self.merged[commit] = is_there if is_known else None
        return self.merged[commit]


def _unread(source: Source, name: str) -> Problem | None:
    """Say that an intent may stand where a commit cannot be read."""
    if name in source.names or not source.is_partial:
        return None
    files = ", ".join(source.unread[:_MOST_NAMED])
    return Problem("NotRead", f"it may stand in what cannot be read of the commit: {files}")
