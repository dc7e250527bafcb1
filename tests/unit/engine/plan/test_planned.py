"""A plan's document holds no secret, whoever says one, and stays the document that it is."""

import json
from typing import Any

import pytest

from odd_secrets import ENCODINGS, ODD_SECRETS, SOME_ENCODINGS
from pairctl.engine import plan_document
from pairctl.engine.desired.source import Source
from pairctl.engine.plan.plan import Plan
from pairctl.engine.plan.planned import OWN_FIELDS
from pairctl.layers import Layer, stack
from pairctl.pairing import decide
from pairctl.problem import Problem
from pairctl.secrets import Redactor
from pairctl.spec import load
from pairing_factory import NOW, make_cluster, make_host, make_intent, make_observed, make_pending

COMMIT = "3f2c1ab" + "0" * 33


def saying(text: str) -> Plan:
    """Return a plan in which everything says `text` that somebody else may choose."""
    layers = stack([Layer(text, text, text)])
    host = make_host(cluster=make_cluster(stack=layers, tags={text: text}, message=text))
    decision = decide(make_intent(), make_observed(host), now=NOW)
    problem = Problem("NodeUnhealthy", text, text)
    return Plan(Source(COMMIT, load(()), {}), {"store-0042": decision}, {}, {"b": problem})


@pytest.mark.parametrize("encoding", SOME_ENCODINGS)
@pytest.mark.parametrize("shape", ODD_SECRETS)
def test_no_value_of_a_plan_holds_a_secret(shape: str, encoding: str) -> None:
    """Keys of tags are values as well: a host chooses them."""
    value = ODD_SECRETS[shape]
    redactor = Redactor()
    redactor.learn(value)
    written = ENCODINGS[encoding](value)
    document = plan_document(saying(f"says {written}."), redactor.redact)
    texts = [json.dumps(document.data(), ensure_ascii=only) for only in (True, False)]
    texts += [str(document.data())]
    for text in texts:
        assert "redacted" in text
        assert value not in text
        assert written not in text


@pytest.mark.parametrize(
    "word", ["store-0042", "Blocked", "NodeUnhealthy", COMMIT, "isOneWay", "local-1", "production"]
)
def test_a_secret_that_is_a_word_of_a_plan_leaves_it_whole(word: str) -> None:
    """Names of documents and fields, phases, reasons and ids are not redacted."""
    redactor = Redactor()
    redactor.learn(word)
    decision = decide(make_intent(), make_pending(), now=NOW)
    plan = Plan(Source(COMMIT, load(()), {}), {"store-0042": decision}, {}, {})
    plain, cleaned = (plan_document(plan, clean).data() for clean in (str, redactor.redact))
    assert structure(cleaned) == structure(plain)


FROM_OUTSIDE = ("message", "text", "humanAction", "waitingFor", "cluster", "registration")


def structure(document: Any) -> Any:
    """Return a plan without sentences, and what a host says of its cluster."""
    match document:
        case dict():
            kept = ((key, item) for key, item in document.items() if key not in FROM_OUTSIDE)
            return {key: structure(item) for key, item in kept if key != "digest"}
        case list():
            return [structure(item) for item in document]
        case _:
            return document


@pytest.mark.parametrize("model", OWN_FIELDS, ids=lambda model: model.__name__)
def test_what_is_not_cleaned_is_a_field(model: type) -> None:
    """A field that was renamed is cleaned again until it is named here."""
    assert OWN_FIELDS[model] <= set(model.model_fields)  # type: ignore[attr-defined]  # a pydantic model
