import os
from pathlib import Path

import pytest

from pairctl.problem import ConfigurationError
from pairctl.spec import Code, FolderFiles, read_folder
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
    """Enough to see that it is too large."""
    with (tmp_path / "huge.yaml").open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES * 100)
    (file,) = read_folder(tmp_path).files
    assert len(file.content) == MAX_FILE_BYTES + 1


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
    found = read_folder(
        written(tmp_path, "a/x.yaml", "A/X.yaml", "caf\u00e9.yaml", "cafe\u0301.yaml")
    )
    assert (found.files, {one.code for one in found.refused}) == ((), {Code.PATH_COLLISION})
    assert len(found.refused) == 4
