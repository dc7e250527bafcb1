"""Where each member of a rollout is, which waves are complete, and whether it has halted. Pure."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from pairctl.pairing.facts.palette import ClusterHealth, PaletteCluster, cluster_health
from pairctl.pairing.facts.phase import Phase
from pairctl.pairing.fleet.rollout_documents import RolloutDocuments
from pairctl.pairing.fleet.rollout_state import MemberState
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.predicates import is_accepted

HELD_BY_ROLLOUTS = frozenset(
    {
        "ClocksDiffer",
        "InNoWave",
        "InSeveralRollouts",
        "NoRollout",
        "OutsideWindow",
        "PaceReached",
        "RolloutHalted",
        "RolloutSuspended",
        "RolloutUnreadable",
        "WaitingForWave",
        "WaitingForWaveApproval",
    }
)
"""Why rollouts hold an intent back."""

DARK_REASONS = frozenset({"Unreachable", "NoAnswer"})
"""Why Local UI was not seen, where the site does not answer at all."""

_MOST_NAMED = 3


class Progress:
    """One rollout by one pass: its members by wave, and where each is.

    `members` are the intents with their waves, from 0, None for those that no wave selects. The
    `states` are before the rollout holds anything back; whoever does notes it in `hold`.
    """

    def __init__(
        self,
        name: str,
        documents: RolloutDocuments,
        members: Mapping[str, int | None],
        decisions: Mapping[str, Decision],
        paired: Mapping[str, bool | None],
        awaited: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        self.documents = documents
        self.spec = documents.rollouts[name]
        self.members = members
        self.decisions = {one: decisions[one] for one in members if one in decisions}
        self.waves: list[list[str]] = [[] for _ in self.spec.waves]
        for member, wave in members.items():
            if wave is not None:
                self.waves[wave].append(member)
        self._paired = paired
        self._awaited = awaited
        self.states = {one: self._state_of(one) for one in members}
        self.is_complete = [self._may_be_followed(number) for number in range(len(self.waves))]
        self.is_open = [all(self.is_complete[:number]) for number in range(len(self.waves))]
        self.covered = [
            documents.covered(name, wave.name) if wave.gate else None for wave in self.spec.waves
        ]
        self._may_complete: dict[int, bool] = {}

    def hold(self, name: str) -> None:
        """Note that the rollout holds a member back."""
        self.states[name] = MemberState.HELD

    def may_go_on(self, name: str) -> bool:
        """Whether the wave of a member is open, and its gate as well.

        A request that waits for an earlier wave takes no place there: that one could not go on.
        """
        number = self.members[name]
        if number is None or not self.is_open[number]:
            return False
        covered = self.covered[number]
        return covered is None or name in covered

    def in_state(self, state: MemberState, number: int | None = None) -> list[str]:
        """Return the members of a wave, or of the rollout, that are in a state."""
        names = self.members if number is None else self.waves[number]
        return [one for one in names if self.states[one] is state]

    def unhealthy(self, number: int) -> list[str]:
        """Return the members of a wave that are paired, and that Palette shows not as healthy."""
        return [one for one in self.in_state(MemberState.PAIRED, number) if not self._is_well(one)]

    @property
    def current(self) -> int | None:
        """The first wave that is not complete; None where all are."""
        return next((number for number, done in enumerate(self.is_complete) if not done), None)

    @property
    def is_over(self) -> bool:
        """Whether all that there is to be paired is."""
        is_known = not self.documents.unread
        return is_known and all(one is MemberState.PAIRED for one in self.states.values())

    @cached_property
    def halted(self) -> str:
        """Why nothing new begins, where so many have failed; else nothing."""
        halt, failed = self.spec.halt_when, self.in_state(MemberState.FAILED)
        if halt.failed is not None and len(failed) >= halt.failed:
            return f"{len(failed)} failed ({few(failed)}), and `haltWhen.failed` is {halt.failed}"
        percent = halt.failed_percent
        for number, wave in enumerate(self.spec.waves if percent is not None else ()):
            failed, size = self.in_state(MemberState.FAILED, number), len(self.waves[number])
            if failed and len(failed) * 100 >= (percent or 0) * size:
                return (
                    f"{len(failed)} of {size} in wave `{wave.name}` failed ({few(failed)}), and "
                    f"`haltWhen.failedPercent` is {percent}"
                )
        return ""

    def may_complete_soon(self, number: int) -> bool:
        """Whether looking again soon can show a wave as complete without anybody's help.

        It is asked when all of the wave is decided on.
        """
        if number not in self._may_complete:
            is_moving = any(
                self.states[one] is MemberState.UNDER_WAY and self.decisions[one].is_under_way
                for one in self.waves[number]
                if one in self.decisions
            )
            self._may_complete[number] = is_moving or self._gets_well_soon(number)
        return self._may_complete[number]

    def _gets_well_soon(self, number: int) -> bool:
        """Whether all that is missing is that Palette says how well some new clusters are."""
        unhealthy = self.unhealthy(number)
        seen = [one for one in unhealthy if one in self.decisions]
        if any(_is_ill(self.decisions[one].case.registered) for one in seen):
            return False
        return bool(unhealthy) and self._awaited.issuperset(set(unhealthy) - set(seen))

    def _state_of(self, name: str) -> MemberState:
        decision = self.decisions.get(name)
        if name in self.documents.broken:
            return MemberState.BLOCKED
        if decision is None:
            return MemberState.PAIRED if name in self._paired else MemberState.WAITING
        return state_of(decision)

    def _is_well(self, name: str) -> bool:
        decision = self.decisions.get(name)
        if decision is None:
            return self._paired.get(name) is True
        return _has_health(decision.case.registered, ClusterHealth.HEALTHY)

    def _may_be_followed(self, number: int) -> bool:
        """Whether a wave is complete: the waves after it need not wait for it."""
        size = len(self.waves[number])
        dark = len(self.in_state(MemberState.DARK, number))
        paired = len(self.in_state(MemberState.PAIRED, number))
        return (
            not self.documents.unread
            and paired + dark == size
            and _is_within(dark, size, self.spec.unreachable.allowed_percent)
            and self._is_well_enough(number)
        )

    def _is_well_enough(self, number: int) -> bool:
        """Whether Palette shows enough of a wave as healthy, or no later wave needs to know.

        What only the record says to be paired is not enough.
        """
        later = (one for wave in self.waves[number + 1 :] for one in wave)
        if all(self.states[one] is MemberState.PAIRED for one in later):
            return True
        if any(self._paired.get(one, True) is None for one in self.waves[number]):
            return False
        size, unhealthy = len(self.waves[number]), len(self.unhealthy(number))
        return _is_within(unhealthy, size, self.spec.unhealthy.allowed_percent)


def state_of(decision: Decision) -> MemberState:
    """Return where a member is by what was decided on it; an acceptance is seen through."""
    case, phase = decision.case, decision.phase
    is_dark = case.host_problem is not None and case.host_problem.reason in DARK_REASONS
    was_accepted = is_accepted(case) or case.recorded.accepted_at is not None
    by_state = {
        MemberState.PAIRED: phase is Phase.PAIRED,
        MemberState.FAILED: _has_failed(decision),
        MemberState.HELD: decision.verdict.reason in HELD_BY_ROLLOUTS,
        MemberState.UNDER_WAY: was_accepted or decision.is_under_way,
        MemberState.DARK: is_dark,
        MemberState.WAITING: phase is Phase.WAITING,
        MemberState.BLOCKED: decision.verdict.is_blocked,
    }
    return next((state for state, is_so in by_state.items() if is_so), MemberState.UNDER_WAY)


def _has_failed(decision: Decision) -> bool:
    """Whether a member met a no, or was given up after its acceptance: a commit has to mend it."""
    declined, reason = decision.case.recorded.declined, decision.verdict.reason
    is_declined = declined is not None and reason == declined.reason
    is_given_up = decision.phase is Phase.ACCEPTED and decision.verdict.is_blocked
    is_unknown = reason == "OutcomeUnknownAgain"
    return decision.phase is Phase.FAILED or is_declined or is_given_up or is_unknown


def _has_health(cluster: PaletteCluster | None, health: ClusterHealth) -> bool:
    return cluster is not None and cluster_health(cluster.health) is health


def _is_ill(cluster: PaletteCluster | None) -> bool:
    return cluster is None or _has_health(cluster, ClusterHealth.UNHEALTHY)


def _is_within(some: int, size: int, percent: int) -> bool:
    return some * 100 <= percent * size


def few(names: Iterable[str]) -> str:
    """Name the first few, and say how many more there are."""
    listed = sorted(names)
    more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
    return f"{', '.join(listed[:_MOST_NAMED])}{more}"
