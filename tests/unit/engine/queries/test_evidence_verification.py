"""Evidence beside history: each law holds, is said to, and is missed where it is broken."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from evidence_factory import (
    ASKED,
    BRANCH,
    CLAIM,
    CLAIMED,
    COMMIT,
    COMPLETED,
    EVIDENCE,
    GROUNDS,
    LATER,
    MADE,
    SEEN,
    WRITTEN,
    broken,
    laws,
    make_carried_out,
    make_console_history,
    make_history,
    make_standing,
    make_status_history,
    make_version,
    of_console,
    of_unknown_origin,
)
from pairctl.engine import Law, Result
from pairctl.engine.queries.evidence_laws import StatusHistory
from pairctl.engine.queries.evidence_verification import verify, worst
from pairctl.pairing import LayerUse, Phase, ProfileUse, UnreadableClaim
from pairctl.problem import Problem
from pairctl.repo import CommitFacts
from pairing_factory import (
    NOW,
    OTHER_DIGEST,
    make_claim,
    make_intent,
    make_palette,
)

CUT = Problem("HistoryCut", "the history is cut off", "fetch all of it")


def test_what_fits_is_verified_by_every_law() -> None:
    """Each law says what it has seen."""
    findings = verify(EVIDENCE, make_history())
    assert [one.law for one in findings] == list(Law)
    assert worst(findings) is Result.VERIFIED
    assert all(one.message for one in findings)


def test_evidence_that_is_not_completed_yet_fits_too() -> None:
    """Accepted, and not seen paired."""
    status = make_status_history(versions=(make_version(WRITTEN, SEEN),))
    assert broken(SEEN, status) == []


def test_what_differs_weighs_more_than_what_is_not_known() -> None:
    """Both are more than what is verified."""
    findings = verify(EVIDENCE, make_history(carried_out=CUT))
    assert worst(findings) is Result.UNKNOWN
    differs = verify(replace(EVIDENCE, branch="other"), make_history(carried_out=CUT))
    assert worst(differs) is Result.DIFFERS


# ── the claim ────────────────────────────────────────────────────────────────────────────────────


def test_evidence_without_its_claim_is_made_up() -> None:
    """No commit has ever added it; a claim of another id is no claim of this acceptance."""
    other = make_standing(replace(CLAIM, id="claim-2"), opened=MADE, closed=CLAIMED)
    (found,) = broken(status=make_status_history(claims=(other,)))
    assert (found.law, found.result, found.commit) == (Law.CLAIM, Result.DIFFERS, WRITTEN.commit)
    assert "claim-1" in found.message


def test_a_claims_id_is_used_once() -> None:
    """Wherever the second one stood, and whenever."""
    again = make_standing(replace(CLAIM, cluster="other"), opened=COMPLETED, closed=LATER)
    (found,) = broken(status=make_status_history(claims=(make_standing(), again)))
    assert (found.law, found.commit) == (Law.CLAIM, COMPLETED.commit)
    assert "more than once" in found.message


OTHERWISE: list[tuple[str, Any, str]] = [
    ("intent", "store-7", "intent: store-7 instead of store-0042"),
    ("pairing_uid", "u9", "pairingUid: u9 instead of u1"),
    ("palette", "evil.example", "palette: evil.example instead of"),
    ("grounds", None, "grounds: nothing instead of something"),
    ("claim.holder", "mallory", "claim.holder: mallory instead of daemon-7"),
    ("claim.attempt", 2, "claim.attempt: 2 instead of 1"),
    ("claim.lifetime_seconds", 1.0, "claim.lifetimeSeconds: 1.0 instead of 60.0"),
    ("claim.made_at", NOW + timedelta(hours=1), "claim.madeAt: 2026-03-01T13:00:00+00:00"),
    ("claim.dated_at", None, "claim.datedAt: nothing instead of 2026-03-01T12:00:00+00:00"),
    ("grounds.commit", "9" * 40, f"grounds.commit: {'9' * 40} instead of {COMMIT}"),
    ("grounds.generation", "sha256:x", "grounds.generation: sha256:x instead of sha256:one"),
    ("grounds.digest", "sha256:x", "grounds.digest: sha256:x instead of"),
    ("grounds.name", "other", "grounds.name: other instead of store-0042"),
    ("grounds.origin", "Named", "grounds.origin: Named instead of Sent"),
    ("grounds.author", "mallory", "grounds.author: mallory instead of an operator"),
    ("grounds.approved_by", "mallory", "grounds.approvedBy: mallory instead of nothing"),
    ("grounds.layers", GROUNDS.layers[:-1], "grounds.layers: nothing instead of os "),
    ("grounds.layers", GROUNDS.layers[::-1], "grounds.layers: in another order"),
    (
        "grounds.layers",
        (LayerUse("addon", "miner", "1"), *GROUNDS.layers),
        "grounds.layers: addon miner 1 instead of nothing",
    ),
    (
        "grounds.profiles",
        (ProfileUse("evil", "1.0.0", "p9"),),
        "grounds.profiles: evil 1.0.0 (p9) instead of retail-infra 3.2.0",
    ),
]


@pytest.mark.parametrize(("field", "value", "words"), OTHERWISE)
def test_evidence_says_what_its_claim_said(field: str, value: Any, words: str) -> None:
    """Every field that was written down before anything was sent, by its name in the file."""
    part, _, inner = field.partition(".")
    changed = replace(getattr(EVIDENCE, part), **{inner: value}) if inner else value
    findings = broken(replace(EVIDENCE, **{part: changed}))
    (claim,) = [one for one in findings if one.law is Law.CLAIM]
    assert words in claim.message
    assert (claim.result, claim.commit) == (Result.DIFFERS, CLAIMED.commit)


def test_only_a_claim_to_accept_leads_to_an_acceptance() -> None:
    """A claim to send a request permits to send one."""
    standing = make_standing(replace(CLAIM, action="request"))
    (found,) = broken(status=make_status_history(claims=(standing,)))
    assert found.law is Law.CLAIM
    assert "request" in found.message


def test_a_claim_that_says_no_grounds_cannot_be_verified() -> None:
    """The version before wrote such: what was accepted stands nowhere."""
    bare = replace(EVIDENCE, grounds=None)
    versions = (make_version(WRITTEN, replace(SEEN, grounds=None)), make_version(COMPLETED, bare))
    standing = make_standing(replace(CLAIM, grounds=None))
    found = broken(bare, make_status_history(versions=versions, claims=(standing,)))
    assert laws(found) == [(Law.CLAIM, Result.UNKNOWN)]


def test_the_claim_goes_in_the_commit_that_writes_the_evidence() -> None:
    """Neither before nor after, and not never."""
    for closed in (COMPLETED, LATER):
        status = make_status_history(claims=(make_standing(closed=closed),))
        (found,) = broken(status=status)
        assert (found.law, found.result) == (Law.CLOSING, Result.DIFFERS)
        assert found.commit == closed.commit
        assert WRITTEN.commit[:12] in found.message
    (found,) = broken(status=make_status_history(claims=(make_standing(closed=None),)))
    assert found.law is Law.CLOSING
    assert "still open" in found.message


@pytest.mark.parametrize(
    "changes",
    [
        {"cluster": "LOCAL-42", "pairing_uid": ""},
        {"cluster": "local-7", "pairing_uid": "U1"},
        {"action": "withdraw"},
    ],
)
def test_another_claim_at_the_same_time_is_found(changes: dict[str, Any]) -> None:
    """On the cluster or on its request, whatever it was about to do."""
    claim = replace(make_claim("accept", id="claim-2", holder="mallory"), **changes)
    other = make_standing(claim, opened=MADE, closed=WRITTEN)
    (found,) = broken(status=make_status_history(claims=(make_standing(), other)))
    assert (found.law, found.result, found.commit) == (Law.ALONE, Result.DIFFERS, MADE.commit)
    assert "claim-2" in found.message
    assert "mallory" in found.message


def test_a_claim_before_or_after_or_on_another_cluster_is_none_of_it() -> None:
    """The request was sent under a claim that had gone when the acceptance was claimed."""
    claim = make_claim("request", id="claim-0")
    others = [
        make_standing(claim, opened=MADE, closed=CLAIMED),
        make_standing(replace(claim, id="claim-2"), opened=WRITTEN, closed=None),
        make_standing(replace(claim, id="claim-3", cluster="local-7"), opened=MADE, closed=None),
    ]
    assert broken(status=make_status_history(claims=(make_standing(), *others))) == []


def test_a_file_among_the_claims_that_cannot_be_read_binds_what_it_names() -> None:
    """As it did when it was there."""
    rubbish = UnreadableClaim("claims/zz.yaml", "cluster: local-42")
    other = replace(make_standing(closed=None), path="claims/zz.yaml", claim=rubbish)
    (found,) = broken(status=make_status_history(claims=(make_standing(), other)))
    assert found.law is Law.ALONE
    assert "claims/zz.yaml" in found.message
    elsewhere = replace(other, claim=UnreadableClaim("claims/zz.yaml", "cluster: local-7"))
    assert broken(status=make_status_history(claims=(make_standing(), elsewhere))) == []


# ── what a person accepted in the console ────────────────────────────────────────────────────────


def test_what_a_person_accepted_needs_no_claim() -> None:
    """The status of the same commit says that it was accepted; no commit of intents is named."""
    evidence = of_console()
    history = make_history(status=make_console_history(evidence), carried_out=CUT)
    findings = verify(evidence, history)
    assert [one.law for one in findings] == [Law.CLAIM, Law.FILE, Law.BRANCH]
    assert worst(findings) is Result.VERIFIED


def console_broken(status: StatusHistory, **changes: Any) -> str:
    """Verify such evidence, and give what is not as it should be."""
    (found,) = broken(of_console(**changes), status)
    assert (found.law, found.result, found.commit) == (Law.CLAIM, Result.DIFFERS, WRITTEN.commit)
    return found.message


def test_evidence_is_not_made_one_of_the_console_to_hide_its_claim() -> None:
    """Not by its id, not in place of other evidence, not while a claim to accept is open."""
    named = of_console(id="claim-1")
    assert "id names" in console_broken(make_console_history(named), id="claim-1")
    before = make_version(CLAIMED, SEEN)
    assert "earlier" in console_broken(make_console_history(of_console(), before))
    for closed in (WRITTEN, LATER, None):
        claims = (make_standing(closed=closed),)
        assert "claim-1" in console_broken(make_console_history(of_console(), claims=claims))


def test_what_may_have_been_sent_before_names_the_claim_that_ended() -> None:
    """The history has it: of this request, to accept it, and ended before."""
    evidence = of_unknown_origin()
    ended = make_standing(opened=MADE, closed=CLAIMED)
    status = make_console_history(evidence, claims=(ended,))
    findings = verify(evidence, make_history(status=status, carried_out=CUT))
    assert worst(findings) is Result.VERIFIED
    assert "claim claim-1 to accept it had ended" in findings[0].message
    others = (
        replace(ended, claim=replace(CLAIM, pairing_uid="u7")),
        replace(ended, claim=replace(CLAIM, action="reject")),
    )
    for claims in ((), others):
        (found,) = broken(evidence, make_console_history(evidence, claims=claims))
        assert (found.law, found.result) == (Law.CLAIM, Result.DIFFERS)
        assert "no claim to accept this request had ended before" in found.message


def test_a_click_tells_of_the_claim_that_had_ended_before_it_as_well() -> None:
    """Whoever died after the sending, or changed the intent, left no other word of it."""
    status = make_console_history(
        of_console(), claims=(make_standing(opened=MADE, closed=CLAIMED),)
    )
    findings = verify(of_console(), make_history(status=status, carried_out=CUT))
    assert worst(findings) is Result.VERIFIED
    assert "may have come late" in findings[0].message


def test_a_status_speaks_for_what_a_person_accepted() -> None:
    """It is the only thing that does: it is there, says accepted, and is of this cluster."""
    good = make_console_history(of_console())
    assert good.status
    for status in (None, replace(good.status, phase=Phase.REQUESTED)):
        assert "did not say" in console_broken(replace(good, status=status))
    other = replace(good.status, local_uid="local-7")
    assert "another cluster" in console_broken(replace(good, status=other))


# ── the file ─────────────────────────────────────────────────────────────────────────────────────


def file_broken(*more: Any, evidence: Any = EVIDENCE) -> list[tuple[str, str]]:
    """Verify after something was done to the file; gives the commits, and what was found."""
    findings = broken(evidence, make_status_history(*more))
    assert {(one.law, one.result) for one in findings} == {(Law.FILE, Result.DIFFERS)}
    return [(one.commit, one.message) for one in findings]


def test_evidence_is_never_changed_but_completed() -> None:
    """Whatever is changed, and put back: the commit that did it is named."""
    edited = replace(EVIDENCE, palette_uid="palette-7")
    ((commit, words),) = file_broken(make_version(LATER, edited), evidence=edited)
    assert commit == LATER.commit
    assert "paletteUid: palette-7 instead of palette-42" in words
    ((_, words),) = file_broken(make_version(LATER, EVIDENCE))
    assert "its form" in words
    ((_, words),) = file_broken(make_version(LATER, SEEN), evidence=SEEN)
    assert "pairedAt: nothing" in words


def test_a_completion_completes_and_changes_nothing_else() -> None:
    """Together with another holder, or without the cluster's uid, it is none."""
    assert EVIDENCE.claim
    other = replace(EVIDENCE, seen_at=NOW)
    half = replace(EVIDENCE, palette_uid="")
    for wrong in (other, half):
        versions = (make_version(WRITTEN, SEEN), make_version(COMPLETED, wrong))
        found = broken(wrong, make_status_history(versions=versions))
        assert laws(found) == [(Law.FILE, Result.DIFFERS)]


