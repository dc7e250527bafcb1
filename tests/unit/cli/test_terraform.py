"""`import` blocks for Terraform: texts and names of HCL, and what is in the file."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_report_factory import BLOCKED, make_intent_record, make_record, make_status
from pairctl.cli.terraform import hcl_name, hcl_text, terraform_imports


def paired(name: str, uid: str = "65f0c0ffee", **changes: object) -> object:
    """Return the record of a paired cluster with its uid in Palette."""
    fields = {"status": make_status(name, palette_uid=uid), "project": "retail", **changes}
    return make_intent_record(name, **fields)


def exported(*intents: object, **changes: object) -> str:
    """Return the text of the file."""
    return terraform_imports(make_record(*intents), **changes).text  # type: ignore[arg-type]


def read_back(text: str) -> str:
    """Read an HCL string: its escapes, and templates that are escaped; any other is an error."""
    assert text[0] == text[-1] == '"'
    inner = text[1:-1]
    assert not re.search(r'(?<!\\)(?:\\\\)*"', inner)
    assert not re.search(r"(?<![$])[$](?:[$]{2})*\{|(?<![%])[%](?:[%]{2})*\{", inner)
    inner = re.sub(r"([$%])\1\{", r"\1{", inner)
    named = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
    return re.sub(
        r"\\(?:U([0-9a-f]{8})|(.))",
        lambda found: chr(int(found[1], 16)) if found[1] else named[found[2]],
        inner,
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('a "b" \\c', r'"a \"b\" \\c"'),
        ("${var.x} and %{ if true }", '"$${var.x} and %%{ if true }"'),
        ("one\ntwo\ttab\r", r'"one\ntwo\ttab\r"'),
        ("\u202e\x00", r'"\U0000202e\U00000000"'),
        ("$5 and 10%", '"$5 and 10%"'),
    ],
)
def test_a_text_is_only_text(text: str, written: str) -> None:
    """Quotes, line ends and templates mean nothing in it."""
    assert hcl_text(text) == written


@given(st.text(alphabet=st.characters(exclude_characters="$%", exclude_categories=["Cs"])))
def test_a_text_is_read_back(text: str) -> None:
    """What HCL reads is what was written."""
    assert read_back(hcl_text(text)) == text


def test_names_are_identifiers() -> None:
    """An identifier begins with no digit; two names never become one."""
    assert [hcl_name(name) for name in ("store-1", "0042", "a")] == ["store-1", "_0042", "a"]


def test_what_is_paired_is_imported() -> None:
    """Uid and context of each paired cluster; what is not paired is not there."""
    text = exported(
        paired("store-1"),
        make_intent_record("store-2", status=make_status("store-2", **BLOCKED)),
        make_intent_record("store-3", status=None),
    )
    assert text.endswith(
        "\nimport {\n"
        "  to = spectrocloud_cluster_edge_native.store-1\n"
        '  id = "65f0c0ffee:project"\n'
        "}\n"
    )
    assert text.count("import {") == 1
    assert "# Palette production: provider, project retail." in text


def test_without_a_project_the_context_is_the_tenant() -> None:
    """A Palette document without a project hands clusters to the tenant."""
    assert '"65f0c0ffee:tenant"' in exported(paired("store-1", project=""))


def test_several_palettes_have_aliases() -> None:
    """One provider asks one Palette: each block names the alias that is called as its Palette."""
    text = exported(paired("store-1"), paired("store-2", palette="lab"))
    assert "  provider = spectrocloud.production\n" in text
    assert "  provider = spectrocloud.lab\n" in text
    assert "provider =" not in exported(paired("store-1"), paired("store-2"))


@pytest.mark.parametrize(
    ("uid", "changes", "why"),
    [
        ("", {}, "is not on record"),
        ("a:tenant", {}, "a sign that an import id cannot have"),
        ('a"}\n', {}, "a sign that an import id cannot have"),
        ("65f0", {"palette": ""}, "Palette and project are not known"),
    ],
)
def test_what_cannot_be_imported_is_said(uid: str, changes: dict[str, str], why: str) -> None:
    """It is left out with its reason; nothing is guessed."""
    made = terraform_imports(make_record(paired("store-1", uid, **changes)))  # type: ignore[arg-type]
    assert made.count == 0
    assert why in made.left_out["store-1"]
    assert "import {" not in made.text


def test_nothing_leaves_a_comment() -> None:
    """A project's name is anything: it stays in its line."""
    text = exported(paired("store-1", project='x\nresource "a" "b" {}\r\u2028y'))
    assert all(line.startswith("#") for line in text.partition("\nimport")[0].splitlines() if line)
