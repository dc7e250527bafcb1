"""What a pass came to, put into the words of the status branch. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pairctl.engine.hand import Outcome
from pairctl.engine.source import Source
from pairctl.engine.survey import Survey
from pairctl.pairing import (
    Claim,
    Decision,
    EdgeHost,
    Phase,
    Status,
    Unrecognized,
    invalid_status,
    name_of,
    status_of,
)
from pairctl.records import Ledger, Record, claim_path, cluster_file, palette_file


@dataclass(frozen=True, slots=True)
class Minutes:
    """A pass as it went: what was declared, on record, seen, decided last, and done.

    `counted` are statuses that stay on record though their intents be gone.
    """

    source: Source
    ledger: Ledger
    survey: Survey
    decisions: Mapping[str, Decision]
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    counted: Mapping[str, Status] = field(default_factory=dict)


def record_of_pass(minutes: Minutes, now: datetime) -> Record:
    """Return all that the pass has to say to the status branch."""
    return Record(
        source_commit=minutes.source.commit,
        statuses=_statuses(minutes, now.replace(microsecond=0)),
        observed=_observed(minutes, now),
        closed=_closed(minutes, now),
        unrecognized=_unrecognized(minutes),
    )


def _statuses(minutes: Minutes, now: datetime) -> dict[str, Status]:
    commit, before = minutes.source.commit, dict(minutes.ledger.statuses)
    for name in minutes.outcomes:
        # What was decided first is part of the story: the profiles that were accepted, say.
        first = minutes.survey.decisions[name]
        before[name] = status_of(first, before.get(name), commit=commit, now=now)
    statuses = {**minutes.counted, **minutes.survey.kept}
    for name, decision in minutes.decisions.items():
        statuses[name] = status_of(decision, before.get(name), commit=commit, now=now)
    for name, problem in minutes.source.invalid.items():
        statuses[name] = invalid_status(name, problem, before.get(name), commit=commit, now=now)
    if minutes.source.is_partial:
        statuses = {**before, **statuses}
    return dict(sorted(statuses.items()))


def _unrecognized(minutes: Minutes) -> dict[str, Unrecognized]:
    """Return the requests that nobody names, without those that were rejected in this pass."""
    done = {name for name, d in minutes.decisions.items() if d.phase is Phase.REJECTED}
    return {
        name: replace(found, requests=tuple(r for r in found.requests if name_of(r) not in done))
        for name, found in minutes.survey.unrecognized.items()
    }


def _observed(minutes: Minutes, now: datetime) -> dict[str, bytes]:
    """Return what was seen; what could not be seen this time stays as it was last seen."""
    files = [
        cluster_file(name, decision.case.observed.host, now)
        for name, decision in minutes.decisions.items()
        if isinstance(decision.case.observed.host, EdgeHost)
    ]
    views = minutes.survey.views.items()
    palettes = [palette_file(name, view, now) for name, view in views if view.problem is None]
    return dict([*(file for file in files if file), *palettes])


def _closed(minutes: Minutes, now: datetime) -> dict[str, bytes]:
    """Return the claim files that have done their work, or whose time is over."""
    closing = {
        claim.cluster
        for decision in minutes.decisions.values()
        if decision.closes_claim and (claim := decision.case.recorded.claim)
    }
    for claim in minutes.ledger.claims.values():
        if _came_to_nothing(claim, minutes) or not claim.is_open(now):
            closing.add(claim.cluster)
    paths = [claim_path(cluster) for cluster in sorted(closing)]
    return {path: minutes.ledger.files[path] for path in paths if path in minutes.ledger.files}


def _came_to_nothing(claim: Claim, minutes: Minutes) -> bool:
    """Whether this very claim is for an action of the pass that was not sent, or was declined."""
    outcome = minutes.outcomes.get(claim.intent)
    if outcome is None or outcome.action.local_uid != claim.cluster:
        return False
    return not outcome.may_take_effect
