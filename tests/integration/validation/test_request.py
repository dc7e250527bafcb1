"""Documents of a real repository, proven on a real status branch."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from layers_factory import INFRA, MONITORING, make_stack
from pairctl.layers import Stack
from pairctl.pairing import (
    EdgeHost,
    LocalCluster,
    ManagementMode,
    PaletteView,
    Phase,
    ProfileListing,
    Status,
)
from pairctl.problem import PairctlError
from pairctl.records import cluster_file, palette_file, render_status, status_path
from pairctl.spec import Code
from pairctl.validation import ProofVerdict, Validation
from pairing_factory import ADD_ON, INFRA_PROFILE
from repo_factory import git
from spec_factory import file_of, intent_at, match, palette
from validation_factory import validated

SEEN_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PROFILES = [{"name": INFRA_PROFILE.name}, {"name": ADD_ON.name}]
MATCHING = make_stack(*INFRA, MONITORING)
ANOTHER = make_stack(*INFRA)


def store(number: int, **changes: object) -> dict[str, object]:
    """Return an intent for one of several hosts."""
    return intent_at(f"https://10.0.42.{number}:5080", f"store-{number}", **changes)


def observed(**clusters: Stack) -> dict[str, bytes]:
    """Return the files of a status branch: a Palette, and these clusters."""
    listings = tuple(ProfileListing(one.name, one) for one in (INFRA_PROFILE, ADD_ON))
    files = [palette_file("production", PaletteView(listings), SEEN_AT)]
    for name, layers in clusters.items():
        cluster = LocalCluster(f"uid-{name}", name, "Running", is_healthy=True, stack=layers)
        host = EdgeHost("h", ManagementMode.LOCAL, "airgap", "v4.9.0", cluster)
        seen = cluster_file(name.replace("_", "-"), host, SEEN_AT)
        assert seen is not None
        files.append(seen)
    return dict(files)


def commit(clone: Path, files: dict[str, bytes], branch: str = "") -> None:
    """Commit files in the work tree, or as the one commit of an orphan branch beside it."""
    if branch:
        git(clone, "checkout", "--quiet", "--orphan", branch)
        git(clone, "rm", "-rfq", "--cached", ".")
    for path, content in files.items():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_bytes(content)
        git(clone, "add", path)
    git(clone, "commit", "--quiet", "--message", "change")
    if branch:
        git(clone, "checkout", "--quiet", "--force", "main")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Make a repository with a Palette, a match and three intents on main."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    documents = (palette(), match(profiles=PROFILES), *map(store, (1, 2, 3)))
    commit(folder, {"fleet/all.yaml": file_of(*documents).content})
    return folder


def verdicts(validation: Validation) -> dict[str, ProofVerdict]:
    """Return the verdict on each intent that was meant."""
    return {proof.intent: proof.verdict for proof in validation.proofs}


def test_each_intent_is_held_against_what_was_seen(clone: Path) -> None:
    """One matches, one does not, and one was never seen; each is told where it stands."""
    commit(clone, observed(store_1=MATCHING, store_2=ANOTHER), "pairctl-status")
    found = validated(clone)
    assert verdicts(found) == {
        "store-1": ProofVerdict.PROVEN,
        "store-2": ProofVerdict.DIFFERS,
        "store-3": ProofVerdict.NOT_SEEN,
    }
    differs, unseen = found.findings
    assert (differs.code, differs.path, differs.line) == (Code.MATCH_DIFFERS, "fleet/all.yaml", 4)
    assert "prometheus-grafana" in differs.message
    assert "seen 2026-03-01 12:00 UTC, agent v4.9.0" in differs.message
    assert (unseen.code, unseen.line, unseen.refuses) == (Code.NOT_SEEN_YET, 5, False)


def test_without_a_status_branch_nothing_is_claimed(clone: Path) -> None:
    """Documents are judged by themselves, and no proof is said to be missing."""
    found = validated(clone)
    assert (found.findings, found.proofs, found.observed_commit) == ((), (), "")


def test_only_what_changed_is_proven_against_a_base(clone: Path) -> None:
    """A pull request is not red for what it did not touch; a changed match touches its intents."""
    commit(clone, observed(store_1=ANOTHER, store_2=ANOTHER), "pairctl-status")
    base = git(clone, "rev-parse", "HEAD")
    commit(clone, {"more.yaml": file_of(store(4)).content})
    assert verdicts(validated(clone, base=base)) == {"store-4": ProofVerdict.NOT_SEEN}
    labelled = match(profiles=PROFILES) | {"metadata": {"name": "retail", "labels": {"a": "b"}}}
    documents = (palette(), labelled, *map(store, (1, 2, 3)))
    commit(clone, {"fleet/all.yaml": file_of(*documents).content})
    meant = verdicts(validated(clone, base=base))
    assert set(meant) == {"store-1", "store-2", "store-3", "store-4"}


def test_a_profile_that_cannot_be_used_is_told_once_at_the_match(clone: Path) -> None:
    """Three intents, one finding: the cause stands in the match."""
    broken = match(profiles=[{"name": INFRA_PROFILE.name, "version": "9.9.9"}, {"name": "nothing"}])
    documents = (palette(), broken, *map(store, (1, 2, 3)))
    commit(clone, {"fleet/all.yaml": file_of(*documents).content})
    seen = observed(store_1=MATCHING, store_2=MATCHING, store_3=MATCHING)
    commit(clone, seen, "pairctl-status")
    found = validated(clone)
    assert [(one.code, one.line) for one in found.findings] == [(Code.PROFILE_UNUSABLE, 2)] * 2
    assert set(verdicts(found).values()) == {ProofVerdict.DIFFERS}


def test_a_cluster_that_is_paired_needs_no_match_any_more(clone: Path) -> None:
    """Profiles go on after the acceptance; that is nobody's finding."""
    paired = {
        status_path(name): render_status(Status(name, phase, "g", "c"))
        for name, phase in (("store-1", Phase.PAIRED), ("store-2", Phase.BLOCKED))
    }
    commit(clone, observed(store_1=ANOTHER, store_2=ANOTHER) | paired, "pairctl-status")
    assert set(verdicts(validated(clone))) == {"store-2", "store-3"}


