"""Rollouts: which of a fleet's actions may begin now, and how far each rollout is. Pure.

Nothing is remembered: all follows from the documents, from what was decided and seen of each
intent, from the claims and evidence on record, and from `now`. So a restart changes nothing, and a
halt ends by a commit alone. What is on record can hold a member back, and never lets one begin.

Held is what begins something new for an intent that wants to be paired: to send a request, to
accept it, to withdraw it in order to send another. An intent that wants anything else is no member,
so that taking back is never held; and what was accepted calls for no more actions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from pairctl.pairing.facts.identity import canonical_uid
from pairctl.pairing.facts.intent import Intent
from pairctl.pairing.facts.palette import ClusterHealth, cluster_health
from pairctl.pairing.fleet.rollout_pace import Places, RolloutHistory, cluster_of
from pairctl.pairing.fleet.rollout_state import (
    MemberState,
    RolloutPhase,
    RolloutState,
    Wait,
    WaveState,
)
from pairctl.pairing.fleet.windows import is_open, next_opening, open_for
from pairctl.pairing.outcome.conditions import conditions
from pairctl.pairing.outcome.decision import Decision
from pairctl.pairing.predicates import is_accepted
from pairctl.pairing.verdict import Pace, Phase, blocked
from pairctl.problem import Problem
from pairctl.spec import (
    Desired,
    RolloutApprovalSpec,
    RolloutSpec,
    Window,
    approval_digest,
)

DARK_REASONS = frozenset({"Unreachable", "NoAnswer"})
"""Why Local UI was not seen, where the site does not answer at all."""

HELD_BY_ROLLOUTS = frozenset(
    {
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

_FAILURES = frozenset({"OutcomeUnknownAgain"})
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class RolloutDocuments:
    """What a commit says of rollouts.

    `intents` are the usable ones, `broken` those that have errors and want to be paired; `labels`
    are those of all, by name, None where they cannot be read. `unread` is what may hold intents
    that are not known, and `refused` what may be a rollout, and is not followed. `is_required` is
    the operator's word that all have to be in one.
    """

    rollouts: Mapping[str, RolloutSpec] = field(default_factory=dict)
    intents: Mapping[str, Intent] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)
    approvals: tuple[RolloutApprovalSpec, ...] = ()
    unread: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    broken: frozenset[str] = frozenset()
    is_required: bool = False


class Membership(NamedTuple):
    """In which rollout and wave an intent is, the wave from 0; None where no wave selects it."""

    rollout: str
    wave: int | None


@dataclass(frozen=True, slots=True)
class RolledOut:
    """What rollouts leave of the decisions, and how far they are, by their names."""

    decisions: Mapping[str, Decision]
    states: Mapping[str, RolloutState] = field(default_factory=dict)


def roll_out(
    documents: RolloutDocuments,
    decisions: Mapping[str, Decision],
    paired: Mapping[str, bool | None],
    history: RolloutHistory,
    *,
    now: datetime,
) -> RolledOut:
    """Hold back what rollouts do not let begin now.

    `paired` are intents without a decision that are paired in the generation that is wanted now,
    each with whether Palette shows its cluster as healthy; None where only the record says that it
    is paired: that lets no other wave begin. Members that are in neither
    were not seen: they hold the waves after them.
    """
    by_rollout: dict[str, dict[str, int | None]] = {name: {} for name in documents.rollouts}
    held = dict(decisions)
    for name, intent in documents.intents.items():
        if intent.spec.desired is not Desired.PAIRED:
            continue
        found = memberships(documents, name)
        if len(found) == 1:
            by_rollout[found[0].rollout][name] = found[0].wave
        elif name in held:
            held[name] = _held(held[name], _without_rollout(documents, found))
    for name in documents.broken:
        found = memberships(documents, name)
        if len(found) == 1:
            by_rollout[found[0].rollout][name] = found[0].wave
    states = {}
    for rollout, members in by_rollout.items():
        campaign = _Campaign(rollout, documents, members, held, paired, history, now)
        held |= campaign.decide()
        states[rollout] = campaign.state(held)
    return RolledOut(held, states)


def memberships(documents: RolloutDocuments, name: str) -> list[Membership]:
    """Return the rollouts that select an intent, and its wave in each."""
    labels = documents.labels.get(name)
    if labels is None:
        return []
    return [
        Membership(rollout, spec.wave_of(labels))
        for rollout, spec in documents.rollouts.items()
        if spec.select.selects(labels)
    ]


def outside_windows(documents: RolloutDocuments, name: str, now: datetime) -> Problem | None:
    """Say that nothing may begin for an intent at an instant, by the windows of its rollout."""
    intent = documents.intents.get(name)
    if intent is None or intent.spec.desired is not Desired.PAIRED:
        return None
    for one in memberships(documents, name):
        windows = documents.rollouts[one.rollout].windows
        if not is_open(windows, now):
            return _outside(one.rollout, windows or (), now).problem
    return None


class _Hold(NamedTuple):
    """Why an action is held back; `is_soon` where looking again soon can show that it is not."""

    problem: Problem
    waiting_for: str
    is_soon: bool = False


def _held(decision: Decision, hold: _Hold | None) -> Decision:
    if hold is None or decision.action is None:
        return decision
    verdict = blocked(hold.problem, hold.waiting_for)
    if hold.is_soon:
        verdict = replace(verdict, pace=Pace.SOON)
    return Decision(decision.case, verdict, conditions(decision.case, verdict))


def _without_rollout(documents: RolloutDocuments, found: Sequence[Membership]) -> _Hold | None:
    """Say why an intent that is in no rollout, or in several, is held back, if it is."""
    if found:
        names = " and ".join(one.rollout for one in found)
        return _Hold(
            Problem(
                "InSeveralRollouts",
                f"ready, and held back: the rollouts {names} both select the intent",
                "let one of them select it, by its labels",
            ),
            "one rollout to select the intent",
        )
    if documents.refused:
        where = ", ".join(documents.refused[:_MOST_NAMED])
        return _Hold(
            Problem(
                "RolloutUnreadable",
                "ready, and held back: a rollout that may select the intent is not followed, since "
                f"it cannot be read or has errors: {where}",
                "mend what `pairctl validate` shows",
            ),
            "the rollout to be readable",
        )
    if documents.is_required:
        return _Hold(
            Problem(
                "NoRollout",
                "ready, and held back: no rollout selects the intent, and the operator's file asks "
                "for one (`requireRollout: true`)",
                "give the intent a label that a rollout selects, or commit a rollout",
            ),
            "a rollout that selects the intent",
        )
    return None


def _outside(rollout: str, windows: Sequence[Window], now: datetime) -> _Hold:
    opens = next_opening(windows, now)
    when = f"the next one opens at {opens:%Y-%m-%dT%H:%M:%SZ}" if opens else "none opens soon"
    return _Hold(
        Problem(
            "OutsideWindow",
            f"ready, and held back: no window of rollout `{rollout}` is open; {when}",
            "wait for the window, or change `windows` of the rollout",
        ),
        f"a window of rollout {rollout}" + (f", {opens:%Y-%m-%dT%H:%M:%SZ}" if opens else ""),
    )


class _Campaign:
    """One rollout in one pass: its members, where each is, and what may begin."""

    def __init__(
        self,
        name: str,
        documents: RolloutDocuments,
        members: Mapping[str, int | None],
        decisions: Mapping[str, Decision],
        paired: Mapping[str, bool | None],
        history: RolloutHistory,
        now: datetime,
    ) -> None:
        self._name = name
        self._documents = documents
        self._spec = documents.rollouts[name]
        self._members = members
        self._decisions = {one: decisions[one] for one in members if one in decisions}
        self._paired = {one: health for one, health in paired.items() if one in members}
        self._now = now
        self._by_wave: list[list[str]] = [[] for _ in self._spec.waves]
        for member, wave in members.items():
            if wave is not None:
                self._by_wave[wave].append(member)
        self._states = {one: self._state_of(one) for one in members}
        self._covered = [self._covered_in(number) for number in range(len(self._by_wave))]
        self._complete = [self._is_complete(number) for number in range(len(self._by_wave))]
        self._open = [all(self._complete[:number]) for number in range(len(self._by_wave))]
        self._halted = self._cause_of_halt()
        self._pace = Places(self._spec, self._own(history), self._begun())

    # ── where each member is ─────────────────────────────────────────────────────────────────────

    def _state_of(self, name: str) -> MemberState:
        decision = self._decisions.get(name)
        if name in self._documents.broken:
            return MemberState.BLOCKED
        if decision is None:
            return MemberState.PAIRED if name in self._paired else MemberState.WAITING
        return state_of(decision)

    def _is_healthy(self, name: str) -> bool:
        decision = self._decisions.get(name)
        if decision is None:
            return self._paired.get(name) is True
        registered = decision.case.registered
        return registered is not None and (
            cluster_health(registered.health) is ClusterHealth.HEALTHY
        )

    def _in_state(self, number: int, state: MemberState) -> list[str]:
        return [one for one in self._by_wave[number] if self._states[one] is state]

    def _unhealthy(self, number: int) -> list[str]:
        paired = self._in_state(number, MemberState.PAIRED)
        return [one for one in paired if not self._is_healthy(one)]

    # ── which waves are complete, and which are open ─────────────────────────────────────────────

    def _is_complete(self, number: int) -> bool:
        """Whether the waves after one need not wait for it."""
        size = len(self._by_wave[number])
        dark = len(self._in_state(number, MemberState.DARK))
        paired = len(self._in_state(number, MemberState.PAIRED))
        return (
            not self._documents.unread
            and paired + dark == size
            and _is_within(dark, size, self._spec.unreachable.allowed_percent)
            and self._is_well(number)
        )

    def _is_well(self, number: int) -> bool:
        """Whether Palette shows enough of a wave as healthy, or no later wave needs to know."""
        later = (one for wave in self._by_wave[number + 1 :] for one in wave)
        if all(self._states[one] is MemberState.PAIRED for one in later):
            return True
        if any(self._paired.get(one, True) is None for one in self._by_wave[number]):
            return False
        size, unhealthy = len(self._by_wave[number]), len(self._unhealthy(number))
        return _is_within(unhealthy, size, self._spec.unhealthy.allowed_percent)

    def _covered_in(self, number: int) -> frozenset[str] | None:
        """Return the members of a wave that approvals cover; None where it has no gate."""
        wave = self._spec.waves[number]
        if wave.gate is None:
            return None
        generations = {name: one.generation for name, one in self._documents.intents.items()}
        covered: set[str] = set()
        for approval in self._documents.approvals:
            if (approval.rollout, approval.wave) != (self._name, wave.name):
                continue
            pairs = [(one, generations.get(one, "")) for one in dict.fromkeys(approval.intents)]
            if approval_digest(self._name, wave.name, pairs) == approval.digest:
                covered |= set(approval.intents)
        return frozenset(covered)

    def _cause_of_halt(self) -> str:
        """Say why nothing new begins, where so many have failed; else nothing."""
        halt, failed = self._spec.halt_when, self._names(MemberState.FAILED)
        if halt.failed is not None and len(failed) >= halt.failed:
            return f"{len(failed)} failed ({_few(failed)}), and `haltWhen.failed` is {halt.failed}"
        for number, wave in enumerate(self._spec.waves):
            failed, size = self._in_state(number, MemberState.FAILED), len(self._by_wave[number])
            percent = halt.failed_percent
            if percent is not None and failed and len(failed) * 100 >= percent * size:
                return (
                    f"{len(failed)} of {size} in wave `{wave.name}` failed ({_few(failed)}), and "
                    f"`haltWhen.failedPercent` is {percent}"
                )
        return ""

    def _names(self, state: MemberState) -> list[str]:
        return [name for name, one in self._states.items() if one is state]

    # ── what may begin ───────────────────────────────────────────────────────────────────────────

    def _own(self, history: RolloutHistory) -> RolloutHistory:
        """Keep to what may be of this rollout: renaming or deleting an intent frees no place."""
        others = self._documents.labels.keys() - self._members.keys()
        own = {canonical_uid(one.case.local_uid) for one in self._decisions.values()}
        return RolloutHistory(
            tuple(
                one
                for one in history.claims
                if one.intent not in others or canonical_uid(one.cluster) in own
            ),
            tuple(
                one
                for one in history.recent
                if one.intent not in others or canonical_uid(one.cluster) in own
            ),
            history.unreadable,
        )

    def _begun(self) -> frozenset[str]:
        """Return the clusters whose request is on its way, and waits for no person."""
        return frozenset(
            cluster_of(name, one)
            for name, one in self._decisions.items()
            if one.phase is Phase.REQUESTED and (one.is_under_way or one.action)
        )

    def decide(self) -> dict[str, Decision]:
        """Return the decisions on the members, with what may not begin now held back.

        Earlier waves come first under the pace: those that were dark are caught up.
        """
        in_order = [one for wave in self._by_wave for one in wave]
        in_order += [one for one, wave in self._members.items() if wave is None]
        found = {}
        for name in in_order:
            decision = self._decisions.get(name)
            if decision is None or decision.action is None:
                continue
            hold = self._hold(name, decision)
            if hold is None:
                self._pace.take(name, decision)
                continue
            found[name] = _held(decision, hold)
            self._states[name] = MemberState.HELD
        return found

    def _hold(self, name: str, decision: Decision) -> _Hold | None:
        wave = self._members[name]
        return (
            self._suspended()
            or self._halt()
            or self._wave_not_open(wave)
            or self._not_approved(name, wave)
            or self._out_of_windows()
            or self._out_of_pace(name, decision)
        )

    def _suspended(self) -> _Hold | None:
        suspension = self._spec.suspend
        if suspension is None:
            return None
        return _Hold(
            Problem(
                "RolloutSuspended",
                f"ready, and held back: rollout `{self._name}` is suspended by {suspension.by}: "
                f"{suspension.reason}",
                "take `suspend` out of the rollout once it may go on",
            ),
            f"rollout {self._name} to go on",
        )

    def _halt(self) -> _Hold | None:
        if not self._halted:
            return None
        return _Hold(
            Problem(
                "RolloutHalted",
                f"ready, and held back: rollout `{self._name}` has halted: {self._halted}",
                "see what failed; mend it and raise `attempt` in its intent, or change `haltWhen`",
            ),
            f"a commit that lets rollout {self._name} go on",
        )

    def _wave_not_open(self, number: int | None) -> _Hold | None:
        if number is None:
            return _Hold(
                Problem(
                    "InNoWave",
                    f"ready, and held back: rollout `{self._name}` selects the intent, and none of "
                    "its waves does",
                    "give the rollout a last wave without `select`, or the intent another label",
                ),
                f"a wave of rollout {self._name} to select the intent",
            )
        if self._open[number]:
            return None
        first = self._complete.index(False)
        before, wave = self._spec.waves[first].name, self._spec.waves[number].name
        return _Hold(
            Problem(
                "WaitingForWave",
                f"ready, and held back: wave `{wave}` of rollout `{self._name}` begins when all of "
                f"wave `{before}` are paired, and healthy in Palette",
                f"wait for wave `{before}`; `status --rollouts` says what it waits for",
            ),
            f"wave {before} of rollout {self._name}",
            is_soon=self._may_complete_soon(first),
        )

    def _may_complete_soon(self, number: int) -> bool:
        """Whether looking again soon can show a wave as complete without anybody's help."""
        if any(
            self._states[one] is MemberState.UNDER_WAY and self._decisions[one].is_under_way
            for one in self._by_wave[number]
        ):
            return True
        is_paired = len(self._in_state(number, MemberState.PAIRED)) > 0
        return is_paired and not self._complete[number] and self._gets_well_soon(number)

    def _gets_well_soon(self, number: int) -> bool:
        """Whether all that is missing is that Palette says how well some clusters are."""
        registered = [
            decision.case.registered
            for one in self._unhealthy(number)
            if (decision := self._decisions.get(one))
        ]
        return bool(registered) and all(
            one is not None and cluster_health(one.health) is not ClusterHealth.UNHEALTHY
            for one in registered
        )

    def _not_approved(self, name: str, number: int | None) -> _Hold | None:
        covered = self._covered[number] if number is not None else None
        if number is None or covered is None or name in covered:
            return None
        wave = self._spec.waves[number].name
        return _Hold(
            Problem(
                "WaitingForWaveApproval",
                f"ready, and held back: wave `{wave}` of rollout `{self._name}` asks for an "
                "approval, and none is committed that covers the intent as it is now",
                "commit a RolloutApproval; `pairctl status --rollouts` has its digest",
            ),
            f"an approval of wave {wave} of rollout {self._name}",
        )

    def _out_of_windows(self) -> _Hold | None:
        windows = self._spec.windows
        return (
            None if is_open(windows, self._now) else _outside(self._name, windows or (), self._now)
        )

    def _out_of_pace(self, name: str, decision: Decision) -> _Hold | None:
        limit = self._pace.limit(name, decision)
        if limit is None:
            return None
        count, per, is_soon = limit
        return _Hold(
            Problem(
                "PaceReached",
                f"ready, and held back: rollout `{self._name}` has a pace of {count} {per}",
                f"wait for {'another to be paired' if is_soon else 'a place within the hour'}, or "
                "raise `pace` of the rollout",
            ),
            f"a place under the pace of rollout {self._name}",
            is_soon,
        )

    # ── what is shown ────────────────────────────────────────────────────────────────────────────

    def state(self, decisions: Mapping[str, Decision]) -> RolloutState:
        """Return how far the rollout is, after `decide`; `decisions` are what came of it."""
        waves = tuple(self._wave_state(number) for number in range(len(self._by_wave)))
        current = next((wave.name for wave in waves if not wave.is_complete), None)
        waits = self._waits_for(decisions)
        opens = None
        if waits and waits.reason == "OutsideWindow":
            opens = next_opening(self._spec.windows, self._now)
        return RolloutState(
            name=self._name,
            phase=self._phase(waits),
            waves=waves,
            current=current,
            waits_for=waits,
            goes_on_at=opens,
            pace_left=self._pace.left,
            ends_at=self._ends_at(),
            halted=self._halted,
            untouched=tuple(sorted(name for name in self._members if self._is_untouched(name))),
            in_no_wave=tuple(sorted(n for n, wave in self._members.items() if wave is None)),
            unread=self._documents.unread,
            members={
                name: self._spec.waves[wave].name
                for name, wave in sorted(self._members.items())
                if wave is not None
            },
        )

    def _wave_state(self, number: int) -> WaveState:
        wave, covered = self._spec.waves[number], self._covered[number]
        names = sorted(self._by_wave[number])
        members = {
            state: found
            for state in MemberState
            if (found := tuple(one for one in names if self._states[one] is state))
        }
        unapproved: tuple[str, ...] = ()
        if covered is not None:
            paired = members.get(MemberState.PAIRED, ())
            unapproved = tuple(one for one in names if one not in covered and one not in paired)
        intents = self._documents.intents
        return WaveState(
            name=wave.name,
            members=members,
            is_open=self._open[number],
            is_complete=self._complete[number],
            has_gate=covered is not None,
            unapproved=unapproved,
            digest=approval_digest(
                self._name,
                wave.name,
                [(one, intents[one].generation) for one in unapproved if one in intents],
            )
            if unapproved
            else "",
            unhealthy=tuple(sorted(self._unhealthy(number))),
        )

    def _phase(self, waits: Wait | None) -> RolloutPhase:
        if all(one is MemberState.PAIRED for one in self._states.values()) and self._is_known:
            return RolloutPhase.COMPLETE
        if self._spec.suspend is not None:
            return RolloutPhase.SUSPENDED
        if self._halted:
            return RolloutPhase.HALTED
        is_moving = MemberState.UNDER_WAY in self._states.values()
        return RolloutPhase.PROGRESSING if is_moving or waits is None else RolloutPhase.WAITING

    @property
    def _is_known(self) -> bool:
        return not self._documents.unread

    def _waits_for(self, decisions: Mapping[str, Decision]) -> Wait | None:
        """Return the one reason why no more begin now; None where none is left, or more may."""
        if all(one is MemberState.PAIRED for one in self._states.values()) and self._is_known:
            return None
        if hold := self._suspended() or self._halt():
            return Wait(hold.problem.reason, _short(hold.problem.message))
        held = [decisions[name] for name in self._names(MemberState.HELD)]
        nearest = next((one for one in held if one.verdict.reason != "WaitingForWave"), None)
        if nearest:
            return Wait(nearest.verdict.reason, _short(nearest.verdict.message))
        return self._wave_waits_for()

    def _wave_waits_for(self) -> Wait | None:
        """Say what the current wave waits for."""
        if not self._is_known:
            unread = _few(self._documents.unread)
            return Wait("MembersUnknown", f"intents cannot be read, and may be members: {unread}")
        if False not in self._complete:
            return None
        number = self._complete.index(False)
        wave, size = self._spec.waves[number].name, len(self._by_wave[number])
        parts = [
            f"{len(found)} {words} ({_few(found)})"
            for state, words in _WORDS.items()
            if (found := sorted(self._in_state(number, state)))
        ]
        if unhealthy := sorted(self._unhealthy(number)):
            parts.append(f"{len(unhealthy)} not healthy in Palette ({_few(unhealthy)})")
        return Wait("WaitingForWave", f"wave `{wave}`, {size} intents: {', '.join(parts)}")

    def _is_untouched(self, name: str) -> bool:
        state, decision = self._states[name], self._decisions.get(name)
        if state in (MemberState.PAIRED, MemberState.UNDER_WAY, MemberState.FAILED):
            return False
        return decision is None or not decision.case.request_is_ours

    def _ends_at(self) -> datetime | None:
        """Return when the last that can be paired is accepted, at the pace and in the windows."""
        per_hour = self._spec.pace.per_hour
        over = (MemberState.PAIRED, MemberState.DARK, MemberState.FAILED, MemberState.BLOCKED)
        left = sum(one not in over for one in self._states.values())
        if per_hour is None or not left:
            return None
        return open_for(self._spec.windows, self._now, timedelta(hours=left / per_hour))


