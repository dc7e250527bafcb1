"""`status/rollouts/<name>.yaml`: how far a rollout is, as the status branch has it. Pure.

Nothing in it ticks: no date but that of the next window, no place that gets free with time. People
and tools read it; pairctl itself reads only that there is one, which can hold members back.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import Field, ValidationError

from pairctl.pairing import MemberState, RolloutPhase, RolloutState, WaveState
from pairctl.records.yaml_text import parse_yaml
from pairctl.spec import API_VERSION, Written, model_schema

ROLLOUTS_FOLDER = "status/rollouts/"


class RecordedName(Written):
    """What a rollout is called."""

    name: str


class RecordedWait(Written):
    """The one thing that a rollout waits for."""

    reason: str
    message: str


class RecordedWave(Written):
    """One wave: how many intents it has, and which are in which state, but those that are paired.

    `unapproved` are those that no approval covers, where the wave has a gate; `digest` is what an
    approval of all of these says.
    """

    name: str
    is_open: bool
    is_complete: bool
    size: int
    counts: dict[MemberState, int] = Field(default={})
    members: dict[MemberState, tuple[str, ...]] = Field(default={})
    unhealthy: tuple[str, ...] = ()
    unapproved: tuple[str, ...] = ()
    digest: str = ""


class RecordedRollout(Written):
    """How far a rollout is; `goesOnAt` is when the next window opens, where it waits for that."""

    phase: RolloutPhase
    current: str = ""
    waits_for: RecordedWait | None = None
    goes_on_at: datetime | None = None
    halted: str = ""
    in_no_wave: tuple[str, ...] = ()
    waves: tuple[RecordedWave, ...]

    @property
    def size(self) -> int:
        """How many intents are in its waves."""
        return sum(wave.size for wave in self.waves)

    def count(self, state: MemberState) -> int:
        """How many of its intents are in a state."""
        return sum(wave.counts.get(state, 0) for wave in self.waves)


class RolloutStatus(Written):
    """The file of one rollout on the status branch."""

    api_version: Literal["pairctl/v1alpha1"] = API_VERSION
    kind: Literal["RolloutStatus"] = "RolloutStatus"
    metadata: RecordedName
    status: RecordedRollout


def rollout_path(name: str) -> str:
    """Return where the status of a rollout stands."""
    return f"{ROLLOUTS_FOLDER}{name}.yaml"


def recorded_rollouts(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the names of the rollouts on record, sorted."""
    found = (path for path in files if path.startswith(ROLLOUTS_FOLDER))
    return tuple(sorted(p.removeprefix(ROLLOUTS_FOLDER).removesuffix(".yaml") for p in found))


def read_rollouts(files: Mapping[str, bytes]) -> dict[str, RecordedRollout]:
    """Return how far the rollouts on record are, by name; of those that can be read."""
    found = ((name, parse_rollout(files[rollout_path(name)])) for name in recorded_rollouts(files))
    return {name: one.status for name, one in found if one is not None}


def recorded_rollout(state: RolloutState) -> RecordedRollout:
    """Return the state of a rollout as it is recorded."""
    waits = state.waits_for
    return RecordedRollout(
        phase=state.phase,
        current=state.current or "",
        waits_for=RecordedWait(reason=waits.reason, message=waits.message) if waits else None,
        goes_on_at=state.goes_on_at,
        halted=state.halted,
        in_no_wave=state.in_no_wave,
        waves=tuple(map(_wave, state.waves)),
    )


def rollout_data(name: str, recorded: RecordedRollout) -> dict[str, Any]:
    """Return how far a rollout is as the document that says it; empty fields left out."""
    document = RolloutStatus(metadata=RecordedName(name=name), status=recorded)
    shown = recorded.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {
        "apiVersion": document.api_version,
        "kind": document.kind,
        "metadata": {"name": name},
        "status": shown,
    }


def parse_rollout(content: bytes) -> RolloutStatus | None:
    """Read the status of a rollout back; None where it is none."""
    try:
        return RolloutStatus.model_validate(parse_yaml(content), strict=False)
    except ValidationError:
        return None


def rollout_schema() -> str:
    """Return the text of the published schema of these files."""
    return model_schema(RolloutStatus, "RolloutStatus")


def _wave(wave: WaveState) -> RecordedWave:
    return RecordedWave(
        name=wave.name,
        is_open=wave.is_open,
        is_complete=wave.is_complete,
        size=wave.size,
        counts={state: len(names) for state, names in wave.members.items()},
        members={
            state: names for state, names in wave.members.items() if state is not MemberState.PAIRED
        },
        unhealthy=() if wave.is_complete else wave.unhealthy,
        unapproved=wave.unapproved,
        digest=wave.digest,
    )
