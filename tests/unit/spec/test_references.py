import pytest

from pairctl.spec import Code, Declared, Severity, generation, load
from spec_factory import (
    INTENT_SPEC,
    approval,
    codes,
    document,
    file_of,
    intent,
    intent_at,
    load_documents,
    match,
    palette,
    places,
    text_file,
)


def refused(declared: Declared) -> list[tuple[str | None, str | None]]:
    """Return kind and name of the refused documents."""
    return [(one.kind, one.name) for one in declared.rejected]


def test_a_reference_to_nothing_names_the_nearest() -> None:
    """A misspelt name is refused at its place, with the name that was meant."""
    declared = load_documents(palette(), match(), intent(profileMatch="retial"))
    assert codes(declared) == [Code.UNKNOWN_REFERENCE]
    assert declared.findings[0].hint == "did you mean `retail`?"
    assert declared.intents == {}


def test_a_reference_to_nothing_like_any_other_names_those_there_are() -> None:
    """Nobody has to search for what may be written; of many it is only said that they are there."""
    few = load_documents(palette(), match(palette="prd-eu"))
    many = load_documents(*(palette(f"p-{n}") for n in range(9)), match(palette="unlike"))
    none = load_documents(match(palette="prd-eu"))
    assert [one.findings[0].hint for one in (few, many, none)] == [
        "declare the Palette, or name one that is declared: production",
        "declare the Palette, or name one that is declared",
        "declare the Palette",
    ]


def test_a_reference_into_a_file_that_cannot_be_read_says_so() -> None:
    """One bad file does not send everyone searching in the good ones."""
    declared = load([file_of(match()), text_file("kind: Palette\n[", "palettes.yaml")])
    (finding,) = [one for one in declared.findings if one.code is Code.UNKNOWN_REFERENCE]
    assert "palettes.yaml" in finding.hint


def test_refusal_travels_along_references() -> None:
    """An intent is not acted on while its match, or the match's Palette, is refused."""
    declared = load_documents(palette(colour="green"), match(), intent())
    assert codes(declared).count(Code.REFERS_TO_REJECTED) == 3
    assert (declared.palettes, declared.matches, declared.intents) == ({}, {}, {})


def test_a_match_for_another_palette_is_refused() -> None:
    """Profiles of one Palette stand for nothing in another."""
    declared = load_documents(palette(), palette("lab"), match(palette="lab"), intent())
    assert codes(declared) == [Code.PALETTE_MISMATCH]


def test_two_documents_of_one_name_are_both_refused() -> None:
    """Neither is preferred, each names the other."""
    declared = load([file_of(match(), path="a.yaml"), file_of(palette(), palette(), path="b.yaml")])
    twins = [one for one in declared.findings if one.code is Code.DUPLICATE_NAME]
    assert [(one.line, one.hint.rpartition(" ")[2]) for one in twins] == [
        (1, "b.yaml:2"),
        (2, "b.yaml:1"),
    ]
    assert declared.palettes == declared.matches == {}


def test_a_refused_document_keeps_its_name_taken() -> None:
    """Its twin does not win by the other's mistake."""
    declared = load_documents(palette(), palette(colour="green"))
    assert codes(declared).count(Code.DUPLICATE_NAME) == 2
    assert declared.palettes == {}


def test_the_same_name_in_two_kinds_is_two_names() -> None:
    """Names are unique within a kind."""
    assert load_documents(palette("retail"), match("retail", palette="retail")).findings == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://10.0.42.10:5080", "https://10.0.42.10:5080"),
        ("https://store.example.com", "https://store.example.com:443"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]:443"),
    ],
)
def test_two_intents_for_one_cluster_are_both_refused(one: str, other: str) -> None:
    """A port that is left out is the default one."""
    pair = (intent_at(one, "store-0001"), intent_at(other, "store-0002"))
    declared = load_documents(palette(), match(), *pair)
    assert codes(declared) == [Code.DUPLICATE_TARGET] * 2
    assert declared.intents == {}


def test_two_ports_of_one_host_are_two_clusters() -> None:
    """Many simulated clusters share an address."""
    pair = (intent_at("https://h:5081", "store-0001"), intent_at("https://h:5082", "store-0002"))
    assert load_documents(palette(), match(), *pair).findings == ()


@pytest.mark.parametrize("request_", [{"pairingUid": "6707f0"}, {"tags": {"owner": "lab"}}])
def test_two_intents_for_one_request_are_both_refused(request_: dict[str, object]) -> None:
    """A request is rejected once, by one intent."""
    spec = {"desired": "Rejected", "palette": "production", "request": request_}
    pair = [document("PairingIntent", name, spec) for name in ("one", "two")]
    assert codes(load_documents(palette(), *pair)) == [Code.DUPLICATE_TARGET] * 2


