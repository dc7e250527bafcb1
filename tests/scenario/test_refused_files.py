"""Files and documents that are refused: `plan` and `apply` say so, and nothing is lost by it."""

import json
from pathlib import Path

import pytest

from markdown_factory import rows
from repo_factory import git
from scenario_factory import World, plan_of, world
from sim_factory import host_document

REFUSED = {
    "too many documents": ("many", "TooManyDocuments"),
    "no YAML": ("kind: Palette\nspec: [\n", "YamlSyntax"),
    "too large": ("kind: Palette\n# " + "x" * 300_000 + "\n", "TooLarge"),
    "no name": ("apiVersion: pairctl/v1alpha1\nkind: PairingIntent\nspec: {}\n", "MissingField"),
    "an unknown kind": (
        "apiVersion: pairctl/v1alpha1\nkind: PairingIntnet\nmetadata: {name: store-9}\n",
        "UnknownKind",
    ),
    "a Palette": (
        "apiVersion: pairctl/v1alpha1\nkind: Palette\nmetadata: {name: other}\nspec: {}\n",
        "MissingField",
    ),
}
"""What is refused, and the code that `validate` gives it."""


def many(w: World, count: int = 101) -> str:
    """Write a file of more intents than one file may hold."""
    return "---\n".join(json.dumps(w.intent(1, f"store-{n}")) + "\n" for n in range(count))


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_is_said_in_every_format_in_the_words_of_validate(
    tmp_path: Path, kind: str
) -> None:
    """Not having read is not fine: exit code 3, and path, line, column, why, what to do."""
    content, code = REFUSED[kind]
    with world(tmp_path, fleet=lambda _: []) as w:
        base = git(w.box.clone, "rev-parse", "HEAD")
        w.box.commit({"broken.yaml": many(w) if content == "many" else content})
        report = json.loads(
            w.run("validate", "--ref", "HEAD", "--format", "json", rules=False).stdout
        )
        found = next(one for one in report["findings"] if one["code"] == code)
        where = f"broken.yaml:{found['line']}:{found['column']}"
        assert w.run("plan", "--base", "HEAD").returncode == 0, "a change answers for its own"
        for options in ((), ("--base", base), ("--offline",)):
            text = w.run("plan", *options)
            assert text.returncode == 3, text.stderr
            assert f"{where}: error[{code}]: {found['message']}" in text.stdout
            assert f"do: {found['hint']}" in text.stdout
        plan = plan_of(w)
        told = next(one for one in plan["refused"] if one["code"] == code)
        assert told == {key: found[key] for key in told}
        assert plan["summary"]["refused"] == len(plan["refused"])
        comment = w.run("plan", "--format", "markdown")
        assert comment.returncode == 3
        assert any(row[:2] == ["🚫", where] and code in row[2] for row in rows(comment.stdout))
        assert "is known to lead to an acceptance" in comment.stdout
        assert "refused" in comment.stdout
        done = w.run("apply", "--local")
        assert done.returncode == 3, done.stderr
        assert f"{where}: error[{code}]: {found['message']}" in done.stdout
        data = w.run("apply", "--local", "--format", "json")
        assert data.returncode == 3
        assert told in json.loads(data.stdout)["refused"]


def test_where_there_are_changes_as_well_a_plan_exits_with_them(tmp_path: Path) -> None:
    """What can be read is planned, and carried out; what cannot is said beside it."""
    with world(tmp_path) as w:
        w.box.commit({"broken.yaml": "kind: PairingIntent\nspec: [\n"})
        done = w.run("plan")
        assert done.returncode == 2
        assert "broken.yaml:" in done.stdout
        done = w.run("apply", "--wait", "--interval", "0.1")
        assert done.returncode == 3
        assert w.told() == ("Paired", "Paired")


@pytest.mark.parametrize("how", ["no YAML", "an unknown kind", "no name"])
def test_intents_of_a_refused_file_keep_their_status(tmp_path: Path, how: str) -> None:
    """Nothing is known of them any more, and absence is never an instruction."""
    with world(tmp_path, fleet=lambda _: []) as w:
        w.box.commit({"one.yaml": json.dumps(w.intent(1))})
        w.apply()
        before, writes = w.files()["status/store-1.yaml"], w.writes()
        broken = w.intent(1)
        if how == "an unknown kind":
            broken["kind"] = "PairingIntnet"
        if how == "no name":
            broken["metadata"] = {}
        text = "kind: [\n" if how == "no YAML" else json.dumps(broken)
        w.box.commit({"one.yaml": text})
        for _ in range(2):
            done = w.run("apply")
            assert done.returncode == 3, done.stderr
            assert "one.yaml:1:" in done.stdout
            assert w.files()["status/store-1.yaml"] == before
        assert w.writes() == writes


def test_a_warning_is_never_told_as_why_an_intent_is_refused(tmp_path: Path) -> None:
    """An intent has a warning before its error: what is said of it is the error."""
    hosts = [host_document(1), host_document(2)]
    with world(tmp_path, *hosts, fleet=lambda w: [w.intent(1)]) as w:
        copy = w.intent(2, acknowledge={"centralManagementOnly": "store-1"}, profileMatch="spilt")
        spec = dict(sorted(copy["spec"].items()))
        w.box.commit({"second.yaml": json.dumps(copy | {"spec": spec}, indent=1)})
        told = {one["name"]: one for one in plan_of(w)["intents"]}["store-2"]
        assert "there is no ProfileMatch" in told["message"]
