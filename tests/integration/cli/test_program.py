"""The program as a whole: help, colours, wrong use, and what no error may show."""

import json
import re
import shlex
import shutil
import sys
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli_factory import ROOT, Done, git, pairctl, run
from pairctl.cli.app import COMMANDS, app
from pairctl.sim.listener import bind


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with the quickstart's documents, and nobody who listens at their addresses."""
    folder = tmp_path / "clone"
    shutil.copytree(ROOT / "examples" / "quickstart" / "repository", folder)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "add documents")
    return folder


def _assert_is_told(done: Done, *words: str) -> None:
    assert done.code == 1
    assert "Traceback" not in done.err
    assert done.err.startswith(("error: ", "Usage: "))
    for word in words:
        assert word in done.err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_does_with_examples(command: str, tmp_path: Path) -> None:
    """Each command's help names its options and shows it in use."""
    done = pairctl(command, "--help", cwd=tmp_path)
    assert done.code == 0
    assert f"Usage: pairctl {command}" in done.out
    assert "Examples:" in done.out
    assert f"pairctl {command}" in done.out.split("Examples:")[1]


def test_help_lists_all_commands(tmp_path: Path) -> None:
    """The program's own help names every command."""
    out = pairctl("--help", cwd=tmp_path).out
    assert [word for word in re.findall(r"│ (\w+) {2,}", out) if word in COMMANDS] == list(COMMANDS)


def test_wrong_use_is_an_error_not_a_finding(tmp_path: Path) -> None:
    """Exit code 2 means changes or findings: a mistyped command or option is 1."""
    _assert_is_told(pairctl("valdate", cwd=tmp_path), "valdate")
    _assert_is_told(pairctl("plan", "--nope", cwd=tmp_path), "--nope")
    _assert_is_told(pairctl("--log-level", "loud", "schema", cwd=tmp_path), "loud", "debug")


def test_completion_is_there_for_the_shell(tmp_path: Path) -> None:
    """Shells complete commands."""
    env = {"_PAIRCTL_COMPLETE": "complete_bash", "COMP_WORDS": "pairctl va", "COMP_CWORD": "1"}
    done = pairctl(cwd=tmp_path, env=env)
    assert done.out.split() == ["validate"]


def test_a_pipe_gets_no_colours(clone: Path) -> None:
    """Escape sequences are for terminals, and for who asks for them; NO_COLOR wins."""
    plain = pairctl("plan", cwd=clone)
    forced = pairctl("plan", cwd=clone, env={"FORCE_COLOR": "1"})
    refused = pairctl("plan", cwd=clone, env={"FORCE_COLOR": "1", "NO_COLOR": "1"})
    assert "\x1b" not in plain.out + plain.err
    assert "\x1b[31m" in forced.out
    assert "\x1b[31m" not in refused.out


def test_without_rules_nothing_is_called(clone: Path) -> None:
    """With neither an operator's file nor --allow-host all is blocked, and says how to go on."""
    done = pairctl("plan", cwd=clone)
    assert done.code == 3
    assert "EndpointNotAllowed" in done.out
    assert "--allow-host '127.0.0.1:5443'" in done.err


def test_a_dark_palette_blocks_and_is_told(clone: Path) -> None:
    """What cannot be reached is a reason, not a crash."""
    allowed = ("--allow-host", "127.0.0.1")
    env = {"PAIRCTL_SECRET_PALETTE_PRODUCTION": "simulated-key"}
    with closing(bind(0)) as held:  # a port of our own at which nobody listens
        address = f"127.0.0.1:{held.getsockname()[1]}"
        documents = clone / "palette.yaml"
        documents.write_text(documents.read_text().replace("127.0.0.1:5443", address))
        git(clone, "commit", "--quiet", "--all", "--message", "name another address")
        done = pairctl("plan", *allowed, cwd=clone, env=env)
    assert done.code == 3
    assert f"could not list the projects at https://{address}: Connection refused" in done.err
    assert "Palette production was not looked at" in done.out


def test_errors_of_the_repository_are_told_in_words(tmp_path: Path, clone: Path) -> None:
    """What, where, and what to do; never a traceback."""
    _assert_is_told(pairctl("plan", "-r", "nowhere", cwd=tmp_path), "nowhere", "do:")
    _assert_is_told(pairctl("plan", "-r", "ext::sh -c true", cwd=tmp_path), "do:")
    _assert_is_told(pairctl("plan", "--ref", "nope", cwd=clone), "nope", "do:")
    _assert_is_told(pairctl("status", "store-0001", cwd=clone), "pairctl-status", "do:")
    _assert_is_told(pairctl("explain", "nobody", cwd=clone), "nobody", "do:")


