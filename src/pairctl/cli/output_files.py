"""Files and folders that a command is to write: looked at before any work is done for them."""

import os
import stat
from pathlib import Path

from pairctl.problem import ConfigurationError, PairctlError, Problem
from pairctl.text import escaped

_STANDARD = ("/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/self/fd/")
_KINDS = (
    (stat.S_ISDIR, "it is a folder"),
    (stat.S_ISLNK, "it is a link, which would be replaced, or lead elsewhere"),
    (stat.S_ISFIFO, "it is a pipe"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISCHR, "it is a device"),
    (stat.S_ISBLK, "it is a device"),
)


def refuse_unwritable(file: Path, option: str, *, makes_folders: bool = False) -> None:
    """Raise ConfigurationError where a file cannot be written, or is none. Nothing is opened.

    The folder has to be there, unless the command `makes_folders`.
    """
    if str(file).startswith(_STANDARD):
        hint = "name a file; what a command shows goes to standard output by itself, see --format"
        raise _cannot(file, option, "it stands for an output of this program", hint)
    try:
        mode = file.lstat().st_mode
    except FileNotFoundError:
        mode = None
    except OSError as error:
        raise _cannot(file, option, error.strerror or "it cannot be looked at") from error
    if mode is not None:
        for is_kind, why in _KINDS:
            if is_kind(mode):
                raise _cannot(file, option, why)
        if not os.access(file, os.W_OK):
            raise _cannot(file, option, "it may not be written to")
    _refuse_folder(file.parent, file, option, may_be_made=makes_folders)


def write_output(file: Path, text: str, option: str) -> None:
    """Write a file that was looked at before. Raises PairctlError where that fails after all."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise PairctlError(_cannot(file, option, why).problem) from error


def refuse_unusable_folder(folder: Path, option: str) -> None:
    """Raise ConfigurationError where no files can be written into a folder, made or not."""
    _refuse_folder(folder, folder, option, may_be_made=True)


def _refuse_folder(folder: Path, named: Path, option: str, *, may_be_made: bool) -> None:
    there = folder.absolute()
    while may_be_made and not os.path.lexists(there):
        there = there.parent
    shown = escaped(str(there if may_be_made else folder))
    if not there.is_dir():
        why = f"{shown} is no folder" if os.path.lexists(there) else f"there is no folder {shown}"
        raise _cannot(named, option, why)
    if not os.access(there, os.W_OK | os.X_OK):
        raise _cannot(named, option, f"folder {shown} may not be written to")


def _cannot(
    place: Path,
    option: str,
    why: str,
    hint: str = "name a plain file in a folder that is there, and can be written to",
) -> ConfigurationError:
    text = f"{option}: cannot write {escaped(str(place))}: {why}"
    return ConfigurationError(Problem("CannotWrite", text, hint))