def test_another_commit_can_be_named_to_prove_on(clone: Path) -> None:
    """The remote's branch comes first, a name given comes before that; a wrong one is an error."""
    commit(clone, observed(store_1=ANOTHER), "pairctl-status")
    commit(clone, observed(store_1=MATCHING), "elsewhere")
    assert verdicts(validated(clone))["store-1"] is ProofVerdict.DIFFERS
    assert verdicts(validated(clone, observed="elsewhere"))["store-1"] is ProofVerdict.PROVEN
    with pytest.raises(PairctlError, match="nowhere"):
        validated(clone, observed="nowhere")


def test_a_folder_within_the_repository_is_told_from_the_root(clone: Path) -> None:
    """A finding's path is what a forge can annotate, from wherever pairctl is called."""
    commit(clone, observed(store_1=ANOTHER), "pairctl-status")
    (clone / "fleet" / "bad.yaml").write_text("apiVersion: pairctl/v1alpha1\nkind: Nothing\n")
    paths = {one.path for one in validated(clone / "fleet").findings}
    assert paths == {"fleet/all.yaml", "fleet/bad.yaml"}


def test_a_commit_is_validated_as_it_was_committed(clone: Path) -> None:
    """The work tree does not count, and what cannot be read in the commit is told."""
    (clone / "link.yaml").symlink_to("fleet/all.yaml")
    git(clone, "add", "link.yaml")
    git(clone, "commit", "--quiet", "--message", "link")
    (clone / "bad.yaml").write_text("apiVersion: pairctl/v1alpha1\nkind: Nothing\n")
    found = validated(clone, ref="HEAD")
    assert [(one.path, one.code) for one in found.findings] == [("link.yaml", Code.SYMLINK_REFUSED)]


@pytest.mark.parametrize("option", ["ref", "observed", "base"])
def test_a_commit_outside_of_any_repository_is_an_error(tmp_path: Path, option: str) -> None:
    """It says which option, and what to do."""
    with pytest.raises(PairctlError, match=f"--{option}"):
        validated(tmp_path, **{option: "main"})
