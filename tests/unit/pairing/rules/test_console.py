"""What a person is told to do in Palette's console."""

import pytest

from pairctl.pairing import Case
from pairctl.pairing.rules.console import clicks
from pairing_factory import NOW, make_intent, make_palette, make_pending

FIRST = "Clusters, Pair, request u1, Pair, I understand, Confirm; "
CHOSEN = "select retail-infra 3.2.0 and retail-observability 1.4.0"


def told(**changes: object) -> str:
    """Tell the clicks for our pending request, by what the intent says."""
    return clicks(Case(make_intent(**changes), make_pending(), now=NOW))


def test_what_the_intent_leaves_out_is_left_as_the_wizard_has_it() -> None:
    """Only what has to be done is told."""
    assert told(palette=make_palette(project=None)) == (
        f"in Palette: {FIRST}{CHOSEN}; Validate; Pair cluster"
    )


def test_the_project_is_told() -> None:
    """A request shows in its own project only."""
    assert told(palette=make_palette(project="retail")).startswith("in Palette (project retail): ")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cluster": {"name": "shop"}}, "Confirm; name shop; select"),
        ({"cluster": {"description": ""}}, "Confirm; description empty; select"),
        ({"cluster": {"tags": {"b": "2", "a": "1"}}}, "; tags a = `1`, b = `2`; select"),
        ({"cluster": {"tags": {}}}, "; tags none; select"),
        ({"variables": {"a": {"secret": "s"}}}, "; variables a = the value of secret s; Validate"),
        ({"variables": {"a": "x" * 61}}, "; variables a = as in the documents; Validate"),
        ({"variables": {"a": "1\n2"}}, "; variables a = as in the documents; Validate"),
        (
            {"values": [{"pack": "p", "file": "p.yaml"}]},
            "; values of pack p as in p.yaml; Validate",
        ),
        ({"values": [{"pack": "p", "inline": "a: b"}]}, "; values of pack p as in the documents;"),
    ],
)
def test_what_the_intent_says_is_told_where_the_wizard_asks(
    changes: dict[str, object], words: str
) -> None:
    """In the order of the wizard's steps; never the value of a secret."""
    assert words in told(**changes)
