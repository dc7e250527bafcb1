"""What a kind's fields are: read from the schemas, for people who look one up."""

import pytest

from pairctl.spec import MODELS, FieldGuide, find_field, guide_of, inlined_schema, near_fields

INTENT = guide_of("PairingIntent", inlined_schema("PairingIntent"))


def found(path: str) -> FieldGuide:
    """Return the field of a path, which is there."""
    kind, *steps = path.split(".")
    field, unknown = find_field(guide_of(kind, inlined_schema(kind)), steps)
    assert unknown == ""
    return field


def test_a_field_says_what_it_is() -> None:
    """Type, whether it is needed, default, example, allowed words, form."""
    name = found("PairingIntent.metadata.name")
    assert (name.type, name.is_required, name.examples) == ("text", True, ("store-0042",))
    assert "at most 63 characters" in name.rules
    desired = found("PairingIntent.spec.desired")
    assert {"Paired", "Local", "Rejected"} <= set(desired.allowed)
    timing = found("Operator.spec.timing.lookSeconds")
    assert (timing.type, timing.default, timing.is_required) == ("number", "5", False)
    assert timing.rules == ("at least 0.1", "at most 60")


def test_fields_of_which_one_is_needed_say_so() -> None:
    """Of TLS exactly one is given; of a match either profiles or a search."""
    assert found("PairingIntent.spec.localUI.tls").rules == (
        "exactly one of fingerprint, caFile, insecure is needed",
    )
    assert "exactly one of profiles, select is needed" in found("ProfileMatch.spec").rules
    assert "`desired: Local` needs localUI" in found("PairingIntent.spec").rules


def test_a_path_goes_through_lists_and_free_names() -> None:
    """Entries have no step of their own; `[]` behind a list is as good as nothing."""
    assert (
        found("ProfileMatch.spec.profiles.version").dotted == "ProfileMatch.spec.profiles.version"
    )
    assert found("ProfileMatch.spec.profiles[0].version").name == "version"
    assert found("Operator.spec.secrets.hosts").type == "list of text"
    assert found("Operator.spec.secrets").type == "mapping of names to mapping"


def test_the_case_of_a_step_does_not_matter() -> None:
    """Who types `localui` means `localUI`."""
    assert found("PairingIntent.Spec.localui.TLS").dotted == "PairingIntent.spec.localUI.tls"


def test_a_step_that_leads_nowhere_is_named_with_what_is_meant() -> None:
    """A misspelt field, or one that stands elsewhere in the kind."""
    field, unknown = find_field(INTENT, ["spec", "localUi", "tsl", "x"])
    assert (field.dotted, unknown) == ("PairingIntent.spec.localUI", "tsl")
    assert near_fields(field, "tsl") == ("PairingIntent.spec.localUI.tls",)
    assert "PairingIntent.spec.localUI.tls.caFile" in near_fields(INTENT, "cafile")
    assert near_fields(INTENT, "zzzzzz") == ()


@pytest.mark.parametrize("kind", MODELS)
def test_every_field_is_described(kind: str) -> None:
    """A field without a sentence is one that nobody can look up."""
    guide = guide_of(kind, inlined_schema(kind))
    assert [one.dotted for one in guide.below() if not one.description] == []
