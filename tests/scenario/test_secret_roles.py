"""A secret serves as what it is: nobody gets a key or a login as something else."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from cli_factory import ROOT
from markdown_factory import rendered
from repo_factory import git
from scenario_factory import World, document, profile_match, world
from sim_factory import KEY, PASSWORD, Document

KEY_AS_VARIABLE = profile_match(variables={"region": {"secret": "palette-production"}})
LOGIN_AS_VARIABLE = profile_match(variables={"region": {"secret": "store-local-ui"}})
OF_HOSTS = ("/v1/edge-mgmt", "/v1/users/default/login")


def rules(w: World, **uses: Sequence[str]) -> None:
    """Let the operator's file say what secrets may serve as."""
    secrets = w.operator_spec["secrets"]
    for name, use in uses.items():
        secrets[name.replace("_", "-")]["use"] = list(use)
    w.operator.write_text(json.dumps(document("Operator", "tests", w.operator_spec)))


@pytest.mark.parametrize("match", [KEY_AS_VARIABLE, LOGIN_AS_VARIABLE], ids=["key", "login"])
def test_a_key_that_a_change_names_as_a_variable_is_not_stored_in_palette(
    tmp_path: Path, match: Document
) -> None:
    """The intent is Blocked with the finding, and its host is not even asked."""
    with world(tmp_path, fleet=lambda w: [match, w.intent()]) as w:
        assert w.run("validate", rules=False).returncode == 2
        assert w.run("apply", "--wait").returncode == 3
        assert w.told() == ("Blocked", "Invalid")
        assert "SecretRoles" in w.run("validate", rules=False).stdout
        assert w.kinds() == []


def test_the_operators_file_may_let_it_be_both(tmp_path: Path) -> None:
    """Then `validate` that is given the file has nothing to say either."""
    with world(tmp_path, fleet=lambda w: [w.palette(), *_with_key(w)]) as w:
        rules(w, palette_production=["apiKey", "variable"])
        given = ("validate", "--operator", str(w.operator))
        assert w.run(*given, rules=False).returncode == 0
        assert w.run("validate", rules=False).returncode == 2
        plan = w.run("plan", "--format", "json")
        assert json.loads(plan.stdout)["intents"][0]["reason"] != "Invalid"


def _with_key(w: World) -> list[Document]:
    return [KEY_AS_VARIABLE, w.intent()]


@pytest.mark.parametrize(
    ("name", "is_of_host"), [("palette_production", False), ("store_local_ui", True)]
)
def test_what_the_operator_keeps_for_something_else_is_not_sent(
    tmp_path: Path, name: str, is_of_host: bool
) -> None:
    """Neither the key to Palette nor the login to the host: nobody is called with it."""
    with world(tmp_path) as w:
        rules(w, **{name: ["variable"]})
        assert w.run("apply", "--wait").returncode == 3
        assert w.told() == ("Blocked", "SecretNotAllowed")
        assert w.writes() == []
        paths = {one.path for one in w.running.simulation.journal.received}
        assert not [path for path in paths if path.startswith(OF_HOSTS) == is_of_host]
        assert "operator's file" in w.status()["humanAction"]


@pytest.mark.parametrize("use", [["variable"], ["apiKey", "localUI"]])
def test_a_token_that_is_none_is_not_handed_to_a_host(tmp_path: Path, use: list[str]) -> None:
    """The host would show it to Palette, and to whoever manages the host."""
    token = {"secret": "token"}
    fleet = lambda w: [w.intent(registrationToken=token)]  # noqa: E731 - one line tells it
    with world(tmp_path, secrets={"token": "a-token-of-somebody"}, fleet=fleet) as w:
        rules(w, token=use)
        assert w.run("apply", "--wait").returncode == 3
        assert w.told() == ("Blocked", "SecretNotAllowed")
        assert w.writes() == []


@pytest.mark.parametrize("use", [["apiKey"], ["registrationToken", "localUI"]])
def test_a_value_of_a_variable_that_is_none_is_not_accepted_with(
    tmp_path: Path, use: list[str]
) -> None:
    """The request may be pending: what is not to be stored in Palette is not sent there."""
    match = profile_match(variables={"region": {"secret": "grafana"}})
    fleet = lambda w: [match, w.intent()]  # noqa: E731 - one line tells it
    with world(tmp_path, secrets={"grafana": "a-secret-of-grafana"}, fleet=fleet) as w:
        rules(w, grafana=use)
        assert w.run("apply", "--wait").returncode == 3
        assert w.told() == ("Blocked", "SecretNotAllowed")
        assert w.kinds() == ["request"]


def test_a_plan_names_what_a_change_sends_somewhere_new(tmp_path: Path) -> None:
    """Secret, role and destination, in each form of a plan; what was so before is not told."""
    with world(tmp_path, secrets={"grafana": "a-secret-of-grafana", "token": "a-token"}) as w:
        base = git(w.box.clone, "rev-parse", "HEAD")
        match = profile_match(variables={"region": {"secret": "grafana"}})
        w.commit(match, w.intent(registrationToken={"secret": "token"}))
        host, palette = w.local_ui()["endpoint"], w.palette()["spec"]["endpoint"]
        given = ("plan", "--offline", "--base", base)
        told = json.loads(w.run(*given, "--format", "json").stdout)["secrets"]
        assert told == [
            _sent("grafana", "variable", palette, variable="region"),
            _sent("token", "registrationToken", host, variable=""),
        ]
        text, comment = (w.run(*given, "--format", form).stdout for form in ("text", "markdown"))
    words = " ".join(text.split())  # lines are broken between words
    assert f"grafana: stored in Palette as the value of a variable, region, at {palette}" in words
    assert f"token: a registration token, at {host}" in words
    lines = [line for line in comment.splitlines() if line.startswith("- `")]
    assert [line.partition(": ")[0] for line in lines] == ["- `grafana`", "- `token`"]
    assert palette in rendered(lines[0].partition(": ")[2])
    assert "Secrets that this change sends somewhere new" in comment
    for value in ("a-secret-of-grafana", "a-token", KEY, PASSWORD):
        assert value not in text + comment + json.dumps(told)


def _sent(name: str, role: str, destination: str, **more: str) -> dict[str, Any]:
    return {"name": name, "role": role, "destination": destination, **more}


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_plan_names_what_a_change_may_not_send(tmp_path: Path, form: str) -> None:
    """Whoever reviews a change that names a key as a variable is told of the key by its name."""
    with world(tmp_path) as w:
        base = git(w.box.clone, "rev-parse", "HEAD")
        w.commit(KEY_AS_VARIABLE, w.intent())
        told = w.run("plan", "--offline", "--base", base, "--format", form).stdout
        same = w.run("plan", "--offline", "--base", "HEAD", "--format", form).stdout
    assert "palette-production" in told
    assert "the value of a variable here" in told
    assert "palette-production" not in same


def test_a_change_that_sends_nothing_new_names_nothing(tmp_path: Path) -> None:
    """A comment is about what changes."""
    with world(tmp_path) as w:
        base = git(w.box.clone, "rev-parse", "HEAD")
        w.commit(w.intent(acknowledge=None))
        done = w.run("plan", "--offline", "--base", base, "--format", "markdown")
    assert "Secrets" not in done.stdout


def test_the_schema_of_plans_knows_them() -> None:
    """Other programs may gate on it."""
    schema = json.loads((ROOT / "schemas" / "plan.json").read_text())
    assert "secrets" in schema["properties"]
