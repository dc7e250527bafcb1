"""Where options come from: flag, environment, the user's file, default; and `pairctl config`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from cli_factory import ROOT, Done, git, pairctl
from pairctl.cli.app import COMMANDS, app
from pairctl.cli.settings import key_of, long_name, shared_options
from pairctl.spec import ConfigSpec
from repo_factory import make_box

HEAD = "apiVersion: pairctl/v1alpha1\nkind: Config\nspec:\n"
USERS = Path(".config/pairctl/config.yaml")
KEYS = frozenset(one.alias or name for name, one in ConfigSpec.model_fields.items())


def written(folder: Path, *settings: str) -> Path:
    """Write the file that a user with this home has; settings stand at line 4 and below."""
    file = folder / USERS
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEAD + "".join(f"  {one}\n" for one in settings))
    return file


def held(done: Done) -> dict[str, Any]:
    """Return the settings that `pairctl config -o json` has shown."""
    assert done.code == 0, done.err
    settings: dict[str, Any] = json.loads(done.out)["settings"]
    return settings


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command as the program makes it."""
    group: Any = typer.main.get_command(app)
    for name in COMMANDS:
        yield name, group.get_command(None, name)


def test_a_flag_comes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    """Flag, environment, file, default: each is shown with where it comes from."""
    file = written(tmp_path, "ref: of-file", "remote: of-file", "path: of-file")
    env = {"PAIRCTL_REF": "of-env", "PAIRCTL_REMOTE": "of-env"}
    found = held(pairctl("config", "-o", "json", "--ref", "of-flag", cwd=tmp_path, env=env))
    assert found["ref"] == {"value": "of-flag", "source": "flag", "place": "--ref"}
    assert found["remote"] == {
        "value": "of-env",
        "source": "environment",
        "place": "PAIRCTL_REMOTE",
    }
    assert found["path"] == {"value": "of-file", "source": "file", "place": f"{file}:6:9"}
    assert found["statusBranch"] == {"value": "pairctl-status", "source": "default", "place": ""}


def test_every_shared_option_has_its_setting_and_its_variable(tmp_path: Path) -> None:
    """The file's keys are the options' names, and what holds is what is written."""
    (tmp_path / "operator.yaml").touch()
    (tmp_path / "secrets").mkdir()
    paths = {"operator": tmp_path / "operator.yaml", "secretsDir": tmp_path / "secrets"}
    values = {key: str(paths.get(key, key)) for key in KEYS - {"repository", "allowHost"}}
    values |= {"repository": str(tmp_path / "elsewhere"), "logLevel": "debug", "logFormat": "json"}
    lines = [f"{key}: {value}" for key, value in values.items()]
    written(tmp_path, *lines, "allowHost: [a.example, b.example]")
    found = held(pairctl("config", "-o", "json", cwd=tmp_path))
    expected = {**values, "allowHost": ["a.example", "b.example"]}
    assert {key: one["value"] for key, one in found.items()} == expected
    assert {one["source"] for one in found.values()} == {"file"}


def test_a_command_does_what_the_file_says(tmp_path: Path) -> None:
    """`plan` looks at the repository that the file names, without a flag."""
    written(tmp_path, "repository: /nowhere/at/all")
    done = pairctl("plan", cwd=tmp_path)
    assert done.code == 1
    assert "/nowhere/at/all" in done.err


def test_what_acts_says_which_repository_the_file_names(tmp_path: Path) -> None:
    """Nobody hands over clusters of a repository that they do not think of."""
    file = written(tmp_path, "repository: /nowhere/at/all", "remote: up")
    done = pairctl("apply", cwd=tmp_path)
    assert done.err.startswith(f"from {file}: repository /nowhere/at/all, remote up\n")


def test_paths_begin_at_the_file_and_at_home(tmp_path: Path) -> None:
    """Wherever the command is typed."""
    (tmp_path / "keys").mkdir()
    file = written(tmp_path, "operator: rules.yaml", "secretsDir: ~/keys")
    (file.parent / "rules.yaml").touch()
    (tmp_path / "work").mkdir()
    env = {"HOME": str(tmp_path)}
    found = held(pairctl("config", "-o", "json", cwd=tmp_path / "work", env=env))
    assert found["operator"]["value"] == str(file.parent / "rules.yaml")
    assert found["secretsDir"]["value"] == str(tmp_path / "keys")


