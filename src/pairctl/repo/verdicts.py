"""What a push came to, read from git's own report. Pure."""

import re
from dataclasses import dataclass
from enum import Enum

from pairctl.repo.failures import is_access_refused
from pairctl.repo.process import Answer
from pairctl.text import output_words

_LOST = re.compile(
    r"fetch first|non-fast-forward|needs force|already exists|stale info"
    r"|failed to update ref|cannot lock ref|incorrect old value|failed to lock"
    r"|reference already exists|Unable to create .*\.lock"
)

_REMOTE = re.compile(r"^remote:[ ]?(.*)$", re.MULTILINE)


class Outcome(Enum):
    """How a push ended, as far as its own report tells."""

    DONE = "done"
    LOST = "lost"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome with the words that led to it, fit to be shown."""

    outcome: Outcome
    words: str


def push_verdict(answer: Answer, ref: str) -> Verdict:
    """The verdict on `git push --porcelain <commit>:<ref>`.

    Only a line about `ref` itself says DONE, LOST or REFUSED for certain. Without one the push is
    UNCLEAR (cut on its way), or REFUSED where the server would not even let us in.
    """
    report = _report(answer.stdout.decode("utf-8", "replace"), ref)
    if report is None:
        outcome = Outcome.REFUSED if is_access_refused(answer.stderr) else Outcome.UNCLEAR
        return Verdict(outcome, output_words(_spoken(answer.stderr)))
    flag, summary = report
    if flag in {" ", "*", "="} and answer.status == 0:
        return Verdict(Outcome.DONE, summary)
    if flag != "!" or "remote failure" in summary:
        return Verdict(Outcome.UNCLEAR, output_words(summary))
    if is_lost_race(summary):
        return Verdict(Outcome.LOST, output_words(summary))
    return Verdict(Outcome.REFUSED, output_words(f"{summary}\n{_spoken(answer.stderr)}"))


def is_lost_race(text: str) -> bool:
    """Git or a server says that the ref is not where the writer saw it, or is being written."""
    return _LOST.search(text) is not None


def _spoken(stderr: str) -> str:
    """Return the lines that the server itself spoke; all of `stderr` where there are none."""
    return "\n".join(_REMOTE.findall(stderr)).strip() or stderr


def _report(stdout: str, ref: str) -> tuple[str, str] | None:
    for line in stdout.splitlines():
        flag, _, rest = line.partition("\t")
        names, _, summary = rest.partition("\t")
        if len(flag) == 1 and names.endswith(f":{ref}"):
            return flag, summary
    return None
