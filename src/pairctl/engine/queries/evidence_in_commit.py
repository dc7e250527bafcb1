"""Evidence held against the commit that was carried out, law by law. Pure."""

from collections.abc import Iterator

from pairctl.engine.queries.evidence_laws import SHORT, CarriedOut, Finding, History, Law, Result
from pairctl.pairing import (
    AcceptanceGrounds,
    Evidence,
    Intent,
    canonical_endpoint,
    is_same_uid,
)
from pairctl.problem import Problem
from pairctl.spec import Desired


def in_commit(evidence: Evidence, history: History) -> Iterator[Finding]:
    """Judge by the documents of the commit that was carried out, and where it is merged."""
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
    where = f"{found.ref}, now {found.tip[:SHORT]}"
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