def test_evidence_is_not_removed_and_not_made_again() -> None:
    """Both are found, and each commit is named."""
    gone = make_version(LATER, None, is_there=False)
    assert file_broken(gone) == [(LATER.commit, "the evidence was removed")]
    again = make_version(replace(LATER, commit="f" * 40, position=9), EVIDENCE)
    assert file_broken(gone, again) == [
        (LATER.commit, "the evidence was removed"),
        ("f" * 40, "the evidence was made again"),
    ]


def test_evidence_is_not_made_unreadable_nor_replaced_for_a_while() -> None:
    """What stands there now is as it was, and yet."""
    back = make_version(replace(LATER, commit="f" * 40, position=9), EVIDENCE)
    found = file_broken(make_version(LATER, None), back)
    assert [words for _, words in found] == [
        "the evidence was made unreadable",
        "the evidence was made again",
    ]
    other = replace(EVIDENCE, id="claim-2")
    found = file_broken(make_version(LATER, other), back)
    assert [commit for commit, _ in found] == [LATER.commit, "f" * 40]
    assert "its id was claim-1, and is claim-2 now" in found[0][1]


def test_a_cluster_may_have_been_accepted_before() -> None:
    """Evidence of another acceptance stood there first: that is no fault, and it is said."""
    earlier = make_version(MADE, replace(EVIDENCE, id="claim-0"))
    status = make_status_history(versions=(earlier, *make_status_history().versions))
    findings = verify(EVIDENCE, make_history(status=status))
    assert worst(findings) is Result.VERIFIED
    (words,) = [one.message for one in findings if one.law is Law.FILE]
    assert words.endswith("claim-0")


