"""Single documents against their kinds: what is told, and what is never shown."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from examples import examples
from pairctl.spec import KINDS, Code
from pairctl.spec.schema import kind_schema
from pairctl.spec.wording import as_yaml
from spec_factory import codes, document, intent, load_documents, load_text, match, palette

TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJleGFtcGxlIn0.c2lnbmF0dXJl"
KEY = "0123456789abcdef0123456789abcdef"


def told(*documents: dict[str, Any]) -> str:
    """Return all that is said about the documents."""
    return "\n".join(f"{one.code} {one}" for one in load_documents(*documents).findings)


@pytest.mark.parametrize(
    "broken",
    [
        palette(apiKey="correct-horse"),
        palette(apiKey=123456789),
        palette(apiKey={"secret": KEY}),
        palette(apiKey={"secret": TOKEN}),
        palette(project=TOKEN),
        intent(registrationToken="correct-horse"),
        intent(registrationToken={"fromPalette": KEY}),
        match(variables={"anything": KEY}),
        match(variables={"anything": TOKEN}),
        intent(acknowledge={"centralManagementOnly": TOKEN}),
    ],
)
def test_a_secrets_value_is_refused_and_not_repeated(broken: dict[str, Any]) -> None:
    """Findings go to logs and pull requests: no value that may be secret is in them."""
    text = told(broken)
    assert Code.SECRET_LITERAL in text
    assert not any(part in text for part in ("correct-horse", "123456789", KEY, TOKEN))


@pytest.mark.parametrize("field", ["secret", "wrong", "password"])
def test_a_number_in_a_place_for_secrets_is_not_shown(field: str) -> None:
    """Nor is its reading as a number."""
    text = load_text(
        "apiVersion: pairctl/v1alpha1\nkind: Palette\nmetadata: {name: production}\nspec:\n"
        f"  endpoint: https://palette.example.com\n  apiKey: {{{field}: 98765432}}\n"
    )
    assert text.rejected
    assert "98765432" not in str(text.findings)


@pytest.mark.parametrize(
    "written",
    [
        "&hunter2",
        "!hunter2",
        "*hunter2",
        "[!hunter2 a]",
        "{hunter2}",
        "{{ hunter2 }}",
        "{hunter2: }",
        "a\n    password: &hunter2",
    ],
)
def test_a_secret_that_yaml_takes_for_something_else_is_not_shown(written: str) -> None:
    """A password may begin with any character, also one that means something in YAML."""
    text = (
        "apiVersion: pairctl/v1alpha1\nkind: ProfileMatch\nmetadata: {name: retail}\nspec:\n"
        f"  palette: a\n  select: Auto\n  variables:\n    password: {written}\n"
    )
    declared = load_text(text)
    assert declared.rejected
    assert "hunter2" not in repr(declared.findings)


def test_the_password_in_an_endpoint_is_not_shown() -> None:
    """An endpoint with a user is refused without telling who."""
    assert "hunter2" not in told(palette(endpoint="https://admin:hunter2@palette.example.com"))


def test_every_missing_and_unknown_field_is_told() -> None:
    """One finding for each, so that one round of mending is enough."""
    broken = palette()
    broken["spec"] = {"colour": "green"}
    assert sorted(codes(load_documents(broken))) == [
        Code.MISSING_FIELD,
        Code.MISSING_FIELD,
        Code.UNKNOWN_FIELD,
    ]


def test_a_misspelt_field_is_not_also_missing() -> None:
    """One mistake is one finding, with the field that was meant; one given is never meant."""
    broken = palette(endpont="https://x")
    assert [(one.message, one.replacement) for one in load_documents(broken).findings] == [
        ("`endpont` is not a field of `spec`", "")
    ]
    del broken["spec"]["endpoint"]
    assert [(one.code, one.replacement) for one in load_documents(broken).findings] == [
        (Code.UNKNOWN_FIELD, "endpoint")
    ]


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("acceptance: api", "Api"),
        ("project: 1.10", '"1.10"'),
        ("project: yes", '"yes"'),
        ("acceptence: Api", "acceptance"),
        ("tls: {insecure: yes}", "true"),
        ("colour: green", ""),
        ("apiKey: {secret: Palette_Production}", ""),
    ],
)
def test_what_may_stand_there_instead_is_told(written: str, instead: str) -> None:
    """A replacement is YAML for the very place, and there is none where nothing is certain."""
    field, _, value = written.partition(": ")
    spec = {"endpoint": "https://palette.example.com", "apiKey": "{secret: a}", field: value}
    lines = "".join(f"  {name}: {text}\n" for name, text in spec.items())
    head = "apiVersion: pairctl/v1alpha1\nkind: Palette\nmetadata: {name: production}\nspec:\n"
    assert [one.replacement for one in load_text(head + lines).findings] == [instead]


@pytest.mark.parametrize(
    ("written", "instead"),
    [('"true"', "true"), ("yes", "true"), ("Off", "false"), ("maybe", ""), ("7", "")],
)
def test_a_truth_value_in_quotes_is_offered_without(written: str, instead: str) -> None:
    """What was meant is clear; `7` is not."""
    text = json.dumps(intent(suspend=0)).replace('"suspend": 0', f'"suspend": {written}')
    (found,) = [one for one in load_text(text).findings if one.code is Code.WRONG_TYPE]
    assert found.replacement == instead


def test_python_names_of_fields_are_unknown() -> None:
    """Only the published names are read."""
    broken = intent()
    broken["spec"]["local_ui"] = broken["spec"].pop("localUI")
    text = told(broken)
    assert "UnknownField" in text
    assert "did you mean `localUI`?" in text


@pytest.mark.parametrize(
    ("desired", "missing"),
    [("Paired", ["localUI", "profileMatch", "registrationToken"]), ("Rejected", ["request"])],
)
def test_each_desired_state_says_what_it_needs(desired: str, missing: list[str]) -> None:
    """What is missing is told field by field, with the state that needs it."""
    text = told(document("PairingIntent", "x", {"palette": "production", "desired": desired}))
    assert all(
        f"`spec` has no `{name}` (add it: `desired: {desired}` needs it)" in text
        for name in missing
    )


def test_a_value_of_a_wrong_type_is_told_once() -> None:
    """A list where a choice belongs is not also a choice that does not exist."""
    assert codes(load_documents(palette(acceptance=["Auto"]))) == [Code.WRONG_TYPE]


@pytest.mark.parametrize(
    "written",
    [
        ":".join(["9B", "1F"] * 16),
        f"SHA256 Fingerprint={':'.join(['9B', '1F'] * 16)}",
        f"sha-256:{'9b1f' * 16}",
        f"SHA256:{'9B1F' * 16}",
    ],
)
def test_a_fingerprint_as_other_tools_show_it_is_offered_as_it_is_written_here(
    written: str,
) -> None:
    """It is the same certificate, and nobody should have to rewrite 64 digits by hand."""
    endpoint = {"endpoint": "https://10.0.42.10:5080", "credentials": {"secret": "store-local-ui"}}
    wrong = intent(localUI={**endpoint, "tls": {"fingerprint": written}})
    (found,) = load_documents(palette(), match(), wrong).findings
    assert found.hint == f"did you mean `sha256:{'9b1f' * 16}`?"
    right = intent(localUI={**endpoint, "tls": {"fingerprint": json.loads(found.replacement)}})
    assert load_documents(palette(), match(), right).findings == ()


def test_what_may_be_a_key_is_not_repeated_as_a_fingerprint() -> None:
    """64 bare digits look like one; no hint shows what the message hides."""
    endpoint = {"endpoint": "https://10.0.42.10:5080", "credentials": {"secret": "store-local-ui"}}
    digits = "9b1f" * 16
    assert digits not in told(intent(localUI={**endpoint, "tls": {"fingerprint": digits}}))


def test_a_value_where_a_secrets_name_belongs_is_not_repeated_as_a_name() -> None:
    """`Correct_Horse` is hidden; as `correct-horse` in a hint it were no secret any more."""
    assert "correct-horse" not in told(palette(apiKey={"secret": "Correct_Horse"})).lower()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://Palette.acme.example/", "https://palette.acme.example"),
        ("https://10.0.42.10:5080/login?a=b", "https://10.0.42.10:5080"),
        ("http://10.0.42.10:5080", "https://10.0.42.10:5080"),
        ("10.0.42.10:5080", "https://10.0.42.10:5080"),
        ("https://me:correct-horse@acme.example", ""),
        ("ftp://acme.example", ""),
        ("https://10.0.0.999/", ""),
        ("https://acme.example:99999/", ""),
    ],
)
def test_an_address_as_a_browser_shows_it_is_offered_without_its_rest(
    written: str, meant: str
) -> None:
    """What is offered is valid; nothing is where no address can be made of it."""
    (found,) = load_documents(palette(endpoint=written)).findings
    assert found.code is Code.INVALID_VALUE
    assert ("did you mean" in found.hint, found.replacement) == (bool(meant), as_yaml(meant))
    if meant:
        assert load_documents(palette(endpoint=meant)).findings == ()


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("", "give it a value, or leave the field out"),
        ("null", 'leave the field out, or quote the text: "null"'),
        ("~", "give it a value, or leave the field out"),
    ],
)
def test_a_field_without_a_value_is_told_what_may_stand_there(written: str, hint: str) -> None:
    """Empty text is wanted nowhere by accident; `null` may be a word."""
    text = json.dumps(palette(project="P")).replace('"P"', written)
    assert [one.hint for one in load_text(text).findings] == [hint]


def test_a_single_value_in_place_of_a_small_mapping_is_told_its_fields() -> None:
    """`acknowledge: true` is what everybody writes first."""
    (found,) = load_documents(palette(), match(), intent(acknowledge=True)).findings
    assert found.code is Code.WRONG_TYPE
    assert found.hint.endswith("; the fields here are centralManagementOnly, applianceType")


def test_a_trailing_line_feed_is_no_part_of_a_name() -> None:
    """A pattern covers the whole value, its last character included."""
    assert Code.INVALID_VALUE in told(palette("production\n"))


def test_an_address_has_one_form() -> None:
    """Forms that resolvers read in their own ways are refused, with the form to write."""
    hosts = ["127.1", "0", "2130706433", "0x7f.0.0.1", "[::ffff:10.0.0.1]", "[2001:DB8::1]"]
    for host in hosts:
        assert codes(load_documents(palette(endpoint=f"https://{host}"))) == [Code.INVALID_VALUE]
    assert load_documents(palette(endpoint="https://[2001:db8::1]:8443")).findings == ()


# ── the models and the published schemas ─────────────────────────────────────────────────────────

SAMPLES = (
    palette(tls={"caFile": "ca.pem"}, project="p", acceptance="Api"),
    match(
        layers=[{"name": "a", "version": "1.0.0", "layer": "cni"}],
        variables={"a": "b", "c": {"secret": "d"}},
        onAmbiguous="Block",
    ),
    intent(
        cluster={"name": "a", "tags": {"b": "c"}},
        acknowledge={"centralManagementOnly": "a", "applianceType": "b"},
        attempt=2,
        suspend=True,
        request={"tags": {"a": "b"}},
    ),
    document(
        "Operator",
        "retail",
        {
            "secrets": {"a": {"hosts": ["*"]}},
            "endpoints": ["10.0.0.0/8"],
            "routes": {"reject": "/v1/clusterpairs/{pairingUid}"},
            "limits": {"acceptancesPerRun": 1},
            "timing": {"requestSeconds": 2.5, "lookSeconds": 1},
        },
    ),
)
VALIDATORS = {kind: Draft202012Validator(kind_schema(kind)) for kind in KINDS}
WORDS = st.sampled_from(
    ["", "Auto", "a", "Ä b", "a\n", "1.10", "https://h", "x" * 70, "*", "First"]
)
OTHERS = st.sampled_from([0, -1, 1.0, 1.5, True, False, [], {}, ["a"], {"a": "b"}, {"secret": "a"}])
VALUES = st.one_of(WORDS, OTHERS).map(copy.deepcopy)


def all_paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path to every value within."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    below = [
        deeper
        for key, item in items
        if isinstance(item, dict | list)
        for deeper in all_paths(item, (*path, key))
    ]
    keys = list(value) if isinstance(value, dict) else range(len(value))
    return [(*path, key) for key in keys] + below


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """Return a good document with one to three changes."""
    changed = copy.deepcopy(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(all_paths(changed)))
        holder = changed
        for step in way:
            holder = holder[step]
        match draw(st.sampled_from(["drop", "set", "add"])):
            case "drop":
                del holder[last]
            case "add" if isinstance(holder, dict):
                holder[draw(st.sampled_from(["tls", "select", "request", "x", "insecure"]))] = draw(
                    VALUES
                )
            case _:
                holder[last] = draw(VALUES)
    return changed


@given(mutated())
@examples(500)
def test_what_a_model_accepts_its_schema_accepts(changed: dict[str, Any]) -> None:
    """The loader asks the model first: its yes must be the schema's yes."""
    kind = str(changed.get("kind"))
    if kind not in KINDS:
        return
    try:
        KINDS[kind].model_validate_json(json.dumps(changed))
    except ValidationError:
        return
    assert list(VALIDATORS[kind].iter_errors(changed)) == []


@given(mutated())
@examples(300)
def test_what_a_schema_refuses_the_loader_refuses(changed: dict[str, Any]) -> None:
    """Whatever an editor marks, validation finds; and there is always something to read."""
    declared = load_documents(changed)
    validator = VALIDATORS.get(str(changed.get("kind")))
    if validator is None or not validator.is_valid(changed):
        assert declared.rejected
        assert all(one.message for one in declared.findings)