def test_requests_of_two_palettes_are_two_requests() -> None:
    """Pairing ids are a Palette's own."""
    spec = {"desired": "Rejected", "request": {"pairingUid": "6707f0"}}
    pair = [document("PairingIntent", name, {**spec, "palette": name}) for name in ("one", "two")]
    assert load_documents(palette("one"), palette("two"), *pair).findings == ()


def test_profiles_and_layers_stand_in_a_match_once() -> None:
    """The second of each is told; a layer of another kind is another layer."""
    layers = [
        {"name": "calico", "version": "1.0.0", "layer": "cni"},
        {"name": "calico", "version": "1.0.0", "layer": "addon"},
        {"name": "calico", "version": "1.0.1", "layer": "cni"},
    ]
    profiles = [{"name": "a"}, {"name": "b"}, {"name": "a", "version": "1.0.0"}]
    declared = load_documents(palette(), match(profiles=profiles, layers=layers))
    assert sorted(codes(declared)) == [Code.DUPLICATE_LAYER, Code.DUPLICATE_PROFILE]
    assert refused(declared) == [("ProfileMatch", "retail")]


def test_an_operators_file_has_no_place_in_the_repository() -> None:
    """What a pull request cannot decide is refused where pull requests decide."""
    declared = load_documents(document("Operator", "retail", {}))
    assert codes(declared) == [Code.OPERATOR_IN_REPOSITORY]
    assert refused(declared) == [("Operator", "retail")]


def test_a_cluster_that_stays_local_may_still_name_its_match() -> None:
    """Fields that a state does not need may be left in, and are checked."""
    local = intent(desired="Local", profileMatch="nothing")
    assert codes(load_documents(palette(), local)) == [Code.UNKNOWN_REFERENCE]
    assert INTENT_SPEC["profileMatch"] == "retail"


def test_an_approval_is_for_an_intent_that_is_there() -> None:
    """One for nobody, or for a refused intent, approves nothing."""
    declared = load_documents(palette(), match(), intent(), approval(intent="store-0024"))
    assert codes(declared) == [Code.UNKNOWN_REFERENCE]
    assert declared.findings[0].hint == "did you mean `store-0042`?"
    refused_intent = intent(colour="green")
    assert Code.REFERS_TO_REJECTED in codes(
        load_documents(palette(), match(), refused_intent, approval())
    )
    assert load_documents(palette(), match(), intent(), approval()).findings == ()


def test_two_approvals_for_one_intent_are_both_refused() -> None:
    """Neither is preferred; the intent itself stays as it is."""
    pair = approval(), approval("again", intent="store-0042")
    declared = load_documents(palette(), match(), intent(), *pair)
    assert codes(declared) == [Code.DUPLICATE_APPROVAL] * 2
    assert (declared.approvals, set(declared.intents)) == ({}, {"store-0042"})


def test_a_copied_acknowledgement_is_told_and_refuses_nothing() -> None:
    """It is for one cluster of one Palette; where another name is given there, it is no copy."""
    said = {"acknowledge": {"centralManagementOnly": "store-0042"}}
    one = intent(**said)
    copy = intent_at("https://10.0.43.10:5080", "store-0043", **said)
    declared = load_documents(palette(), match(), one, copy)
    assert codes(declared) == [Code.SAME_ACKNOWLEDGEMENT] * 2
    assert set(declared.intents) == {"store-0042", "store-0043"}
    assert "store-0042" in declared.findings[0].message
    assert {one.severity for one in declared.findings} == {Severity.WARNING}
    for changes in (
        {"acknowledge": {"centralManagementOnly": "store-0043"}},
        {"cluster": {"name": "store-0043"}},
        {"desired": "Local"},
        {"acknowledge": None},
    ):
        given = {key: value for key, value in (said | changes).items() if value is not None}
        other = intent_at("https://10.0.43.10:5080", "store-0043", **given)
        assert load_documents(palette(), match(), one, other).findings == ()


def test_an_approval_changes_no_generation() -> None:
    """Approving is no change of what is wanted: nothing begins anew by it."""
    alone, approved = (
        load_documents(palette(), match(), intent(), *more) for more in ((), (approval(),))
    )
    one, other = (
        generation(declared.intents["store-0042"], declared) for declared in (alone, approved)
    )
    assert one == other


def test_findings_about_references_stand_at_the_value() -> None:
    """The place is that of the name, not of the document."""
    documents = palette(), match(), intent(palette="prod")
    (place,) = {(line, column) for line, column, _ in places(load_documents(*documents))}
    text = file_of(*documents).content.decode().split("\n")[place[0] - 1]
    assert text[place[1] - 1 :].startswith('"prod"')