# ── the branch ───────────────────────────────────────────────────────────────────────────────────


def test_evidence_is_of_the_branch_that_it_stands_on() -> None:
    """It was not carried over from another."""
    (found,) = broken(status=make_status_history(branches=((MADE.commit, "branch-2"),)))
    assert (found.law, found.result, found.commit) == (Law.BRANCH, Result.DIFFERS, MADE.commit)
    assert BRANCH in found.message


def test_a_branchs_id_never_changes() -> None:
    """Not even for a while; nor is it taken away, or missing."""
    for later in ("branch-2", ""):
        ids = ((MADE.commit, BRANCH), (LATER.commit, later), ("f" * 40, BRANCH))
        (found,) = broken(status=make_status_history(branches=ids))
        assert (found.law, found.commit) == (Law.BRANCH, LATER.commit)
    assert laws(broken(status=make_status_history(branches=()))) == [(Law.BRANCH, Result.DIFFERS)]


def test_evidence_that_names_no_branch_cannot_be_verified() -> None:
    """It could be of any."""
    nameless = replace(EVIDENCE, branch="")
    versions = (make_version(WRITTEN, replace(SEEN, branch="")), make_version(COMPLETED, nameless))
    standing = make_standing(replace(CLAIM, branch=""))
    found = broken(nameless, make_status_history(versions=versions, claims=(standing,)))
    assert laws(found) == [(Law.BRANCH, Result.UNKNOWN)]


