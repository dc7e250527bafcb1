"""Reasons that lie with secrets, with where they may go, and with files that documents name."""

from functools import partial

from pairctl.glossary.reason import Group, Reason
from pairctl.pairing import ConditionType, Phase

_refused = partial(
    Reason,
    phases=(Phase.BLOCKED,),
    conditions=(ConditionType.REACHABLE, ConditionType.CONNECTED),
)
_REPOSITORY = "look at the repository on the machine that runs pairctl; the message has git's words"

TRUST = Group(
    "Secrets, and where they may go",
    "The phase is `Blocked`, and the secret was not sent. The operator's file decides where a "
    "secret may go, not the documents; `humanAction` has the line that would allow it. "
    "`Reachable` is False where it is about Palette's key or the login to Local UI.",
    (
        _refused(
            "EndpointNotAllowed",
            "the server may not be called: no pattern allows it, its name leads to an address "
            "that is never called, or `tls.insecure` is not allowed for it",
            "the operator's file allows it, or the document names another server",
            "if the server is the right one, add the line to the operator's file; without such a "
            "file, give `--allow-host`",
        ),
        _refused(
            "SecretNotAllowed",
            "the server may be called, and this secret may not be sent to it",
            "the operator's file allows it, or the document names another secret",
            "if that is meant, add the line to the operator's file",
        ),
        _refused(
            "SecretMissing",
            "there is no secret of this name, in the secrets folder or in the environment",
            "there is one",
            "write its value to the file, or the variable, that the message names",
        ),
        _refused(
            "SecretUnusable",
            "the secret is there and cannot be used: it is empty, too large, not text, not user "
            "and password, or shorter than 8 characters, so that no text could be kept free of it. "
            "Its value is never shown",
            "it can be used",
            "write the value alone, as one line of text, 8 characters or more; a login as "
            "`username:password`",
        ),
    ),
)

FILES = Group(
    "Files that documents name",
    "The phase is `Blocked`. A Palette or an intent names a file of the repository (`tls.caFile`, "
    "`values`), which is read from the very commit that holds the document.",
    (
        _refused(
            "FileMissing",
            "the commit does not have the file",
            "the file is committed, or the document names another",
            "commit the file, or correct the path; it is told from the repository's root",
        ),
        _refused(
            "BadCaFile",
            "the file holds no certificates in PEM",
            "it holds some",
            "it should hold blocks that begin with -----BEGIN CERTIFICATE-----",
        ),
        _refused(
            "BadPath",
            "the path is none that is read: it leads into `.git`, or a part begins with a dash",
            "the document names another file",
            "rename the file",
        ),
        _refused(
            "SymlinkNotAllowed",
            "the file is a symbolic link, and links are never followed",
            "the commit holds the file itself",
            "commit the file itself",
        ),
        _refused(
            "SubmoduleNotAllowed",
            "the path is a submodule, and submodules are never fetched",
            "the commit holds the file itself",
            "commit the file itself",
        ),
        _refused(
            "FileTooLarge",
            "the file is larger than 1 MiB",
            "it is smaller",
            "keep less in it",
        ),
        _refused(
            "GitFailed",
            "git failed while it read the file",
            "a later pass can read it",
            _REPOSITORY,
        ),
        _refused(
            "GitTimeout",
            "git took too long to read the file, and was stopped",
            "a later pass can read it",
            "nothing at first; if it stays, look at the disk below the repository",
        ),
        _refused(
            "GitNotUsable",
            "there is no git program on the path any more",
            "there is one",
            "install git on the machine that runs pairctl",
        ),
        _refused(
            "RepositoryOwner",
            "the repository belongs to another user, and git refuses to read it",
            "it belongs to the user who runs pairctl",
            "let the user who runs pairctl own the folder (`chown -R`)",
        ),
        _refused(
            "RepositoryAccess",
            "git may not read the repository",
            "it may",
            _REPOSITORY,
        ),
        _refused(
            "RepositoryUnreachable",
            "the repository had to be fetched anew, and its server did not answer",
            "a later pass can fetch it",
            "nothing at first; if it stays, see that the server runs",
        ),
        _refused(
            "TooManyFiles",
            "the path stands for more files than are ever listed",
            "the document names a file",
            "name a file, not a folder",
        ),
    ),
)