def test_without_git_it_says_so_and_documents_are_validated(tmp_path: Path, clone: Path) -> None:
    """Only what needs a repository fails; making one, and proving a folder, does not."""
    nothing = {"PATH": str(tmp_path)}
    _assert_is_told(pairctl("status", cwd=clone, env=nothing), "no git program", "install git")
    made = tmp_path / "made"
    assert pairctl("init", str(made), cwd=tmp_path, env=nothing).code == 0
    shutil.rmtree(clone / ".git")
    assert pairctl("validate", cwd=clone, env=nothing).code == 0


@pytest.mark.parametrize("is_folder", [False, True])
def test_an_operators_file_that_others_could_change_is_refused(
    clone: Path, tmp_path: Path, is_folder: bool
) -> None:
    """It says where secrets go: who may write to it, or put another in its place, says so too."""
    folder = tmp_path / "rules"
    folder.mkdir()
    file = folder / "operator.yaml"
    file.write_text((ROOT / "examples" / "operator.yaml").read_text())
    (folder if is_folder else file).chmod(0o777)
    done = pairctl("plan", "--operator", str(file), cwd=clone)
    _assert_is_told(done, "operator.yaml", "others may write to")


def test_an_operators_file_inside_the_repository_is_refused(clone: Path) -> None:
    """No pull request may change the rules it is judged by."""
    (clone / "operator.yaml").write_text((ROOT / "examples" / "operator.yaml").read_text())
    done = pairctl("plan", "--operator", "operator.yaml", cwd=clone)
    _assert_is_told(done, "operator.yaml", "inside the repository")


def test_a_broken_operators_file_is_told_with_its_places(tmp_path: Path, clone: Path) -> None:
    """All findings of the operator's file come at once, each with line and column."""
    rules = tmp_path / "operator.yaml"
    rules.write_text(
        "apiVersion: pairctl/v1alpha1\nkind: Operator\nmetadata: {name: x}\n"
        "spec:\n  secret: {}\n  limits: {acceptancesPerRun: lots}\n"
    )
    done = pairctl("plan", "--operator", str(rules), cwd=clone)
    _assert_is_told(done, "operator.yaml:5:3:", "operator.yaml:6:")


def test_schemas_are_current(tmp_path: Path) -> None:
    """The published schemas are what the models say; a stale one is told."""
    assert pairctl("schema", "--check", str(ROOT / "schemas"), cwd=tmp_path).code == 0
    assert pairctl("schema", "--output", "mine", cwd=tmp_path).code == 0
    (tmp_path / "mine" / "palette.json").write_text("{}\n")
    (tmp_path / "mine" / "plan.json").unlink()
    (tmp_path / "mine" / "own.json").write_text("{}\n")
    done = pairctl("schema", "--check", "mine", cwd=tmp_path)
    assert done.code == 1
    assert done.out.splitlines() == [
        "mine/own.json is no schema of pairctl's",
        "mine/palette.json is not what the models say",
        "mine/plan.json is missing",
    ]
    assert "run `pairctl schema --output mine`" in done.err


def test_a_mistyped_remote_does_not_split_the_status_branch(clone: Path) -> None:
    """A clone that has remotes keeps its claims at the one named, or nowhere."""
    git(clone, "remote", "add", "origin", "../nowhere.git")
    _assert_is_told(pairctl("apply", "--remote", "orgin", cwd=clone), "orgin", "origin", "do:")


def test_a_folder_that_the_commit_does_not_have_is_an_error(clone: Path) -> None:
    """A mistyped --path is not an empty fleet."""
    _assert_is_told(pairctl("plan", "--path", "nope", cwd=clone), "nope", "do:")


def test_a_folder_may_be_written_as_a_shell_completes_it(clone: Path) -> None:
    """What leads to the same folder is the same folder; `.` is all of it, and `..` is none."""
    part = pairctl("plan", "--offline", "--path", "./intents/", cwd=clone)
    assert "there is no Palette" in part.out
    whole = pairctl("plan", "--offline", "--path", ".", cwd=clone)
    assert "there is no Palette" not in whole.out
    assert whole.out.count("store-") > 1
    _assert_is_told(pairctl("plan", "--offline", "--path", "../x", cwd=clone), "..")


