"""Whether evidence of an acceptance fits the history of both branches. Pure.

Each law is judged by itself: what holds is said as well as what does not. The status branch is only
as good as its guard, so what it says is held against the intents' own branch, too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from pydantic.alias_generators import to_camel

from pairctl.pairing import (
    Accept,
    AcceptanceGrounds,
    Claim,
    ClaimEvidence,
    Evidence,
    Intent,
    LayerUse,
    Phase,
    ProfileUse,
    Status,
    UnreadableClaim,
    canonical_endpoint,
    evidence_of,
    is_same_uid,
)
from pairctl.problem import Problem
from pairctl.repo import CommitFacts
from pairctl.spec import Desired

_ACCEPTED = frozenset({Phase.ACCEPTED, Phase.PAIRED})
_SHORT = 12


class Law(StrEnum):
    """What is held against history."""

    CLAIM = "Claim"
    CLOSING = "Closing"
    ALONE = "Alone"
    FILE = "File"
    BRANCH = "StatusBranch"
    DOCUMENTS = "Documents"
    ASKED = "Asked"
    APPROVAL = "Approval"
    MERGED = "Merged"


class Result(StrEnum):
    """What came of it. UNKNOWN is not good enough: what cannot be seen is not verified."""

    VERIFIED = "Verified"
    DIFFERS = "Differs"
    UNKNOWN = "NotVerifiable"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one law came to; `commit` is where it is to be seen, empty where that is no commit."""

    law: Law
    result: Result
    message: str
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A commit of the status branch, and its place in the order of those that were read."""

    commit: str
    position: int


@dataclass(frozen=True, slots=True)
class Version:
    """An evidence file as a commit left it: `is_there` or not, and what can be read of it."""

    at: Moment
    is_there: bool
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim file while it held the same: from when, until when. It may be open still."""

    path: str
    claim: Claim | UnreadableClaim
    opened: Moment
    closed: Moment | None = None

    def overlaps(self, other: "Standing") -> bool:
        """Whether both were there at one time."""
        return _is_before(self.opened, other.closed) and _is_before(other.opened, self.closed)


