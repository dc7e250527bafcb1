"""The published examples and schemas. A pair of files in `examples/invalid` is a test."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from pairctl.spec import (
    Code,
    ConfigSpec,
    Operator,
    Severity,
    SourceFile,
    load,
    load_config,
    load_operator,
    read_folder,
)
from pairctl.spec import schemas as current_schemas

ROOT = Path(__file__).parents[3]
INVALID = sorted((ROOT / "examples/invalid").glob("*.yaml"))
GOOD = [
    ROOT / "examples/operator.yaml",
    *sorted((ROOT / "examples/valid").glob("*.yaml")),
    *sorted((ROOT / "examples/quickstart/repository").rglob("*.yaml")),
]
# Codes that need a file too large to keep, or no file at all; each with the test that reaches it.
TESTED_ELSEWHERE = {
    Code.TOO_LARGE: "test_decoding",
    Code.TOO_MANY_NODES: "test_parsing",
    Code.SCALAR_TOO_LONG: "test_parsing",
    Code.SYMLINK_REFUSED: "test_folder",
    Code.PATH_COLLISION: "test_folder",
    Code.MATCH_DIFFERS: "test_request",
    Code.PROFILE_UNUSABLE: "test_request",
    Code.NOT_SEEN_YET: "test_request",
    Code.CSV_SYNTAX: "test_inventories",
    Code.WRONG_CELL_COUNT: "test_inventories",
    Code.TOO_MANY_ROWS: "test_inventories",
}


def source(path: Path) -> SourceFile:
    """Return the file under its bare name."""
    return SourceFile(path.name, path.read_bytes())


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_broken_document_is_told_at_a_place_that_is_there(path: Path) -> None:
    """Every finding has a line of the file, and says what is wrong and what to do."""
    lines = path.read_bytes().decode("utf-8-sig", "replace").split("\n")
    for one in load([source(path)]).findings:
        assert one.path == path.name
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1
        assert one.message
        assert one.hint


def test_every_expectation_has_its_example() -> None:
    """No file of one kind is left without the other."""
    names = {path.stem for path in (ROOT / "examples/invalid").glob("*.expected")}
    assert names == {path.stem for path in INVALID}
    assert len(names) >= 100


def test_every_code_is_reached() -> None:
    """The table of codes holds nothing that no test provokes, and each code has its meaning."""
    reached = {one.code for path in INVALID for one in load([source(path)]).findings}
    assert reached | set(TESTED_ELSEWHERE) == set(Code)
    assert reached.isdisjoint(TESTED_ELSEWHERE)
    for code, test in TESTED_ELSEWHERE.items():
        (file,) = (ROOT / "tests").rglob(f"{test}.py")
        assert f"Code.{code.name}" in file.read_text()
    assert all(code.meaning.endswith(".") and code.isalnum() for code in Code)


@pytest.mark.parametrize("folder", ["examples/valid", "examples/quickstart/repository"])
def test_the_good_examples_have_no_findings(folder: str) -> None:
    """What newcomers copy is right in every reference."""
    found = read_folder(ROOT / folder)
    declared = load(found.files, tables=found.tables)
    assert (found.refused, declared.findings, declared.rejected) == ((), (), ())
    assert declared.intents


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_the_good_examples_hold_in_any_editor(path: Path) -> None:
    """Another YAML reader and the published schemas agree with the loader."""
    any_kind = Draft202012Validator(json.loads((ROOT / "schemas/pairctl.json").read_text()))
    for document in YAML(typ="safe", pure=True).load_all(path):
        own = json.loads((ROOT / f"schemas/{document['kind'].lower()}.json").read_text())
        assert list(any_kind.iter_errors(document)) == []
        assert list(Draft202012Validator(own).iter_errors(document)) == []


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_the_first_line_names_a_schema_that_is_there(path: Path) -> None:
    """Editors find the schema from where the file lies."""
    first = path.read_text().partition("\n")[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve().parent == ROOT / "schemas"
    assert (path.parent / named).is_file()


def fields(schema: object) -> set[str]:
    """Return the names of all fields that a schema knows."""
    if isinstance(schema, list):
        return {name for item in schema for name in fields(item)}
    if not isinstance(schema, dict):
        return set()
    known = schema.get("properties")
    own = set(known) if isinstance(known, dict) else set()
    return own | {name for item in schema.values() for name in fields(item)}


def keys(value: object) -> set[str]:
    """Return all keys within a document."""
    if isinstance(value, list):
        return {key for item in value for key in keys(item)}
    if not isinstance(value, dict):
        return set()
    return {*value, *(key for item in value.values() for key in keys(item))}


def test_the_good_examples_show_every_field() -> None:
    """A field that no example shows is a field that nobody finds."""
    shown = {
        key
        for path in [ROOT / "examples/operator.yaml", *(ROOT / "examples/valid").glob("*.yaml")]
        for document in YAML(typ="safe", pure=True).load_all(path)
        for key in keys(document)
    }
    known = fields(json.loads((ROOT / "schemas/pairctl.json").read_text()))
    assert known <= shown


def test_the_operators_example_is_one() -> None:
    """It is loaded as the operator's own file, and refused as a repository's."""
    path = ROOT / "examples/operator.yaml"
    assert isinstance(load_operator(source(path)), Operator)
    (finding,) = load([source(path)]).findings
    assert (finding.code, finding.severity) == (Code.OPERATOR_IN_REPOSITORY, Severity.ERROR)


def test_the_configuration_files_example_is_one() -> None:
    """It is loaded, and names every field; one that would contradict another is a comment."""
    path = ROOT / "examples/config.yaml"
    found = load_config(source(path))
    known = {one.alias for one in ConfigSpec.model_fields.values()}
    assert known - set(found) == {"allowHost"}
    assert "# allowHost: " in path.read_text()


def test_the_published_schemas_are_current() -> None:
    """The files are byte for byte what the models say."""
    for name, text in current_schemas().items():
        assert (ROOT / "schemas" / name).read_text() == text
