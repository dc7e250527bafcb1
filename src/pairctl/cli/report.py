"""What a validation found, finished: all that any format is written from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pairctl.spec import Finding, Severity


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, sorted; the files that were read; and the lines that findings point to.

    `excerpts` are by file and line, fit to be shown, and as long as the lines themselves.
    """

    findings: tuple[Finding, ...] = ()
    paths: tuple[str, ...] = ()
    documents: int = 0
    excerpts: Mapping[tuple[str, int], str] = field(default_factory=dict)

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


def counted(count: int, noun: str) -> str:
    """Return "1 file", "2 files"."""
    return f"{count} {noun}{'s' * (count != 1)}"