@dataclass(frozen=True, slots=True)
class StatusHistory:
    """What the status branch's whole history says of one evidence.

    `versions` are of its file, oldest first; `claims` those that may be about its cluster or its
    request, or have its id. `branches` are the commits that wrote the branch's id, with that id,
    empty where it was taken away. `merge` is a commit with several parents, empty without one.
    `status` is the intent's, as of the commit that wrote the evidence.
    """

    versions: tuple[Version, ...]
    claims: tuple[Standing, ...] = ()
    branches: tuple[tuple[str, str], ...] = ()
    merge: str = ""
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What the repository says of the commit that was carried out.

    `intent` is None where the commit has none of the name; `refused` is why it cannot be used.
    `asked` is who changed its document last, None where that cannot be read. `approvals` are
    digests that were approved for it, with by whom. `ref` is the branch that has to hold the
    commit, at `tip`; `is_merged` is None where history does not say.
    """

    intent: Intent | None
    refused: Problem | None
    asked: CommitFacts | None
    approvals: tuple[tuple[str, str], ...]
    ref: str
    tip: str
    is_merged: bool | None


@dataclass(frozen=True, slots=True)
class History:
    """Both sides of one evidence; a Problem where a side cannot be read."""

    status: StatusHistory | Problem
    carried_out: CarriedOut | Problem


def verify(evidence: Evidence, history: History) -> tuple[Finding, ...]:
    """Hold evidence against history: at least one finding a law that applies, in their order."""
    return (*_on_status_branch(evidence, history.status), *_in_commit(evidence, history))


def worst(findings: Iterable[Finding]) -> Result:
    """Return what the findings come to together."""
    found = {finding.result for finding in findings}
    bad = (result for result in (Result.DIFFERS, Result.UNKNOWN) if result in found)
    return next(bad, Result.VERIFIED)


# ── the status branch ────────────────────────────────────────────────────────────────────────────


def _on_status_branch(evidence: Evidence, status: StatusHistory | Problem) -> Iterator[Finding]:
    if isinstance(status, Problem):
        yield Finding(Law.BRANCH, Result.UNKNOWN, str(status))
        return
    written = _written(evidence, status)
    if evidence.claim:
        yield from _claim(evidence, status, written)
    else:
        yield from _console(evidence, status, written)
    yield from _file(status, written)
    yield from _branch(evidence, status)


def _written(evidence: Evidence, status: StatusHistory) -> Version:
    """Return the version of the file that said this first."""
    return next(v for v in status.versions if v.evidence and v.evidence.id == evidence.id)


def _claim(evidence: Evidence, status: StatusHistory, written: Version) -> Iterator[Finding]:
    assert evidence.claim
    name = f"claim {evidence.claim.id}"
    mine = [
        one
        for one in status.claims
        if isinstance(one.claim, Claim) and one.claim.id == evidence.claim.id
    ]
    if not mine:
        words = f"no commit of the status branch has added {name}: the evidence has no claim"
        yield Finding(Law.CLAIM, Result.DIFFERS, words, written.at.commit)
        return
    if len(mine) > 1:
        where = ", ".join(one.opened.commit[:_SHORT] for one in mine)
        words = f"{name} was written more than once: in commits {where}"
        yield Finding(Law.CLAIM, Result.DIFFERS, words, mine[1].opened.commit)
        return
    yield from _same_as_claim(evidence, mine[0])
    yield _closing(name, mine[0], written)
    yield from _alone(evidence, name, mine[0], status.claims)


def _same_as_claim(evidence: Evidence, standing: Standing) -> Iterator[Finding]:
    claim, where = standing.claim, standing.opened.commit
    assert isinstance(claim, Claim)
    said = replace(evidence, palette_uid="", paired_at=None)
    held = evidence_of(
        claim, claim.pairing_uid, seen_at=evidence.seen_at, dated_at=evidence.dated_at
    )
    differences = list(_differences(said, held))
    if claim.action != Accept.verb:
        differences.append(f"it is a claim to {claim.action}, and to accept nothing")
    for difference in differences:
        yield Finding(
            Law.CLAIM,
            Result.DIFFERS,
            f"the evidence says otherwise than its claim: {difference}",
            where,
        )
    if not differences:
        words = f"claim {claim.id} was added by one commit only, and says the same"
        yield Finding(Law.CLAIM, Result.VERIFIED, words, where)
    if claim.grounds is None:
        words = "the claim does not say what the acceptance rests on: an earlier version wrote it"
        yield Finding(Law.CLAIM, Result.UNKNOWN, words, where)


def _closing(name: str, standing: Standing, written: Version) -> Finding:
    at = written.at.commit
    if standing.closed is None:
        return Finding(
            Law.CLOSING, Result.DIFFERS, f"{name} is still open: its evidence ends it", at
        )
    if standing.closed.commit != at:
        words = f"{name} was ended here, and the evidence was written in {at[:_SHORT]}"
        return Finding(Law.CLOSING, Result.DIFFERS, words, standing.closed.commit)
    words = "the commit that wrote the evidence ended its claim"
    return Finding(Law.CLOSING, Result.VERIFIED, words, at)


def _alone(
    evidence: Evidence, name: str, mine: Standing, claims: Iterable[Standing]
) -> Iterator[Finding]:
    others = [
        one
        for one in claims
        if one is not mine and one.overlaps(mine) and _is_about(one.claim, evidence)
    ]
    for other in others:
        what = (
            f"claim {other.claim.id} ({other.claim.action}, of {other.claim.holder})"
            if isinstance(other.claim, Claim)
            else f"{other.path}, which cannot be read,"
        )
        words = f"{what} was open on this cluster at the same time as {name}"
        yield Finding(Law.ALONE, Result.DIFFERS, words, other.opened.commit)
    if not others:
        words = "no other claim on this cluster or its request was open at the same time"
        yield Finding(Law.ALONE, Result.VERIFIED, words)


def _is_about(claim: Claim | UnreadableClaim, evidence: Evidence) -> bool:
    if isinstance(claim, UnreadableClaim):
        return claim.binds(evidence.intent, (evidence.cluster, evidence.pairing_uid))
    return is_same_uid(claim.cluster, evidence.cluster) or is_same_uid(
        claim.pairing_uid, evidence.pairing_uid
    )


def _console(evidence: Evidence, status: StatusHistory, written: Version) -> Iterator[Finding]:
    """Judge what a person accepted in Palette's console: only the record itself speaks for it."""
    differences = list(_console_differences(evidence, status, written))
    for words in differences:
        yield Finding(Law.CLAIM, Result.DIFFERS, words, written.at.commit)
    if not differences:
        words = "no claim: the status of the same commit says that the request was accepted"
        yield Finding(Law.CLAIM, Result.VERIFIED, words, written.at.commit)


