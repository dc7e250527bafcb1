"""The image: its steps are run here as they stand, in a scratch folder in place of `/`."""

import re
import shutil
from pathlib import Path

import pytest

from cli_factory import ROOT
from pairctl import __version__
from release_factory import made_release, shell, unpacked

Instruction = tuple[str, str]


def instructions() -> list[Instruction]:
    """Read the Containerfile: each instruction with its words, continued lines put together."""
    lines = (ROOT / "Containerfile").read_text().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", text)
    found = [line.split(maxsplit=1) for line in joined.splitlines() if line]
    return [(name, words) for name, words in found]


def text_of(path: str) -> str:
    """Give the text of a file of pairctl."""
    return (ROOT / path).read_text()


def stages() -> tuple[list[Instruction], list[Instruction]]:
    """Give the instructions of the stage that builds, and of the one that is kept."""
    all_of_them = instructions()
    _, second = [place for place, (name, _) in enumerate(all_of_them) if name == "FROM"]
    return all_of_them[:second], all_of_them[second:]


def words_of(stage: list[Instruction], name: str) -> list[str]:
    """Give what stands behind each instruction of this name."""
    return [words for found, words in stage if found == name]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the stage that builds leaves at /opt/pairctl."""
    scratch = tmp_path_factory.mktemp("image")
    prefix = scratch / "opt" / "pairctl"
    wheelhouse = unpacked(made_release(tmp_path_factory), scratch)
    build, _ = stages()
    assert words_of(build, "COPY") == ["dist/wheelhouse /wheelhouse"]
    for step in words_of(build, "RUN"):
        here = step.replace("/opt/pairctl", str(prefix)).replace("/wheelhouse", str(wheelhouse))
        done = shell(here, scratch, {})
        assert done.code == 0, done.out + done.err
    return prefix


def test_what_is_kept_runs_without_network(installed: Path, tmp_path: Path) -> None:
    """The entry point proves an example, mounted at the folder that it works in."""
    _, kept = stages()
    (entry,) = words_of(kept, "ENTRYPOINT")
    assert entry == '["/opt/pairctl/bin/pairctl"]'
    program = installed / "bin" / "pairctl"
    assert shell(f"{program} --version", tmp_path, {}).out.split()[-1] == __version__
    shutil.copytree(ROOT / "examples" / "quickstart" / "repository", tmp_path / "work")
    done = shell(f"{program} validate", tmp_path / "work", {"PYTHONDONTWRITEBYTECODE": "1"})
    assert done.code == 0, done.out + done.err


def test_nothing_in_it_can_install_more(installed: Path) -> None:
    """No installer and no builder is kept."""
    packages = {path.name.split("-")[0] for path in installed.glob("lib/python*/site-packages/*")}
    assert "pairctl" in packages
    assert not {"pip", "setuptools", "hatchling"} & packages


def test_it_is_no_root_that_runs() -> None:
    """The user is named by number, as Kubernetes wants it, and nothing follows that installs."""
    _, kept = stages()
    names = [name for name, _ in kept]
    assert words_of(kept, "USER") == ["65532:65532"]
    assert not {"RUN", "COPY", "ADD"} & set(names[names.index("USER") :])


def test_only_the_system_s_own_packages_are_fetched() -> None:
    """Git and ssh, in the stage that is kept; this step is read, not run: it would change us."""
    build, kept = stages()
    (step,) = words_of(kept, "RUN")
    assert step.startswith("apt-get update && apt-get install --yes --no-install-recommends git ")
    assert "rm -rf /var/lib/apt/lists/*" in step
    assert all("--no-index" in one and "--require-hashes" in one for one in words_of(build, "RUN"))
    assert not re.search(r"https?://", (ROOT / "Containerfile").read_text())


def test_the_wheels_are_those_of_the_images_python() -> None:
    """Wherever the wheelhouse for the image is made, it is for the Python of its base."""
    (base,) = re.findall(
        r"^ARG BASE=(python:(3\.\d+)-\S+)$", text_of("Containerfile"), re.MULTILINE
    )
    image, python = base
    for page in ("Containerfile", "README.md", "docs/install.md"):
        assert f"make wheelhouse PYTHONS={python}\n" in text_of(page).replace("`", "\n")
    workflow = text_of(".github/workflows/release.yaml")
    assert f"BASE: {image}\n" in workflow
    assert f'BASE_PYTHON: "{python}"\n' in workflow


def test_nothing_of_the_folder_but_the_wheelhouse_reaches_the_builder() -> None:
    """A secret, or a clone's .git, that lies beside it cannot get into a layer."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["*", "!dist/wheelhouse"]
