"""Explaining a match from what the last pass saw: no secret, and nobody but Git is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pairctl.engine.desired.source import Source, read_source
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.runtime.settings import Settings
from pairctl.layers import Proposals, Row, match, propose, side_by_side
from pairctl.pairing import Intent, Proof, Status, prove, reviewed_line
from pairctl.problem import PairctlError, Problem
from pairctl.records import ObservedConfiguration, observed_cluster, observed_palette
from pairctl.spec import OnDifference
from pairctl.text import did_you_mean

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What the pairing would change in the values of packs, and the line that reviews it.

    `line` belongs below `spec` of ProfileMatch `match` in the file `path`; it is empty where
    nothing has to be reviewed.
    """

    found: ObservedConfiguration
    match: str
    path: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The proof of one intent's match, its two stacks side by side, and what would match.

    `users` are the other intents that select a profile by its name, by profile. `status` is what
    the last pass said: a match may hold, and something else stand in the way.
    """

    name: str
    cluster: str
    proof: Proof
    rows: tuple[Row, ...]
    proposals: Proposals = field(default_factory=Proposals)
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    status: Status | None = None
    configuration: Reviewing | None = None


async def explain_observed(name: str, settings: Settings) -> Explanation:
    """Explain an intent's match. Raises PairctlError where it, or an observation, is not there."""
    ledger = await read_records(settings)
    source = await read_source(settings.repository, settings.ref, settings.under, settings.operator)
    intent = _intent(name, source)
    cluster = _seen(observed_cluster(ledger.files, name), f"cluster of {name}")
    palette = _seen(observed_palette(ledger.files, intent.palette_name), intent.palette_name)
    assert intent.match is not None
    proof = prove(cluster.layers, intent.match, palette.profiles)
    latest = [one.latest for one in palette.profiles if one.latest]
    return Explanation(
        name,
        cluster.name,
        proof,
        side_by_side(cluster.layers, proof.match or match(cluster.layers, ())),
        propose(cluster.layers, latest, proof.match),
        _users(source, intent),
        ledger.statuses.get(name),
        _reviewing(cluster.configuration, intent, source),
    )


def _reviewing(
    found: ObservedConfiguration | None, intent: Intent, source: Source
) -> Reviewing | None:
    if found is None or intent.match is None:
        return None
    match, digest = intent.spec.profile_match or "", found.shown.digest
    is_asked = intent.match.configuration is OnDifference.REVIEWED
    line = reviewed_line(intent.match, digest) if is_asked else ""
    return Reviewing(
        found,
        match,
        source.declared.matches[match].path,
        "" if digest in intent.match.reviewed else line,
    )


def _users(source: Source, explained: Intent) -> dict[str, tuple[str, ...]]:
    users: dict[str, list[str]] = {}
    for name, intent in sorted(source.intents.items()):
        if name != explained.name and intent.palette_name == explained.palette_name:
            for reference in (intent.match and intent.match.profiles) or ():
                users.setdefault(reference.name, []).append(name)
    return {profile: tuple(names) for profile, names in users.items()}


def _intent(name: str, source: Source) -> Intent:
    intent = source.intents.get(name)
    if intent is None or intent.match is None:
        known = ", ".join(sorted(source.intents)[:5]) or "none"
        near = "" if intent else did_you_mean(name, source.names)
        why = "selects no profiles" if intent else f"is not there (there is: {known})"
        raise PairctlError(
            Problem("NoMatch", f"intent {name} {why}", near or "run `pairctl validate`")
        )
    return intent


def _seen(observed: T | None, what: str) -> T:
    if observed is None:
        hint = (
            "a pass of `pairctl apply` or `watch` writes down what it sees; `pairctl plan` shows "
            "what a pass would do, and writes nothing"
        )
        raise PairctlError(Problem("NotSeenYet", f"{what} has not been seen yet", hint))
    return observed
