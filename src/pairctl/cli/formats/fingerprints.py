"""What tells a finding from all others, and stays while the lines around it move."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from pairctl.cli.report import Report


def fingerprints(report: Report) -> Iterator[str]:
    """Yield 32 hex digits a finding, in their order, no two alike.

    They are of the file, the code and the line's text; of equal ones, the first stays the first.
    """
    lines = {place: _digest(line.strip()) for place, line in report.excerpts.items()}
    seen: Counter[tuple[str, str, str]] = Counter()
    for one in report.findings:
        about = (one.path, str(one.code), lines.get((one.path, one.line), ""))
        yield _digest("\0".join((*about, str(seen[about]))))[:32]
        seen[about] += 1


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