def test_a_path_that_is_not_there_is_shown_at_its_place(tmp_path: Path) -> None:
    """File, line and column, before anything is looked at."""
    file = written(tmp_path, "ref: main", "secretsDir: keys")
    done = pairctl("plan", cwd=tmp_path)
    assert (done.code, done.out) == (1, "")
    assert f"{file}:5:15: `spec.secretsDir`: there is no folder {file.parent}/keys" in done.err


def test_the_file_is_named_by_flag_variable_or_xdg(tmp_path: Path) -> None:
    """In this order; `/dev/null` is none, and a relative XDG_CONFIG_HOME means nothing."""
    written(tmp_path, "ref: of-home")
    for name in ("flag", "variable"):
        (tmp_path / f"{name}.yaml").write_text(f"{HEAD}  ref: of-{name}\n")
    xdg = written(tmp_path / "xdg", "ref: of-xdg").parents[1]

    def ref(*before: str, **env: str) -> str:
        done = pairctl(*before, "config", "-o", "json", cwd=tmp_path, env=env)
        return str(held(done)["ref"]["value"])

    variable = {"PAIRCTL_CONFIG": "variable.yaml", "XDG_CONFIG_HOME": str(xdg)}
    assert ref("--config", "flag.yaml", **variable) == "of-flag"
    assert ref(**variable) == "of-variable"
    assert ref(XDG_CONFIG_HOME=str(xdg)) == "of-xdg"
    assert ref(XDG_CONFIG_HOME="xdg/.config") == "of-home"
    assert ref(PAIRCTL_CONFIG="/dev/null") == "HEAD"


def test_a_home_that_cannot_be_looked_into_has_no_file(tmp_path: Path) -> None:
    """As that of another user, whose HOME a container or a job was left with."""
    env = {"XDG_CONFIG_HOME": "/" + "too-long" * 40}
    found = held(pairctl("config", "-o", "json", cwd=tmp_path, env=env))
    assert {one["source"] for one in found.values()} == {"default"}


def test_a_named_file_has_to_be_there(tmp_path: Path) -> None:
    """Who names one means it."""
    done = pairctl("--config", "nowhere.yaml", "status", cwd=tmp_path)
    assert done.code == 1
    assert "nowhere.yaml cannot be used: there is no such file" in done.err


def test_a_file_that_others_may_change_is_refused(tmp_path: Path) -> None:
    """They would choose the secrets and the operator's file."""
    written(tmp_path, "ref: main").chmod(0o666)
    done = pairctl("status", cwd=tmp_path)
    assert done.code == 1
    assert "others may write to" in done.err


@pytest.mark.parametrize("command", ["plan", "status", "apply"])
def test_a_file_inside_the_repository_is_refused(command: str, tmp_path: Path) -> None:
    """A pull request could change it; whatever part of the repository the command stands in."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "intents").mkdir()
    (tmp_path / "own.yaml").write_text(f"{HEAD}  ref: main\n")
    done = pairctl("--config", "../own.yaml", command, cwd=tmp_path / "intents")
    assert done.code == 1
    assert "lies inside the repository" in done.err
    assert "where no pull request can change it" in done.err


def test_a_file_beside_which_another_repository_is_acted_on_is_used(tmp_path: Path) -> None:
    """Who keeps their home in Git may work on a clone URL, or on another folder, from there."""
    git(tmp_path, "init", "--quiet")
    file = written(tmp_path, "repository: git@127.0.0.1:edge/pairings.git")
    done = pairctl("config", "-o", "json", cwd=tmp_path)
    assert held(done)["repository"]["place"] == f"{file}:4:15"
    (tmp_path / "elsewhere").mkdir()
    git(tmp_path / "elsewhere", "init", "--quiet")
    done = pairctl("config", "-o", "json", "-r", "elsewhere", cwd=tmp_path)
    assert held(done)["repository"]["value"] == "elsewhere"


def test_no_file_of_a_repository_sets_an_option(tmp_path: Path) -> None:
    """Whatever it is called: a clone of somebody else's chooses neither secrets nor branches."""
    box = make_box(tmp_path, {"a.yaml": "a: 1\n"})
    for name in ("config.yaml", "pairctl.yaml", ".pairctl.yaml", str(USERS), "pairctl/config.yaml"):
        file = box.clone / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{HEAD}  ref: theirs\n  secretsDir: theirs\n")
    home = {"HOME": str(tmp_path)}
    found = held(pairctl("config", "-o", "json", cwd=box.clone, env=home))
    assert {one["source"] for one in found.values()} == {"default"}


