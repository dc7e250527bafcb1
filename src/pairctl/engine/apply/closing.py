"""Which claims of the status branch can go, and what acceptances that leaves evidence of. Pure.

The claim of an acceptance goes only in the commit that writes its evidence, or after Palette's
list was read and does not show it as accepted; whoever its intent is by now. No host's word
closes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pairctl.engine.observe.first_reads import fleet_records
from pairctl.pairing import (
    CONSOLE,
    UNCLAIMED,
    Accept,
    Claim,
    Decision,
    Evidence,
    FleetRecords,
    PaletteView,
    Phase,
    Reject,
    RequestState,
    Status,
    canonical_endpoint,
    canonical_uid,
    completed,
    evidence_of,
    is_accepted_in_palette,
    is_over_in_palette,
    is_same_uid,
)
from pairctl.records import Ledger, evidence_path

_OF_PALETTE = (Accept.verb, Reject.verb)


@dataclass(frozen=True, slots=True)
class Closed:
    """Paths of the claims that can go, and the evidence that is to be written, by path."""

    claims: frozenset[str]
    evidence: Mapping[str, Evidence]


@dataclass(frozen=True, slots=True)
class Ended:
    """The ids of the claims whose action has come to nothing, as far as its answer says.

    `unsent` never went out. `refused` were answered with a no, each with what was decided since:
    where that look shows an acceptance in spite of it, it leaves evidence as any other does.
    """

    unsent: frozenset[str]
    refused: Mapping[str, Decision | None]


def closed_claims(
    records: FleetRecords,
    ledger: Ledger,
    decisions: Mapping[str, Decision],
    views: Mapping[str, PaletteView],
    ended: Ended,
    now: datetime,
) -> Closed:
    """Judge each claim on the branch as it is now (`ledger`) by what was seen last.

    `views` are by Palettes' endpoints.
    """
    now_on_it = fleet_records(ledger, records.read_s, records.first_s, records.patience)
    over = now_on_it.over(views)
    spent = {
        claim.id: decision for decision in decisions.values() for claim in decision.spent_claims
    }
    done = spent.keys() | ended.refused.keys()
    gone, evidence = set(), {}
    for path, claim in ledger.claims.items():
        view = _view_of(claim, views, ended.refused.get(claim.id) or spent.get(claim.id))
        if claim.id in ended.unsent:
            gone.add(path)
        elif claim.action == Accept.verb and view and is_accepted_in_palette(view, claim):
            gone.add(path)
            evidence[evidence_path(claim.cluster)] = evidence_of(
                claim, claim.pairing_uid, seen_at=now, dated_at=view.dated_at
            )
        elif claim.id in done or _is_over(claim, view, is_late=claim.id in over):
            gone.add(path)
    return Closed(frozenset(gone), evidence)


def _view_of(
    claim: Claim, views: Mapping[str, PaletteView], decision: Decision | None
) -> PaletteView | None:
    """Return the newest look at the Palette that a claim is about."""
    if decision and canonical_endpoint(decision.case.intent.palette.endpoint) == claim.palette:
        return decision.case.observed.palette
    return views.get(claim.palette)


def _is_over(claim: Claim, view: PaletteView | None, *, is_late: bool) -> bool:
    """Whether a claim that nothing was seen of can go: not before somebody has looked."""
    if claim.action not in _OF_PALETTE:
        return is_late
    if view is None or view.problem or view.requests is None:
        return False
    return is_late or is_over_in_palette(view, claim)


def accepted_by_others(
    ledger: Ledger, decisions: Mapping[str, Decision], claims: Mapping[str, Evidence], now: datetime
) -> dict[str, Evidence]:
    """Return evidence of requests that are seen to be accepted for the first time, without a claim.

    A person has clicked in Palette's console; or it is what pairctl had sent itself, where what
    came of that was not known when its claim ended. What was accepted before pairctl first saw the
    intent is none of it, and of what is claimed the claim tells. Another claim tells nothing: a
    person may click while that of the request is still open.
    """
    accepts = (one for one in ledger.claims.values() if one.action == Accept.verb)
    claimed = {canonical_uid(one.cluster) for one in accepts}
    found = {}
    for decision in decisions.values():
        case = decision.case
        path = evidence_path(case.local_uid)
        before = ledger.statuses.get(case.intent.name)
        is_new = (
            decision.phase in (Phase.ACCEPTED, Phase.PAIRED)
            and before is not None
            and before.accepted_at is None
            and before.phase not in (Phase.ACCEPTED, Phase.PAIRED)
        )
        pairing_uid = case.request_uid or (before.pairing_uid if before else "")
        is_known = path in {*ledger.evidence, *claims}
        is_claimed = canonical_uid(case.local_uid) in claimed
        if is_new and case.local_uid and pairing_uid and not is_known and not is_claimed:
            found[path] = Evidence(
                cluster=canonical_uid(case.local_uid),
                id=f"{UNCLAIMED if _may_be_own(before, pairing_uid) else CONSOLE}{pairing_uid}",
                intent=case.intent.name,
                pairing_uid=pairing_uid,
                palette=canonical_endpoint(case.intent.palette.endpoint),
                branch=ledger.branch,
                seen_at=now,
                dated_at=case.observed.palette.dated_at,
            )
    return found


def _may_be_own(before: Status | None, pairing_uid: str) -> bool:
    """Whether an acceptance was sent, and its answer did not say that nothing comes of it.

    Of what was sent for another request of the cluster nothing can come here.
    """
    if before is None:
        return False
    declined = before.declined if before.declined and before.declined.leaves_doubt else None
    return any(
        one.action == Accept.verb and is_same_uid(one.pairing_uid, pairing_uid)
        for one in (before.unanswered, declined)
        if one is not None
    )


def completions(
    evidence: Mapping[str, Evidence],
    decisions: Mapping[str, Decision],
    views: Mapping[str, PaletteView],
    now: datetime,
) -> dict[str, Evidence]:
    """Return the evidence of clusters that are seen to be paired now, completed.

    Their intents say so, or Palette's list does where none speaks for them any more.
    """
    paired = {
        canonical_uid(decision.case.local_uid): decision.case.registered.uid
        for decision in decisions.values()
        if decision.phase is Phase.PAIRED and decision.case.registered
    }
    done = {}
    for path, one in evidence.items():
        uid = paired.get(one.cluster) or _paired_in_list(one, views.get(one.palette))
        if uid and not one.is_complete:
            done[path] = completed(one, uid, paired_at=now)
    return done


def _paired_in_list(evidence: Evidence, view: PaletteView | None) -> str:
    if view is None or view.problem:
        return ""
    return next(
        (
            entry.cluster_uid
            for entry in view.index.rows_of(evidence.pairing_uid)
            if entry.state is RequestState.PAIRED
        ),
        "",
    )
