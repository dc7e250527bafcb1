"""What can go wrong with a repository, as one tree of errors; foreign errors end here."""

from pairctl.problem import ConfigurationError, PairctlError, Problem
from pairctl.repo.refusals import Refusal


class GitNotUsable(ConfigurationError):
    """The git program is missing or too old."""


class UrlNotAllowed(ConfigurationError):
    """The repository's location is neither a path nor a clone URL of an allowed form."""


class RefNotAllowed(ConfigurationError):
    """A branch, tag or path name is not of the strict form that git is ever given."""


class RemoteNotFound(ConfigurationError):
    """The clone has remotes, and none of the name that is to keep the status branch."""


class FolderNotFound(ConfigurationError):
    """The commit has no folder of this name."""


class NotAStatusBranch(ConfigurationError):
    """The branch that is to hold statuses holds, or is to hold, something else."""


class NotARepository(ConfigurationError):
    """The path holds no Git repository, or one that belongs to another user."""


class NotOurs(NotARepository):
    """The repository belongs to another user, whom the user's own configuration does not trust."""


class RepositoryError(PairctlError):
    """The root of what may go wrong with a repository once a run has started."""


class RefNotFound(RepositoryError):
    """Something outside must change: the ref does not exist; the message lists those that do."""


class NotPushed(RepositoryError):
    """Something outside must change: what is to be carried out is in the clone only."""


class RepositoryUnreachable(RepositoryError):
    """Transient: the remote gave no answer in time, or the connection broke; try again later."""


class GitTimeout(RepositoryUnreachable):
    """A git command was stopped, with all its children, at the end of its time."""


class AccessRefused(RepositoryError):
    """Something outside must change: credentials, a host key, permissions or the address."""


class GitFailed(RepositoryError):
    """Git failed in a way that has no class of its own; its words are in the message."""


class BrokenRef(GitFailed):
    """A ref is there, and Git cannot say where it stands."""


class TreeTooLarge(RepositoryError):
    """A commit holds more files or bytes than are ever read; nothing of it was."""


class FileRefused(RepositoryError):
    """The one file that was asked for exists, but is not of a kind that is read."""


class PublishError(RepositoryError):
    """The root of what ends a publish without a published commit."""


class PushLost(PublishError):
    """The status branch does not hold our commit: another writer came first, or nothing happened.

    The remedy is the caller's: read `status()` again, which sees the new tip, decide again, and
    publish anew on that. A commit is never rebased here, since a claim must not be.
    After a push that was cut, a slow server may still apply it later: the next look shows that.
    """


class PushRefused(PublishError):
    """The remote said no (a hook, a protected branch, a read-only key), with its own words."""


class PushHeld(PublishError):
    """What stood in the way may pass by itself: a lock, a full disk. Try again, later each time."""


class PushUnknown(PublishError):
    """The push was cut and the remote cannot be looked at: the commit may or may not be there."""


def lost(branch: str, found: str) -> PushLost:
    """The one shape of a lost race."""
    return PushLost(
        Problem("PushLost", f"branch {branch!r}: the commit was not published: {found}", RETRY_HINT)
    )


def refused(branch: str, words: str, refusal: Refusal, conflict: str = "") -> PublishError:
    """The one shape of a no: its kind, then the words that it came with."""
    what = f"branch {conflict!r} is in the way of its name" if conflict else refusal.what
    text = f"branch {branch!r}: the commit was not published: {what}: {words}"
    kind = PushHeld if refusal.may_pass else PushRefused
    return kind(Problem(refusal.reason, text, refusal.hint))


RETRY_HINT = "read the status branch again and decide on what it holds now"
