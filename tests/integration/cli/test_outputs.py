"""What a command is to write is looked at before the work: nobody waits for what cannot be kept."""

import os
import socket
from pathlib import Path

import pytest

from cli_factory import Done, git, pairctl

COMMANDS = {
    "plan": ("plan", "--out"),
    "report": ("report", "--html"),
    "export": ("export", "terraform", "--out"),
    "validate": ("validate", "--write"),
    "explain": ("explain", "store-0001", "--repair"),
    "sim": ("sim", "world.yaml", "--ca-file"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository that has nothing to plan, so that work would end in another error."""
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "m")
    (tmp_path / "world.yaml").write_text("{}\n")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "target.json").write_text("{}\n")
    (tmp_path / "link").symlink_to("target.json")
    (tmp_path / "dangling").symlink_to("nowhere.json")
    (tmp_path / "sub").mkdir()
    with socket.socket(socket.AF_UNIX) as made:
        before = Path.cwd()
        os.chdir(tmp_path)
        made.bind("socket")
        os.chdir(before)
    return tmp_path


PLACES = {
    "/dev/stdout": "an output of this program",
    "/dev/fd/1": "an output of this program",
    "/dev/null": "it is a device",
    "pipe": "it is a pipe",
    "link": "it is a link",
    "dangling": "it is a link",
    "sub": "it is a folder",
    "socket": "it is a socket",
    "target.json/x": "Not a directory",
}


def written(folder: Path, command: str, place: str) -> Done:
    """Run a command that is to write there."""
    *first, option = COMMANDS[command]
    return pairctl(*first, option, f"json={place}" if option == "--write" else place, cwd=folder)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_plain_file_is_refused_before_any_work(folder: Path, place: str) -> None:
    """Pipes, devices, links, folders: said at once, and left as they were."""
    done = written(folder, "plan", place)
    assert done.code == 1
    assert f"--out: cannot write {place}: " in done.err
    assert PLACES[place] in done.err
    assert (folder / "target.json").read_text() == "{}\n"
    assert (folder / "link").is_symlink()


@pytest.mark.parametrize("command", ["validate", "explain", "sim", "report", "export"])
@pytest.mark.parametrize("place", ["/dev/stdout", "pipe", "link"])
def test_every_command_with_an_output_file_looks_first(
    folder: Path, command: str, place: str
) -> None:
    """The option is named; no pipe is opened, which would never end."""
    done = written(folder, command, place)
    assert done.code == 1
    assert f"{COMMANDS[command][-1]}: cannot write {place}: " in done.err


def test_a_file_of_somebody_else_is_not_written_over_and_said_first(folder: Path) -> None:
    """What is no plan stays."""
    done = written(folder, "plan", "target.json")
    assert "target.json is there, and is no plan" in done.err


@pytest.mark.parametrize("command", [("schema", "--output"), ("init",), ("demo", "--folder")])
@pytest.mark.parametrize("place", ["target.json", "pipe"])
def test_a_folder_to_write_into_is_one(folder: Path, command: tuple[str, ...], place: str) -> None:
    """Nothing is made in the place of a file."""
    done = pairctl(*command, place, cwd=folder)
    assert done.code != 0
    assert place in done.err
    assert "Traceback" not in done.err


def test_a_folder_that_may_not_be_written_to_is_said_first(folder: Path) -> None:
    """Where that holds for this user, which it does not for root."""
    (folder / "sub").chmod(0o500)
    if os.access(folder / "sub", os.W_OK):
        pytest.skip("this user may write everywhere")
    assert "may not be written to" in written(folder, "plan", "sub/plan.json").err
