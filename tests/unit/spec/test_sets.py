"""Sets: a row is an intent in every respect, and what is wrong is told where it stands."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.spec import (
    Code,
    Declared,
    RowColumns,
    SourceFile,
    columns_of,
    columns_of_rows,
    digest,
    generation,
    load,
    no_table,
)
from spec_factory import document, file_of, intent, intent_at, match, palette, text_file

HEADER = "store,address"
TEMPLATE: Mapping[str, Any] = {
    "metadata": {"name": "{store}", "labels": {"region": "emea"}},
    "spec": {
        "palette": "production",
        "localUI": {
            "endpoint": "https://{address}:5080",
            "credentials": {"secret": "store-local-ui"},
        },
        "registrationToken": {"fromPalette": "edge-retail"},
        "profileMatch": "retail",
    },
}


def set_of(name: str = "emea", csv: str = "sites.csv", **spec: Any) -> dict[str, Any]:
    """Return a set; `spec` are fields of its template's spec."""
    template = {**TEMPLATE, "spec": {**TEMPLATE["spec"], **spec}}
    return document("PairingIntentSet", name, {"inventory": {"csv": csv}, "template": template})


def loaded(rows: str, *documents: Mapping[str, Any], header: str = HEADER) -> Declared:
    """Load sets, by default the one of `set_of`, with a Palette, a match and an inventory."""
    files = [file_of(palette(), match()), file_of(*(documents or (set_of(),)), path="set.yaml")]
    table = text_file(f"{header}\n{rows}", "sites.csv")
    return load(files, tables={"sites.csv": table})


def found(declared: Declared) -> list[tuple[str, int, int, Code]]:
    """Return the places and codes of all findings."""
    return [(one.path, one.line, one.column, one.code) for one in declared.findings]


def test_a_row_has_the_digest_of_a_document_of_its_own() -> None:
    """Moving a row into a document, or back, is no change of what is wanted."""
    row = loaded("store-0042,10.0.42.10\n")
    alone = intent_at("https://10.0.42.10:5080")
    alone["metadata"]["labels"] = {"region": "emea"}
    own = load([file_of(palette(), match(), alone)])
    assert row.findings == own.findings == ()
    assert row.intents["store-0042"].digest == own.intents["store-0042"].digest
    assert generation(row.intents["store-0042"], row) == generation(own.intents["store-0042"], own)
    assert row.intents["store-0042"].document == own.intents["store-0042"].document


def test_what_does_not_concern_a_row_does_not_change_it() -> None:
    """Neither a row above, nor its place, nor a column for people."""
    before = loaded("a,10.0.0.1\nb,10.0.0.2\n").intents
    after = loaded(
        "c,10.0.0.3,x\nb,10.0.0.2,y\na,10.0.0.9,z\n", header="store,address,note"
    ).intents
    assert after["b"].digest == before["b"].digest
    assert after["a"].digest != before["a"].digest


def test_a_row_stands_where_its_line_does() -> None:
    """What looks for an intent finds its row, and knows both files that it is written in."""
    (one,) = loaded("\nstore-0042,10.0.42.10\n").intents.values()
    assert (one.path, one.line, one.column) == ("sites.csv", 3, 1)
    assert one.files == ("sites.csv", "set.yaml")
    assert intent()["metadata"]["name"] == one.document.metadata.name


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ("a,\nb,10.0.0.2\n", [(2, 3, Code.EMPTY_CELL)]),
        ("a,10.0.0.1\nb,10.0.0.1\n", [(n, 3, Code.DUPLICATE_TARGET) for n in (2, 3)]),
        ("a,10.0.0.1\na,10.0.0.2\n", [(n, 1, Code.DUPLICATE_NAME) for n in (2, 3)]),
        ("a,10.0.0.1\nB_1,10.0.0.2\n", [(3, 1, Code.INVALID_VALUE)]),
        ("a,10.0.0.1\nb,10.0.0.999\n", [(3, 3, Code.INVALID_VALUE)]),
        ('"a","10.0.0.1"\nb,"10.0.0.2:1"\n', [(3, 3, Code.INVALID_VALUE)]),
    ],
    ids=["an empty cell", "one address", "one name", "a bad name", "a bad address", "a port"],
)
def test_what_is_wrong_with_a_row_stands_at_its_cell(
    rows: str, places: list[tuple[int, int, Code]]
) -> None:
    """Line and column are those of the inventory; rows without a fault go on."""
    declared = loaded(rows)
    assert found(declared) == [("sites.csv", *place) for place in places]
    named = {line for line, *_ in places}
    assert len(declared.intents) == len({2, 3} - named)
    assert {one.kind for one in declared.rejected} == {"PairingIntent"}