_WORDS = {
    MemberState.UNDER_WAY: "under way",
    MemberState.HELD: "held back",
    MemberState.WAITING: "suspended or not looked at",
    MemberState.BLOCKED: "blocked",
    MemberState.DARK: "dark",
    MemberState.FAILED: "failed",
}


def state_of(decision: Decision) -> MemberState:
    """Return where a member is by what was decided on it; an acceptance is seen through."""
    case, phase = decision.case, decision.phase
    is_dark = case.host_problem is not None and case.host_problem.reason in DARK_REASONS
    was_accepted = is_accepted(case) or case.recorded.accepted_at is not None
    is_blocked = decision.verdict.is_blocked and phase is not Phase.ACCEPTED
    by_state = {
        MemberState.PAIRED: phase is Phase.PAIRED,
        MemberState.FAILED: _has_failed(decision),
        MemberState.HELD: decision.verdict.reason in HELD_BY_ROLLOUTS,
        MemberState.UNDER_WAY: was_accepted or decision.action is not None,
        MemberState.DARK: is_dark,
        MemberState.WAITING: phase is Phase.WAITING,
        MemberState.BLOCKED: is_blocked,
    }
    return next((state for state, is_so in by_state.items() if is_so), MemberState.UNDER_WAY)


def _has_failed(decision: Decision) -> bool:
    """Whether a member met a no, or was given up after its acceptance: a commit has to mend it."""
    declined = decision.case.recorded.declined
    is_declined = declined is not None and decision.verdict.reason == declined.reason
    is_given_up = decision.phase is Phase.ACCEPTED and decision.verdict.is_blocked
    is_unknown = decision.verdict.reason in _FAILURES
    return decision.phase is Phase.FAILED or is_declined or is_given_up or is_unknown


def _is_within(some: int, size: int, percent: int) -> bool:
    return some * 100 <= percent * size


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
    return f"{', '.join(listed[:_MOST_NAMED])}{more}"


def _short(message: str) -> str:
    return message.removeprefix("ready, and held back: ")
