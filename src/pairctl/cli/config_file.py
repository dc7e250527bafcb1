"""The configuration file of whoever types the commands: where it is, and what it says.

It is the user's own. A repository has none: what a pull request can change must neither name a
secret, an operator's file nor a branch, so no file of a repository is read as one, and a file that
lies in the repository that is acted on is refused.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pairctl import spec  # what it offers is loaded when it is used
from pairctl.permissions import why_changeable
from pairctl.problem import ConfigurationError, Problem

VARIABLE = "PAIRCTL_CONFIG"
PATHS = {"operator": Path.is_file, "secretsDir": Path.is_dir}
"""The settings that are paths, and what has to be there."""


@dataclass(frozen=True, slots=True)
class FromFile:
    """What the file says of one option, and where, as `FILE:LINE:COLUMN`."""

    value: str | list[str]
    place: str


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The file that is used, if any, and its settings by the keys of the file."""

    path: Path | None = None
    settings: Mapping[str, FromFile] = field(default_factory=dict)
    is_refused: bool = False

    def refuse_inside(self, repository: Path) -> None:
        """Refuse a file that a pull request to the repository could change.

        Raises ConfigurationError.
        """
        top = _top(repository)
        if top and self.path and self.path.resolve().is_relative_to(top.resolve()):
            raise ConfigurationError(
                Problem(
                    "ConfigInRepository",
                    f"the configuration file {self.path} lies inside the repository {top}"
                    " that is acted on",
                    "keep it where no pull request can change it, as in ~/.config/pairctl",
                )
            )


def read_config_file(named: Path | None, environment: Mapping[str, str]) -> ConfigFile:
    """Read the file that is named, else the user's own; none is there by default.

    Raises ConfigurationError where it cannot be used, with the place of each finding.
    """
    path = config_path(named, environment)
    return ConfigFile(path, _read(path)) if path else ConfigFile()


def config_path(named: Path | None, environment: Mapping[str, str]) -> Path | None:
    """Return the file that is to be read: the one that is named, else the user's, if it is there.

    `/dev/null` names none, as it does for Git.
    """
    if named:
        return None if str(named) == os.devnull else named
    path = default_path(environment)
    return path if path and is_there(path) else None


def is_there(path: Path) -> bool:
    """Whether a file is there; a folder that may not be looked into is somebody else's."""
    try:
        return path.exists()
    except OSError:
        return False


def default_path(environment: Mapping[str, str]) -> Path | None:
    """Return where a user keeps the file, by XDG's rules; None for who has no home."""
    folder = Path(environment.get("XDG_CONFIG_HOME") or "")
    if not folder.is_absolute():  # relative ones are to be ignored, by the specification
        try:
            folder = Path.home() / ".config"
        except RuntimeError:
            return None
    return folder / "pairctl" / "config.yaml"


def _read(path: Path) -> Mapping[str, FromFile]:
    # A file that others of this machine could change is as bad as none.
    why = why_changeable(path) if path.is_file() else "there is no such file"
    if why:
        raise ConfigurationError(
            Problem(
                "InvalidConfig",
                f"the configuration file {path} cannot be used: {why}",
                f"put it right, or name another one with --config or {VARIABLE}",
            )
        )
    settings = spec.load_config(spec.SourceFile(str(path), path.read_bytes()))
    made = {
        key: _resolved(key, setting, path.absolute().parent) for key, setting in settings.items()
    }
    if findings := tuple(_absent(str(path), made, settings)):
        raise ConfigurationError(spec.invalid_config(findings))
    return {
        key: FromFile(made[key], f"{path}:{one.span.line}:{one.span.column}")
        for key, one in settings.items()
    }


def _resolved(key: str, setting: "spec.Setting", folder: Path) -> str | list[str]:
    """Return a setting's value; one that names a place of this machine as an absolute path."""
    value = setting.value
    is_path = key in PATHS or (key == "repository" and ":" not in str(value).split("/")[0])
    return str(folder / Path(str(value)).expanduser()) if is_path else value


def _absent(
    path: str, made: Mapping[str, str | list[str]], settings: Mapping[str, "spec.Setting"]
) -> Iterator["spec.Finding"]:
    for key, is_there in PATHS.items():
        if key in made and not is_there(place := Path(str(made[key]))):
            span = settings[key].span
            what = "file" if is_there is Path.is_file else "folder"
            words = f"`spec.{key}`: there is no {what} {place}"
            hint = "a relative path begins at the configuration file's folder"
            yield spec.Finding(path, span.line, span.column, spec.Code.INVALID_VALUE, words, hint)


def _top(folder: Path) -> Path | None:
    """Return the top of the work tree that a folder lies in; None for a URL, and where it has none.

    Only that is looked for: which repository can be opened, and how, is for others to say.
    """
    whole = folder.absolute() if folder.is_dir() else Path("/")
    return next((one for one in (whole, *whole.parents) if (one / ".git").exists()), None)
