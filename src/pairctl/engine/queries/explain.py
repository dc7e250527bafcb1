"""Explaining a match from what the last pass saw: no secret, and nobody but Git is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pairctl.engine.desired.source import Source, read_source
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.queries.profile_uses import ProfileUses
from pairctl.engine.runtime.settings import Settings
from pairctl.layers import Proposals, Row, Selection, Stack, match, propose, side_by_side
from pairctl.pairing import Intent, Proof, Status, prove, reviewed_line
from pairctl.problem import PairctlError, Problem
from pairctl.records import (
    Ledger,
    ObservedCluster,
    ObservedConfiguration,
    ObservedPalette,
    observed_cluster,
    observed_palette,
)
from pairctl.spec import OnDifference
from pairctl.text import did_you_mean, name_list

T = TypeVar("T")

_MOST_NAMED = 200


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

    Where nothing is selected, the nearest selection, if any, is what `rows` lay beside the cluster.
    `users` are the other intents that a profile is selected for, by the profile's name, and
    `paired` those whose clusters were accepted with it: all of them would see a new version of it.
    `status` is what the last pass said: a match may hold, and something else stand in the way.
    """

    name: str
    cluster: str
    proof: Proof
    rows: tuple[Row, ...]
    proposals: Proposals = field(default_factory=Proposals)
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    paired: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    status: Status | None = None
    configuration: Reviewing | None = None

    @property
    def nearest_beside(self) -> Selection:
        """The selection of `rows` where it is the nearest one, for none is selected."""
        if self.proof.match or not self.proposals.nearest:
            return ()
        return self.proposals.nearest[0].match.selection


@dataclass(frozen=True, slots=True)
class Explanations:
    """What was explained of the intents that are selected, and why others could not be, by name."""

    items: tuple[Explanation, ...]
    unexplained: Mapping[str, Problem] = field(default_factory=dict)


async def explain_observed(name: str, settings: Settings) -> Explanation:
    """Explain an intent's match. Raises PairctlError where it, or an observation, is not there."""
    ledger = await read_records(settings)
    source = await read_source(settings.repository, settings.ref, settings.under, settings.operator)
    return Explaining(source, ledger).explain(name)


async def explain_selected(settings: Settings) -> Explanations:
    """Explain the matches of the settings' selection, in the order of names.

    What was not seen yet, or selects no profiles, is no error: it is said of each. Raises
    PairctlError where a name is not known, or nothing is selected.
    """
    ledger = await read_records(settings)
    source = await read_source(settings.repository, settings.ref, settings.under, settings.operator)
    chosen = settings.selection.chosen(source.labels, f"commit {source.commit[:7]}")
    explaining = Explaining(source, ledger)
    items, unexplained = [], {}
    for name in sorted(source.names if chosen is None else chosen):
        try:
            items.append(explaining.explain(name))
        except PairctlError as error:
            unexplained[name] = error.problem
    return Explanations(tuple(items), unexplained)


class Explaining:
    """Explains the intents of one commit by one record; what is equal is worked out once."""

    def __init__(self, source: Source, ledger: Ledger) -> None:
        self._source, self._ledger = source, ledger
        self._uses = ProfileUses(source, ledger)
        self._palettes: dict[str, ObservedPalette | None] = {}
        self._cluster: tuple[str, ObservedCluster | None] = ("", None)
        self._worked_out: dict[object, tuple[Proof, tuple[Row, ...], Proposals]] = {}

    def cluster(self, name: str) -> ObservedCluster | None:
        """Return what was last seen of an intent's cluster; asked again for one, it is kept."""
        if self._cluster[0] != name:
            self._cluster = name, observed_cluster(self._ledger.files, name)
        return self._cluster[1]

    def explain(self, name: str, *, with_users: bool = True) -> Explanation:
        """Explain an intent's match. Raises PairctlError where it, or an observation, is missing.

        Intents of the same layers and selection share one proof and one tuple of rows. Finding
        other users of a profile walks the whole fleet: who explains all of it does without.
        """
        intent, files = _intent(name, self._source), self._ledger.files
        cluster = _seen(self.cluster(name), f"cluster of {name}")
        if intent.palette_name not in self._palettes:
            self._palettes[intent.palette_name] = observed_palette(files, intent.palette_name)
        palette = _seen(self._palettes[intent.palette_name], intent.palette_name)
        key = (intent.palette_name, intent.spec.profile_match, cluster.layers)
        if key not in self._worked_out:
            self._worked_out[key] = _work_out(intent, cluster.layers, palette)
        return Explanation(
            name,
            cluster.name,
            *self._worked_out[key],
            *(self._uses.others(intent) if with_users else ({}, {})),
            self._ledger.statuses.get(name),
            _reviewing(cluster.configuration, intent, self._source),
        )


def _work_out(
    intent: Intent, layers: Stack, palette: ObservedPalette
) -> tuple[Proof, tuple[Row, ...], Proposals]:
    assert intent.match is not None
    proof = prove(layers, intent.match, palette.profiles)
    latest = [one.latest for one in palette.profiles if one.latest]
    proposals = propose(layers, latest, proof.match)
    nearest = next((one.match for one in proposals.nearest), match(layers, ()))
    return proof, side_by_side(layers, proof.match or nearest), proposals


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


def _intent(name: str, source: Source) -> Intent:
    intent = source.intents.get(name)
    if intent is None or intent.match is None:
        known = name_list(source.intents, _MOST_NAMED) or "none"
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
