"""Acceptances that wait for an approval, by what the last pass wrote down."""

from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.engine.plan.plan import read_repository, selected_intents
from pairctl.engine.runtime.settings import Settings
from pairctl.layers import Stack
from pairctl.pairing import Intent, Phase, Status
from pairctl.problem import PairctlError, Problem
from pairctl.records import observed_cluster
from pairctl.spec import Finding
from pairctl.text import did_you_mean

_OVER = frozenset({Phase.ACCEPTED, Phase.PAIRED})


@dataclass(frozen=True, slots=True)
class Approvable:
    """An acceptance that can be approved by the digest of its status.

    `layers` are the cluster's as they were last seen. It is current unless the documents have
    changed since the last pass: then its digest is of something else.
    """

    status: Status
    layers: Stack
    is_current: bool


@dataclass(frozen=True, slots=True)
class Approvals:
    """What can be approved. Of what is in `refused` files and documents nothing is known."""

    items: tuple[Approvable, ...]
    refused: tuple[Finding, ...] = ()


async def read_approvable(settings: Settings) -> Approvals:
    """Return what waits for an approval, of the settings' selection. Nobody but Git is asked.

    Raises PairctlError where a name waits for none, nothing is selected, or no pass has written
    anything down yet.
    """
    source, ledger = await read_repository(settings)
    names = settings.selection.names
    chosen = frozenset(names) if names else selected_intents(settings, source)
    found = {
        name: Approvable(
            status,
            cluster.layers if (cluster := observed_cluster(ledger.files, name)) else (),
            is_current=status.generation == intent.generation,
        )
        for name, intent in source.intents.items()
        if chosen is None or name in chosen
        if (status := ledger.statuses.get(name)) and _waits(status, intent)
    }
    if ledger.tip is None and not names:
        branch = settings.repository.status_branch
        words = f"there is no status branch yet, no branch {branch}: "
        words += "no pass has looked at what waits for an approval"
        hint = "run `pairctl apply` first, or check --status-branch and --remote"
        raise PairctlError(Problem("NoStatus", words, hint))
    for name in names:
        if name not in found:
            raise PairctlError(_waits_for_none(name, ledger.statuses))
    return Approvals(tuple(found[name] for name in names or found), source.refusals)


def _waits(status: Status, intent: Intent) -> bool:
    """Whether there is something to approve that no committed approval names."""
    if not status.digest or status.phase in _OVER:
        return False
    return intent.approval is None or intent.approval.digest != status.digest


def _waits_for_none(name: str, statuses: Mapping[str, Status]) -> Problem:
    status = statuses.get(name)
    if status is None:
        hint = did_you_mean(name, statuses) or "run `pairctl apply` first"
        return Problem("NoStatus", f"there is no status of {name}", hint)
    return Problem(
        "NothingToApprove",
        f"{name} waits for no approval: it is {status.phase} ({status.reason})",
        "see `pairctl status`; only what is proven and acknowledged can be approved, "
        "for a Palette with `requireApproval: true`",
    )
