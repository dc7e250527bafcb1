import re
from textwrap import dedent

import pytest
from ruamel.yaml import YAML

from pairctl.problem import ConfigurationError
from pairctl.spec import OperatorSpec, SourceFile, load, schemas
from pairctl.starter import Answers, BadAnswer, Forge, parse_source, starter_files

SOURCE = parse_source("https://github.com/acme/pairctl@v1.2.3")


def documents(texts: dict[str, str]) -> list[SourceFile]:
    """What pairctl reads of a repository: YAML that is not hidden."""
    return [
        SourceFile(path, text.encode())
        for path, text in texts.items()
        if path.endswith(".yaml") and not path.startswith(".")
    ]


@pytest.mark.parametrize("forge", Forge)
@pytest.mark.parametrize("path", ["", "clusters", "fleet/edge"])
def test_only_a_palette_is_in_force_at_first(forge: Forge, path: str) -> None:
    """Nothing can be acted on by accident: there is no intent until a person makes one."""
    texts = dict(starter_files(Answers(forge=forge, path=path)).texts)
    declared = load(documents(texts))
    assert declared.findings == ()
    assert (list(declared.palettes), list(declared.matches), list(declared.intents)) == (
        ["production"],
        [],
        [],
    )


def test_the_examples_are_valid_once_they_are_used() -> None:
    """Copied to names that are read, they refer to each other and to the Palette, suspended."""
    texts = starter_files(Answers(name="lab")).texts
    used = {path.removesuffix(".example"): text for path, text in texts.items()}
    declared = load(documents(used))
    assert declared.findings == ()
    (intent,) = declared.intents.values()
    assert intent.document.spec.suspend
    assert intent.document.spec.acknowledge is None
    assert intent.document.spec.palette == "lab"


@pytest.mark.parametrize("name", ["no", "on", "null", "1e3", "0042", "a", "store-1"])
@pytest.mark.parametrize(
    "project", ["edge-retail", "1.10", "yes", "two\nlines", 'with "quotes" \\ and # more']
)
def test_answers_are_read_back_as_they_were_given(name: str, project: str) -> None:
    """No answer turns into something else than a text in YAML."""
    texts = dict(starter_files(Answers(name=name, project=project)).texts)
    (palette,) = load(documents(texts)).palettes.values()
    assert palette.document.metadata.name == name
    assert palette.document.spec.project == project
    assert palette.document.spec.endpoint == "https://palette.example.com"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Production"},
        {"name": "../../etc"},
        {"endpoint": "http://palette.example.com"},
        {"endpoint": "https://palette.example.com/path"},
        {"endpoint": "https://palette.example.com\nkind: Other"},
        {"project": "\ud83d"},
        {"path": "/absolute"},
        {"path": "../outside"},
        {"path": ".hidden"},
    ],
)
def test_an_answer_that_would_make_a_bad_repository_is_refused(changes: dict[str, str]) -> None:
    """Before anything is written, in the words of `validate`."""
    with pytest.raises(BadAnswer):
        starter_files(Answers(**changes))


@pytest.mark.parametrize("path", ["", "fleet/edge"])
def test_modelines_point_to_schemas_that_are_there(path: str) -> None:
    """The first line of each document names a schema among the files, seen from the document."""
    texts = starter_files(Answers(path=path)).texts
    marked = {p: t.split("\n")[0] for p, t in texts.items() if "$schema=" in t.split("\n")[0]}
    assert len(marked) == 3
    for file, line in marked.items():
        up, _, schema = line.partition("$schema=")[2].rpartition("../")
        assert len(up.split("../")) == file.count("/")
        assert texts[schema] == schemas()[schema.rpartition("/")[2]]


def test_ci_and_hooks_take_pairctl_from_the_source_at_its_version() -> None:
    """One address serves the Action, GitLab's template and pre-commit."""
    github = starter_files(Answers(source=SOURCE)).texts
    gitlab = starter_files(Answers(source=SOURCE, forge=Forge.GITLAB)).texts
    assert "- uses: acme/pairctl@v1.2.3 " in github[".github/workflows/pairctl.yml"]
    assert (
        "- repo: https://github.com/acme/pairctl\n    rev: v1.2.3\n"
        in (github[".pre-commit-config.yaml"])
    )
    assert "project: acme/pairctl\n    ref: v1.2.3 " in gitlab[".gitlab-ci.yml"]
    assert "git+https://github.com/acme/pairctl@v1.2.3\n" in gitlab[".gitlab-ci.yml"]


@pytest.mark.parametrize("forge", [Forge.GITHUB, Forge.GITLAB])
def test_what_is_not_known_is_a_placeholder_that_is_told(forge: Forge) -> None:
    """No owner's name begins with a hyphen: nobody can take the placeholder's place."""
    starter = starter_files(Answers(forge=forge))
    told = "\n".join(starter.steps)
    assert "-where-pairctl-is-/pairctl" in told
    assert "https://palette.example.com" in told
    file = next(step for step in starter.steps if "-where" in step).partition(":")[0]
    assert "-where-pairctl-is-/pairctl" in starter.texts[file]


