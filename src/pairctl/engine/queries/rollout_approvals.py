"""Waves of rollouts that wait for an approval, by the documents and what is on record."""

from collections.abc import Iterable
from dataclasses import dataclass

from pairctl.engine.desired.source import Source
from pairctl.engine.plan.plan import read_repository, selected_intents
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import Phase
from pairctl.problem import PairctlError, Problem
from pairctl.records import Ledger
from pairctl.spec import Desired, Finding, Gate, RolloutSpec, Wave, approval_digest
from pairctl.text import did_you_mean, name_list

_MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class ApprovableWave:
    """The intents of a wave that no committed approval covers, and that are not paired yet.

    `digest` is over them as they are in the commit. `name` is one that no approval has yet.
    `is_of_all` is whether the wave has no others that wait. `refused` is what is in files and
    documents that nothing is known of.
    """

    name: str
    rollout: str
    wave: str
    intents: tuple[str, ...]
    digest: str
    is_of_all: bool
    refused: tuple[Finding, ...] = ()


async def read_approvable_wave(settings: Settings, rollout: str, wave: str) -> ApprovableWave:
    """Return what an approval of a wave covers, of the settings' selection. Only Git is asked.

    Raises PairctlError where there is no such rollout or wave, the wave has no gate, or none of its
    intents waits for an approval.
    """
    source, ledger = await read_repository(settings)
    spec, number = _wave_of(source, rollout, wave)
    waiting = _uncovered(source, ledger, spec, number, rollout)
    chosen = selected_intents(settings, source)
    names = tuple(name for name in waiting if chosen is None or name in chosen)
    if not names:
        raise PairctlError(_nothing_to_approve(rollout, wave))
    return ApprovableWave(
        _free_name(f"{rollout}-{wave}", source.declared.rollout_approvals),
        rollout,
        wave,
        names,
        _digest(source, rollout, wave, names),
        is_of_all=len(names) == len(waiting),
        refused=source.refusals,
    )


def _wave_of(source: Source, rollout: str, wave: str) -> tuple[RolloutSpec, int]:
    """Return a rollout, and the number of its wave. Raises PairctlError."""
    known = source.declared.rollouts
    if rollout not in known:
        raise PairctlError(_no_such("rollout", rollout, known, f"commit {source.commit[:7]}"))
    spec = known[rollout].document.spec
    waves = [one.name for one in spec.waves]
    if wave not in waves:
        raise PairctlError(_no_such("wave", wave, waves, f"rollout {rollout}"))
    number = waves.index(wave)
    if spec.waves[number].gate is not Gate.APPROVAL:
        raise PairctlError(_no_gate(rollout, spec.waves[number]))
    return spec, number


def _uncovered(
    source: Source, ledger: Ledger, spec: RolloutSpec, number: int, rollout: str
) -> list[str]:
    """Return the intents of a wave that are not paired, and that no approval covers, by name."""
    labels = source.labels
    members = [
        name
        for name, intent in sorted(source.intents.items())
        if intent.spec.desired is Desired.PAIRED
        and (own := labels.get(name)) is not None
        and spec.select.selects(own)
        and spec.wave_of(own) == number
        and not _is_paired(ledger, name)
    ]
    covered = _covered(source, rollout, spec.waves[number].name)
    return [name for name in members if name not in covered]


def _is_paired(ledger: Ledger, name: str) -> bool:
    status = ledger.statuses.get(name)
    return status is not None and status.phase is Phase.PAIRED


def _covered(source: Source, rollout: str, wave: str) -> frozenset[str]:
    found: set[str] = set()
    for one in source.declared.rollout_approvals.values():
        spec = one.document.spec
        is_meant = (spec.rollout, spec.wave) == (rollout, wave)
        if is_meant and _digest(source, rollout, wave, spec.intents) == spec.digest:
            found |= set(spec.intents)
    return frozenset(found)


def _digest(source: Source, rollout: str, wave: str, names: Iterable[str]) -> str:
    intents = source.intents
    pairs = [
        (name, intents[name].generation if name in intents else "") for name in dict.fromkeys(names)
    ]
    return approval_digest(rollout, wave, pairs)


def _free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a name that no approval has: the wanted one, or with the first free number behind."""
    names, number, name = set(taken), 1, wanted
    while name in names:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _no_such(what: str, name: str, known: Iterable[str], where: str) -> Problem:
    listed = sorted(known)
    return Problem(
        f"NoSuch{what.capitalize()}",
        f"{where} has no {what} named {name} (it has: {name_list(listed, _MOST_NAMED) or 'none'})",
        did_you_mean(name, listed) or "check the name, --ref and --path",
    )


def _no_gate(rollout: str, wave: Wave) -> Problem:
    return Problem(
        "NothingToApprove",
        f"wave {wave.name} of rollout {rollout} asks for no approval",
        f"give the wave `gate: {Gate.APPROVAL}` where it shall wait for one",
    )


def _nothing_to_approve(rollout: str, wave: str) -> Problem:
    return Problem(
        "NothingToApprove",
        f"no intent of wave {wave} of rollout {rollout} waits for an approval",
        "see `pairctl status --rollouts --all`; what is paired or covered needs none",
    )