def test_status_without_a_status_branch_says_so(clone: Path) -> None:
    """Nothing written yet is not an empty table."""
    _assert_is_told(pairctl("status", cwd=clone), "pairctl-status", "pairctl apply")


def test_a_full_disk_behind_the_output_is_told(tmp_path: Path) -> None:
    """It is the operating system's refusal, no defect of pairctl."""
    script = 'exec "$0" -m pairctl schema > /dev/full'
    done = run(["bash", "-c", script, sys.executable], cwd=tmp_path)
    _assert_is_told(done, "No space left on device")


def test_a_standard_output_that_is_closed_is_an_error(tmp_path: Path) -> None:
    """The result would be lost without a word, and the exit code would say that all is well."""
    done = run(["bash", "-c", 'exec "$0" -m pairctl schema >&-', sys.executable], cwd=tmp_path)
    _assert_is_told(done, "standard output is closed")


@pytest.mark.parametrize("closing", ["2>&-", "<&-", "<&- 2>&-"])
def test_other_streams_that_are_closed_change_no_result(clone: Path, closing: str) -> None:
    """Notes are not mixed into data, and no file takes the number of a stream."""
    command = f'exec "$0" -m pairctl plan --offline --format json {closing}'
    done = run(["bash", "-c", command, sys.executable], cwd=clone)
    assert json.loads(done.out)["kind"] == "Plan"


def test_an_odd_encoding_costs_a_sign_and_not_the_result(clone: Path) -> None:
    """Output goes on where the terminal cannot show a sign."""
    done = pairctl("plan", cwd=clone, env={"PYTHONIOENCODING": "ascii"})
    assert done.code == 3
    assert done.out.endswith("5 are accepted, ONE WAY.\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_of_the_help_can_be_read(command: str) -> None:
    """The options that help shows are options that the command has."""
    module = import_module(f"pairctl.cli.commands.{command}")
    lines = re.findall(r"(?:^|=\S* )\s*pairctl (.*)", module.EXAMPLES, re.MULTILINE)
    known = CliRunner().invoke(app, [command, "--help"]).stdout
    assert lines
    for line in lines:
        words = shlex.split(line.split("|")[0].split(" > ")[0], comments=True)
        assert words[0] == command
        for option in (word for word in words[1:] if word.startswith("-")):
            assert re.search(rf"(^|\s){re.escape(option)}\s", known), option


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_of_the_help_is_one_line_of_a_usual_terminal(command: str) -> None:
    """Help is wrapped at 80 columns; an example that is cut in two cannot be copied."""
    module = import_module(f"pairctl.cli.commands.{command}")
    shown = CliRunner(env={"COLUMNS": "80"}).invoke(app, [command, "--help"]).stdout
    examples = re.findall(r"^  (pairctl .*)$", module.EXAMPLES, re.MULTILINE)
    assert examples
    for example in examples:
        assert any(example.replace("`", "") == line.strip() for line in shown.splitlines()), example


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("columns", [40, 79, 80])
def test_help_cuts_nothing_off_on_any_terminal(command: str, columns: int) -> None:
    """An option, a variable or a default of which the end is missing cannot be typed."""
    asked = [command, "--help"] if command else ["--help"]
    lines = CliRunner(env={"COLUMNS": str(columns)}).invoke(app, asked).stdout.splitlines()
    assert not [line for line in lines if re.search(r"…|\w\.\.\.$", line)]
    too_long = [line for line in lines if len(line) > columns]
    # What may be given stands behind an option, in one piece.
    assert all(re.fullmatch(r" +-.* <[a-z|]+>", line) for line in too_long)


def test_what_follows_from_one_error_is_one_line(tmp_path: Path) -> None:
    """The document that is wrong comes first; those that refer to it are told together."""
    shutil.copytree(ROOT / "examples" / "quickstart" / "repository", tmp_path / "r")
    palette = tmp_path / "r" / "palette.yaml"
    palette.write_text(palette.read_text().replace("sha256:", "sha512:"))
    lines = pairctl("validate", "r", cwd=tmp_path).out.splitlines()
    assert lines[0].startswith("r/palette.yaml:")
    assert len([line for line in lines if "RefersToRejected" in line]) == 1
