"""All that a pass has to say to the status branch, and what of it is news there. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pairctl.pairing import Evidence, Phase, Status, Unrecognized
from pairctl.records.ledger import (
    BRANCH_FILE,
    STATUS_FOLDER,
    SUMMARY_FILE,
    Ledger,
    render_branch,
    render_evidence,
    render_status,
    status_path,
)
from pairctl.records.observed import CLUSTERS_FOLDER, same_facts
from pairctl.records.summary import render_summary


@dataclass(frozen=True, slots=True)
class Record:
    """All that a pass has to say. It can be laid upon any tip of the status branch.

    `observed` are files of `observed/` by path. `closed` are claim files that may go, each with
    the bytes it had: one that has changed since is somebody else's, and stays. `evidence` is by
    path, `branch` the id that the branch gets where it has none yet.
    """

    source_commit: str
    statuses: Mapping[str, Status]
    observed: Mapping[str, bytes] = field(default_factory=dict)
    closed: Mapping[str, bytes] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    unrecognized: Mapping[str, Unrecognized] = field(default_factory=dict)
    branch: str = ""


def changes_on(
    ledger: Ledger, record: Record, clean: Callable[[str], str] = str
) -> dict[str, bytes | None]:
    """Return what has to be written, and deleted, on this tip: only files whose bytes differ.

    What was seen again as it was is no change: its file keeps the time since when it is so.
    """
    told = {
        **record.observed,
        **{status_path(name): render_status(s) for name, s in record.statuses.items()},
        **_evidence(ledger, record),
        **_branch_file(ledger, record),
        SUMMARY_FILE: render_summary(record.statuses.values(), record.unrecognized),
    }
    wanted: dict[str, bytes | None] = {
        **{path: clean(body.decode()).encode() for path, body in told.items()},
        **_gone(ledger, record),
        **{p: None for p, body in record.closed.items() if ledger.files.get(p) == body},
    }
    return {path: body for path, body in wanted.items() if _is_news(ledger.files.get(path), body)}


def _evidence(ledger: Ledger, record: Record) -> dict[str, bytes]:
    """Return the evidence files to write: what another has written of the same acceptance stays."""
    return {
        path: render_evidence(one)
        for path, one in record.evidence.items()
        if (known := ledger.evidence.get(path)) is None
        or known.id != one.id
        or (one.is_complete and not known.is_complete)
    }


def _branch_file(ledger: Ledger, record: Record) -> dict[str, bytes]:
    is_new = record.branch and not ledger.branch
    return {BRANCH_FILE: render_branch(record.branch)} if is_new else {}


def _is_news(before: bytes | None, body: bytes | None) -> bool:
    return before != body and (body is None or not same_facts(before, body))


def _gone(ledger: Ledger, record: Record) -> dict[str, bytes | None]:
    """Return the files of intents that are no longer looked after."""
    folders = (STATUS_FOLDER, CLUSTERS_FOLDER)
    return {
        path: None
        for path in ledger.files
        for folder in folders
        if path.startswith(folder)
        and path.removeprefix(folder).removesuffix(".yaml") not in record.statuses
    }


def message_of(record: Record) -> str:
    """Return the message of the commit that writes a record down."""
    counts = Counter(status.phase for status in record.statuses.values())
    told = ", ".join(f"{counts[phase]} {phase}" for phase in Phase if counts[phase])
    return f"Record {told or 'no intents'}\n\nSource-Commit: {record.source_commit}"