def test_help_and_commands_that_take_nothing_do_without_a_file_that_is_broken(
    tmp_path: Path,
) -> None:
    """`validate` reads no configuration file: it reads the repository, and nothing else."""
    written(tmp_path, "oprator: x")
    assert pairctl("plan", "--help", cwd=tmp_path).code == 0
    (tmp_path / "documents").mkdir()
    assert pairctl("validate", "documents", cwd=tmp_path).code == 0
    assert pairctl("status", cwd=tmp_path).code == 1


def test_config_shows_what_is_wrong_with_the_file_and_goes_on(tmp_path: Path) -> None:
    """It is what one looks with; it says by its exit code that nothing is taken from the file."""
    file = written(tmp_path, "oprator: x")
    done = pairctl("config", cwd=tmp_path)
    assert done.code == 1
    assert f"{file}:4:3: `oprator` is not a field of `spec` (did you mean `operator`?)" in done.err
    assert f"configuration file: {file} (refused: nothing is taken from it)\n" in done.out


def test_no_line_of_config_ends_with_spaces(tmp_path: Path) -> None:
    """A table that is pasted or compared has nothing behind its last cells."""
    shown = pairctl("config", cwd=tmp_path).out.splitlines()
    assert "SETTING       VALUE           FROM" in shown
    assert [line for line in shown if line != line.rstrip()] == []


def test_config_names_the_variables_that_no_option_has(tmp_path: Path) -> None:
    """A misspelt variable has no effect, and is told; what is in it is not shown."""
    env = {
        "PAIRCTL_OPERTOR": "hidden-1",
        "PAIRCTL_APPLY_WAIT": "1",
        "PAIRCTL_SECRET_KEY": "hidden-2",
    }
    done = pairctl("config", cwd=tmp_path, env=env)
    assert "PAIRCTL_OPERTOR: no option has it; did you mean PAIRCTL_OPERATOR?\n" in done.out
    assert "PAIRCTL_APPLY_WAIT: sets apply --wait\n" in done.out
    assert "PAIRCTL_SECRET_KEY: the value of a secret\n" in done.out
    assert "hidden" not in done.out + done.err


def test_an_option_of_one_command_has_its_variable(tmp_path: Path) -> None:
    """With the command's name, so that one variable says one thing."""
    done = pairctl("schema", cwd=tmp_path, env={"PAIRCTL_SCHEMA_OUTPUT": "made"})
    assert done.code == 0
    assert (tmp_path / "made" / "config.json").read_text() == (
        ROOT / "schemas/config.json"
    ).read_text()


def test_a_wrong_value_is_shown_with_the_variable_that_it_comes_from(tmp_path: Path) -> None:
    """Nobody looks for a typing error in a flag that was not typed."""
    env = {"PAIRCTL_PLAN_FORMAT": "jsn", "PAIRCTL_APPLY_WAIT": "perhaps"}
    plan = pairctl("plan", cwd=tmp_path, env=env)
    assert (plan.code, "'--format' (from PAIRCTL_PLAN_FORMAT)" in plan.err) == (1, True)
    apply = pairctl("apply", cwd=tmp_path, env=env)
    assert (apply.code, "'--wait' (from PAIRCTL_APPLY_WAIT)" in apply.err) == (1, True)
    flag = pairctl("plan", "--format", "jsn", cwd=tmp_path, env=env)
    assert "PAIRCTL_PLAN_FORMAT" not in flag.err


OF_THE_PROGRAM = ("--log-level", "--log-format")
"""Options that stand before a command too: they have the program's variables."""


def test_every_option_has_a_variable_and_no_two_share_one() -> None:
    """Only options that mean the same for all commands have the same one."""
    owners: dict[str, set[str]] = {}
    for name, command in commands():
        for parameter in command.params:
            option = long_name(parameter)
            if option in OF_THE_PROGRAM:
                assert parameter.envvar is None, "its variable is read before the command"
            elif option and option != "--help":
                assert isinstance(parameter.envvar, str), (name, option)
                owner = option if option in shared_options(command) else f"{name} {option}"
                owners.setdefault(parameter.envvar, set()).add(owner)
    assert {variable: names for variable, names in owners.items() if len(names) > 1} == {}
    assert not {"PAIRCTL_CONFIG", "PAIRCTL_LOG_LEVEL", "PAIRCTL_LOG_FORMAT"} & set(owners)
    assert not [variable for variable in owners if variable.startswith("PAIRCTL_SECRET_")]


def test_the_file_has_what_commands_share_and_nothing_else() -> None:
    """A new shared option gets its key, and no key is without its option."""
    shared = {key_of(option) for _, command in commands() for option in shared_options(command)}
    assert shared | {key_of(option) for option in OF_THE_PROGRAM} == KEYS
