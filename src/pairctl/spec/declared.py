"""What a repository declares: the documents that hold, and those that do not with the reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pairctl.spec.digests import digest_of
from pairctl.spec.document_index import References
from pairctl.spec.findings import Finding
from pairctl.spec.kinds import (
    AnyDocument,
    PairingApproval,
    PairingIntent,
    PairingIntentSet,
    Palette,
    ProfileMatch,
    Rollout,
    RolloutApproval,
)

D_co = TypeVar("D_co", bound=AnyDocument, covariant=True)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[D_co]):
    """A document, where it stands (1-based), and its digest.

    Of an intent that is a row of a set, `row_files` are the files that it is written in.
    """

    document: D_co
    path: str
    line: int
    column: int
    digest: str
    row_files: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it is written in: of a row, the inventory's and the set's."""
        return self.row_files or (self.path,)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document, or a file, that is refused: with as much of its identity as can be read.

    `references` are those of a document that has no errors but together with others.
    """

    kind: str | None
    name: str | None
    path: str
    findings: tuple[Finding, ...]
    references: References | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """All documents by name: those in the maps have no errors, nor has what they refer to.

    `findings` are all of all files, sorted, those of `rejected` included. `stray_approvals` have no
    errors either, and stand where they do not count; `refused_approvals` have errors together with
    others only, such as a second one for the same intent. Both are in the order of files. The rows
    of `sets` are among the intents. `rollout_approvals` are those that count where they stand.
    """

    palettes: Mapping[str, Loaded[Palette]]
    matches: Mapping[str, Loaded[ProfileMatch]]
    intents: Mapping[str, Loaded[PairingIntent]]
    approvals: Mapping[str, Loaded[PairingApproval]]
    rejected: tuple[Rejected, ...]
    findings: tuple[Finding, ...]
    stray_approvals: tuple[Loaded[PairingApproval], ...] = ()
    refused_approvals: tuple[Loaded[PairingApproval], ...] = ()
    sets: Mapping[str, Loaded[PairingIntentSet]] = field(default_factory=dict)
    rollouts: Mapping[str, Loaded[Rollout]] = field(default_factory=dict)
    rollout_approvals: Mapping[str, Loaded[RolloutApproval]] = field(default_factory=dict)


def generation(intent: Loaded[PairingIntent], declared: Declared) -> str:
    """Return `sha256:` and a hash over the intent and all documents that it refers to.

    An approval refers to an intent and is none of these: it changes no generation.
    """
    spec = intent.document.spec
    match = declared.matches[spec.profile_match].digest if spec.profile_match else None
    return digest_of([intent.digest, declared.palettes[spec.palette].digest, match])
