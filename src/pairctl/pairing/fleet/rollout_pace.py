"""The pace of a rollout: what counts under it, and what is left. Pure."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from pairctl.pairing.action import Accept
from pairctl.pairing.facts.claim import Claim, UnreadableFiles
from pairctl.pairing.facts.evidence import Evidence
from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.lost_places import NONE_LOST, LostPlaces
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.outcome.decision import Decision
from pairctl.spec import RolloutSpec


@dataclass(frozen=True, slots=True)
class RolloutHistory:
    """What is on record of acceptances: open claims, and evidence of the last hour.

    `unreadable` are files among them that cannot be read: each takes a place. `requested` are the
    clusters of intents that were not seen yet, by intent, whose request is on its way by their
    status: a new process, or a run for some intents, knows it from there. `lost` is what of it
    is at Palettes that no document names.
    """

    claims: tuple[Claim, ...] = ()
    recent: tuple[Evidence, ...] = ()
    unreadable: frozenset[str] = frozenset()
    requested: Mapping[str, str] = field(default_factory=dict)
    lost: LostPlaces = NONE_LOST


def own_history(
    history: RolloutHistory, others: AbstractSet[str], decisions: Mapping[str, Decision]
) -> RolloutHistory:
    """Keep to what may be of a rollout with these members: not what is of `others` only.

    So renaming an intent, or deleting it, frees no place.
    """
    own = {canonical_uid(one.case.local_uid) for one in decisions.values()}

    def is_own(intent: str, cluster: str) -> bool:
        return intent not in others or canonical_uid(cluster) in own

    return RolloutHistory(
        tuple(one for one in history.claims if is_own(one.intent, one.cluster)),
        tuple(one for one in history.recent if is_own(one.intent, one.cluster)),
        history.unreadable,
        history.requested,
        history.lost.only(is_own),
    )


def begun(decisions: Mapping[str, Decision]) -> frozenset[str]:
    """Return the clusters whose request is on its way, and waits for no person."""
    return frozenset(
        cluster_of(name, one)
        for name, one in decisions.items()
        if one.phase is Phase.REQUESTED and (one.is_under_way or one.action)
    )


class Places:
    """The pace of a rollout: how many places there are, and how many are taken.

    Clusters count, by evidence, by claims, and by requests that are on their way: `requested` are
    those that were seen, `unseen` those that only the record tells of. What is on record of a
    cluster gives it no place of its own: it would let one begin that would not without it.
    """

    def __init__(
        self,
        spec: RolloutSpec,
        history: RolloutHistory,
        requested: frozenset[str],
        unseen: frozenset[str] = frozenset(),
    ) -> None:
        self._pace = spec.pace
        self._lost = history.lost
        self.unreadable = UnreadableFiles(history.unreadable)
        accepts = {canonical_uid(c.cluster) for c in history.claims if c.action == Accept.verb}
        claimed = {canonical_uid(c.cluster) for c in history.claims if c.action == "request"}
        accepts |= history.unreadable
        recent = {canonical_uid(one.cluster) for one in history.recent}
        open_ones = {canonical_uid(e.cluster) for e in history.recent if not e.is_complete}
        self._accepting = accepts | open_ones
        self._in_hour = accepts | recent
        self._requested = requested - accepts - claimed - recent
        self._begun = self._accepting | claimed | requested | unseen
        self._soon = self._in_hour | claimed | requested | unseen

    @property
    def left(self) -> int | None:
        """How many more clusters may begin now; None where there is no pace."""
        places = [
            cap - len(used)
            for cap, used in (
                (self._pace.at_once, self._begun),
                (self._pace.per_hour, self._soon),
            )
            if cap is not None
        ]
        return max(0, min(places)) if places else None

    def limit(self, name: str, decision: Decision) -> tuple[int, str, bool, str] | None:
        """Return the limit that an action would break, if any.

        That is how many, of what, whether it ends soon, and what a person does where it does not.
        """
        is_accept = isinstance(decision.action, Accept)
        own = frozenset() if is_accept else self._requested & {cluster_of(name, decision)}
        at_once = self._accepting if is_accept else self._begun - own
        in_hour = self._in_hour if is_accept else self._soon - own
        if self._pace.at_once is not None and len(at_once) >= self._pace.at_once:
            cap, lost = self._pace.at_once, self._lost.at_once
            return cap, "at once", not lost.take_all(cap, self.unreadable), lost.hint
        if self._pace.per_hour is not None and len(in_hour) >= self._pace.per_hour:
            return self._pace.per_hour, "an hour", False, self._lost.hint
        return None

    def take(self, name: str, decision: Decision) -> None:
        """Count an action that may begin."""
        taken = {cluster_of(name, decision)}
        if isinstance(decision.action, Accept):
            self._accepting |= taken
            self._in_hour |= taken
        self._begun |= taken
        self._soon |= taken


def cluster_of(name: str, decision: Decision) -> str:
    """Return the cluster that a decision is about, by its uid where that is known."""
    action = decision.action
    uid = action.local_uid if action else decision.case.local_uid
    return canonical_uid(uid) or f"intent {name}"
