import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pairctl.problem import ConfigurationError
from pairctl.spec import MAX_LOOKED_AT_BYTES, Code, FolderFiles, read_folder
from pairctl.spec.decoding import MAX_FILE_BYTES


def written(root: Path, *names: str) -> Path:
    """Write a file under each name, its name within."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"# {name}\n")
    return root


def paths(found: FolderFiles) -> list[str]:
    """Return the paths of the files read."""
    return [file.path for file in found.files]


def test_yaml_files_are_read_in_order_whatever_the_case_of_their_suffix(tmp_path: Path) -> None:
    """Paths are relative to the root, with forward slashes, sorted."""
    root = written(tmp_path, "b/x.yml", "a.yaml", "C.YAML", "b/d/e.Yml", "README.md", "yaml")
    found = read_folder(root)
    assert paths(found) == ["C.YAML", "a.yaml", "b/d/e.Yml", "b/x.yml"]
    assert found.files[1].content == b"# a.yaml\n"


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    """Workflows of a CI and settings of editors are not for pairctl."""
    root = written(tmp_path, ".github/workflows/ci.yaml", ".hidden.yaml", "a/.b/c.yaml", "a.yaml")
    assert paths(read_folder(root)) == ["a.yaml"]


def test_only_the_folder_asked_for_is_read(tmp_path: Path) -> None:
    """Paths stay those from the root."""
    root = written(tmp_path, "fleet/a.yaml", "other/b.yaml")
    assert paths(read_folder(root, "fleet")) == ["fleet/a.yaml"]
    assert paths(read_folder(root, "fleet/")) == ["fleet/a.yaml"]


def test_links_are_refused_not_followed(tmp_path: Path) -> None:
    """A link can lead out of the repository; the file it names is not even looked at."""
    outside = written(tmp_path / "outside", "secret.yaml", "folder/x.yaml")
    root = written(tmp_path / "root", "a.yaml")
    (root / "link.yaml").symlink_to(outside / "secret.yaml")
    (root / "dangling.yaml").symlink_to(outside / "nothing")
    (root / "linked").symlink_to(outside / "folder")
    found = read_folder(root)
    assert paths(found) == ["a.yaml"]
    assert [(one.path, one.code) for one in found.refused] == [
        (name, Code.SYMLINK_REFUSED) for name in ("dangling.yaml", "link.yaml", "linked")
    ]


def test_where_a_link_leads_is_not_looked_at(tmp_path: Path) -> None:
    """A link that may be a folder of documents is refused the same, whatever there is elsewhere."""
    root = written(tmp_path / "root", "a.yaml")
    (root / "folder").symlink_to(written(tmp_path / "outside", "x.yaml"))
    (root / "nothing").symlink_to(tmp_path / "not-there")
    (root / "around").symlink_to(root)
    (root / "notes.txt").symlink_to(tmp_path)
    refused = read_folder(root).refused
    assert [one.path for one in refused] == ["around", "folder", "nothing"]
    assert {(one.code, one.message) for one in refused} == {
        (Code.SYMLINK_REFUSED, "symbolic links are not followed")
    }


@pytest.fixture
def abyss(tmp_path: Path) -> Iterator[Path]:
    """Make a folder to nest others in; few programs can remove those again, but `rm` can."""
    folder = tmp_path / "abyss"
    folder.mkdir()
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


def nest(folder: Path, name: str, depth: int) -> None:
    """Nest folders of one name, and write a file into the innermost."""
    at = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=at)
        at, outer = os.open(name, os.O_RDONLY, dir_fd=at), at
        os.close(outer)
    os.close(os.open("deep.yaml", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)


def test_folders_are_read_however_deep_they_are_nested(abyss: Path) -> None:
    """Neither the stack nor the number of open files grows with the depth."""
    nest(abyss, "d", 1100)
    (path,) = paths(read_folder(abyss))
    assert path == "d/" * 1100 + "deep.yaml"


def test_a_folder_that_cannot_be_listed_is_told(abyss: Path) -> None:
    """What lies deeper than the system can name is no reason to give up the rest."""
    written(abyss, "a.yaml")
    nest(abyss, "d" * 250, 20)
    found = read_folder(abyss)
    assert paths(found) == ["a.yaml"]
    assert [(one.code, one.message) for one in found.refused] == [
        (Code.UNREADABLE_FILE, "it cannot be read: File name too long")
    ]


def test_too_many_files_stop_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded, and nothing is judged by half of a repository."""
    monkeypatch.setattr("pairctl.spec.folder.MAX_FILES", 2)
    written(tmp_path, "a.yaml", "b.yaml", "notes.txt")
    assert paths(read_folder(tmp_path)) == ["a.yaml", "b.yaml"]
    written(tmp_path, "c.yaml")
    with pytest.raises(ConfigurationError, match="more than 2 YAML files"):
        read_folder(tmp_path)


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    """A pipe would hold the run for ever."""
    os.mkfifo(tmp_path / "pipe.yaml")
    found = read_folder(tmp_path)
    assert [(one.path, one.code) for one in found.refused] == [("pipe.yaml", Code.UNREADABLE_FILE)]


def test_a_name_that_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    """File names go to terminals and logs."""
    written(tmp_path, "a\n::error::b.yaml")
    (refused,) = read_folder(tmp_path).refused
    assert refused.code is Code.UNREADABLE_FILE
    assert refused.path.isprintable()


def test_of_a_huge_file_only_the_beginning_is_read(tmp_path: Path) -> None:
    """Enough to see that it is too large, and whose it is."""
    with (tmp_path / "huge.yaml").open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES * 100)
    (file,) = read_folder(tmp_path).files
    assert len(file.content) == MAX_LOOKED_AT_BYTES + 1


@pytest.mark.parametrize(
    "under", ["..", "../outside", "a/../..", "/etc", "nothing", "a.yaml", "linked"]
)
def test_a_folder_outside_or_not_there_stops_the_run(tmp_path: Path, under: str) -> None:
    """An empty answer would look like an empty repository."""
    root = written(tmp_path / "root", "a.yaml", "a/b.yaml")
    (root / "linked").symlink_to(written(tmp_path / "outside", "x.yaml"))
    with pytest.raises(ConfigurationError):
        read_folder(root, under)


def test_a_root_that_is_not_there_stops_the_run(tmp_path: Path) -> None:
    """A mistyped path is told, not read as empty."""
    with pytest.raises(ConfigurationError):
        read_folder(tmp_path / "nothing")


def test_paths_that_differ_only_in_case_are_both_refused(tmp_path: Path) -> None:
    """A checkout on another system holds one of the two, and nobody knows which."""
    names = ("a/x.yaml", "A/X.yaml", "caf\u00e9.yaml", "cafe\u0301.yaml")
    for name in names:
        (written(tmp_path, name) / name).write_text("kind: PairingIntent\n")
    found = read_folder(tmp_path)
    assert (found.files, {one.code for one in found.refused}) == ((), {Code.PATH_COLLISION})
    assert len(found.refused) == 4