def test_a_merge_on_the_status_branch_is_told() -> None:
    """It can put another history in the place of the first."""
    (found,) = broken(status=make_status_history(merge=LATER.commit))
    assert (found.law, found.result, found.commit) == (Law.BRANCH, Result.DIFFERS, LATER.commit)


def test_a_history_that_cannot_be_read_verifies_nothing() -> None:
    """Of either side: with why, and what to do."""
    findings = verify(EVIDENCE, make_history(status=CUT))
    assert (findings[0].law, findings[0].result) == (Law.BRANCH, Result.UNKNOWN)
    assert "cut off (fetch all of it)" in findings[0].message
    assert findings[1].law is Law.DOCUMENTS
    findings = verify(EVIDENCE, make_history(carried_out=CUT))
    assert (findings[-1].law, findings[-1].result) == (Law.DOCUMENTS, Result.UNKNOWN)
    assert findings[-1].commit == COMMIT


# ── the commit that was carried out ──────────────────────────────────────────────────────────────


def test_the_commit_holds_the_intent() -> None:
    """One that does not, or one that cannot be read any more."""
    found = broken(carried_out=make_carried_out(intent=None, asked=None))
    assert laws(found) == [(Law.DOCUMENTS, Result.DIFFERS)]
    found = broken(carried_out=make_carried_out(intent=None, asked=None, refused=CUT))
    assert laws(found) == [(Law.DOCUMENTS, Result.UNKNOWN)]


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (make_intent(generation="sha256:two"), "sha256:two"),
        (make_intent(palette=make_palette(endpoint="https://other.example")), "other.example"),
        (make_intent(attempt=2), "attempt is 2"),
        (make_intent(cluster={"uid": "local-7"}), "local-7"),
        (make_intent(acknowledge=None), "asks for no acceptance"),
    ],
)
def test_the_documents_of_the_commit_ask_for_what_was_accepted(intent: Any, words: str) -> None:
    """What is not in them was asked for by nobody."""
    (found,) = broken(carried_out=make_carried_out(intent=intent))
    assert (found.law, found.result, found.commit) == (Law.DOCUMENTS, Result.DIFFERS, COMMIT)
    assert words in found.message


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (CommitFacts("4" * 40, GROUNDS.author, GROUNDS.committer), f"evidence says {ASKED}"),
        (CommitFacts(ASKED, "mallory", GROUNDS.committer), "its author is mallory"),
        (CommitFacts(ASKED, GROUNDS.author, "mallory"), "its committer is mallory"),
    ],
)
def test_who_asked_is_who_changed_the_intent_last(asked: CommitFacts, words: str) -> None:
    """The commit, its author and its committer, as history has them."""
    (found,) = broken(carried_out=make_carried_out(asked=asked))
    assert (found.law, found.result, found.commit) == (Law.ASKED, Result.DIFFERS, asked.id)
    assert words in found.message


