"""The steps of a run as lines of the log: every change of state is one, and nothing else is."""

from collections.abc import Mapping

from pairctl.cli.log_catalogue import emit
from pairctl.engine import (
    Acted,
    Acting,
    Concluded,
    Ending,
    Event,
    HeartbeatRefused,
    HeartbeatTaken,
    OutageBegan,
    OutageEnded,
    PassResult,
    PassStarted,
    Recorded,
    Unrecorded,
)
from pairctl.pairing import RolloutPhase, RolloutState, Status
from pairctl.problem import Problem

State = tuple[str, str, str]
"""Phase, reason and message of a status."""

Progress = tuple[str, str, str]
"""Phase and wave of a rollout, and the reason why it waits."""


class EventLog:
    """Writes what the engine says. Call it with its events.

    What was so on record when the run began is no change.
    """

    def __init__(self) -> None:
        self._known: dict[str, State] | None = None

    def __call__(self, event: Event) -> None:
        """Write what an event says that was not so before."""
        match event:
            case PassStarted(commit, names):
                emit("PassStarted", commit=commit, intents=len(names))
            case Concluded(before, statuses):
                self._compare(before, statuses)
            case Acting(name, action):
                emit("ActionBegan", intent=name, action=str(action))
            case Acted(name, action, outcome, message):
                event_name = "ActionDone" if outcome == Ending.DONE else "ActionNotDone"
                fields = {"intent": name, "action": str(action), "outcome": str(outcome)}
                emit(event_name, **fields, message=message)
            case Recorded(commit):
                if commit:
                    emit("Recorded", commit=commit)
            case Unrecorded(name, message):
                emit("ActionUnrecorded", intent=name, message=message)
            case OutageBegan() | OutageEnded() | HeartbeatRefused() | HeartbeatTaken():
                _write_outage(event)
            case _:
                pass

    def _compare(self, before: Mapping[str, Status], statuses: Mapping[str, Status]) -> None:
        known = self._known
        if known is None:
            known = {name: _state(one) for name, one in before.items()}
        now = {name: _state(one) for name, one in statuses.items()}
        for name, state in now.items():
            if known.get(name) != state:
                phase, reason, message = state
                was = "/".join(known[name][:2]) if name in known else ""
                level = "warning" if statuses[name].is_blocked else ""
                emit(
                    "StatusChanged",
                    level=level,
                    intent=name,
                    phase=phase,
                    reason=reason,
                    message=message,
                    before=was,
                )
        for name in known.keys() - now.keys():
            emit("StatusRemoved", intent=name, before="/".join(known[name][:2]))
        self._known = now


def _write_outage(
    event: OutageBegan | OutageEnded | HeartbeatRefused | HeartbeatTaken,
) -> None:
    match event:
        case OutageBegan(problem):
            emit("OutageBegan", **_words(problem))
        case OutageEnded(passes, lasted_s):
            emit("OutageEnded", passes=passes, lasted_s=round(lasted_s, 1))
        case HeartbeatRefused(ref, message):
            emit("HeartbeatRefused", ref=ref, message=message)
        case HeartbeatTaken(ref):
            emit("HeartbeatTaken", ref=ref)


class PassLog:
    """Writes what passes came to beside statuses.

    What a commit holds and is refused is written once a commit, a Palette that cannot be seen once
    for as long as it is so, and once when it is seen again; how far a rollout is where that is
    another than before.
    """

    def __init__(self) -> None:
        self._commit = ""
        self._unseen: Mapping[str, Problem] = {}
        self._rollouts: dict[str, Progress] = {}

    def __call__(self, result: PassResult) -> None:
        """Take note of a pass."""
        if result.source.commit != self._commit:
            for one in result.source.refusals:
                emit(
                    "DocumentRefused",
                    path=one.path,
                    line=one.line,
                    column=one.column,
                    code=str(one.code),
                    message=one.message,
                    hint=one.hint,
                    commit=result.source.commit,
                )
        self._commit = result.source.commit
        for name, problem in result.unseen_palettes.items():
            if self._unseen.get(name) != problem:
                emit("PaletteUnseen", palette=name, **_words(problem))
        seen = result.source.palettes.keys() - result.unseen_palettes.keys()
        for name in sorted(self._unseen.keys() & seen):
            emit("PaletteSeen", palette=name)
        self._unseen = result.unseen_palettes
        for name, state in sorted(result.rollouts.items()):
            self._compare(name, state)

    def _compare(self, name: str, state: RolloutState) -> None:
        before, waits = self._rollouts.get(name), state.waits_for
        # While it goes on, what the next of its members waits for is another all the time.
        is_progressing = state.phase is RolloutPhase.PROGRESSING
        reason = waits.reason if waits and not is_progressing else ""
        now = self._rollouts[name] = (state.phase.value, state.current or "", reason)
        if now == before:
            return
        emit(
            "RolloutChanged",
            level="warning" if state.phase is RolloutPhase.HALTED else "",
            rollout=name,
            phase=state.phase.value,
            wave=state.current or "",
            reason=reason,
            message=state.halted or (waits.message if waits and reason else ""),
            before="/".join(filter(None, before)) if before else "",
        )


def _words(problem: Problem) -> dict[str, str]:
    return {"reason": problem.reason, "message": problem.message, "hint": problem.hint}


def _state(status: Status) -> State:
    return status.phase.value, status.reason, status.message
