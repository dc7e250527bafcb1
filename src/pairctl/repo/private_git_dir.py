"""A Git directory of pairctl's own over the objects and refs of a clone.

Fetching and pushing obey the configuration of the repository they run in, down to programs that it
names, and no environment or command line takes all of it back: `remote.<url>.vcs`, `url.<base>`
and their like have no end. So they run in a directory whose configuration pairctl has written.
"""

import asyncio
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pairctl.repo.clone_settings import CloneSettings
from pairctl.repo.git_dirs import common_dir_of
from pairctl.repo.refs import SHA256_DIGITS

_OBJECTS = ("objects", "shallow")
_LINKED = (*_OBJECTS, "refs", "packed-refs")
_IF_THERE = ("logs", "reftable")
# A branch that nobody has: nothing is ever checked out here.
_HEAD = "ref: refs/heads/pairctl/nothing-is-checked-out\n"


@dataclass(frozen=True, slots=True)
class PrivateGitDir:
    """A temporary Git directory; `dispose` removes it, and nothing of the clone.

    Objects, refs and where a shallow clone ends are the clone's own, by links. Its configuration,
    hooks, alternates' programs, grafts, attributes and remotes are not there. `without_refs` is
    another one, over the same objects, that knows none of the clone's refs.
    """

    path: Path
    without_refs: Path
    dispose: Callable[[], object]

    @classmethod
    async def over(cls, git_dir: Path, settings: CloneSettings, id_digits: int) -> "PrivateGitDir":
        """Make one over the clone at `git_dir`, with `settings` and no others."""
        return await asyncio.to_thread(cls._made, git_dir, settings, id_digits)

    @classmethod
    def _made(cls, git_dir: Path, settings: CloneSettings, id_digits: int) -> "PrivateGitDir":
        made = Path(tempfile.mkdtemp(prefix="pairctl-"))  # for this user alone
        dispose = weakref.finalize(cls, shutil.rmtree, made, ignore_errors=True)
        common = common_dir_of(git_dir)
        linked = [*_LINKED, *(name for name in _IF_THERE if (common / name).is_dir())]
        _fill(made, common, linked, settings, id_digits)
        without_refs = made / "without-refs"
        (without_refs / "refs").mkdir(parents=True)
        _fill(without_refs, common, _OBJECTS, settings, id_digits)
        return cls(made, without_refs, dispose)


def _fill(
    made: Path, common: Path, linked: Sequence[str], settings: CloneSettings, id_digits: int
) -> None:
    """Make a folder a Git directory that has files and folders of another one by links."""
    for name in linked:
        (made / name).symlink_to(common / name)
    (made / "HEAD").write_text(_HEAD)
    has_logs, has_reftable = (made / "logs").exists(), (made / "reftable").exists()
    lines = _configuration(settings, id_digits, has_logs=has_logs, has_reftable=has_reftable)
    _write(made / "config", "".join(f"{line}\n" for line in lines))


def _configuration(
    settings: CloneSettings, id_digits: int, *, has_logs: bool, has_reftable: bool
) -> Iterator[str]:
    is_sha256 = id_digits == SHA256_DIGITS
    yield "[core]"
    yield f"\trepositoryFormatVersion = {int(is_sha256 or has_reftable)}"
    yield "\tbare = true"
    yield f"\tlogAllRefUpdates = {str(has_logs).lower()}"
    if settings.shared:
        yield f"\tsharedRepository = {settings.shared}"
    if is_sha256:
        yield "[extensions]\n\tobjectFormat = sha256"
    if has_reftable:
        yield "[extensions]\n\trefStorage = reftable"
    for address, name, value in settings.http:
        yield f"[http {_quoted(address)}]" if address else "[http]"
        yield f"\t{name} = {_quoted(value)}"


def _quoted(text: str) -> str:
    """Return a text as Git's configuration files hold it, in quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _write(path: Path, text: str) -> None:
    """Write a file that may hold a login: for this user alone from its first byte on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)