def _console_differences(
    evidence: Evidence, status: StatusHistory, written: Version
) -> Iterator[str]:
    at, said = written.at, status.status
    if evidence.id != f"console-{evidence.pairing_uid}" or evidence.grounds:
        yield "without a claim its id names the request, and it says nothing of grounds"
    if any(v.evidence for v in status.versions if _is_before(v.at, at)):
        yield "without a claim it stands where evidence of an earlier acceptance stood"
    for one in status.claims:
        is_then = _is_before(one.opened, at) and (
            one.closed is None or one.closed.position >= at.position
        )
        if is_then and isinstance(one.claim, Claim) and one.claim.action == Accept.verb:
            yield f"it names no claim, and claim {one.claim.id} to accept was open then"
    if said is None or said.phase not in _ACCEPTED:
        yield f"the status of {evidence.intent} did not say then that it was accepted"
    elif not is_same_uid(said.local_uid, evidence.cluster):
        yield f"the status of {evidence.intent} was of another cluster then"


def _file(status: StatusHistory, written: Version) -> Iterator[Finding]:
    """Judge the evidence's own file: it is written once, completed once, and stays."""
    completed, faults = "", list[tuple[str, str]]()
    before: Evidence | None = None
    for version in status.versions:
        at, now = version.at.commit, version.evidence
        if not version.is_there:
            faults.append((at, "the evidence was removed"))
        elif not _is_before(written.at, version.at):
            pass  # of an earlier acceptance, or the very first of this one
        elif now and before and _completes(before, now):
            completed = at
        else:
            faults.append((at, _change(before, now)))
        before = now
    for at, words in faults:
        yield Finding(Law.FILE, Result.DIFFERS, words, at)
    if not faults:
        then = f"completed in {completed[:_SHORT]}" if completed else "not completed yet"
        words = f"the evidence was written once, {then}, and never changed otherwise"
        if earlier := _earlier(status, written):
            words += f"; evidence of an earlier acceptance stood there before: {earlier}"
        yield Finding(Law.FILE, Result.VERIFIED, words, written.at.commit)


def _earlier(status: StatusHistory, written: Version) -> str:
    """Return the ids of acceptances of the same cluster whose evidence this one took over from."""
    before = (v.evidence for v in status.versions if _is_before(v.at, written.at))
    return ", ".join(dict.fromkeys(one.id for one in before if one))


def _change(before: Evidence | None, now: Evidence | None) -> str:
    """Say what was done to evidence that may only be completed."""
    if now is None:
        return "the evidence was made unreadable"
    if before is None:
        return "the evidence was made again"
    if before.id != now.id:
        return f"the evidence was replaced: its id was {before.id}, and is {now.id} now"
    return f"the evidence was changed: {'; '.join(_differences(now, before)) or 'its form'}"


def _completes(before: Evidence, now: Evidence) -> bool:
    is_new = not (before.palette_uid or before.is_complete) and bool(now.palette_uid)
    as_before = replace(now, palette_uid="", paired_at=None) == before
    return is_new and now.is_complete and as_before