def test_rows_with_one_certificate_or_acknowledgement_are_told_apart() -> None:
    """A cell that was filled down is a warning, as a copied document is."""
    f = "sha256:" + "0" * 64
    of = set_of(
        localUI={**TEMPLATE["spec"]["localUI"], "tls": {"fingerprint": "{pin}"}},
        acknowledge={"centralManagementOnly": "{ack}"},
    )
    declared = loaded(f"a,10.0.0.1,{f},x\nb,10.0.0.2,{f},x\n", of, header="store,address,pin,ack")
    assert {(line, code) for _, line, _, code in found(declared)} == {
        (line, code)
        for line in (2, 3)
        for code in (Code.SAME_FINGERPRINT, Code.SAME_ACKNOWLEDGEMENT)
    }
    assert set(declared.intents) == {"a", "b"}


def test_one_name_in_a_set_and_a_document_names_both_places() -> None:
    """Neither is followed until one of them is gone."""
    declared = loaded("store-0042,10.0.0.1\n", set_of(), intent())
    assert declared.intents == {}
    assert [(path, line) for path, line, *_ in found(declared)] == [
        ("set.yaml", 2),
        ("sites.csv", 2),
    ]
    hints = " ".join(one.hint for one in declared.findings)
    assert "sites.csv:2" in hints
    assert "set.yaml:2" in hints


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ({"profileMatch": "{match}"}, Code.UNKNOWN_COLUMN),
        ({"profileMatch": "{store"}, Code.TEMPLATE_SYNTAX),
        ({"profileMatch": "{ store }"}, Code.TEMPLATE_SYNTAX),
        ({"profileMatch": "${{store}}"}, Code.TEMPLATE_SYNTAX),
        ({"variables": {"{store}": "x"}}, Code.TEMPLATE_SYNTAX),
        ({"acknowledge": {"centralManagementOnly": "{store}"}}, Code.ACKNOWLEDGE_COLUMN),
        ({"acknowledge": {"centralManagementOnly": "a"}}, Code.ACKNOWLEDGE_COLUMN),
        ({"acknowledge": {"centralManagementOnly": "{a}{b}"}}, Code.ACKNOWLEDGE_COLUMN),
        ({"attempt": "{store}"}, Code.WRONG_TYPE),
        ({"profilMatch": "x"}, Code.UNKNOWN_FIELD),
        ({"profileMatch": "other"}, Code.UNKNOWN_REFERENCE),
        ({"registrationToken": {"secret": "store-local-ui"}}, Code.SECRET_ROLES),
    ],
)
def test_what_is_wrong_with_a_template_is_told_once_at_the_set(
    spec: Mapping[str, Any], code: Code
) -> None:
    """Whatever the number of rows: none is followed, and each only says that it waits."""
    declared = loaded("a,10.0.0.1\nb,10.0.0.2\n", set_of(**spec))
    causes = [one for one in declared.findings if one.code is not Code.REFERS_TO_REJECTED]
    assert {(one.path, one.code) for one in causes if one.refuses} == {("set.yaml", code)}
    assert declared.intents == {}
    assert "PairingIntentSet" in {one.kind for one in declared.rejected}


def test_rows_of_a_refused_set_are_still_known_by_name() -> None:
    """What is refused is not gone: its status says that it is not followed."""
    declared = loaded("a,10.0.0.1\n", set_of(profileMatch="other"))
    assert {(one.kind, one.name) for one in declared.rejected} == {
        ("PairingIntentSet", "emea"),
        ("PairingIntent", "a"),
    }


def test_a_broken_row_of_a_refused_set_is_no_more_than_that() -> None:
    """Whatever it lacks, it waits for its set as the others do."""
    declared = loaded("a,10.0.0.1\nb\nc,\n", set_of(profileMatch="other"))
    codes = {(line, code) for path, line, _, code in found(declared) if path == "sites.csv"}
    assert codes == {
        *((line, Code.REFERS_TO_REJECTED) for line in (2, 3, 4)),
        (3, Code.WRONG_CELL_COUNT),
        (4, Code.EMPTY_CELL),
    }
    inline = set_of(profileMatch="other")
    inline["spec"]["inventory"] = {"rows": [{"store": "a", "address": "10.0.0.1"}, {"store": "b"}]}
    assert loaded("", inline).intents == {}


