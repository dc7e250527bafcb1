"""A release as its own scripts make it: what is in it, the same bytes each time, and in use."""

import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.utils import canonicalize_name, parse_wheel_filename
from ruamel.yaml import YAML

from cli_factory import ROOT, git, run
from pairctl import __version__
from release_factory import EPOCH, LEFT_OUT, made_release, release, shell, unpacked


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the code as it lies here."""
    return made_release(tmp_path_factory)


@pytest.fixture(scope="module")
def wheelhouse(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheelhouse, as it lies on the machine without network."""
    return unpacked(made, tmp_path_factory.mktemp("unpacked"))


def wheels(wheelhouse: Path) -> dict[str, str]:
    """Give the version of each wheel by the name of its package."""
    found = [parse_wheel_filename(file.name) for file in (wheelhouse / "wheels").iterdir()]
    return {one[0]: str(one[1]) for one in found}


# ── the wheelhouse ───────────────────────────────────────────────────────────────────────────────


def test_it_is_installed_without_network_as_its_instructions_say(
    wheelhouse: Path, tmp_path: Path
) -> None:
    """The commands of INSTALL.txt as they stand; then an example's documents are proven."""
    text = (wheelhouse / "INSTALL.txt").read_text()
    commands = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    page = (ROOT / "docs" / "install.md").read_text()
    assert "".join(f"$ {command}\n" for command in commands) in page
    script = "\n".join(commands).replace("/opt/pairctl", str(tmp_path / "pairctl"))
    done = shell(script, wheelhouse, {})
    assert done.code == 0, done.out + done.err
    assert done.out.splitlines()[-1].split()[-1] == __version__
    example = ROOT / "examples" / "quickstart" / "repository"
    shutil.copytree(example, tmp_path / "documents")
    proven = shell(f"{tmp_path}/pairctl/bin/pairctl validate", tmp_path / "documents", {})
    assert proven.code == 0, proven.out + proven.err


def test_every_wheel_in_it_has_its_version_and_hash(wheelhouse: Path) -> None:
    """Nothing lies there that the list does not name, and the list names nothing else."""
    text = (wheelhouse / "requirements.txt").read_text()
    listed = dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))
    assert {canonicalize_name(name): number for name, number in listed.items()} == wheels(
        wheelhouse
    )
    assert text.count("--hash=sha256:") >= len(listed)


def test_it_holds_what_pairctl_runs_with_and_not_what_it_is_built_with(wheelhouse: Path) -> None:
    """The builder stays where pairctl is built."""
    assert {"pairctl", "pydantic", "typer", "gitpython"} <= wheels(wheelhouse).keys()
    assert not {"hatchling", "pip", "setuptools", "pytest"} & wheels(wheelhouse).keys()


def test_a_wheel_that_was_changed_on_the_way_is_not_installed(
    wheelhouse: Path, tmp_path: Path
) -> None:
    """Both the checksums and pip find it."""
    copy = tmp_path / "copy"
    shutil.copytree(wheelhouse, copy)
    (own,) = (copy / "wheels").glob("pairctl-*.whl")
    with zipfile.ZipFile(own, "a") as opened:
        opened.writestr("pairctl/more.py", "")
    assert shell("sha256sum --check --quiet SHA256SUMS", copy, {}).code != 0
    install = "install --target there --no-deps --no-index --find-links wheels --require-hashes"
    refused = shell(f"python -m pip {install} -r requirements.txt", copy, {})
    assert refused.code != 0
    assert "DO NOT MATCH THE HASHES" in refused.err


def test_it_names_no_place_that_packages_come_from(wheelhouse: Path) -> None:
    """Neither an index nor a folder of the machine that it was made on."""
    for name in ("requirements.txt", "INSTALL.txt", "SHA256SUMS"):
        text = (wheelhouse / name).read_text()
        assert not re.search(r"https?:|file:|--(extra-)?index-url|--trusted", text)
        assert str(ROOT) not in text


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """Nothing is mixed with what lies there, and nothing is removed."""
    (tmp_path / "mine").write_text("")
    done = run(["python3", str(ROOT / ".ci" / "wheelhouse.py"), str(tmp_path)], cwd=tmp_path)
    assert done.code == 1
    assert "is not empty" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


# ── all of it ────────────────────────────────────────────────────────────────────────────────────


def test_a_release_has_all_its_parts(made: Path) -> None:
    """Wheel, source, SBOM, wheelhouse, notes, and the checksums of them all."""
    names = {path.name for path in made.iterdir()}
    (wheelhouse,) = (name for name in names if "-wheelhouse-" in name)
    parts = {"-py3-none-any.whl", ".tar.gz", ".cdx.json"}
    own = {f"pairctl-{__version__}{part}" for part in parts}
    assert names == {*own, wheelhouse, "RELEASE.md", "SHA256SUMS"}
    lines = (made / "SHA256SUMS").read_text().splitlines()
    assert {line.split("  ")[1] for line in lines} == names - {"SHA256SUMS"}


def test_a_part_that_was_changed_is_found(made: Path, tmp_path: Path) -> None:
    """The checksums verify as they are, and not after a change of one byte."""
    copy = tmp_path / "copy"
    shutil.copytree(made, copy)
    check = "sha256sum --check --strict --quiet SHA256SUMS"
    assert shell(check, copy, {}).code == 0
    with (copy / f"pairctl-{__version__}.tar.gz").open("r+b") as file:
        file.seek(100)
        byte = file.read(1)
        file.seek(100)
        file.write(bytes([byte[0] ^ 1]))
    assert shell(check, copy, {}).code != 0