def test_no_placeholder_is_told_where_all_is_known() -> None:
    """Nothing to fill in, nothing to say about it."""
    known = Answers(endpoint="https://palette.acme.com:8443", source=SOURCE)
    starter = starter_files(known)
    everything = "\n".join([*starter.texts.values(), *starter.steps])
    assert "-where" not in everything
    assert "palette.example.com" not in everything


def test_the_workflow_asks_for_no_more_than_it_needs() -> None:
    """Never with the base's token for a stranger's change, and no permission by default."""
    workflow = starter_files(Answers()).texts[".github/workflows/pairctl.yml"]
    told = [line for line in workflow.split("\n") if not line.lstrip().startswith("#")]
    assert "on:\n  pull_request:\n" in "\n".join(told)
    assert "pull_request_target" not in "\n".join(told)
    assert "permissions: {}" in told
    assert [line.split(" #")[0].strip() for line in told if "write" in line.split(" #")[0]] == [
        "pull-requests: write"
    ]


@pytest.mark.parametrize("path", ["", "clusters"])
def test_hooks_and_ci_look_at_the_documents_folder_only(path: str) -> None:
    """In a repository with more in it, other YAML is nobody's business."""
    folder = path or "."
    for forge, file in (
        (Forge.GITHUB, ".github/workflows/pairctl.yml"),
        (Forge.GITLAB, ".gitlab-ci.yml"),
    ):
        for source in (SOURCE, None):
            texts = starter_files(Answers(path=path, forge=forge, source=source)).texts
            assert f": {folder}\n" in texts[file]
            assert f"args: [{folder}]\n" in texts[".pre-commit-config.yaml"]


@pytest.mark.parametrize(
    ("text", "url", "ref", "project"),
    [
        ("https://github.com/acme/pairctl", "https://github.com/acme/pairctl", "v", "acme/pairctl"),
        ("https://h.com/a/pairctl.git@1f2e", "https://h.com/a/pairctl.git", "1f2e", "a/pairctl"),
        (
            "ssh://git@h.com:22/a/b/pairctl@v1",
            "ssh://git@h.com:22/a/b/pairctl",
            "v1",
            "a/b/pairctl",
        ),
        ("file:///srv/pairctl@main", "file:///srv/pairctl", "main", "srv/pairctl"),
        ("/srv/pairctl", "/srv/pairctl", "v", "srv/pairctl"),
    ],
)
def test_a_source_is_an_address_and_a_version(text: str, url: str, ref: str, project: str) -> None:
    """Left out, the version is the tag of the pairctl that is running."""
    source = parse_source(text)
    assert (source.url, source.project) == (url, project)
    assert source.ref == ref or (ref == "v" and source.ref.startswith("v0."))


@pytest.mark.parametrize(
    "text",
    [
        "acme/pairctl",
        "http://github.com/acme/pairctl",
        "https://somebody:password@github.com/acme/pairctl",
        "https://github.com/acme/pairctl@",
        "https://github.com/acme/pairctl@v1 # more",
        "https://github.com/acme/pairctl\nother: line",
        "--upload-pack=touch",
    ],
)
def test_what_is_no_address_or_holds_a_login_is_refused(text: str) -> None:
    """And is not repeated in the error: it may be a password."""
    with pytest.raises(ConfigurationError) as refused:
        parse_source(text)
    assert "password" not in refused.value.problem.message


def test_github_takes_actions_from_an_owner_and_a_name() -> None:
    """A longer path would be read as a folder of another repository."""
    with pytest.raises(BadAnswer, match="OWNER/NAME"):
        Answers(source=parse_source("https://gitlab.acme.com/group/tools/pairctl"))


@pytest.mark.parametrize("ref", ["0" * 40, "12345678e1" * 4, "1" * 64, "a1" * 20, "v1.2.3", "no"])
def test_a_commit_is_text_whatever_its_digits(ref: str) -> None:
    """YAML would read some of them as numbers, and Git would look for another name."""
    source = parse_source(f"https://h.example/acme/pairctl@{ref}")
    texts = starter_files(Answers(source=source, forge=Forge.GITLAB)).texts
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    (included,) = yaml.load(texts[".gitlab-ci.yml"])["include"]
    (hooks,) = yaml.load(texts[".pre-commit-config.yaml"])["repos"]
    assert (included["ref"], hooks["rev"]) == (ref, ref)


@pytest.mark.parametrize("forge", Forge)
def test_the_readme_speaks_of_ci_where_there_is_one(forge: Forge) -> None:
    """Without it a person is told what to run for a review."""
    readme = starter_files(Answers(forge=forge)).texts["README.md"]
    assert ("for review: CI shows" in readme) is (forge is not Forge.NONE)
    assert ("`pairctl plan --offline --base main`" in readme) is (forge is Forge.NONE)


def test_the_operators_file_of_the_readme_is_for_each_command_that_it_names() -> None:
    """`watch` refuses a cap for a run, which it never ends."""
    readme = starter_files(Answers()).texts["README.md"]
    assert "`pairctl apply --wait`, or `pairctl watch`, with the same options" in readme
    (block,) = re.findall(r"```yaml\n(.*?)```", readme, re.DOTALL)
    spec = YAML(typ="safe", pure=True).load(dedent(block))["spec"]
    limits = OperatorSpec.model_validate(spec, strict=False).limits
    assert (limits.acceptances_at_once, limits.acceptances_per_run) == (1, None)