def test_a_cell_is_never_expanded_again() -> None:
    """A brace in a cell is a brace."""
    of = set_of(cluster={"description": "at {place}"})
    declared = loaded("a,10.0.0.1,{store}\n", of, header="store,address,place")
    assert declared.intents["a"].document.spec.cluster.description == "at {store}"


def test_an_empty_acknowledgement_acknowledges_nothing() -> None:
    """The one cell that may be empty: it withholds a permission, and gives none."""
    of = set_of(acknowledge={"centralManagementOnly": "{ack}"})
    declared = loaded("a,10.0.0.1,\nb,10.0.0.2,b\n", of, header="store,address,ack")
    assert declared.findings == ()
    assert declared.intents["a"].document.spec.acknowledge is None
    assert declared.intents["b"].document.spec.acknowledge is not None
    alone = intent_at("https://10.0.0.1:5080", "a")
    alone["metadata"]["labels"] = {"region": "emea"}
    own = load([file_of(palette(), match(), alone)])
    assert declared.intents["a"].digest == own.intents["a"].digest


def test_a_column_for_people_is_named_as_such() -> None:
    """Else it is a warning: it may have been meant to have an effect."""
    of = set_of()
    told = loaded("a,10.0.0.1,x\n", of, header="store,address,city")
    assert found(told) == [("sites.csv", 1, 15, Code.UNUSED_COLUMN)]
    of["spec"]["inventory"]["ignore"] = ["city"]
    assert loaded("a,10.0.0.1,x\n", of, header="store,address,city").findings == ()


@pytest.mark.parametrize("table", [None, no_table("sites.csv"), text_file("a;b\n", "sites.csv")])
def test_without_its_inventory_a_set_declares_nothing(table: SourceFile | None) -> None:
    """The set is refused, so that intents of before count as there."""
    files = [file_of(palette(), match()), file_of(set_of(), path="set.yaml")]
    declared = load(files, tables={"sites.csv": table} if table else {})
    assert [one.kind for one in declared.rejected] == ["PairingIntentSet"]
    assert declared.intents == {}


def test_a_set_may_be_empty() -> None:
    """A header without rows, and no row at all in the document, are sets without intents."""
    assert loaded("").findings == ()
    none = set_of()
    none["spec"]["inventory"] = {"rows": []}
    assert loaded("", none).findings == ()


def test_the_columns_of_a_row_are_those_of_its_set() -> None:
    """Two sets with one inventory in one file are not told apart; a document has no row."""
    said = {"acknowledge": {"centralManagementOnly": "{ok}"}}
    rows, header = "a,10.0.0.1,\n", f"{HEADER},ok"
    declared = loaded(rows, set_of(**said), intent("alone"), header=header)
    columns = columns_of_rows(declared)
    row = columns_of(declared.intents["a"], columns)
    assert row == RowColumns("sites.csv", acknowledgement="ok")
    assert columns_of(declared.intents["alone"], columns) is None
    both = loaded(rows, set_of(**said), set_of("apac", **said), header=header)
    assert list(columns_of_rows(both).values()) == [RowColumns("sites.csv")]


def test_the_digest_of_a_set_is_not_that_of_its_rows() -> None:
    """A changed template changes the rows that it changes, and no other document."""
    one, other = loaded("a,10.0.0.1\n"), loaded("a,10.0.0.1\n", set_of(suspend=True))
    assert one.sets["emea"].digest != other.sets["emea"].digest
    assert digest(one.intents["a"].document) != digest(other.intents["a"].document)


def test_value_files_that_rows_name_are_no_documents() -> None:
    """A file named through a column is values of a pack, though it is YAML too."""
    of = set_of(values=[{"pack": "cni", "file": "{values}"}])
    files = [
        file_of(palette(), match()),
        file_of(of, path="set.yaml"),
        text_file("a: b\n", "values/a.yaml"),
    ]
    table = text_file("store,address,values\na,10.0.0.1,values/a.yaml\n", "sites.csv")
    assert load(files, tables={"sites.csv": table}).findings == ()


@given(st.text('a1.,"\n{}:-', max_size=60), st.sampled_from(["{store}", "x{store}", "{address}"]))
def test_any_rows_under_any_template_load(rows: str, text: str) -> None:
    """Nothing is raised; each row is an intent, or is refused where it stands."""
    of = set_of(variables={"site": text})
    of["spec"]["template"]["metadata"]["name"] = text
    declared = loaded(rows, of)
    assert all(one.path in {"set.yaml", "sites.csv"} for one in declared.findings)
    assert all(one.path == "sites.csv" for one in declared.intents.values())