def _branch(evidence: Evidence, status: StatusHistory) -> Iterator[Finding]:
    if status.merge:
        words = "the status branch has a merge, which hides what came first; pairctl makes none"
        yield Finding(Law.BRANCH, Result.DIFFERS, words, status.merge)
    if len(status.branches) != 1:
        words = "the id of the status branch was changed" if status.branches else "it has no id"
        where = status.branches[1][0] if status.branches else ""
        yield Finding(Law.BRANCH, Result.DIFFERS, f"{words}: one branch has one id", where)
        return
    (where, branch), *_ = status.branches
    if not evidence.branch:
        words = "the evidence does not say which status branch it was written for"
        yield Finding(Law.BRANCH, Result.UNKNOWN, words, where)
    elif branch != evidence.branch:
        words = f"it was written for status branch {evidence.branch}, and this one is {branch}"
        yield Finding(Law.BRANCH, Result.DIFFERS, words, where)
    elif not status.merge:
        words = f"it is of this status branch, {branch}, whose id was never changed"
        yield Finding(Law.BRANCH, Result.VERIFIED, words, where)


# ── the commit that was carried out ──────────────────────────────────────────────────────────────


def _in_commit(evidence: Evidence, history: History) -> Iterator[Finding]:
    grounds, found = evidence.grounds, history.carried_out
    if grounds is None:
        return
    if isinstance(found, Problem):
        yield Finding(Law.DOCUMENTS, Result.UNKNOWN, str(found), grounds.commit)
        return
    yield from _documents(evidence, grounds, found)
    yield from _asked(grounds, found)
    yield from _approval(grounds, found)
    yield _merged(grounds, found)


def _documents(
    evidence: Evidence, grounds: AcceptanceGrounds, found: CarriedOut
) -> Iterator[Finding]:
    if found.refused:
        words = f"intent {evidence.intent} cannot be read: {found.refused.message}"
        yield Finding(Law.DOCUMENTS, Result.UNKNOWN, words, grounds.commit)
        return
    intent = found.intent
    if intent is None:
        words = f"the commit that was carried out holds no intent {evidence.intent}"
        yield Finding(Law.DOCUMENTS, Result.DIFFERS, words, grounds.commit)
        return
    differences = list(_document_differences(evidence, grounds, intent))
    for words in differences:
        yield Finding(Law.DOCUMENTS, Result.DIFFERS, words, grounds.commit)
    if not differences:
        match = f" and ProfileMatch {intent.spec.profile_match}" if intent.match else ""
        words = f"the commit holds intent {intent.name}, Palette {intent.palette_name}{match}"
        yield Finding(Law.DOCUMENTS, Result.VERIFIED, words, grounds.commit)


def _document_differences(
    evidence: Evidence, grounds: AcceptanceGrounds, intent: Intent
) -> Iterator[str]:
    spec = intent.spec
    if spec.desired is not Desired.PAIRED or spec.acknowledge is None or intent.match is None:
        yield f"intent {intent.name} of that commit asks for no acceptance"
    if intent.generation != grounds.generation:
        yield (
            f"the documents of {intent.name} come to {intent.generation} in that commit, and the "
            f"evidence says {grounds.generation}"
        )
    if (endpoint := canonical_endpoint(intent.palette.endpoint)) != evidence.palette:
        yield f"Palette {intent.palette_name} is {endpoint} there, not {evidence.palette}"
    if evidence.claim and spec.attempt != evidence.claim.attempt:
        yield f"the intent's attempt is {spec.attempt} there, not {evidence.claim.attempt}"
    if spec.cluster.uid and not is_same_uid(spec.cluster.uid, evidence.cluster):
        yield f"the intent is about cluster {spec.cluster.uid} there, not {evidence.cluster}"


