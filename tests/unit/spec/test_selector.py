"""Label selectors mean what they mean to Kubernetes, and what is none is refused with its place."""

import pytest

from pairctl.problem import ConfigurationError
from pairctl.spec import parse_selector

EMEA = {"region": "emea", "wave": "1"}
BARE: dict[str, str] = {}
OLD = {"region": "us", "retired": "yes", "example.com/team": "edge"}


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        ("region=emea", [EMEA]),
        ("region==emea", [EMEA]),
        ("region!=emea", [BARE, OLD]),
        ("region", [EMEA, OLD]),
        ("!region", [BARE]),
        ("region in (emea,us)", [EMEA, OLD]),
        ("region in ( emea , apac )", [EMEA]),
        ("region notin (emea)", [BARE, OLD]),
        ("region=emea,wave=1", [EMEA]),
        ("region=emea, wave=2", []),
        ("region,!retired", [EMEA]),
        ("example.com/team=edge", [OLD]),
        ("region=", []),
        ("in=x", []),
    ],
)
def test_a_selector_selects_as_in_kubernetes(text: str, selected: list[dict[str, str]]) -> None:
    """Commas mean `and`; what is not, or differs, holds where there is no such label too."""
    selector = parse_selector(text)
    assert [labels for labels in (EMEA, BARE, OLD) if selector.selects(labels)] == selected


@pytest.mark.parametrize(
    "text",
    ["", ",", "region=emea,", "region in emea", "region in (a", "!region=x", "a b", "=x", "wave>1"],
)
def test_what_is_no_selector_is_refused(text: str) -> None:
    """With the place, and the forms there are; never taken for a selection of all."""
    with pytest.raises(ConfigurationError) as refused:
        parse_selector(text)
    assert refused.value.problem.reason == "BadSelector"
    assert "KEY in (A,B)" in refused.value.problem.hint
