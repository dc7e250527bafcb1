"""A repository holds files of many tools: what is not pairctl's is left alone, and nothing else."""

import re
import shutil
from pathlib import Path

import pytest

from cli_factory import ROOT, Done, git, pairctl

QUICKSTART = ROOT / "examples/quickstart/repository"
INTENT = (QUICKSTART / "intents/store-0001.yaml").read_text()

OTHERS: dict[str, str | bytes] = {
    "charts/edge/templates/deployment.yaml": """\
{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "edge.name" . }}
  labels: {{- toYaml .Values.labels | nindent 4 }}
{{- end }}
""",
    "charts/edge/values.yaml": "base: &base {image: a}\nedge:\n  <<: *base\n  version: 1.10\n",
    "charts/edge/Chart.yaml": "apiVersion: v2\nname: edge\nversion: 0.1.0\n",
    "base/kustomization.yaml": (
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n"
    ),
    "base/all.yaml": "apiVersion: v1\nkind: ConfigMap\n---\napiVersion: v1\nkind: Secret\n",
    "secrets/palette.sops.yaml": (
        "apiVersion: v1\nkind: Secret\nstringData:\n  password: ENC[AES256_GCM,data:x,type:str]\n"
        "sops:\n  age:\n    - recipient: age1x\n      enc: |\n        -----BEGIN AGE\n"
        "  lastmodified: '2026-01-01T00:00:00Z'\n"
    ),
    "crds/large.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: X\nspec:\n"
    + "  - a: b\n" * 60_000,
    "crds/many.yaml": "---\nkind: Namespace\napiVersion: v1\n" * 150,
    "crds/deep.yaml": "[" * 200 + "]" * 200 + "\n",
    "ansible/site.yaml": "- hosts: all\n  vars:\n    key: !vault |\n      $ANSIBLE_VAULT;1.1\n",
    "ansible/twice.yaml": "a: 1\na: 2\n",
    "scalar.yaml": "just a text\n",
    "wide.yaml": "kind: Service\n".encode("utf-16"),
    "latin.yaml": b"name: caf\xe9\n",
    "conflict.yaml": "<<<<<<< ours\na: 1\n=======\na: 2\n>>>>>>> theirs\n",
    "directive.yaml": "%YAML 1.1\n---\na: yes\n",
    "tools/Palette.yaml": "apiVersion: design.example.com/v1\nkind: Palette\ncolors: [red]\n",
    "tools/operator.yaml": "apiVersion: operators.coreos.com/v1\nkind: Operator\n",
    "tools/list.yaml": "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret}\n",
    "tools/policy.yaml": "kind: Policy\nrules: []\n",
    "tools/commented.yaml": "# apiVersion: pairctl/v1alpha1\n{{ template }}\n",
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with a few documents, committed."""
    folder = tmp_path / "clone"
    shutil.copytree(QUICKSTART, folder)
    git(folder, "init", "--quiet")
    return committed(folder, {})


def committed(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Commit files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "m")
    return folder


def looks(folder: Path) -> list[Done]:
    """What the commands say that read documents: the work tree, the commit, and a plan."""
    return [
        pairctl("validate", "--all", cwd=folder),
        pairctl("validate", "--all", "--ref", "HEAD", cwd=folder),
        pairctl("plan", "--offline", cwd=folder),
    ]


def told(done: list[Done]) -> list[tuple[int, str]]:
    """What came of commands, whatever the commit is called."""
    return [(one.code, re.sub(r"commit [0-9a-f]{7}", "commit", one.out)) for one in done]


def test_files_of_other_tools_are_nobodys_business(clone: Path) -> None:
    """Whatever YAML they are, or are not; the documents beside them count as without them."""
    before = looks(clone)
    committed(clone, OTHERS)
    assert told(looks(clone)) == told(before)
    assert before[0].code == 0


SLIPS: dict[str, str | bytes] = {
    "another letter": INTENT.replace("pairctl/", "pairctrl/"),
    "letters swapped": INTENT.replace("pairctl/", "piarctl/"),
    "a capital": INTENT.replace("pairctl/", "PairCtl/"),
    "a domain": INTENT.replace("pairctl/", "pairctl.io/"),
    "no slash": INTENT.replace("pairctl/", "pairctl"),
    "a newer version": INTENT.replace("v1alpha1", "v2"),
    "the key in lower case": INTENT.replace("apiVersion", "apiversion"),
    "the key misspelt": INTENT.replace("apiVersion", "apiVerison"),
    "no version": INTENT.replace("apiVersion: pairctl/v1alpha1\n", ""),
    "no version, and a kind misspelt": INTENT.replace("apiVersion: pairctl/v1alpha1\n", "").replace(
        "PairingIntent", "ParingIntent"
    ),
    "the version of another tool": INTENT.replace("pairctl/v1alpha1", "v1"),
    "broken YAML": INTENT + "\n  - [",
    "broken YAML without a version": INTENT.replace("apiVersion: pairctl/v1alpha1\n", "{{ x }}\n"),
    "a conflict": "<<<<<<< ours\n" + INTENT,
    "an anchor": INTENT.replace("spec:", "spec: &spec"),
    "UTF-16": INTENT.encode("utf-16"),
    "bytes of another encoding": INTENT.encode() + b"# \xe9\n",
    "too large": INTENT + "# " + "x" * 300_000 + "\n",
    "a list of documents": "- apiVersion: pairctl/v1alpha1\n  kind: PairingIntent\n",
    "a list as Kubernetes has it": (
        "apiVersion: v1\nkind: List\nitems:\n"
        "  - {apiVersion: v1, kind: ConfigMap}\n"
        "  - {apiVersion: pairctl/v1alpha1, kind: PairingIntent}\n"
    ),
    "the key of the kind misspelt": INTENT.replace("apiVersion: pairctl/v1alpha1\n", "").replace(
        "kind:", "knd:"
    ),
    "beside a document of another tool": INTENT + "---\napiVersion: v1\nkind: ConfigMap\n",
    "Git LFS": "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n",
}


def test_a_slip_makes_no_document_another_tools(clone: Path) -> None:
    """What was meant for pairctl is found, in the work tree and in the commit alike."""
    slips = {f"slips/{name.replace(' ', '-')}.yaml": text for name, text in SLIPS.items()}
    committed(clone, slips)
    here, there, _ = looks(clone)
    assert (here.code, there.code) == (2, 2)
    assert [path for path in slips if path not in here.out] == []
    assert [path for path in slips if path not in there.out] == []


def test_what_the_list_names_is_left_out_by_all(clone: Path) -> None:
    """In gitignore's syntax, from the top of the repository, also for a folder below it."""
    before = looks(clone)
    committed(
        clone,
        {
            ".pairctlignore": (
                "# ours\n/examples/\n*.tmpl.yaml\n!kept.tmpl.yaml\nvendor/**/x.yaml\n"
            ),
            "examples/a.yaml": INTENT,
            "intents/b.tmpl.yaml": "apiVersion: pairctl/v1alpha1\n{{",
            "vendor/a/b/x.yaml": INTENT,
        },
    )
    after = looks(clone)
    assert told(after) == told(before)
    assert "left out" not in after[2].err
    below = pairctl("validate", "intents", cwd=clone)
    assert "b.tmpl.yaml" not in below.out
    committed(clone, {"intents/kept.tmpl.yaml": INTENT})
    assert [done.code for done in looks(clone)[:2]] == [2, 2]


def test_a_list_that_cannot_be_followed_stops_all(clone: Path) -> None:
    """Else documents would count that were to be left out."""
    committed(clone, {".pairctlignore": "# ours\n!\n"})
    for done in looks(clone):
        assert done.code == 1
        assert ".pairctlignore:2: it is no pattern of gitignore" in done.err


def test_a_list_that_is_a_link_is_not_followed(clone: Path) -> None:
    """Nobody learns from pairctl what there is elsewhere."""
    (clone / ".pairctlignore").symlink_to("/etc/passwd")
    committed(clone, {})
    assert [done.code for done in looks(clone)] == [1, 1, 1]


@pytest.mark.parametrize("version", ["pairctl/v1alpha1", "v1", "example.com/v1"])
def test_a_set_is_pairctls_under_any_version(clone: Path, version: str) -> None:
    """As an intent is: no other tool has such a kind."""
    committed(clone, {"sets.yaml": f"apiVersion: {version}\nkind: PairingIntentSet\n"})
    here, there, _ = looks(clone)
    assert "sets.yaml" in here.out
    assert "sets.yaml" in there.out


LINKS = {
    "current": "base",
    "docs": "charts/edge/../edge",
    "LICENSE": "scalar.yaml",
    "gone": "nowhere/at/all",
    "charts/edge/files": "./templates",
    "values.yaml": "charts/edge/values.yaml",
    "base/more.yaml": "../tools/policy.yaml",
    "notes.txt": "/etc/hostname",
}


def linked(folder: Path, links: dict[str, str]) -> None:
    """Commit links."""
    for name, target in links.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(target)
    committed(folder, {})


def test_links_of_other_tools_are_left_alone(clone: Path) -> None:
    """A folder, or another tool's file, under a second name within the repository."""
    before = looks(clone)
    committed(clone, OTHERS)
    linked(clone, {name: to for name, to in LINKS.items() if name != "docs"})
    assert told(looks(clone)) == told(before)
    assert pairctl("validate", "--staged", cwd=clone).code == 0


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("sites", "../elsewhere"),
        ("intents/more", "../../elsewhere"),
        ("hidden", ".more/intents"),
        ("winding", "intents/../../elsewhere"),
        ("absolute", "/srv/intents"),
        ("intents/around", ".."),
        ("intents/again.yaml", "store-0001.yaml"),
        ("intents/passwd.yaml", "/etc/passwd"),
        ("intents/gone.yaml", "nowhere.yaml"),
        ("intents/data.yaml", "../data.txt"),
    ],
)
def test_links_behind_which_documents_may_be_are_told(clone: Path, name: str, target: str) -> None:
    """Those that lead away, to what is hidden, or to a document of pairctl's."""
    committed(clone, {".more/intents/x.yaml": INTENT, "data.txt": INTENT})
    linked(clone, {name: target})
    here, there, _ = looks(clone)
    assert (here.code, there.code) == (2, 2)
    assert f"{name}:1" in here.out
    assert f"{name}:1" in there.out


def test_other_tools_files_may_differ_in_case_only(clone: Path) -> None:
    """No checkout of pairctl's documents is in doubt; two documents are told all the same."""
    before = looks(clone)
    chart = "image: a\n"
    committed(clone, {"chart/values.yaml": chart, "chart/Values.yaml": chart})
    assert told(looks(clone)) == told(before)
    committed(clone, {"chart/Store.yaml": INTENT, "chart/store.yaml": INTENT})
    here, there, _ = looks(clone)
    for done in (here, there):
        assert done.code == 2
        assert all(name in done.out for name in ("Store.yaml", "store.yaml"))
        assert "alues" not in done.out
