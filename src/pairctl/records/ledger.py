"""The status branch as the engine reads and writes it: statuses, claims, evidence.

A status that cannot be read (edited by hand, or from another version) counts as absent: the world
is looked at anyway, and the file is written again. A claim or evidence that cannot be read frees
nobody: see `UnreadableClaim`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pairctl.pairing import (
    Claim,
    Evidence,
    Intent,
    Recorded,
    Status,
    UnreadableClaim,
    canonical_uid,
)
from pairctl.records.branch_guard import refuse_foreign
from pairctl.records.claim_files import CLAIMS_FOLDER, claim_path, parse_claim, unreadable_claim
from pairctl.records.evidence_files import EVIDENCE_FOLDER, evidence_path, parse_evidence
from pairctl.records.known_files import KnownFiles
from pairctl.records.rollout_record import ROLLOUTS_FOLDER
from pairctl.records.status_files import STATUS_FOLDER, parse_status, status_path
from pairctl.records.yaml_text import parse_yaml, render_yaml
from pairctl.spec import API_VERSION

if TYPE_CHECKING:
    from pairctl.repo import Repository, StatusTree

SUMMARY_FILE = "STATUS.md"
BRANCH_FILE = "status-branch.yaml"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The status branch at one tip.

    `claims` are all that can be read, by path; `evidence` is by its file's path too. `unreadable`
    are files among the claims, `unreadable_evidence` paths among the evidence, that cannot be read
    or are not named for what they say, `unreadable_statuses` those among the statuses. `branch` is
    the id of the branch, empty where it has none.
    """

    tip: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    unreadable: tuple[UnreadableClaim, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    unreadable_evidence: tuple[str, ...] = ()
    unreadable_statuses: tuple[str, ...] = ()
    branch: str = ""

    def record_of(self, intent: Intent, over: frozenset[str] = frozenset()) -> Recorded:
        """Return what the status branch holds of an intent; `over` are ids of ended claims."""
        status = self.statuses.get(intent.name)
        return replace(
            status.recorded if status else Recorded(),
            claims=tuple(self.claims.values()),
            over=over,
            unreadable=self.unreadable,
        )

    def without_claim(self, claim_id: str) -> "Ledger":
        """Return the ledger as it would be without one claim: its holder's own, say."""
        kept = {path: claim for path, claim in self.claims.items() if claim.id != claim_id}
        return replace(self, claims=kept)


async def read_ledger(repository: "Repository", known: KnownFiles | None = None) -> Ledger:
    """Read the status branch at its tip now. Raises what `Repository` raises.

    Files that are `known`, byte for byte, are not parsed again.

    Raises NotAStatusBranch where it holds anything that is not pairctl's own.
    """
    tree = await repository.status()

    def read() -> Ledger:
        refuse_foreign(repository.status_branch, tree.paths)
        return parse_ledger(tree, known)

    return known.read_at(tree.tip, read) if known and tree.tip else read()


def parse_ledger(tree: "StatusTree", known: KnownFiles | None = None) -> Ledger:
    """Read statuses, claims and evidence out of a status tree."""
    known = KnownFiles() if known is None else known
    known.forget_but(tree.files)
    statuses = [
        (path, known.parsed(path, body, parse_status))
        for path, body in _files(tree.files, STATUS_FOLDER)
    ]
    claims, unreadable = _claims(tree, known)
    evidence = {
        path: known.parsed(path, body, parse_evidence)
        for path, body in _files(tree.files, EVIDENCE_FOLDER)
    }
    good = {
        path: one for path, one in evidence.items() if one and path == evidence_path(one.cluster)
    }
    by_name = {s.name: (path, s) for path, s in statuses if s and path == status_path(s.name)}
    readable = {path for path, _ in by_name.values()}
    not_read = {*(path for path, _ in statuses), *_refused(tree, STATUS_FOLDER)} - readable
    return Ledger(
        tip=tree.tip,
        files=tree.files,
        statuses={name: status for name, (_, status) in by_name.items()},
        claims=claims,
        unreadable=unreadable,
        evidence=good,
        unreadable_evidence=tuple(
            sorted({*evidence, *_refused(tree, EVIDENCE_FOLDER)} - good.keys())
        ),
        unreadable_statuses=tuple(sorted(not_read)),
        branch=parse_branch(tree.files.get(BRANCH_FILE, b"")),
    )


def _claims(
    tree: "StatusTree", known: KnownFiles
) -> tuple[dict[str, Claim], tuple[UnreadableClaim, ...]]:
    """Read the claims. One that is not named for its cluster binds by its content and its name."""
    claims, unreadable = {}, []
    for path, body in _files(tree.files, CLAIMS_FOLDER):
        claim = known.parsed(path, body, parse_claim)
        if claim:
            claims[path] = claim
            # The version before did not fold the letters of the cluster's uid.
            places = (claim_path(claim.cluster), f"{CLAIMS_FOLDER}{claim.cluster}.yaml")
        if claim is None or path not in places:
            unreadable.append(unreadable_claim(path, body))
    refused = _refused(tree, CLAIMS_FOLDER)
    return claims, (*unreadable, *(UnreadableClaim(path, "") for path in refused))


def _refused(tree: "StatusTree", folder: str) -> list[str]:
    return [path for path in tree.unread if canonical_uid(path).startswith(folder)]


def render_branch(branch: str) -> bytes:
    """Return the bytes of the file that gives the status branch its id."""
    return render_yaml(
        {"apiVersion": API_VERSION, "kind": "StatusBranch", "metadata": {"name": branch}}
    )


def parse_branch(content: bytes) -> str:
    """Read the id of a status branch; empty where it says none."""
    try:
        name = parse_yaml(content)["metadata"]["name"]
    except (KeyError, TypeError):
        return ""
    return name if isinstance(name, str) else ""


def _files(files: Mapping[str, bytes], folder: str) -> list[tuple[str, bytes]]:
    return [
        (path, body)
        for path, body in sorted(item for item in files.items() if item[0].startswith(folder))
        if not path.startswith(ROLLOUTS_FOLDER)
    ]
