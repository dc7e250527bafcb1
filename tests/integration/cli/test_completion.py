"""What a shell completes: names of intents where a command takes one, kinds and fields."""

import shutil
from pathlib import Path

import pytest

from cli_factory import ROOT, pairctl
from pairctl.cli.completion import intent_names

VALID = ROOT / "examples/valid"
FLEET = ROOT / "examples/fleet/repository"
QUICKSTART = ROOT / "examples/quickstart/repository"
STORES = [f"store-000{number}" for number in range(1, 7)]


def completed(typed: str, cwd: Path, **env: str) -> list[str]:
    """Return what bash is offered for a line whose last word is not finished."""
    count = typed.count(" ")
    words = {"_PAIRCTL_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(count)}
    done = pairctl(cwd=cwd, env=words | env)
    assert done.err == ""
    return done.out.split()


@pytest.mark.parametrize("command", ["status", "explain", "doctor", "pair", "approve", "evidence"])
def test_the_name_of_an_intent_is_completed(command: str) -> None:
    """By each command that takes one, from the documents where it stands."""
    assert completed(f"pairctl {command} store-", QUICKSTART) == STORES


def test_a_name_that_is_typed_already_is_not_offered_again() -> None:
    """Of several names each is wanted once."""
    assert completed("pairctl doctor store-0001 store-", QUICKSTART) == STORES[1:]


def test_names_come_from_the_repository_that_is_named(tmp_path: Path) -> None:
    """By flag, variable or file, as for the command itself; without one there are none."""
    assert completed(f"pairctl status -r {QUICKSTART} store-0001", tmp_path) == ["store-0001"]
    env = {"PAIRCTL_REPOSITORY": str(QUICKSTART)}
    assert completed("pairctl status store-0001", tmp_path, **env) == ["store-0001"]
    assert completed("pairctl status store-", tmp_path / "") == []
    clone_url = {"PAIRCTL_REPOSITORY": "git@git.example:edge/pairings.git"}
    assert completed("pairctl status store-", tmp_path, **clone_url) == []


def test_levels_and_formats_of_logs_are_completed(tmp_path: Path) -> None:
    """Before the command as behind it; files are not offered for them."""
    for line in ("pairctl --log-level ", "pairctl apply --log-level "):
        assert completed(line, tmp_path) == ["debug", "info", "warning", "error"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("plan --format = j", ["json"]),
        ("plan --format =", ["text", "json", "markdown"]),
        ("--log-level = w", ["warning"]),
        ("plan --format = json --offl", ["--offline"]),
        (f"status --repository = {QUICKSTART} store-0001", ["store-0001"]),
        ("status -l region = emea store-0001", []),
    ],
)
def test_what_bash_splits_at_an_equals_sign_is_one_word(
    words: str, offered: list[str], tmp_path: Path
) -> None:
    """Bash hands over `--format=j` as three words, a line each, and puts in the end of the last."""
    typed = ["pairctl", *words.split()]
    env = {"COMP_WORDS": "\n".join(typed), "COMP_CWORD": str(len(typed) - 1)}
    assert completed("", tmp_path, **env) == offered


def test_a_word_behind_an_equals_sign_that_ended_is_a_new_one(tmp_path: Path) -> None:
    """Bash counts the empty word that is typed, and splits no longer what stands before it."""
    env = {"COMP_WORDS": "pairctl\nschema\n--check\n=\nx\n", "COMP_CWORD": "5"}
    assert completed("", tmp_path, **env) == []
    env = {"COMP_WORDS": "pairctl\nexplain\n-r\n=\nx\nPalette.spec.t", "COMP_CWORD": "5"}
    assert completed("", tmp_path, **env) == ["Palette.spec.tls"]


def test_kinds_and_fields_are_completed_step_by_step(tmp_path: Path) -> None:
    """`Palette.` offers what a Palette has, and so on."""
    assert "PairingIntent" in completed("pairctl explain Pairing", tmp_path)
    assert completed("pairctl explain Palette.spec.t", tmp_path) == ["Palette.spec.tls"]
    assert completed("pairctl explain Simulation.spec.palette.cl", tmp_path) == [
        "Simulation.spec.palette.clock"
    ]


