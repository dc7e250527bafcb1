"""What every git command is started with: an environment and a configuration of our own."""

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
FIXED_VARIABLES = {
    "GIT_ASKPASS": "",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_SSH_COMMAND": SSH_COMMAND,
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
FIXED_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
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


def environment_of(inherited: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a git child: of `inherited`, only what `PASSED_ON` names.

    No `GIT_*` variable and no secret of pairctl's own environment reaches a child.
    """
    kept = {name: inherited[name] for name in PASSED_ON if name in inherited}
    return kept | FIXED_VARIABLES


def users_environment_of(inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment of a git child that is asked for the user's own configuration, no more."""
    return {n: inherited[n] for n in (*PASSED_ON, *USERS_CONFIGURATION) if n in inherited}


def settings_of(protocol: Scheme | str | None) -> tuple[str, ...]:
    """The settings of one command; `protocol` is the one transport it may use, None for none."""
    allowed = () if protocol is None else (f"protocol.{protocol}.allow=always",)
    return FIXED_SETTINGS + allowed
