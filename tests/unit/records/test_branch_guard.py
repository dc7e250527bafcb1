"""What may stand on a status branch: pairctl's own files, and nothing of anybody else."""

import pytest

from pairctl.problem import PairctlError
from pairctl.records import claim_path, foreign_paths, refuse_foreign, refuse_source, status_path
from pairctl.records.observed import CLUSTERS_FOLDER, PALETTES_FOLDER

OWN = (
    "STATUS.md",
    "status-branch.yaml",
    status_path("store-1"),
    claim_path("uid-1"),
    f"{CLUSTERS_FOLDER}store-1.yaml",
    f"{PALETTES_FOLDER}production.yaml",
    "observed/note.yaml",
    "evidence/store-1/1.yaml",
)
FOREIGN = (
    "README.md",
    "fleet.yaml",
    ".gitignore",
    ".github/workflows/a.yml",
    "status",
    "Status/a.yaml",
    "status.yaml",
    "statuses/a.yaml",
    "docs/STATUS.md",
    "a/status/b.yaml",
    "status.md",
)


def test_what_pairctl_writes_is_its_own() -> None:
    """Whatever file it writes, or is to write, may stand there; so may nothing at all."""
    assert foreign_paths(OWN) == foreign_paths(()) == ()
    refuse_foreign("pairctl-status", OWN)


@pytest.mark.parametrize("path", FOREIGN)
def test_any_other_path_makes_it_the_branch_of_somebody(path: str) -> None:
    """Hidden files, READMEs and names that are nearly right too."""
    with pytest.raises(PairctlError, match="main is not a status branch") as refused:
        refuse_foreign("main", (*OWN, path))
    assert refused.value.problem.reason == "NotAStatusBranch"
    assert path in refused.value.problem.message
    assert "--status-branch" in refused.value.problem.hint


def test_the_first_of_many_foreign_paths_are_named_and_the_rest_counted() -> None:
    """A whole repository does not fill the screen; the order of paths changes nothing."""
    paths = [f"{number}.yaml" for number in range(9)]
    told = []
    for order in (paths, paths[::-1]):
        with pytest.raises(PairctlError) as refused:
            refuse_foreign("main", order)
        told.append(refused.value.problem.message)
    assert told[0] == told[1]
    assert "0.yaml, 1.yaml, 2.yaml and 6 more" in told[0]


@pytest.mark.parametrize("branch", ["main", "Main", "HEAD"])
def test_the_branch_of_the_intents_is_refused_by_its_name_alone(branch: str) -> None:
    """Whether it is there yet or not, and also where a disk does not tell case."""
    with pytest.raises(PairctlError) as refused:
        refuse_source(branch, "HEAD", ["main"])
    assert refused.value.problem.reason == "NotAStatusBranch"
    refuse_source("pairctl-status", "HEAD", ["main"])
