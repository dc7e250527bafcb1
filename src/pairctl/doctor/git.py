"""What works with the repository: the ref, the documents, the status branch."""

from pairctl.doctor.clock import MOST_SKEW_S
from pairctl.doctor.collector import Collector
from pairctl.engine.desired.source import Source, read_source
from pairctl.engine.observe.last_look import read_heartbeat
from pairctl.engine.observe.status_branch import read_records
from pairctl.engine.runtime.settings import Settings
from pairctl.problem import PairctlError, Problem
from pairctl.records import Ledger
from pairctl.repo import NotAStatusBranch
from pairctl.text import span_text


async def examine_repository(
    collector: Collector, settings: Settings, heartbeat: str = ""
) -> Source | None:
    """Check the repository, and return what the commit declares.

    None where it cannot be read, or the status branch is somebody's: then nothing else is looked
    at. The status branch is fetched into pairctl's own ref, as `plan` does; nothing is pushed.
    """
    repository = settings.repository
    if other := repository.not_followed:
        collector.warn("remote", other.message, other.hint)
    source = await collector.attempt(
        "ref",
        read_source(repository, settings.ref, settings.under, settings.operator),
        lambda found: f"{settings.ref} is commit {found.commit[:7]}",
    )
    if not isinstance(source, Problem):
        problem = documents_problem(source, settings.ref)
        counts = {
            "Palettes": source.declared.palettes,
            "profile matches": source.declared.matches,
            "intents": source.declared.intents,
        }
        stated = ", ".join(f"{what} {len(found)}" for what, found in counts.items())
        collector.judge("documents", problem, f"all valid: {stated}")
    records = await collector.attempt("status-branch", read_records(settings), _report_records)
    try:
        await settings.repository.rehearse_publish()
    except PairctlError as error:
        collector.fail("push", error.problem)
    else:
        # Hooks and rules speak only when there is a push.
        because = "nothing is seen in its way; what hooks and rules of the remote say"
        collector.skip("push", because=f"{because}, only a push shows")
    await _examine_heartbeat(collector, settings, heartbeat)
    is_wrong = isinstance(records, Problem) and records.reason == NotAStatusBranch.__name__
    return None if isinstance(source, Problem) or is_wrong else source


async def _examine_heartbeat(collector: Collector, settings: Settings, ref: str) -> None:
    """Say when `watch` has looked last, and warn of a clock that is not ours; none is no check."""
    try:
        found = await read_heartbeat(settings.repository, ref) if ref else None
    except PairctlError as error:
        collector.skip("heartbeat", because=error.problem.message)
        return
    if found is None:
        return
    age_s = found.age(settings.clock.now()).total_seconds()
    if age_s < -MOST_SKEW_S:
        collector.warn(
            "heartbeat",
            f"the last look was by {found.host}, whose clock is {span_text(-age_s)} ahead of this"
            " machine's",
            "synchronise both: `status --max-age` goes by the clock of who asks",
        )
    else:
        ago = span_text(max(age_s, 0))
        collector.ok("heartbeat", f"the last look was {ago} ago, by {found.writer}")


def documents_problem(source: Source, ref: str) -> Problem | None:
    """Return what keeps documents of the commit from being used."""
    refused = [finding for finding in source.declared.findings if finding.refuses]
    if refused:
        many = f"{len(refused)} finding{'s' * (len(refused) > 1)}"
        return Problem(
            "Invalid",
            f"{many}; the first: {refused[0]}",
            f"run `pairctl validate --ref {ref}` to see them all",
        )
    if source.refused:
        return source.refused[0].problem
    if not source.declared.palettes:
        return Problem(
            "NoPalette",
            "the commit holds no Palette document: there is nothing to reach",
            "check --ref and --path, or commit one",
        )
    return None


def _report_records(ledger: Ledger) -> str:
    if ledger.tip is None:
        return "there is none yet: the first `apply` makes it"
    return f"it can be read, at {ledger.tip[:7]}, with {len(ledger.statuses)} statuses"
