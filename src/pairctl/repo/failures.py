"""The one table from git's words to pairctl's errors."""

import re

from pairctl.problem import PairctlError, Problem
from pairctl.repo.problems import (
    AccessRefused,
    GitFailed,
    NotOurs,
    RepositoryUnreachable,
)
from pairctl.text import output_words

_OWNER = re.compile(r"dubious ownership")
# What is wrong with a repository, and what to do about it; the first that fits counts.
_DEFECTS = (
    (
        re.compile(r"^fatal: not a git repository", re.MULTILINE),
        "bring the repository back, or name where it is now",
    ),
    (
        re.compile(r"^fatal: (?:unexpected|unterminated) line in \S*packed-refs", re.MULTILINE),
        "mend that line, or take it out (fetching brings branches of a remote back)",
    ),
    (
        re.compile(r"^fatal: bad shallow line", re.MULTILINE),
        "take that line out of the file `shallow` in the Git directory, or clone again",
    ),
    (
        re.compile(r"^fatal: bad (?:numeric )?config ", re.MULTILINE),
        "mend that line of the clone's configuration",
    ),
    (
        re.compile(r"unknown repository (?:extension|format)|Expected git repo version"),
        "a newer git reads it; else clone again",
    ),
    (
        re.compile(r"upload-pack: not our ref"),
        "a branch of the remote is broken: see `git fsck` there, and put it back where it was",
    ),
    (
        re.compile(r"mismatched algorithms|does not support this repository's hash algorithm"),
        "the remote makes object ids in another way (SHA-1, SHA-256) than the clone: clone again",
    ),
    (
        re.compile(r"Unable to create '[^'\n]*\.lock': File exists"),
        "another process is writing, or one has died: if it stays, remove that file",
    ),
    (re.compile(r"No space left on device"), "make room on the disk, and try again"),
)
_ACCESS = re.compile(
    r"Authentication failed|could not read (?:Username|Password)|Permission denied"
    r"|Host key verification failed|HOST IDENTIFICATION HAS CHANGED|returned error: 40[13]"
    r"|[Rr]epository .*not found|does not appear to be a git repository|marked as read only"
    r"|SSL certificate problem|server certificate verification failed"
)
_UNREACHABLE = re.compile(
    r"Could not resolve host|name resolution|Connection (?:refused|timed out|reset|closed)"
    r"|Operation (?:timed out|too slow)|Failed to connect|Couldn't connect|No route to host"
    r"|Network is unreachable|early EOF|unexpected disconnect|hung up unexpectedly"
    r"|returned error: (?:429|5\d\d)|RPC failed|kex_exchange_identification|unable to access"
)


def is_access_refused(stderr: str) -> bool:
    """Git says that credentials, permissions or the address are what is wrong."""
    return _ACCESS.search(stderr) is not None


def failure(doing: str, stderr: str) -> PairctlError:
    """The error that a failed git command stands for; `doing` says what it was for."""
    message = f"{doing}: git says: {output_words(stderr) or 'nothing'}"
    if _OWNER.search(stderr):
        hint = (
            "let the user who runs pairctl own the folder (chown -R), or trust it: "
            "git config --global --add safe.directory FOLDER"
        )
        return NotOurs(Problem("RepositoryOwner", message, hint))
    for words, hint in _DEFECTS:
        if words.search(stderr):
            return GitFailed(Problem("GitFailed", message, hint))
    if is_access_refused(stderr):
        hint = "check the address, the credentials (~/.netrc, ssh key) and known_hosts"
        return AccessRefused(Problem("RepositoryAccess", message, hint))
    if _UNREACHABLE.search(stderr):
        hint = "check the address and the network; `watch` tries it again"
        return RepositoryUnreachable(Problem("RepositoryUnreachable", message, hint))
    return GitFailed(Problem("GitFailed", message, "check the repository with `git fsck`"))
