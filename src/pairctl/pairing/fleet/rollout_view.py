"""How far a rollout is, for people: put together after its members are held. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pairctl.pairing.fleet.rollout_holds import HELD, Holds
from pairctl.pairing.fleet.rollout_pace import Places
from pairctl.pairing.fleet.rollout_progress import Progress, few
from pairctl.pairing.fleet.rollout_state import (
    MemberState,
    RolloutPhase,
    RolloutState,
    Wait,
    WaveState,
)
from pairctl.pairing.fleet.windows import next_opening, open_for
from pairctl.pairing.outcome.decision import Decision

_WORDS = {
    MemberState.UNDER_WAY: "under way",
    MemberState.HELD: "held back",
    MemberState.WAITING: "suspended or not looked at",
    MemberState.BLOCKED: "blocked",
    MemberState.DARK: "dark",
    MemberState.FAILED: "failed",
}
_TOUCHED = (MemberState.PAIRED, MemberState.UNDER_WAY, MemberState.FAILED)
_NOT_TO_COME = (MemberState.PAIRED, MemberState.DARK, MemberState.FAILED, MemberState.BLOCKED)


def view_of(
    progress: Progress,
    holds: Holds,
    places: Places,
    decisions: Mapping[str, Decision],
    now: datetime,
) -> RolloutState:
    """Return how far a rollout is; `decisions` are what it has left of them."""
    current, members = progress.current, progress.members
    waits = _waits_for(progress, holds, decisions)
    is_outside = waits is not None and waits.reason == "OutsideWindow"
    return RolloutState(
        name=progress.name,
        phase=_phase(progress, waits),
        waves=tuple(_wave(progress, number) for number in range(len(progress.waves))),
        current=None if current is None else progress.spec.waves[current].name,
        waits_for=waits,
        goes_on_at=next_opening(progress.spec.windows, now) if is_outside else None,
        pace_left=places.left,
        ends_at=_ends_at(progress, now),
        halted=progress.halted,
        untouched=tuple(sorted(name for name in members if _is_untouched(progress, name))),
        in_no_wave=tuple(sorted(name for name, wave in members.items() if wave is None)),
        unread=progress.documents.unread,
        members={
            name: progress.spec.waves[wave].name
            for name, wave in sorted(members.items())
            if wave is not None
        },
    )


def _wave(progress: Progress, number: int) -> WaveState:
    wave, covered = progress.spec.waves[number], progress.covered[number]
    names = sorted(progress.waves[number])
    members = {
        state: found
        for state in MemberState
        if (found := tuple(one for one in names if progress.states[one] is state))
    }
    unapproved: tuple[str, ...] = ()
    if covered is not None:
        open_ones = (one for one in names if progress.states[one] is not MemberState.PAIRED)
        unapproved = tuple(
            one for one in open_ones if one not in covered and one in progress.documents.intents
        )
    digest = progress.documents.digest(progress.name, wave.name, unapproved) if unapproved else ""
    return WaveState(
        name=wave.name,
        members=members,
        is_open=progress.is_open[number],
        is_complete=progress.is_complete[number],
        has_gate=covered is not None,
        unapproved=unapproved,
        digest=digest,
        unhealthy=tuple(sorted(progress.unhealthy(number))),
    )


def _phase(progress: Progress, waits: Wait | None) -> RolloutPhase:
    if progress.is_over:
        return RolloutPhase.COMPLETE
    if progress.spec.suspend is not None:
        return RolloutPhase.SUSPENDED
    if progress.halted:
        return RolloutPhase.HALTED
    is_moving = bool(progress.in_state(MemberState.UNDER_WAY))
    # Where all waves are done, nothing but the sites themselves is in the way of the rest.
    is_held = waits is not None and waits.reason != "MembersLeft"
    return RolloutPhase.WAITING if is_held and not is_moving else RolloutPhase.PROGRESSING


def _waits_for(progress: Progress, holds: Holds, decisions: Mapping[str, Decision]) -> Wait | None:
    """Return the one reason why no more begin now; None where none is left, or more may."""
    if progress.is_over:
        return None
    if hold := holds.of_all:
        return Wait(hold.problem.reason, hold.problem.message.removeprefix(HELD))
    waiting = (decisions[name].verdict for name in progress.in_state(MemberState.HELD))
    nearest = next((one for one in waiting if one.reason != "WaitingForWave"), None)
    if nearest:
        return Wait(nearest.reason, nearest.message.removeprefix(HELD))
    return _wave_waits_for(progress)


def _wave_waits_for(progress: Progress) -> Wait:
    """Say what the current wave waits for; where all are complete, what they have left behind."""
    if progress.documents.unread:
        unread = few(progress.documents.unread)
        return Wait("MembersUnknown", f"intents cannot be read, and may be members: {unread}")
    number = progress.current
    parts = [
        f"{len(found)} {words} ({few(found)})"
        for state, words in _WORDS.items()
        if (found := progress.in_state(state, number))
    ]
    if number is None:
        return Wait("MembersLeft", f"all waves are done but for {', '.join(parts)}")
    wave, size = progress.spec.waves[number].name, len(progress.waves[number])
    if unhealthy := progress.unhealthy(number):
        parts.append(f"{len(unhealthy)} not healthy in Palette ({few(unhealthy)})")
    return Wait("WaitingForWave", f"wave `{wave}`, {size} intents: {', '.join(parts)}")


def _is_untouched(progress: Progress, name: str) -> bool:
    """Whether nothing was sent for a member, as far as that was seen."""
    decision = progress.decisions.get(name)
    is_begun = decision is not None and decision.case.request_is_ours
    return progress.states[name] not in _TOUCHED and not is_begun


def _ends_at(progress: Progress, now: datetime) -> datetime | None:
    """Return when the last that can be paired is accepted, at the pace and in the windows."""
    per_hour = progress.spec.pace.per_hour
    left = sum(one not in _NOT_TO_COME for one in progress.states.values())
    if per_hour is None or not left:
        return None
    return open_for(progress.spec.windows, now, timedelta(hours=left / per_hour))
