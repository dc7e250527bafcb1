"""Evidence held against the history of the status branch, law by law. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pairctl.engine.queries.evidence_differences import record_differences
from pairctl.engine.queries.evidence_laws import (
    SHORT,
    Finding,
    Law,
    Moment,
    Result,
    Standing,
    StatusHistory,
    Version,
    is_before,
)
from pairctl.pairing import (
    CONSOLE,
    UNCLAIMED,
    Accept,
    Claim,
    Evidence,
    Phase,
    UnreadableClaim,
    evidence_of,
    is_same_uid,
)
from pairctl.problem import Problem

_ACCEPTED = frozenset({Phase.ACCEPTED, Phase.PAIRED})


def on_status_branch(evidence: Evidence, status: StatusHistory | Problem) -> Iterator[Finding]:
    """Judge by the status branch's history, or say why it cannot be read."""
    if isinstance(status, Problem):
        yield Finding(Law.BRANCH, Result.UNKNOWN, str(status))
        return
    # The version of the file that said this first.
    written = next(v for v in status.versions if v.evidence and v.evidence.id == evidence.id)
    if evidence.claim:
        yield from _claim(evidence, status, written)
    else:
        # A person accepted in Palette's console, or it is not known whether one did: only the
        # record itself speaks for it.
        earlier = _ended_before(evidence, status, written)
        differences = list(_unclaimed_differences(evidence, status, written, earlier))
        for words in differences:
            yield Finding(Law.CLAIM, Result.DIFFERS, words, written.at.commit)
        if not differences:
            words = "no claim: the status of the same commit says that the request was accepted"
            words += "".join(map(_words_of_ended, earlier))
            yield Finding(Law.CLAIM, Result.VERIFIED, words, written.at.commit)
    yield from _file(status, written)
    yield from _branch(evidence, status)


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
        where = ", ".join(one.opened.commit[:SHORT] for one in mine)
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
    differences = list(record_differences(said, held))
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
        words = f"{name} was ended here, and the evidence was written in {at[:SHORT]}"
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


def _ended_before(
    evidence: Evidence, status: StatusHistory, written: Version
) -> list[tuple[Claim, Moment]]:
    """Return the claims to accept this very request that ended before, with when they did."""
    return [
        (one.claim, one.closed)
        for one in status.claims
        if one.closed is not None
        and is_before(one.closed, written.at)
        and isinstance(one.claim, Claim)
        and one.claim.action == Accept.verb
        and is_same_uid(one.claim.pairing_uid, evidence.pairing_uid)
    ]


def _words_of_ended(ended: tuple[Claim, Moment]) -> str:
    claim, at = ended
    return (
        f"; claim {claim.id} to accept it had ended in {at.commit[:SHORT]}: what was sent under "
        "it may have come late"
    )


def _unclaimed_differences(
    evidence: Evidence,
    status: StatusHistory,
    written: Version,
    earlier: Sequence[tuple[Claim, Moment]],
) -> Iterator[str]:
    at, said = written.at, status.status
    beginning = UNCLAIMED if evidence.may_be_own else CONSOLE
    if evidence.may_be_own and not earlier:
        yield "no claim to accept this request had ended before, and it says that one had"
    if evidence.id != f"{beginning}{evidence.pairing_uid}" or evidence.grounds:
        yield "without a claim its id names the request, and it says nothing of grounds"
    if any(v.evidence for v in status.versions if is_before(v.at, at)):
        yield "without a claim it stands where evidence of an earlier acceptance stood"
    for one in status.claims:
        is_then = is_before(one.opened, at) and (
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
        elif not is_before(written.at, version.at):
            pass  # of an earlier acceptance, or the very first of this one
        elif now and before and _completes(before, now):
            completed = at
        else:
            faults.append((at, _change(before, now)))
        before = now
    for at, words in faults:
        yield Finding(Law.FILE, Result.DIFFERS, words, at)
    if not faults:
        then = f"completed in {completed[:SHORT]}" if completed else "not completed yet"
        words = f"the evidence was written once, {then}, and never changed otherwise"
        if earlier := _earlier(status, written):
            words += f"; evidence of an earlier acceptance stood there before: {earlier}"
        yield Finding(Law.FILE, Result.VERIFIED, words, written.at.commit)


def _earlier(status: StatusHistory, written: Version) -> str:
    """Return the ids of acceptances of the same cluster whose evidence this one took over from."""
    before = (v.evidence for v in status.versions if is_before(v.at, written.at))
    return ", ".join(dict.fromkeys(one.id for one in before if one))


def _change(before: Evidence | None, now: Evidence | None) -> str:
    """Say what was done to evidence that may only be completed."""
    if now is None:
        return "the evidence was made unreadable"
    if before is None:
        return "the evidence was made again"
    if before.id != now.id:
        return f"the evidence was replaced: its id was {before.id}, and is {now.id} now"
    return f"the evidence was changed: {'; '.join(record_differences(now, before)) or 'its form'}"


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
