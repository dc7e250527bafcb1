"""An approval of one wave of a rollout: for whom, and with which digest, by the documents."""

from dataclasses import dataclass

from pairctl.engine.desired.rollouts import rollout_documents
from pairctl.engine.plan.plan import read_repository, selected_intents
from pairctl.engine.runtime.settings import Settings
from pairctl.pairing import Phase
from pairctl.problem import PairctlError, Problem
from pairctl.spec import Finding
from pairctl.text import did_you_mean


@dataclass(frozen=True, slots=True)
class WaveApproval:
    """What an approval says that covers all of a wave, as the commit has it, that none covers yet.

    Those that are paired, by what is on record, need none. Of what is in `refused` files and
    documents nothing is known.
    """

    rollout: str
    wave: str
    intents: tuple[str, ...]
    digest: str
    refused: tuple[Finding, ...] = ()


async def read_wave_approval(settings: Settings, rollout: str, wave: str) -> WaveApproval:
    """Return an approval of a wave, for those of the settings' selection. Only Git is asked.

    Raises PairctlError where there is no such rollout or wave, or nothing in it to approve.
    """
    source, ledger = await read_repository(settings)
    documents = rollout_documents(source, ledger, settings.operator)
    chosen = selected_intents(settings, source)
    spec = documents.rollouts.get(rollout)
    if spec is None:
        raise PairctlError(_no_such("rollout", rollout, list(documents.rollouts)))
    names = [one.name for one in spec.waves]
    if wave not in names:
        raise PairctlError(_no_such(f"wave of rollout {rollout}", wave, names))
    covered = documents.covered(rollout, wave)
    found = tuple(
        name
        for name, intent in source.intents.items()
        if (rollout, names.index(wave)) in documents.memberships(name)
        if name not in covered and (chosen is None or name in chosen)
        if (status := ledger.statuses.get(name)) is None
        or (status.phase, status.generation) != (Phase.PAIRED, intent.generation)
    )
    if not found:
        raise PairctlError(
            Problem(
                "NothingToApprove",
                f"in wave {wave} of rollout {rollout} nothing waits for an approval",
                "what is paired needs none; see `pairctl status`",
            )
        )
    digest = documents.digest(rollout, wave, found)
    return WaveApproval(rollout, wave, found, digest, source.refusals)


def _no_such(what: str, name: str, known: list[str]) -> Problem:
    listed = (
        f"there is {', '.join(sorted(known)[:10])}"
        if known
        else "commit a Rollout, or name its repository with -r and --path"
    )
    hint = did_you_mean(name, known) or listed
    return Problem("NoSuchRollout", f"there is no {what} named {name}", hint)
