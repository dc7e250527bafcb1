"""Opening the repository at a path: where its objects are, and which remote its clone names."""

import asyncio
import configparser
import re
from dataclasses import dataclass, replace
from pathlib import Path

from pairctl.problem import Problem
from pairctl.repo.gitpython import git
from pairctl.repo.location import Location, parse_location
from pairctl.repo.problems import NotARepository, NotOurs, RefNotAllowed, RemoteNotFound
from pairctl.repo.program import GitProgram, Timeouts, trusted_folders

_REMOTE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")
_DIGITS = {"sha1": 40, "sha256": 64}


@dataclass(frozen=True, slots=True)
class OpenedPath:
    """A repository found at a path; `remote` is None where the clone has none, or none is meant."""

    git_dir: Path
    id_digits: int
    remote: Location | None


async def open_path(location: Location, *, remote: str | None, timeouts: Timeouts) -> OpenedPath:
    """Open a work tree, its `.git` or a bare repository; parents are not searched.

    Raises NotARepository; NotOurs where another user owns it who is not trusted; UrlNotAllowed for
    the remote's URL; RemoteNotFound where it has remotes, and none of this name.
    """
    git_dir, base = await asyncio.to_thread(_opened, location.address)
    discovered = GitProgram(base, timeouts=timeouts, is_discovered=True)
    asked = await _object_format(discovered, f"opening {location.address}")
    where = None
    if remote is not None:
        where = await _remote_of(GitProgram(git_dir, timeouts=timeouts), remote, location, base)
    return OpenedPath(git_dir, _DIGITS.get(asked, 40), where)


async def _object_format(program: GitProgram, doing: str) -> str:
    """Ask what object ids are made with, and so whether Git takes the repository for our own."""
    arguments = ["rev-parse", "--show-object-format"]
    try:
        answer = await program.output(arguments, doing=doing)
    except NotOurs:
        trusted = await trusted_folders()
        if not trusted:
            raise
        answer = await replace(program, trusted=trusted).output(arguments, doing=doing)
    return answer.decode().strip()


def _opened(path: str) -> tuple[Path, Path]:
    try:
        with git.Repo(path, expand_vars=False) as repo:
            return Path(repo.git_dir), Path(repo.working_tree_dir or repo.git_dir)
    except (git.GitError, OSError, ValueError, configparser.Error) as error:
        is_there = Path(path).exists()
        found = "it is no Git repository" if is_there else "there is no such path"
        hint = "name the top folder of a clone, its .git, a bare repository or a clone URL"
        hint += "; `git init` makes a folder a repository" * is_there
        problem = Problem("NotARepository", f"cannot open {path!r}: {found}", hint)
        raise NotARepository(problem) from error


async def _remote_of(
    program: GitProgram, remote: str, location: Location, base: Path
) -> Location | None:
    url = await _remote_url(program, remote)
    if url is None:
        _refuse_another(remote, await _remotes(program), location)
        return None
    return parse_location(url, relative_to=base)


def _refuse_another(remote: str, others: list[str], location: Location) -> None:
    """Refuse to keep statuses, and claims, apart from everybody else's by a mistyped name."""
    if others:
        raise RemoteNotFound(
            Problem(
                "RemoteNotFound",
                f"{location.address} has no remote named {remote} (there is: {', '.join(others)})",
                "name the remote that keeps the status branch with --remote",
            )
        )


async def _remotes(program: GitProgram) -> list[str]:
    answer = await program.answer(
        ["config", "-z", "--get-regexp", r"^remote\..*\.url$"], doing="reading the clone's remotes"
    )
    keys = [record.partition("\n")[0] for record in answer.stdout.decode().split("\0") if record]
    return sorted({key.removeprefix("remote.").removesuffix(".url") for key in keys})


async def _remote_url(program: GitProgram, name: str) -> str | None:
    if not _REMOTE_NAME.fullmatch(name):
        text = f"remote {name!r} is not a plain name"
        raise RefNotAllowed(
            Problem("RefNotAllowed", text, "name a remote as `git remote` shows it")
        )
    pattern = rf"^remote\.{name.replace('.', '[.]')}\.(push)?url$"
    answer = await program.answer(
        ["config", "-z", "--get-regexp", pattern], doing="reading the clone's remote"
    )
    pairs = [record.partition("\n") for record in answer.stdout.decode().split("\0") if record]
    # Where fetching and pushing differ, status is read where it is pushed to.
    for suffix in (".pushurl", ".url"):
        for key, _, value in pairs:
            if key.endswith(suffix):
                return value
    return None