def _asked(grounds: AcceptanceGrounds, found: CarriedOut) -> Iterator[Finding]:
    if found.intent is None:
        return
    asked = found.asked
    if asked is None:
        words = "who changed the intent last is not known here: the history is cut off"
        yield Finding(Law.ASKED, Result.UNKNOWN, words, grounds.commit)
        return
    if not grounds.asked_in:
        words = "the evidence does not say who asked: whoever wrote it had no whole history"
        yield Finding(Law.ASKED, Result.UNKNOWN, words, asked.id)
        return
    pairs = (
        ("the commit that asked", grounds.asked_in, asked.id),
        ("its author", grounds.author, asked.author),
        ("its committer", grounds.committer, asked.committer),
    )
    wrong = [(what, said, held) for what, said, held in pairs if said != held]
    for what, said, held in wrong:
        words = f"{what} is {held}, and the evidence says {said or 'nothing'}"
        yield Finding(Law.ASKED, Result.DIFFERS, words, asked.id)
    if not wrong:
        words = f"the commit that changed the intent last is by {asked.author}"
        yield Finding(Law.ASKED, Result.VERIFIED, words, asked.id)


def _approval(grounds: AcceptanceGrounds, found: CarriedOut) -> Iterator[Finding]:
    at = grounds.commit
    if not grounds.approved_digest:
        if found.intent is None:
            return
        if found.intent.palette.require_approval:
            words = f"Palette {found.intent.palette_name} asks for an approval, and none is named"
            yield Finding(Law.APPROVAL, Result.DIFFERS, words, at)
        else:
            words = "no approval is named, and the Palette of the commit asks for none"
            yield Finding(Law.APPROVAL, Result.VERIFIED, words, at)
    elif (grounds.approved_digest, grounds.approved_by) in found.approvals:
        words = f"the commit holds the approval of {grounds.approved_digest}"
        yield Finding(Law.APPROVAL, Result.VERIFIED, words, at)
    else:
        by = f" by {grounds.approved_by}" if grounds.approved_by else ""
        words = f"the commit holds no approval{by} of {grounds.approved_digest} for this intent"
        yield Finding(Law.APPROVAL, Result.DIFFERS, words, at)


def _merged(grounds: AcceptanceGrounds, found: CarriedOut) -> Finding:
    where = f"{found.ref}, now {found.tip[:_SHORT]}"
    if found.is_merged:
        return Finding(
            Law.MERGED, Result.VERIFIED, f"the commit is in the history of {where}", grounds.commit
        )
    if found.is_merged is None:
        words = f"whether the commit is in {where} is not known: the history is cut off"
    else:
        words = (
            f"the commit is not in the history of {where}: it was rewritten, is not up to date, or "
            "is not the branch that was carried out (--ref)"
        )
    return Finding(Law.MERGED, Result.UNKNOWN, words, grounds.commit)


# ── differences ──────────────────────────────────────────────────────────────────────────────────


def _differences(said: object, held: object, path: str = "") -> Iterator[str]:
    """Yield in words where two values differ, by the fields' names as the files have them."""
    if said == held:
        return
    if _is_record(said) and type(said) is type(held):
        for field in fields(said):  # type: ignore[arg-type]  # it is one
            name = to_camel(field.name)
            inner = f"{path}.{name}" if path else name
            yield from _differences(getattr(said, field.name), getattr(held, field.name), inner)
    elif isinstance(said, tuple) and isinstance(held, tuple):
        more, less = _without(said, held), _without(held, said)
        yield f"{path}: {more} instead of {less}" if more != less else f"{path}: in another order"
    else:
        yield f"{path}: {_shown(said)} instead of {_shown(held)}"


def _without(some: tuple[object, ...], others: tuple[object, ...]) -> str:
    return ", ".join(_shown(one) for one in some if one not in others) or "nothing"


def _is_record(value: object) -> bool:
    return isinstance(value, Evidence | ClaimEvidence | AcceptanceGrounds)


def _shown(value: object) -> str:
    match value:
        case LayerUse():
            return f"{value.layer} {value.name} {value.version}"
        case ProfileUse():
            return f"{value.name} {value.version} ({value.uid})"
        case None | "":
            return "nothing"
        case datetime():
            return value.isoformat()
        case _ if _is_record(value):
            return "something"
        case _:
            return str(value)


def _is_before(one: Moment, other: Moment | None) -> bool:
    return other is None or one.position < other.position
