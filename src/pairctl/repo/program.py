"""The git program on one repository: the only place that builds a git command line."""

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pairctl.problem import Problem
from pairctl.repo.environment import (
    environment_of,
    program_folders,
    settings_of,
    transport_of,
    users_environment_of,
)
from pairctl.repo.failures import failure
from pairctl.repo.problems import GitNotUsable, GitTimeout, TreeTooLarge
from pairctl.repo.process import Answer, ChildTimedOut, ChildTooLoud, Command, RunEnd, run

MIN_VERSION = (2, 36)  # GIT_CONFIG_GLOBAL, push --porcelain texts, safe.directory
MAX_TALK_BYTES = 64 << 20
MAX_CONFIG_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a git command may take before it is killed with all its children.

    At `run_end` each is killed, and none begins.
    """

    local_s: float = 60.0
    look_s: float = 60.0
    fetch_s: float = 300.0
    push_s: float = 120.0
    run_end: RunEnd = field(default_factory=RunEnd, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class GitProgram:
    """Git on the repository at `git_dir`; only `transport` may be used to reach others.

    Git checks who owns a repository only where it `is_discovered` and not named, and lets those of
    other users be that are `trusted`. Into a clone that `is_partial` all is fetched that is asked
    for, whatever it seems to have already. `variables` come into the environment beside the fixed
    ones. In Git's words a directory that `stands_for` another one is called by the other's path.
    """

    git_dir: Path
    transport: str | None = None
    timeouts: Timeouts = Timeouts()
    is_discovered: bool = False
    trusted: tuple[str, ...] = ()
    is_partial: bool = False
    variables: tuple[tuple[str, str], ...] = ()
    stands_for: Path | None = None

    @property
    def longest_s(self) -> float:
        """Longer than any command of pairctl's own lives: a lock that is older is nobody's."""
        return 2 * self.timeouts.fetch_s

    async def answer(
        self,
        arguments: Sequence[str],
        *,
        doing: str,
        stdin: bytes = b"",
        timeout_s: float | None = None,
        max_output_bytes: int = MAX_TALK_BYTES,
    ) -> Answer:
        """Run git and give its answer, whatever its status.

        `arguments` are ours or checked; raises GitTimeout, and TreeTooLarge past the output bound.
        """
        limit_s = self.timeouts.local_s if timeout_s is None else timeout_s
        command = Command(
            self._command_line(arguments),
            environment_of(os.environ) | transport_of(self.transport) | dict(self.variables),
            self.git_dir,
            stdin,
            limit_s,
            max_output_bytes,
            self.timeouts.run_end,
        )
        try:
            answer = await run(command)
        except ChildTimedOut as error:
            message = f"{doing}: git gave no answer within {limit_s:g} s and was stopped"
            hint = "see whether the network or the disk is slow; `watch` tries it again"
            if self.timeouts.run_end.is_over:
                message = f"{doing}: git gave no answer before the end of the run"
                hint = "the next run looks at what came of it"
            raise GitTimeout(Problem("GitTimeout", message, hint)) from error
        except ChildTooLoud as error:
            message = f"{doing}: git said more than {max_output_bytes} bytes"
            hint = "point pairctl at a smaller folder of the repository"
            raise TreeTooLarge(Problem("TooManyFiles", message, hint)) from error
        if self.stands_for is None:
            return answer
        called = answer.stderr.replace(str(self.git_dir), str(self.stands_for))
        return replace(answer, stderr=called)

    async def output(
        self,
        arguments: Sequence[str],
        *,
        doing: str,
        stdin: bytes = b"",
        timeout_s: float | None = None,
        max_output_bytes: int = MAX_TALK_BYTES,
    ) -> bytes:
        """Run git and give what it wrote; raises what `failure` makes of any other end."""
        answer = await self.answer(
            arguments,
            doing=doing,
            stdin=stdin,
            timeout_s=timeout_s,
            max_output_bytes=max_output_bytes,
        )
        if answer.status != 0:
            raise failure(doing, answer.stderr)
        return answer.stdout

    def _command_line(self, arguments: Sequence[str]) -> list[str]:
        given = (*settings_of(self.transport), *(f"safe.directory={one}" for one in self.trusted))
        settings = [part for value in given for part in ("-c", value)]
        place = [] if self.is_discovered else [f"--git-dir={self.git_dir}"]
        return [git_program(), *place, *settings, *arguments]


def git_program() -> str:
    """The absolute path of the git on PATH; raises GitNotUsable where there is none."""
    found = shutil.which("git", path=program_folders(os.environ.get("PATH", os.defpath)))
    if found is None:
        raise GitNotUsable(
            Problem("GitNotUsable", "there is no git program on PATH", "install git")
        )
    return found


async def trusted_folders() -> tuple[str, ...]:
    """Return the folders of other users that the user's own configuration trusts, as it says them.

    Git heeds it from a command line since 2.38.
    """
    scopes = ("--system", "--global")
    found = [await _users_settings(scope, "-z", "--get-all", "safe.directory") for scope in scopes]
    return tuple(one for said in found for one in said.split("\0")[:-1])


async def users_rewrites() -> str:
    """What the user's own configuration says of URLs in place of others, as `git config -z` does.

    That of Git's variables (`GIT_CONFIG_COUNT`) counts too.
    """
    return await _users_settings("-z", "--get-regexp", r"^url\..*\.(push)?insteadof$")


async def _users_settings(*arguments: str) -> str:
    """Ask for settings of the user's own configuration. It is read for these two things alone."""
    asking = Command(
        [git_program(), "config", *arguments],
        users_environment_of(os.environ) | {"GIT_DIR": os.devnull},  # that of no repository
        Path("/"),
        b"",
        Timeouts().local_s,
        MAX_CONFIG_BYTES,
    )
    return (await run(asking)).stdout.decode("utf-8", "surrogateescape")


async def check_version(folder: Path) -> None:
    """Raise GitNotUsable for a git that does not know the settings that pairctl relies on."""
    text = (
        await GitProgram(folder, is_discovered=True).output(
            ["version"], doing="asking git's version"
        )
    ).decode()
    numbers = re.search(r"(\d+)\.(\d+)", text)
    if numbers is None or tuple(map(int, numbers.groups())) < MIN_VERSION:
        wanted = ".".join(map(str, MIN_VERSION))
        message = f"this git is too old: {text.strip()!r}, and {wanted} is the oldest that will do"
        raise GitNotUsable(Problem("GitNotUsable", message, "install a newer git"))
