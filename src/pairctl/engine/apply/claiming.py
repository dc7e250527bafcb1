"""Claiming: all actions of a pass, in one commit, by compare-and-swap, before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.engine.desired.source import Source
from pairctl.engine.observe.observer import Observer
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import (
    Accept,
    AcceptanceGrounds,
    Action,
    Claim,
    DatedLook,
    Decision,
    canonical_endpoint,
    layer_use,
    needs_approval,
    profile_use,
    request_origin,
)
from pairctl.problem import PairctlError
from pairctl.records import (
    BRANCH_FILE,
    Ledger,
    claim_file,
    claim_path,
    read_ledger,
    render_branch,
)
from pairctl.repo import CommitFacts, PushHeld, PushLost

Acts = Mapping[str, tuple[Action, Decision]]

_LastChanges = Mapping[tuple[str, ...], CommitFacts | None]
"""The commit that changed files last, by their paths; None where history does not say."""


class ClaimLost(PairctlError):
    """Another writer came first, or a lock was held. All is decided again: no claim is rebased."""


_PUBLISHED = object()


class Permit:
    """Leave to carry one action out, under a claim that is on the status branch.

    `asked_s` is when the claim's date was asked for, by the clock that never jumps: the holder's
    time runs from then. `claimed_s` is when the claim was known to be published. Only the
    publishing of a claim makes one.
    """

    def __init__(
        self, claim: Claim, asked_s: float, claimed_s: float, published: object = None
    ) -> None:
        if published is not _PUBLISHED:
            raise ValueError("a permit was made for a claim that was not published")
        self.claim = claim
        self.asked_s = asked_s
        self.claimed_s = claimed_s


@dataclass(frozen=True, slots=True)
class Claimed:
    """The permits that published claims give, by intent, and the status branch that holds them."""

    permits: Mapping[str, Permit]
    ledger: Ledger


async def claim_all(
    settings: Settings, acting: Acts, source: Source, ledger: Ledger, observer: Observer
) -> Claimed:
    """Publish a claim for each action as a child of the very tip that was decided on.

    Raises ClaimLost, and what `Repository.publish` raises; then nothing may be sent. No claim rests
    on documents that are remembered: that is a defect of the caller.
    """
    if source.is_remembered:
        raise ValueError("a claim was asked for on documents that were not read from Git")
    branch = ledger.branch or settings.new_id()
    looks = {name: await _date(settings, pair[1], observer) for name, pair in acting.items()}
    asked = await _last_changes(settings, acting, source)
    claims = {
        name: _claim(settings, source, name, looks[name], branch, pair, asked)
        for name, pair in acting.items()
    }
    files = {
        claim_path(claim.cluster): claim_file(claim, settings.clean) for claim in claims.values()
    }
    if not ledger.branch:
        files[BRANCH_FILE] = render_branch(branch)
    lines = "\n".join(f"- {claim.action} {name}" for name, claim in sorted(claims.items()))
    try:
        await settings.repository.publish(
            ledger.tip,
            files,
            message=f"Claim {len(claims)} action{'s' * (len(claims) != 1)}\n\n{lines}",
            now=settings.clock.now(),
        )
    except (PushLost, PushHeld) as error:
        raise ClaimLost(error.problem) from error
    ledger = await read_ledger(settings.repository, settings.known)
    claimed_s = settings.clock.monotonic()
    permits = {
        name: Permit(claim, looks[name].asked_s, claimed_s, _PUBLISHED)
        for name, claim in claims.items()
    }
    return Claimed(permits, ledger)


async def _date(settings: Settings, decision: Decision, observer: Observer) -> DatedLook:
    """Ask Palette's clock, by its list. An answer that is not older than half the time will do."""
    now_s = settings.clock.monotonic()
    listing = await observer.palette_cache(decision.case.intent).see(
        now_s - settings.operator.timing.act_seconds / 2
    )
    if listing.view.dated_at is None:
        return DatedLook(now_s)
    return DatedLook(listing.began, listing.view.dated_at)


async def _last_changes(settings: Settings, acting: Acts, source: Source) -> _LastChanges:
    """Return the commits that changed what asks for acceptances last, by files: each asked once."""
    intents = source.declared.intents
    files = {intents[n].files: None for n, (action, _) in acting.items() if _is_one_way(action)}
    return {paths: await settings.repository.last_change(source.commit, *paths) for paths in files}


def _is_one_way(action: Action) -> bool:
    return isinstance(action, Accept)


def _claim(
    settings: Settings,
    source: Source,
    name: str,
    look: DatedLook,
    branch: str,
    pair: tuple[Action, Decision],
    asked: _LastChanges,
) -> Claim:
    action, decision = pair
    intent = decision.case.intent
    return Claim(
        id=settings.new_id(),
        cluster=action.local_uid,
        intent=name,
        action=action.verb,
        attempt=intent.spec.attempt,
        holder=settings.holder,
        lifetime_seconds=settings.claim_lifetime_s,
        made_at=settings.clock.now().replace(microsecond=0),
        pairing_uid=action.pairing_uid,
        palette=canonical_endpoint(intent.palette.endpoint),
        dated_at=look.dated_at,
        branch=branch,
        grounds=_grounds(source, action, decision, asked) if _is_one_way(action) else None,
    )


def _grounds(
    source: Source, action: Action, decision: Decision, last_changes: _LastChanges
) -> AcceptanceGrounds:
    """Write down what an acceptance rests on, with the commit that asked for it."""
    assert isinstance(action, Accept)
    case, intent = decision.case, decision.case.intent
    document = source.declared.intents[intent.name]
    asked = last_changes[document.files]
    approval = intent.approval if needs_approval(case) else None
    return AcceptanceGrounds(
        name=action.name,
        commit=source.commit,
        generation=intent.generation,
        digest=decision.basis.digest,
        origin=request_origin(case),
        layers=tuple(map(layer_use, case.cluster.stack if case.cluster else ())),
        profiles=tuple(map(profile_use, action.profiles)),
        asked_in=asked.id if asked else "",
        author=asked.author if asked else "",
        committer=asked.committer if asked else "",
        approved_digest=approval.digest if approval else "",
        approved_by=(approval.approved_by or "") if approval else "",
    )
