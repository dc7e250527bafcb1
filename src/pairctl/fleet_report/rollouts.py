"""Rollouts on record as the report draws them: each a campaign of waves."""

from collections.abc import Mapping, Sequence

from pairctl.engine import RolloutRecord
from pairctl.fleet_report.campaign import Campaign, Wave, WaveProgress
from pairctl.pairing import MemberState, RolloutPhase
from pairctl.records import RecordedRollout, RecordedWave

SHOWN_STATES = (
    MemberState.PAIRED,
    MemberState.UNDER_WAY,
    MemberState.HELD,
    MemberState.WAITING,
    MemberState.BLOCKED,
    MemberState.DARK,
    MemberState.FAILED,
)


def campaigns_of(rollouts: Mapping[str, RolloutRecord]) -> tuple[Campaign, ...]:
    """Return the rollouts on record, by name, as they were when the last pass wrote them."""
    return tuple(_campaign(name, one) for name, one in sorted(rollouts.items()))


def _campaign(name: str, one: RolloutRecord) -> Campaign:
    recorded = one.recorded
    waves = tuple(_wave(wave, recorded, one.waves) for wave in recorded.waves)
    note = f"{recorded.phase}: {recorded.halted}" if recorded.halted else str(recorded.phase)
    return Campaign(name, waves, note)


def _wave(wave: RecordedWave, recorded: RecordedRollout, waves: Mapping[str, str]) -> Wave:
    counted = {name for names in wave.members.values() for name in names}
    # The record counts those that are paired; the documents name them.
    paired = [name for name, of in waves.items() if of == wave.name and name not in counted]
    members: dict[str, Sequence[str]] = {}
    for state in SHOWN_STATES:
        named = wave.members.get(state, ())
        if state is MemberState.PAIRED:
            named = tuple(sorted(paired)[: wave.counts.get(state, 0)])
        if named:
            members[state] = named
    is_current = wave.name == recorded.current
    parts, when = [], ""
    if is_current and recorded.goes_on_at is not None:
        when = f"goes on at {recorded.goes_on_at:%Y-%m-%d %H:%M} UTC"
    if is_current and recorded.waits_for is not None:
        parts.append(recorded.waits_for.message)
    if wave.unapproved:
        parts.append(f"{len(wave.unapproved)} not approved")
    if wave.unhealthy:
        parts.append(f"{len(wave.unhealthy)} not healthy in Palette")
    return Wave(
        wave.name,
        _progress(wave, recorded, is_current=is_current),
        members,
        when,
        "; ".join(parts),
    )


def _progress(wave: RecordedWave, recorded: RecordedRollout, *, is_current: bool) -> WaveProgress:
    if wave.is_complete:
        return WaveProgress.DONE
    if not is_current:
        return WaveProgress.COMING
    is_stopped = recorded.phase in (RolloutPhase.HALTED, RolloutPhase.SUSPENDED)
    return WaveProgress.HALTED if is_stopped else WaveProgress.CURRENT
