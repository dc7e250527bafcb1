"""What a secret serves as in documents, and what it may not serve as beside that."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest

from pairctl.problem import ConfigurationError
from pairctl.spec import Declared, SecretRole, load, load_operator
from pairctl.spec.secret_roles import refused_roles
from spec_factory import document, file_of, intent, match, palette, text_file

KEY = {"secret": "palette-production"}
LOGIN = {"secret": "store-local-ui"}
EVERY = [frozenset(some) for n in range(1, 6) for some in combinations(SecretRole, n)]


@pytest.mark.parametrize("roles", EVERY, ids=lambda roles: "+".join(sorted(roles)))
def test_a_key_a_login_and_a_token_are_nothing_that_is_stored_in_palette(
    roles: frozenset[SecretRole],
) -> None:
    """Of what a secret serves as, at most one thing is left that keeps its value from others."""
    left = roles - refused_roles(roles)
    keeping = left & {SecretRole.API_KEY, SecretRole.LOCAL_UI, SecretRole.REGISTRATION_TOKEN}
    assert len(keeping) <= 1
    assert not keeping or left == keeping


def told(declared: Declared) -> list[tuple[str | None, str]]:
    """Give the documents that are refused for a secret's role, with what is said."""
    return [
        (one.name, finding.message)
        for one in declared.rejected
        for finding in one.findings
        if finding.code == "SecretRoles"
    ]


Documents = tuple[Mapping[str, Any], ...]
REFUSED: Mapping[str, tuple[Documents, set[str]]] = {
    "a key as a variable of a match": ((match(variables={"a": KEY}),), {"retail"}),
    "a key as a variable of an intent": ((match(), intent(variables={"a": KEY})), {"store-0042"}),
    "a login as a variable": ((match(variables={"a": LOGIN}), intent()), {"retail"}),
    "a key as a token": ((match(), intent(registrationToken=KEY)), {"store-0042"}),
    "a login as a token": ((match(), intent(registrationToken=LOGIN)), {"store-0042"}),
    "a key as a login": (
        (match(), intent(localUI={"endpoint": "https://10.0.42.10:5080", "credentials": KEY})),
        {"store-0042", "production"},
    ),
    "a token as a variable": (
        (match(variables={"a": {"secret": "t"}}), intent(registrationToken={"secret": "t"})),
        {"retail"},
    ),
    "a key of another Palette": (
        (palette("lab", apiKey={"secret": "lab"}), match(variables={"a": {"secret": "lab"}})),
        {"retail"},
    ),
}


@pytest.mark.parametrize(("documents", "names"), REFUSED.values(), ids=REFUSED.keys())
def test_a_document_that_names_a_secret_as_something_else_is_refused(
    documents: Documents, names: set[str]
) -> None:
    """Nothing of it is followed, in whatever file and order the documents stand."""
    files = [file_of(one, path=f"{n}.yaml") for n, one in enumerate((palette(), *documents))]
    for some in (files, files[::-1], [file_of(palette(), *documents)]):
        assert {name for name, _ in told(load(some))} == names


def test_the_finding_stands_on_the_name_and_says_what_it_is_elsewhere() -> None:
    """The line, the other place, and the operator's line that would allow it."""
    text = """\
apiVersion: pairctl/v1alpha1
kind: ProfileMatch
metadata: {name: retail}
spec:
  palette: production
  profiles: [{name: retail-infra}]
  variables:
    password: {secret: palette-production}
"""
    declared = load([file_of(palette(), path="palettes/p.yaml"), text_file(text)])
    (found,) = [one for one in declared.findings if one.code == "SecretRoles"]
    assert (found.path, found.line, found.column) == ("all.yaml", 8, 24)
    assert "Palette's API key in palettes/p.yaml:1" in found.message
    assert "use: [apiKey, variable]" in found.hint


def test_a_document_with_other_errors_counts_as_well() -> None:
    """A change cannot free a key by breaking the document that names it as one."""
    broken = palette(endpoint="http://palette.example.com")
    other = palette("other", apiKey={"secret": "other"})
    declared = load([file_of(broken, other, match(palette="other", variables={"a": KEY}))])
    assert [name for name, _ in told(declared)] == ["retail"]


@pytest.mark.parametrize("desired", ["Paired", "Local"])
def test_an_intent_that_is_suspended_counts_as_well(desired: str) -> None:
    """Its login is a login all the same."""
    idle = intent(suspend=True, desired=desired)
    declared = load([file_of(palette(), idle, match(variables={"a": LOGIN}))])
    assert "retail" in {name for name, _ in told(declared)}


def test_one_secret_may_serve_as_the_same_thing_in_many_documents() -> None:
    """A login for a fleet, a key for two projects, a value of several variables."""
    both = {"a": {"secret": "shared"}, "b": {"secret": "shared"}}
    hosts = [
        intent(
            f"store-{n}", localUI={"endpoint": f"https://10.0.42.{n}:5080", "credentials": LOGIN}
        )
        for n in (1, 2)
    ]
    palettes = (palette(), palette("lab", project="lab"))
    declared = load([file_of(*palettes, match(variables=both), *hosts)])
    assert declared.findings == ()


def operator(use: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read the roles that an operator's file gives."""
    written = document("Operator", "ours", {"secrets": {"palette-production": use}})
    return load_operator(file_of(written)).spec.secret_roles


def test_the_operators_file_may_let_a_secret_serve_as_both() -> None:
    """It is beyond the reach of a pull request, and it alone counts."""
    documents = [file_of(palette(), match(variables={"a": KEY}))]
    roles = operator({"hosts": ["*"], "use": ["apiKey", "variable"]})
    assert told(load(documents, allowed=roles)) == []
    others = operator({"hosts": ["*"]})
    assert len(told(load(documents, allowed=others))) == 1


@pytest.mark.parametrize("use", [[], ["password"], "variable"])
def test_the_operators_file_knows_the_roles(use: object) -> None:
    """A mistyped role is told; an empty list is no rule."""
    with pytest.raises(ConfigurationError):
        operator({"hosts": ["*"], "use": use})
