"""What a validation found, finished: all that any format is written from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pairctl.spec import Finding, Severity
from pairctl.validation import OfflineProof, ProofVerdict


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, sorted; the files that were read; and the lines that findings point to.

    `proofs` are of the intents that were held against what was last seen.
    `excerpts` are by file and line, fit to be shown, and as long as the lines themselves. `names`
    are those of the documents that findings are about, by file and line, `kinds` theirs by name.
    """

    findings: tuple[Finding, ...] = ()
    paths: tuple[str, ...] = ()
    documents: int = 0
    excerpts: Mapping[tuple[str, int], str] = field(default_factory=dict)
    proofs: tuple[OfflineProof, ...] = ()
    names: Mapping[tuple[str, int], str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    @property
    def causes(self) -> tuple[Finding, ...]:
        """The findings that do not only follow from others; all, where there are none."""
        causes = tuple(one for one in self.findings if not one.follows)
        return causes or self.findings

    @property
    def files(self) -> int:
        """How many files were read."""
        return len(self.paths)

    @property
    def is_refused(self) -> bool:
        """Whether any document is refused."""
        return any(one.refuses for one in self.findings)

    def count(self, severity: Severity) -> int:
        """Return how many findings are this bad."""
        return sum(one.severity is severity for one in self.findings)

    @property
    def summary(self) -> str:
        """The verdict in one line."""
        if not self.documents and not self.is_refused:
            return f"no documents in {counted(self.files, 'file')}: nothing was checked"
        errors, warnings = self.count(Severity.ERROR), self.count(Severity.WARNING)
        verdict = counted(errors, "error") if errors else "all valid"
        also = f", {counted(warnings, 'warning')}" if warnings else ""
        checked = f"{counted(self.documents, 'document')} in {counted(self.files, 'file')}"
        return f"{checked}: {verdict}{also}"

    @property
    def proven(self) -> str:
        """What was proven offline, in one line; empty where nothing was held against anything."""
        if not self.proofs:
            return ""
        counts = Counter(proof.verdict for proof in self.proofs)
        shown = ", ".join(f"{counts[verdict]} {verdict}" for verdict in ProofVerdict)
        times = [at for p in self.proofs for at in (p.cluster_seen_at, p.palette_seen_at) if at]
        since = f"; the oldest fact is of {min(times):%Y-%m-%d %H:%M} UTC" if times else ""
        return f"{counted(len(self.proofs), 'match', 'es')} as last seen: {shown}{since}"


def counted(count: int, noun: str, ending: str = "s") -> str:
    """Return "1 file", "2 files"."""
    return f"{count} {noun}{ending * (count != 1)}"
