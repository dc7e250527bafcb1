"""The configuration file: what it may say, and how the rest is refused."""

import pytest

from pairctl.problem import ConfigurationError
from pairctl.spec import KINDS, ConfigSpec, load, load_config
from spec_factory import text_file

HEAD = "apiVersion: pairctl/v1alpha1\nkind: Config\n"


def refusal(text: str) -> str:
    """Return the text of the error that loading the file ends in."""
    with pytest.raises(ConfigurationError) as caught:
        load_config(text_file(text))
    return str(caught.value)


def test_settings_know_where_they_stand() -> None:
    """Each has its value, and the place of that."""
    found = load_config(text_file(f"{HEAD}spec:\n  ref: main\n  allowHost: [10.0.0.0/8]\n"))
    assert {key: (one.value, one.span[:2]) for key, one in found.items()} == {
        "ref": ("main", (4, 8)),
        "allowHost": (["10.0.0.0/8"], (5, 14)),
    }


@pytest.mark.parametrize("text", ["", "# nothing yet\n", HEAD, f"{HEAD}spec: {{}}\n"])
def test_a_file_may_say_nothing(text: str) -> None:
    """Then all is at its default."""
    assert load_config(text_file(text)) == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEAD}spec:\n  oprator: x\n", "all.yaml:4:3: `oprator`"),
        (f"{HEAD}spec:\n  oprator: x\n", "did you mean `operator`?"),
        (f"{HEAD}spec:\n  logLevel: warn\n", "all.yaml:4:13: `spec.logLevel` is `warn`"),
        (f"{HEAD}spec: [\n", "all.yaml:3:8"),
        ("kind: Config\n", "the document has no `apiVersion`"),
        (HEAD.replace("Config", "Operator"), "all.yaml:2:7: `kind` is `Operator`; Config is"),
        (f"{HEAD}---\n{HEAD}", "2 documents"),
        ("[]", "all.yaml:1:1"),
        ("a: \0", "all.yaml:1:4"),
    ],
)
def test_what_is_wrong_is_shown_at_its_place(text: str, words: str) -> None:
    """File, line and column, what is wrong, and for a misspelt key what may be meant."""
    assert words in refusal(text)


@pytest.mark.parametrize("key", ["apiKey", "password", "token", "secrets"])
def test_a_secret_has_no_place_in_it(key: str) -> None:
    """There is no field for a value, and what was written into one is not shown."""
    text = refusal(f"{HEAD}spec:\n  {key}: abcdefgh12345678\n")
    assert f"all.yaml:4:3: `{key}` is not a field of `spec`" in text
    assert "abcdefgh12345678" not in text


def test_what_looks_like_a_secret_is_refused_wherever_it_stands() -> None:
    """A clone URL with a token in it, say."""
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJlZGdlIn0.c2lnbmF0dXJlc2lnbmF0dXJl"
    text = refusal(f"{HEAD}spec:\n  ref: {token}\n")
    assert "looks like the value of a secret" in text
    assert token not in text


def test_it_is_no_document_of_a_repository() -> None:
    """Nothing that a pull request can change sets an option: there it is refused, and read by none.

    The kinds of a repository do not have it, so that no command takes it from one.
    """
    declared = load([text_file(f"{HEAD}spec: {{operator: /theirs.yaml}}\n")])
    assert "Config" not in KINDS
    (found,) = declared.findings
    assert (found.refuses, found.line, found.column) == (True, 2, 7)
    assert "your own" in found.hint


def test_every_setting_is_described() -> None:
    """`pairctl explain Config.spec` has a sentence for each."""
    assert all(one.description for one in ConfigSpec.model_fields.values())
