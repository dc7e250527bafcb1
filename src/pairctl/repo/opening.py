"""Opening the repository at a path: where its objects are, and which remote its clone names."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pairctl.problem import Problem
from pairctl.repo.clone_settings import CloneSettings, parse_settings, read_clone_settings
from pairctl.repo.git_dirs import common_dir_of, find_repository, why_not_found
from pairctl.repo.location import Location, parse_location, without_login
from pairctl.repo.private_git_dir import PrivateGitDir
from pairctl.repo.problems import (
    NotARepository,
    NotOurs,
    RefNotAllowed,
    RemoteNotFound,
    UrlNotAllowed,
)
from pairctl.repo.program import GitProgram, Timeouts, trusted_folders, users_rewrites
from pairctl.repo.refs import digits_of
from pairctl.repo.rewrites import Rewritten, rewritten
from pairctl.text import escaped

_REMOTE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")


@dataclass(frozen=True, slots=True)
class OpenedPath:
    """A repository found at a path; `remote` is None where the clone has none, or none is meant.

    The remote is reached through `to_remote` only, which knows nothing of the clone's own
    configuration, or `without_refs`, which knows nothing of its refs either; `dispose` removes what
    was made for that. Of another place that Git would go to instead, `not_followed` tells.
    """

    git_dir: Path
    id_digits: int
    remote: Location | None = None
    to_remote: GitProgram | None = None
    without_refs: GitProgram | None = None
    dispose: Callable[[], object] = lambda: None
    not_followed: Problem | None = None


async def open_path(location: Location, *, remote: str | None, timeouts: Timeouts) -> OpenedPath:
    """Open a work tree or a folder in one, its `.git`, or a bare repository.

    Raises NotARepository; NotOurs where another user owns it who is not trusted; UrlNotAllowed for
    the remote's URL; RemoteNotFound where it has remotes, and none of this name.
    """
    git_dir, base = await asyncio.to_thread(_opened, location.address)
    discovered = GitProgram(base, timeouts=timeouts, is_discovered=True)
    asked = await _object_format(discovered, f"opening {location.address}")
    opened = OpenedPath(git_dir, digits_of(asked))
    if remote is None:
        return opened
    settings = await read_clone_settings(GitProgram(git_dir, timeouts=timeouts))
    configured = _url_of(settings, remote, location)
    if configured is None:
        return opened
    rewrites = (*parse_settings(await users_rewrites()).rewrites, *settings.rewrites)
    has_own = remote in settings.pushed_apart
    used = rewritten(configured, rewrites, has_own_push_url=has_own)
    not_followed = used.problem(remote)
    address, login = without_login(used.url)
    where = _parsed(address, remote, base, not_followed)
    settings = settings.with_login(where.address, login)
    private = await PrivateGitDir.over(git_dir, settings, opened.id_digits)
    to_remote = GitProgram(
        private.path,
        where.protocol,
        timeouts,
        is_partial=settings.is_partial,
        stands_for=common_dir_of(git_dir),
    )
    return replace(
        opened,
        remote=where,
        to_remote=to_remote,
        without_refs=replace(to_remote, git_dir=private.without_refs),
        dispose=private.dispose,
        not_followed=not_followed,
    )


async def git_goes_elsewhere(url: str) -> Problem | None:
    """What is to be said where the user's configuration has another URL in place of a given one.

    It is used as it was given.
    """
    rewrites = parse_settings(await users_rewrites()).rewrites
    used = rewritten(url, rewrites, has_own_push_url=False)
    return Rewritten(url, used.ignored or used.url * (used.url != url)).problem()


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
    found = find_repository(Path(path))
    if found is None:
        tops = (Path(path), *Path(path).absolute().parents)
        broken = next((why for top in tops if (why := why_not_found(top))), "")
        is_there = Path(path).exists()
        why = broken or ("it is no Git repository" if is_there else "there is no such path")
        hint = "name the top folder of a clone, its .git, a bare repository or a clone URL"
        if broken:
            hint = (
                "bring back what it belongs to (the main clone of a work tree, the clone around a "
                "submodule; a container needs both), or clone again"
            )
        elif is_there:
            hint += "; `git init` makes a folder a repository"
        raise NotARepository(Problem("NotARepository", f"cannot open {path!r}: {why}", hint))
    return found


def _url_of(settings: CloneSettings, remote: str, location: Location) -> str | None:
    """Return the URL of the remote of this name; None where the clone has no remotes."""
    if not _REMOTE_NAME.fullmatch(remote):
        text = f"remote {remote!r} is not a plain name"
        raise RefNotAllowed(
            Problem("RefNotAllowed", text, "name a remote as `git remote` shows it")
        )
    if remote in settings.remotes:
        return settings.remotes[remote]
    if settings.remotes:
        # Not to keep statuses, and claims, apart from everybody else's by a mistyped name.
        others = ", ".join(sorted(settings.remotes))
        raise RemoteNotFound(
            Problem(
                "RemoteNotFound",
                f"{location.address} has no remote named {remote} (there is: {escaped(others)})",
                "name the remote that keeps the status branch with --remote",
            )
        )
    return None


def _parsed(url: str, remote: str, base: Path, not_followed: Problem | None) -> Location:
    """Return where a remote is. Raises UrlNotAllowed, with the command that gives it a new URL."""
    try:
        return parse_location(url, relative_to=base)
    except UrlNotAllowed as error:
        message = f"remote {remote}: {error.problem.message}"
        if not_followed:
            raise UrlNotAllowed(
                Problem("UrlNotAllowed", f"{message}; {not_followed.message}", not_followed.hint)
            ) from error
        hint = f"`git remote set-url {remote} URL` gives it another: {error.problem.hint}"
        raise UrlNotAllowed(Problem("UrlNotAllowed", message, hint)) from error
