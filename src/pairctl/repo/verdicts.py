"""What a push came to, read from git's own report. Pure."""

import re
from dataclasses import dataclass
from enum import Enum

from pairctl.repo.failures import is_access_refused
from pairctl.repo.process import Answer
from pairctl.repo.refusals import (
    BY_HOOK,
    LOCKED,
    NAME_TAKEN,
    NO_ROOM,
    NOT_PERMITTED,
    OTHER,
    Refusal,
    conflicting_branch,
    is_lost_race,
    refusal_of,
)
from pairctl.text import output_words

_REMOTE = re.compile(r"^remote:[ ]?(.*)$", re.MULTILINE)


class Outcome(Enum):
    """How a push ended, as far as its own report tells."""

    DONE = "done"
    LOST = "lost"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome with the words that led to it, fit to be shown, and the kind of a refusal.

    A branch that is `conflict` has the name, or a part of it, that the pushed one needs.
    """

    outcome: Outcome
    words: str
    refusal: Refusal = OTHER
    conflict: str = ""


def push_verdict(answer: Answer, ref: str) -> Verdict:
    """The verdict on `git push --porcelain <commit>:<ref>`.

    Only a line about `ref` itself says DONE, LOST or REFUSED for certain. Without one the push is
    UNCLEAR (cut on its way), or REFUSED where the server would not even let us in.
    """
    report = _report(answer.stdout.decode("utf-8", "replace"), ref)
    if report is None and refusal_of(answer.stderr) is BY_HOOK:  # the server died of it
        return Verdict(Outcome.REFUSED, output_words(_spoken(answer.stderr)), BY_HOOK)
    if report is None:
        outcome = Outcome.REFUSED if is_access_refused(answer.stderr) else Outcome.UNCLEAR
        return Verdict(outcome, output_words(_spoken(answer.stderr)), NOT_PERMITTED)
    flag, summary = report
    if flag in {" ", "*", "=", "+"} and answer.status == 0:
        return Verdict(Outcome.DONE, summary)
    if flag != "!" or "remote failure" in summary:
        return Verdict(Outcome.UNCLEAR, output_words(summary))
    # Of a branch that is in the way, and of a lock, Git's summary says what it says of a race.
    said = f"{summary}\n{answer.stderr}"
    refusal = refusal_of(said) or OTHER
    if is_lost_race(summary) and refusal not in {NAME_TAKEN, LOCKED, NO_ROOM}:
        return Verdict(Outcome.LOST, output_words(summary))
    words = output_words(f"{summary}\n{_spoken(answer.stderr)}")
    return Verdict(Outcome.REFUSED, words, refusal, conflicting_branch(said))


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
