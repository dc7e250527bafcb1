"""What is mistyped, or without effect, is said with what was meant."""

import ast
import json
from pathlib import Path

import pytest

import pairctl
from cli_factory import git
from cli_factory import pairctl as program
from pairctl.engine.plan.file import PlanRefused, read_plan
from pairctl.problem import ConfigurationError
from pairctl.sim.scenario_file import parse_scenario
from plan_factory import make_document
from repo_factory import STATUS

INVENTORY = ("inventory", "hosts.csv")
STATUS_FILE = """\
apiVersion: pairctl/v1alpha1
kind: PairingStatus
metadata: {name: store-0042}
status: {phase: Blocked, generation: "sha256:one", sourceCommit: abc, reason: X, message: y}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make a repository with one intent, and a status of it."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "status").mkdir()
    (tmp_path / "status/store-0042.yaml").write_text(STATUS_FILE)
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "status")
    git(tmp_path, "branch", "--move", STATUS)
    git(tmp_path, "checkout", "--quiet", "--orphan", "main")
    git(tmp_path, "rm", "-r", "--quiet", "--force", ".")
    intent = {
        "apiVersion": "pairctl/v1alpha1",
        "kind": "PairingIntent",
        "metadata": {"name": "store-0042"},
        "spec": {},
    }
    (tmp_path / "store.yaml").write_text(json.dumps(intent))
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "intents")
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "meant"), [("vaildate", "validate"), ("aply", "apply"), ("Plan", "plan")]
)
def test_an_unknown_command_is_said_with_the_one_that_was_meant(
    tmp_path: Path, typed: str, meant: str
) -> None:
    """Where none is near, all are named."""
    done = program(typed, cwd=tmp_path)
    assert done.code == 1
    assert "did you mean" in done.err
    assert meant in done.err
    assert "the commands are init, validate" in program("xyzzy", cwd=tmp_path).err


@pytest.mark.parametrize("given", [("--config", "own.yaml"), ("--config=own.yaml",)])
def test_the_program_s_own_option_behind_a_command_is_said_with_its_place(
    tmp_path: Path, given: tuple[str, ...]
) -> None:
    """`--log-level` may stand there; the file that options come from has to be known before."""
    done = program("plan", *given, cwd=tmp_path)
    assert (done.code, "pairctl --config FILE plan" in done.err) == (1, True)


def test_a_wrong_choice_is_told_without_the_library_s_words(tmp_path: Path) -> None:
    """What may be given is what matters."""
    told = program("plan", "--format", "xml", cwd=tmp_path).err
    assert "'xml' is not one of 'text', 'json', 'markdown'" in told
    assert "Value error" not in told


@pytest.mark.parametrize("command", ["expand", "evidence", "doctor"])
def test_names_stand_once_in_the_usage(tmp_path: Path, command: str) -> None:
    """As in each other command that takes several."""
    assert "[OPTIONS] [NAME]...\n" in program(command, "--nothing", cwd=tmp_path).err


@pytest.mark.parametrize("command", ["status", "approve", "explain", "doctor"])
def test_an_unknown_intent_is_said_with_the_one_that_was_meant(
    repository: Path, command: str
) -> None:
    """In every command that takes names."""
    done = program(command, "store-0024", cwd=repository)
    assert done.code == 1, done.err
    assert "did you mean store-0042?" in done.err


@pytest.mark.parametrize(
    "given",
    [
        ("apply", "--timeout", "5"),
        ("apply", "--interval", "5"),
        ("explain", "NotText", "--nearest", "2"),
        ("demo", "--list", "--folder", "x"),
        ("demo", "--list", "pair"),
        ("schema", "--output", "x", "--check", "y"),
        ("doctor", "store-0042", "--hosts"),
    ],
    ids=" ".join,
)
def test_an_option_without_effect_is_an_error(tmp_path: Path, given: tuple[str, ...]) -> None:
    """Whoever gives one expects something of it; nothing is done."""
    done = program(*given, cwd=tmp_path)
    assert done.code == 1
    assert "has no effect" in done.err
    assert "do: " in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variable", "given", "said"),
    [
        ("PAIRCTL_APPLY_INTERVAL=5", ("apply",), "it is no Git repository"),
        ("PAIRCTL_APPLY_TIMEOUT=5", ("apply",), "it is no Git repository"),
        ("PAIRCTL_EXPLAIN_NEAREST=2", ("explain", "NotText"), ""),
        ("PAIRCTL_EXPLAIN_RECURSIVE=1", ("explain", "NotText"), ""),
        ("PAIRCTL_INVENTORY_LABEL=city", INVENTORY, ""),
        ("PAIRCTL_INVENTORY_WITH_PAIRED=1", INVENTORY, ""),
        ("PAIRCTL_INVENTORY_REGISTRATION_TOKEN=a", INVENTORY, ""),
        ("PAIRCTL_INVENTORY_PALETTE=a", INVENTORY, ""),
        ("PAIRCTL_INVENTORY_WRITE=made", INVENTORY, ""),
        ("PAIRCTL_EXPLAIN_NEAREST=2", ("explain", "--fleet"), "it is no Git repository"),
        ("PAIRCTL_INVENTORY_PIN=1", (*INVENTORY, "--credentials", "a"), "it is no Git repository"),
        ("PAIRCTL_DEMO_FOLDER=made", ("demo", "--list"), ""),
    ],
    ids=lambda one: one.partition("=")[0] if isinstance(one, str) else "",
)
def test_a_variable_is_set_for_all_runs_and_may_be_without_effect_in_one(
    tmp_path: Path, variable: str, given: tuple[str, ...], said: str
) -> None:
    """Nobody has typed it for this run; only what is typed is expected to do something."""
    (tmp_path / "hosts.csv").write_text("name,address\n")
    name, _, value = variable.partition("=")
    done = program(*given, cwd=tmp_path, env={name: value})
    assert "has no effect" not in done.err
    assert said in done.err
    assert done.code == (1 if said else 0)
    assert [one.name for one in tmp_path.iterdir()] == ["hosts.csv"]


def test_what_is_set_for_all_runs_is_not_carried_out_by_halves(tmp_path: Path) -> None:
    """Documents without the token that they need are not written, whoever asked for them."""
    (tmp_path / "hosts.csv").write_text("name,address\n")
    login = (*INVENTORY, "--credentials", "store-local-ui")
    done = program(*login, cwd=tmp_path, env={"PAIRCTL_INVENTORY_WRITE": "made"})
    assert (done.code, "without --registration-token" in done.err) == (1, True)


def test_what_a_validator_says_is_shown_without_the_library_s_words(tmp_path: Path) -> None:
    """In a simulation file, and in a plan."""
    text = "apiVersion: pairctl/v1alpha1\nkind: Simulation\nspec: {palette: {endpoint: 'x'}}\n"
    with pytest.raises(ConfigurationError) as caught:
        parse_scenario(text, source="world.yaml")
    assert "must be https://127.0.0.1:PORT" in str(caught.value)
    assert "Value error" not in str(caught.value)
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(make_document().data() | {"commit": 1}))
    with pytest.raises(PlanRefused):
        read_plan(file)


def test_no_message_of_a_model_is_shown_as_the_library_writes_it() -> None:
    """All of the source that shows one gives it to `model_words` first."""
    found = []
    for path in sorted(Path(pairctl.__file__).parent.rglob("*.py")):
        tree = ast.parse(path.read_text())
        cleaned = {
            id(argument)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "model_words"
            for argument in call.args
        }
        found += [
            f"{path.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Constant)
            and node.slice.value == "msg"
            and id(node) not in cleaned
        ]
    assert found == []
