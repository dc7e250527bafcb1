"""What every git command is started with: an environment and a configuration of our own.

This is the one place that keeps Git from doing what a repository says. Commands that only read run
in the repository itself, and what its configuration could have them do is taken back here: ask a
remote for what is missing, run a hook, show other bytes than those of the commit. Fetching and
pushing obey settings without end, so they never see that configuration: see `private_git_dir`.
"""

import os
import re
from collections.abc import Mapping

from pairctl.repo.location import Scheme

PASSED_ON = ("HOME", "PATH", "SSH_AUTH_SOCK", "TMPDIR", "USER", "LOGNAME")
SSH_COMMAND = (
    "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=20"
    " -o ServerAliveInterval=15 -o ServerAliveCountMax=3"
)
USERS_CONFIGURATION = (
    "XDG_CONFIG_HOME",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
)
_GIVEN_SETTING = re.compile(r"GIT_CONFIG_(?:COUNT|KEY_[0-9]+|VALUE_[0-9]+)")
NO_TRANSPORT = "none"
FIXED_VARIABLES = {
    "GIT_ALLOW_PROTOCOL": NO_TRANSPORT,  # stronger than any `protocol.*.allow` of a repository
    "GIT_ASKPASS": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_EDITOR": "false",
    "GIT_GRAFT_FILE": "/dev/null",  # other parents under the same commit
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",  # nobody is asked for what a partial clone left out
    "GIT_NO_REPLACE_OBJECTS": "1",  # other bytes under the same object id
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_SSH_COMMAND": SSH_COMMAND,
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
FIXED_SETTINGS = (
    "advice.graftFileDeprecated=false",  # it is said of GIT_GRAFT_FILE, before what matters
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.fsync=all",  # of itself Git puts neither refs to disk nor each object; claims need both
    "core.alternateRefsCommand=true",  # the program of that name: it tells of no refs
    "core.commitGraph=false",  # a file that tells other parents than the commits do
    "core.quotePath=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "commit.gpgSign=false",
    "push.gpgSign=false",
    "push.followTags=false",
    "submodule.recurse=false",
    "transfer.fsckObjects=true",
    "fetch.fsck.zeroPaddedFilemode=ignore",
    "credential.helper=",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=30",
    "protocol.allow=never",
)


SETTINGS_OF_REMOTES_HERE = ("core.fsync=all",)
"""Those of what takes a push on this machine: it puts to disk what a branch there leads to."""


def environment_of(inherited: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a git child: of `inherited`, only what `PASSED_ON` names.

    No `GIT_*` variable and no secret of pairctl's own environment reaches a child.
    """
    return _passed_on(inherited, PASSED_ON) | FIXED_VARIABLES


def transport_of(protocol: Scheme | str | None) -> dict[str, str]:
    """The variable that allows the one transport that a command may use, or none."""
    return {"GIT_ALLOW_PROTOCOL": protocol or NO_TRANSPORT}


def users_environment_of(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment of a git child that is asked for the user's own configuration, no more."""
    given = [name for name in inherited if _GIVEN_SETTING.fullmatch(name)]
    return _passed_on(inherited, (*PASSED_ON, *USERS_CONFIGURATION, *given))


def settings_of(protocol: Scheme | str | None) -> tuple[str, ...]:
    """The settings of one command; `protocol` is the one transport it may use, None for none."""
    allowed = () if protocol is None else (f"protocol.{protocol}.allow=always",)
    return FIXED_SETTINGS + allowed


def program_folders(path: str) -> str:
    """The folders of a `PATH` in which programs are looked for: none that depends on where we are.

    `.`, and an empty entry, would be the folder of a repository.
    """
    return os.pathsep.join(part for part in path.split(os.pathsep) if part.startswith("/"))


def _passed_on(inherited: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    kept = {name: inherited[name] for name in names if name in inherited}
    return kept | {"PATH": program_folders(kept["PATH"])} if "PATH" in kept else kept