def test_a_broken_configuration_file_breaks_no_completion(tmp_path: Path) -> None:
    """Nothing is told while somebody types."""
    (tmp_path / "broken.yaml").write_text("spec: [")
    env = {"PAIRCTL_CONFIG": str(tmp_path / "broken.yaml")}
    assert completed("pairctl status store-0001", QUICKSTART, **env) == ["store-0001"]


def test_names_are_found_however_a_document_is_written(tmp_path: Path) -> None:
    """In flow and in blocks, quoted or not, beside others; other kinds have none."""
    (tmp_path / "a.yaml").write_text(
        "kind: PairingIntent\nmetadata: {labels: {a: b}, name: flow}\n---\n"
        'kind: "PairingIntent" # ours\nmetadata:\n  # its name\n  name: "block"\n---\n'
        "metadata:\n  labels:\n    wave: first\n  name: behind\nkind: PairingIntent\n---\n"
        "kind: Palette\nmetadata: {name: palette}\n---\nkind: PairingIntent\n"
    )
    assert intent_names(tmp_path, "") == ["behind", "block", "flow"]
    assert intent_names(tmp_path, "b") == ["behind", "block"]
    assert intent_names(tmp_path / "nowhere", "") == []


def test_the_examples_names_are_those_that_are_loaded() -> None:
    """What is offered is what `validate` finds."""
    assert {"store-0042", "store-0043", "store-0044"} <= set(intent_names(VALID, "store-"))


def test_the_intents_of_sets_are_completed_too(tmp_path: Path) -> None:
    """From their CSV file or their own rows, wherever in the repository the command stands."""
    (tmp_path / ".git").mkdir()
    shutil.copytree(VALID, tmp_path / "fleet")
    (tmp_path / "fleet/inventory").rename(tmp_path / "inventory")
    assert intent_names(tmp_path, "lab-0") == intent_names(tmp_path / "fleet", "lab-0")
    assert intent_names(tmp_path, "lab-0") == ["lab-01", "lab-02"]
    rows = (tmp_path / "inventory/emea.csv").read_text().splitlines()[1:]
    stores = [row.split(",")[0] for row in rows if row and not row.startswith("#")]
    assert stores
    for folder in (tmp_path, tmp_path / "fleet"):
        assert set(stores) <= set(completed("pairctl status store-", folder))


def test_expand_completes_sets_and_their_intents(tmp_path: Path) -> None:
    """An intent of its own is nothing that it takes."""
    shutil.copytree(VALID, tmp_path / "fleet")
    offered = completed("pairctl expand --folder fleet ", tmp_path)
    assert {"emea", "lab-01", "lab-02"} <= set(offered)
    assert not {"store-0042", "store-0043"} & set(offered)


def test_waves_are_completed_by_their_rollout(tmp_path: Path) -> None:
    """In the order of their names, however the rollout is written; another list has none."""
    offered = completed(f"pairctl approve -r {FLEET} --wave emea/", tmp_path)
    assert offered == ["emea/canary", "emea/first", "emea/rest"]
    assert "emea/canary" in completed(f"pairctl approve -r {VALID} --wave ", tmp_path)
    (tmp_path / "a.yaml").write_text(
        "kind: Rollout\nmetadata: {name: apac}\nspec:\n  waves:\n  # the first\n\n"
        "  - {name: one, gate: Approval}\n  - name: two\n    select: {}\n  windows:\n"
        "    - {name: none}\n"
    )
    assert completed("pairctl approve --wave a", tmp_path) == ["apac/one", "apac/two"]


def test_a_set_without_its_inventory_breaks_no_completion(tmp_path: Path) -> None:
    """Nor does one whose rows have no name, or that is no set; what can be named is offered."""
    (tmp_path / "a.yaml").write_text("kind: PairingIntent\nmetadata: {name: alone}\n")
    for name in ("sets.yaml", "set.yaml"):
        for path in VALID.glob("*.yaml"):
            if "PairingIntentSet" in path.read_text():
                (tmp_path / name).write_text(path.read_text().replace("{store}", "{nothing}"))
    (tmp_path / "broken.yaml").write_text("kind: PairingIntentSet\nspec: [")
    assert intent_names(tmp_path, "al") == ["alone"]
    assert intent_names(tmp_path, "") == ["alone", "lab-01", "lab-02"]
