"""Git: a commit's files in, a status commit out. May not know what a phase is."""

from typing import TYPE_CHECKING

from pairctl.on_demand import on_demand

if TYPE_CHECKING:
    from pairctl.repo.commits import Files, StatusTree, Wanted
    from pairctl.repo.git_dirs import is_bare, refs_folder
    from pairctl.repo.history import CommitChanges, CommitFacts, FileChange, PathHistory
    from pairctl.repo.problems import (
        AccessRefused,
        FileRefused,
        FolderNotFound,
        GitFailed,
        GitNotUsable,
        GitTimeout,
        NotARepository,
        NotAStatusBranch,
        NotOurs,
        NotPushed,
        PublishError,
        PushHeld,
        PushLost,
        PushRefused,
        PushUnknown,
        RefNotAllowed,
        RefNotFound,
        RemoteNotFound,
        RepositoryError,
        RepositoryUnreachable,
        TreeTooLarge,
        UrlNotAllowed,
    )
    from pairctl.repo.program import Timeouts
    from pairctl.repo.refs import checked_branch
    from pairctl.repo.replaced_ref import checked_replaced_ref
    from pairctl.repo.repository import Repository
    from pairctl.repo.stream import Identity
    from pairctl.repo.trees import Refused
    from pairctl.repo.upstream import Tracking
else:
    __getattr__ = on_demand(
        __name__,
        {
            "commits": "Files StatusTree Wanted",
            "git_dirs": "is_bare refs_folder",
            "history": "CommitChanges CommitFacts FileChange PathHistory",
            "problems": (
                "AccessRefused FileRefused FolderNotFound GitFailed GitNotUsable GitTimeout "
                "NotARepository NotAStatusBranch NotOurs NotPushed PublishError PushHeld PushLost "
                "PushRefused PushUnknown RefNotAllowed RefNotFound RemoteNotFound RepositoryError "
                "RepositoryUnreachable TreeTooLarge UrlNotAllowed"
            ),
            "program": "Timeouts",
            "refs": "checked_branch",
            "replaced_ref": "checked_replaced_ref",
            "repository": "Repository",
            "stream": "Identity",
            "trees": "Refused",
            "upstream": "Tracking",
        },
    )

__all__ = [
    "AccessRefused",
    "CommitChanges",
    "CommitFacts",
    "FileChange",
    "FileRefused",
    "Files",
    "FolderNotFound",
    "GitFailed",
    "GitNotUsable",
    "GitTimeout",
    "Identity",
    "NotARepository",
    "NotAStatusBranch",
    "NotOurs",
    "NotPushed",
    "PathHistory",
    "PublishError",
    "PushHeld",
    "PushLost",
    "PushRefused",
    "PushUnknown",
    "RefNotAllowed",
    "RefNotFound",
    "Refused",
    "RemoteNotFound",
    "Repository",
    "RepositoryError",
    "RepositoryUnreachable",
    "StatusTree",
    "Timeouts",
    "Tracking",
    "TreeTooLarge",
    "UrlNotAllowed",
    "Wanted",
    "checked_branch",
    "checked_replaced_ref",
    "is_bare",
    "refs_folder",
]