def test_who_asked_cannot_be_verified_where_nobody_knows() -> None:
    """History is cut off here, or was where the evidence was written."""
    found = broken(carried_out=make_carried_out(asked=None))
    assert laws(found) == [(Law.ASKED, Result.UNKNOWN)]
    unsaid = replace(GROUNDS, asked_in="", author="", committer="")
    first, last = replace(SEEN, grounds=unsaid), replace(EVIDENCE, grounds=unsaid)
    versions = (make_version(WRITTEN, first), make_version(COMPLETED, last))
    standing = make_standing(replace(CLAIM, grounds=unsaid))
    found = broken(last, make_status_history(versions=versions, claims=(standing,)))
    assert laws(found) == [(Law.ASKED, Result.UNKNOWN)]


def test_an_approval_that_is_named_is_in_the_commit() -> None:
    """With its digest, and whoever it says has approved."""
    approved = replace(GROUNDS, approved_digest=OTHER_DIGEST, approved_by="a chief")
    first, last = replace(SEEN, grounds=approved), replace(EVIDENCE, grounds=approved)
    status = make_status_history(
        versions=(make_version(WRITTEN, first), make_version(COMPLETED, last)),
        claims=(make_standing(replace(CLAIM, grounds=approved)),),
    )
    good = ((OTHER_DIGEST, "a chief"),)
    assert broken(last, status, make_carried_out(approvals=good)) == []
    for wrong in ((), ((OTHER_DIGEST, "mallory"),), (("sha256:" + "1" * 64, "a chief"),)):
        found = broken(last, status, make_carried_out(approvals=wrong))
        assert laws(found) == [(Law.APPROVAL, Result.DIFFERS)]
        assert OTHER_DIGEST in found[0].message


def test_an_approval_that_the_palette_asks_for_is_named() -> None:
    """None is no approval."""
    intent = make_intent(palette=make_palette(requireApproval=True))
    found = broken(carried_out=make_carried_out(intent=intent))
    assert laws(found) == [(Law.APPROVAL, Result.DIFFERS)]


@pytest.mark.parametrize(("is_merged", "words"), [(False, "rewritten"), (None, "cut off")])
def test_a_commit_outside_of_the_branch_cannot_be_verified(
    is_merged: bool | None, words: str
) -> None:
    """A branch that was rewritten says nothing of what it was."""
    (found,) = broken(carried_out=make_carried_out(is_merged=is_merged))
    assert (found.law, found.result, found.commit) == (Law.MERGED, Result.UNKNOWN, COMMIT)
    assert words in found.message
    assert "main" in found.message
