"""`pairctl init`: a repository that is ready, in one command, and nothing overwritten."""

from pathlib import Path

import pytest

from cli_factory import git, pairctl

FORGES = ("github", "gitlab", "none")


@pytest.mark.parametrize("forge", FORGES)
def test_a_new_repository_passes_validate(tmp_path: Path, forge: str) -> None:
    """The files as they were written are valid, from the work tree and from a commit."""
    made = pairctl("init", "pairings", "--forge", forge, cwd=tmp_path)
    assert made.code == 0, made.err
    clone = tmp_path / "pairings"
    git(clone, "init", "--quiet")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "begin")
    for arguments in ([], ["--ref", "HEAD"]):
        proved = pairctl("validate", *arguments, cwd=clone)
        assert proved.code == 0
        assert "1 documents in 1 files" in proved.out.replace(
            "1 document in 1 file", "1 documents in 1 files"
        )


def test_a_new_repository_is_all_committed(tmp_path: Path) -> None:
    """What editors and CI need is not among the files that Git is told to leave out."""
    pairctl("init", cwd=tmp_path)
    git(tmp_path, "init", "--quiet")
    assert git(tmp_path, "status", "--porcelain", "--ignored").count("!!") == 0


def test_it_says_what_was_made_and_what_comes_next(tmp_path: Path) -> None:
    """Every file is named, and the steps are numbered."""
    done = pairctl("init", cwd=tmp_path)
    made = {line.split()[1] for line in done.out.splitlines() if line.startswith("made  ")}
    there = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert made == there
    assert "\nNext:\n1. " in done.out


def test_no_file_is_ever_overwritten(tmp_path: Path) -> None:
    """What is there is kept and named, also where it is a link to nowhere; the rest is made."""
    (tmp_path / "README.md").write_text("ours")
    (tmp_path / ".gitignore").symlink_to("nowhere")
    done = pairctl("init", cwd=tmp_path)
    assert done.code == 0
    assert (tmp_path / "README.md").read_text() == "ours"
    assert not (tmp_path / "nowhere").exists()
    assert "kept  README.md\n" in done.out
    assert "kept  .gitignore\n" in done.out
    assert (tmp_path / "palettes/production.yaml").exists()


def test_a_second_run_adds_what_is_missing(tmp_path: Path) -> None:
    """CI can be set up later: the documents stay as they are."""
    pairctl("init", "--forge", "none", "--project", "edge-retail", cwd=tmp_path)
    before = (tmp_path / "palettes/production.yaml").read_bytes()
    done = pairctl("init", "--forge", "gitlab", cwd=tmp_path)
    assert "made  .gitlab-ci.yml\n" in done.out
    assert (tmp_path / "palettes/production.yaml").read_bytes() == before


def test_the_schemas_are_those_of_the_program(tmp_path: Path) -> None:
    """`pairctl schema` would write the same: after an update, it brings them up to date."""
    pairctl("init", cwd=tmp_path)
    folder = tmp_path / ".pairctl/schemas"
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    pairctl("schema", "--output", ".pairctl/schemas", cwd=tmp_path)
    assert {name: (folder / name).read_bytes() for name in made} == made


def test_a_bad_answer_writes_nothing(tmp_path: Path) -> None:
    """It is told which, and what is right."""
    done = pairctl("init", "new", "--palette-endpoint", "palette.acme.com", cwd=tmp_path)
    assert done.code == 1
    assert "endpoint" in done.err
    assert "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_within_a_repository_is_refused_with_the_way_to_go(tmp_path: Path) -> None:
    """Forges look for CI at the top only: `--path` puts documents below it."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "fleet").mkdir()
    refused = pairctl("init", "fleet", cwd=tmp_path)
    assert refused.code == 1
    assert "--path fleet" in refused.err
    done = pairctl("init", "--path", "fleet", cwd=tmp_path)
    assert done.code == 0
    assert (tmp_path / "fleet/palettes/production.yaml").exists()
    assert (tmp_path / ".github/workflows/pairctl.yml").exists()
    assert pairctl("validate", "fleet", cwd=tmp_path).code == 0


def test_a_file_where_a_folder_belongs_is_told(tmp_path: Path) -> None:
    """No traceback; the file is named."""
    (tmp_path / "palettes").write_text("")
    done = pairctl("init", cwd=tmp_path)
    assert done.code == 1
    assert "palettes" in done.err
    assert "Traceback" not in done.err
