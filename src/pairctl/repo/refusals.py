"""Why a branch was not moved, read from the words of Git and of servers. Pure.

Servers have no codes for it. What Git itself writes is the same everywhere; how forges speak of
their rules is from GitHub, GitLab, Gitea, Bitbucket and Azure DevOps.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One kind of no: what it is, what to do, and whether it `may_pass` by itself."""

    reason: str
    what: str
    hint: str
    may_pass: bool = False


NAME_TAKEN = Refusal(
    "BranchNameTaken",
    "another branch is in the way of its name",
    "rename or delete that branch, or choose another --status-branch: Git has no branch `a` "
    "beside a branch `a/b`",
)
LOCKED = Refusal(
    "BranchLocked",
    "it is locked there",
    "another process is writing, or one has died: if it stays, remove the file that ends in .lock "
    "in the repository at the remote",
    may_pass=True,
)
NO_ROOM = Refusal(
    "NoRoom", "there is no room on the disk", "make room there, and it goes on", may_pass=True
)
OVER_QUOTA = Refusal(
    "OverQuota",
    "the repository, or what was pushed, is larger than the remote allows",
    "raise its limit, or make the repository smaller",
)
PROTECTED = Refusal(
    "BranchProtected",
    "the branch is protected",
    "let the identity that pairctl pushes with push to this branch, unforced, in the forge's rules",
)
NOT_PERMITTED = Refusal(
    "PushNotPermitted",
    "who pushes may not write there",
    "give the login or key that pairctl uses write access; on a server of your own, let its user "
    "own the repository's files",
)
SHALLOW = Refusal(
    "ShallowRefused",
    "the remote takes nothing from a shallow clone",
    "make the clone whole: git fetch --unshallow",
)
CHECKED_OUT = Refusal(
    "BranchCheckedOut",
    "the branch is checked out",
    "check out another branch there, or let a bare repository keep the status branch",
)
BY_HOOK = Refusal(
    "RefusedByHook",
    "a hook of the remote refused it",
    "the words are the hook's; let it pass what pairctl pushes to this branch",
)
OBJECTS_LOST = Refusal(
    "PushRefused",
    "objects are missing there",
    "the remote lacks what the branch stands at, or an object in its history: see `git fsck` there,"
    " and bring it back",
)
OTHER = Refusal(
    "PushRefused", "the remote refused it", "let pairctl's identity push to this branch"
)

_NAME_TAKEN = re.compile(r"'refs/heads/(?P<other>[^'\n]+)' exists; cannot create '")
_KINDS = tuple(
    (kind, re.compile("|".join(texts), re.IGNORECASE))
    for kind, texts in (
        (NAME_TAKEN, (r"exists; cannot create '", r"there are still refs under '")),
        (LOCKED, (r"Unable to create '[^'\n]*\.lock': File exists",)),
        (NO_ROOM, (r"No space left on device",)),
        (
            OVER_QUOTA,
            (
                *(r"quota exceeded", r"exceeded (?:its|the|your)[^\n]*(?:size|quota|limit)"),
                *(r"over [^\n]*quota", r"pack exceeds maximum allowed size", r"size limit"),
            ),
        ),
        (
            PROTECTED,
            (
                *(r"protected branch", r"branch is protected", r"repository rule violations"),
                *(r"\bGH0(?:06|13)\b", r"TF402455", r"pushes to this branch are not permitted"),
                r"only [^\n]{0,40}pull requests? can",
            ),
        ),
        (OBJECTS_LOST, (r"missing necessary objects",)),
        (SHALLOW, (r"shallow update not allowed",)),
        (CHECKED_OUT, (r"branch is currently checked out",)),
        (
            NOT_PERMITTED,
            (
                *(r"insufficient permission", r"permission (?:to [^\n]* )?denied"),
                *(r"access denied", r"not allowed to push", r"read[- ]only", r"archived"),
                *(r"deploy key", r"error: 403\b", r"operation not permitted"),
            ),
        ),
        (
            BY_HOOK,
            (
                *(r"hook declined", r"deny updating a hidden ref"),
                r"updates? aborted by (?:the reference-transaction )?hook",
            ),
        ),
    )
)
_RACES = re.compile(
    r"fetch first|non-fast-forward|needs force|already exists|stale info"
    r"|failed to update ref|cannot lock ref|incorrect old value|failed to lock"
    r"|reference already exists|Unable to create .*\.lock"
)


def refusal_of(words: str) -> Refusal | None:
    """The kind of no that these words are; None for words that name no kind."""
    return next((kind for kind, words_of_it in _KINDS if words_of_it.search(words)), None)


def conflicting_branch(words: str) -> str:
    """The short name of the branch that takes the name of another; empty where none is named."""
    found = _NAME_TAKEN.search(words)
    return found["other"] if found else ""


def is_lost_race(words: str) -> bool:
    """Git or a server says that the ref is not where the writer saw it, or is being written."""
    return _RACES.search(words) is not None