def test_built_elsewhere_by_others_it_has_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """Another folder, other times and permissions of the files: the same wheel, source and SBOM."""
    copy = tmp_path / "elsewhere"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT, copy_function=shutil.copyfile)
    for file in copy.rglob("*"):
        file.chmod(0o700 if file.is_dir() or file.parent.name == ".ci" else 0o600)
        os.utime(file, (1_000_000_000, 1_000_000_000))
    parts = [f"pairctl-{__version__}{end}" for end in ("-py3-none-any.whl", ".tar.gz", ".cdx.json")]
    hatch = "python -m hatchling build --target wheel --target sdist --directory"
    script = f"umask 077; {hatch} {tmp_path}/out; python .ci/sbom.py {tmp_path}/out/{parts[2]}"
    done = shell(script, copy, EPOCH)
    assert done.code == 0, done.out + done.err
    for part in parts:
        assert (tmp_path / "out" / part).read_bytes() == (made / part).read_bytes(), part


def test_the_wheelhouse_has_the_wheel_that_is_released(made: Path, wheelhouse: Path) -> None:
    """Built twice, it has the same bytes."""
    wheel = f"pairctl-{__version__}-py3-none-any.whl"
    assert (wheelhouse / "wheels" / wheel).read_bytes() == (made / wheel).read_bytes()


def test_the_sbom_lists_what_is_installed(made: Path, wheelhouse: Path) -> None:
    """Valid CycloneDX; each package of the wheelhouse in its version, and who needs whom."""
    text = (made / f"pairctl-{__version__}.cdx.json").read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    own = bill["metadata"]["component"]
    listed = {one["name"]: one["version"] for one in (own, *bill["components"])}
    assert listed == wheels(wheelhouse)
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert any(one.startswith("pydantic==") for one in needs[own["bom-ref"]])
    assert {ref for refs in needs.values() for ref in refs} | {own["bom-ref"]} == needs.keys()


# ── what is refused ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The parts of a clone that a release looks at before it makes anything."""
    folder = tmp_path / "clone"
    shutil.copytree(ROOT / ".ci", folder / ".ci", ignore=LEFT_OUT)
    (folder / "src" / "pairctl").mkdir(parents=True)
    shutil.copy(ROOT / "src" / "pairctl" / "__init__.py", folder / "src" / "pairctl")
    (folder / "CHANGELOG.md").write_text(f"## Unreleased\n\n## {__version__}\n\n- Something.\n")
    (folder / ".gitignore").write_text("__pycache__/\n")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "release")
    return folder


def test_a_tag_of_another_version_makes_no_release(clone: Path, tmp_path: Path) -> None:
    """The tag says what people get."""
    done = release(tmp_path / "out", "v99.0.0", source=clone)
    assert done.code == 1
    assert "the tag is v99.0.0, the version in src/pairctl/__init__.py is" in done.err


def test_what_is_not_committed_makes_no_release(clone: Path, tmp_path: Path) -> None:
    """What is released is the commit that is tagged."""
    (clone / "more").write_text("")
    done = release(tmp_path / "out", f"v{__version__}", source=clone)
    assert done.code == 1
    assert "not committed" in done.err


def test_a_version_without_a_word_in_the_changelog_makes_no_release(
    clone: Path, tmp_path: Path
) -> None:
    """Who installs it can read what has changed."""
    (clone / "CHANGELOG.md").write_text("## Unreleased\n\n- Something.\n")
    git(clone, "commit", "--quiet", "--all", "--message", "forget")
    done = release(tmp_path / "out", f"v{__version__}", source=clone)
    assert done.code == 1
    assert f"CHANGELOG.md has no section `## {__version__}`" in done.err


# ── the workflow ─────────────────────────────────────────────────────────────────────────────────

WORKFLOW = YAML(typ="safe").load(ROOT / ".github" / "workflows" / "release.yaml")
BUILD, PUBLISH = WORKFLOW["jobs"]["build"], WORKFLOW["jobs"]["publish"]


def test_what_runs_the_code_may_only_read() -> None:
    """Tests and builders, and all that they bring along, hold no token that writes or signs."""
    assert WORKFLOW["permissions"] == {}
    assert BUILD["permissions"] == {"contents": "read"}
    assert BUILD["steps"][0]["with"] == {"persist-credentials": False}


def test_what_signs_and_publishes_runs_no_code_of_the_repository() -> None:
    """It takes finished files, and holds them against their checksums before it signs."""
    writes = {"contents": "write", "id-token": "write", "attestations": "write"}
    assert PUBLISH["permissions"] == writes
    used = [step["uses"].split("@")[0] for step in PUBLISH["steps"] if "uses" in step]
    assert used == ["actions/download-artifact", "actions/attest-build-provenance"]
    check, draft = (step["run"] for step in PUBLISH["steps"] if "run" in step)
    assert check == "sha256sum --check --strict SHA256SUMS"
    assert draft.startswith('gh release create "$TAG" --draft --verify-tag ')


def test_a_release_is_tested_before_it_is_built() -> None:
    """By what CI runs; then come the scripts that the tests above run."""
    runs = [step["run"] for step in BUILD["steps"] if "run" in step]
    assert runs[:2] == [".ci/run", '.ci/release dist/release "$TAG"']
    assert runs[-1] == ".ci/checksums dist/release"
    assert all((ROOT / one.split()[0]).exists() for one in runs if one.startswith(".ci/"))


def test_no_name_of_a_tag_is_run_as_a_command() -> None:
    """What GitHub fills in reaches a script by its environment only."""
    for job in (BUILD, PUBLISH):
        assert not [step["run"] for step in job["steps"] if "${{" in step.get("run", "")]
