"""Bodies as they may be shown: what pairctl reads, without secrets; the shape of all else."""

import json

from pairctl.apis.shown_bodies import MOST_ITEMS, answered_body, sent_body
from pairctl.secrets import Redactor
from pairctl.text import MASK

CANARY = "canary-0123456789abcdef"


def shown(document: object, *learned: str) -> str:
    """Show an answer, with some secrets known."""
    redactor = Redactor()
    for secret in learned:
        redactor.learn(secret)
    return json.dumps(answered_body(json.dumps(document).encode(), redactor.redact))


def test_what_is_named_like_a_secret_is_hidden_though_nobody_knows_it() -> None:
    """At any depth, in lists, and in any spelling of the name."""
    for name in ("registrationToken", "apiKey", "password", "Authorization", "clientSecret"):
        for value in (CANARY, [CANARY], {"name": CANARY}, {"status": [{"state": CANARY}]}):
            assert CANARY not in shown({"spec": {name: value}})


def test_what_is_not_read_is_told_by_its_shape() -> None:
    """Values that pairctl has no field for may be anything; that they are there is worth a lot."""
    said = shown({"metadata": {"name": "store-1"}, "values": CANARY, "odd": {CANARY * 4: 1}})
    assert "store-1" in said
    assert CANARY not in said
    assert f"(a text of {len(CANARY)} characters)" in said


def test_a_known_secret_is_hidden_where_values_are_shown() -> None:
    """In a name, a message, a tag, or the name of a field."""
    for document in (
        {"message": f"refused: {CANARY}"},
        {"metadata": {"labels": {"region": CANARY}}},
        {"metadata": {"name": CANARY}},
        {CANARY: 1},
    ):
        assert CANARY not in shown(document, CANARY)


def test_what_is_sent_is_shown_but_for_secrets_and_values_of_packs() -> None:
    """Who confirms it reads names, tags, profiles and variables."""
    redactor = Redactor()
    redactor.learn(CANARY)
    variables = [{"name": "size", "value": "large"}, {"name": "pw", "value": CANARY}]
    profile = {"uid": "p1", "variables": variables, "packValues": [{"name": "a", "values": "x: 1"}]}
    said = json.dumps(sent_body({"spec": {"profiles": [profile]}}, redactor.redact))
    assert "large" in said
    assert "x: 1" not in said
    assert CANARY not in said
    assert MASK in said


def test_a_body_without_end_is_cut() -> None:
    """Long lists are counted, deep ones are left, and what is no JSON is told by its length."""
    assert f"(and {1000 - MOST_ITEMS} more)" in shown({"items": [{"name": "a"}] * 1000})
    deep: object = 1
    for _ in range(200):
        deep = {"items": deep}
    assert "nested too deeply" in shown(deep)
    assert answered_body(b"<html>" + CANARY.encode(), str) == "(29 bytes that are not JSON)"
