"""Plans as documents: what the digests cover, and what is taken out of the texts."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pairctl.engine import (
    Plan,
    PlanDocument,
    PlanRefused,
    SavedPlan,
    Source,
    StalePlan,
    plan_document,
    plan_schema,
    read_plan,
    write_plan,
)
from pairctl.pairing import Decision, Observed, Recorded, decide
from pairctl.spec import load
from pairing_factory import (
    NOW,
    PROBLEM,
    make_claim,
    make_cluster,
    make_host,
    make_intent,
    make_observed,
    make_pending,
)

COMMIT = "c" * 40


def decided(observed: Observed | None = None, **changes: Any) -> Decision:
    """Decide on the usual intent."""
    return decide(make_intent(**changes), observed or make_observed(), now=NOW)


def plan_of(*decisions: Decision, **changes: Any) -> Plan:
    """Make a plan of these decisions, by the names of their intents."""
    source = Source(COMMIT, load(()), {})
    by_name = {one.case.intent.name: one for one in decisions}
    return replace(Plan(source, by_name, {}, {}), **changes)


def tagged(text: str) -> Observed:
    """Make an observation of a cluster with a tag of this value."""
    return make_observed(make_host(cluster=make_cluster(tags={"about": text})))


def mask(text: str) -> str:
    """Take a secret out, as the redactor does."""
    return text.replace("hunter2", "[redacted]")


def test_a_plan_has_every_sort_of_intent_and_keeps_its_schema() -> None:
    """Decided, kept, invalid and unseen ones, in the order of names, each as the schema says."""
    paired = replace(decided(make_pending()), conditions=())
    document = plan_document(plan_of(paired, invalid={"b": PROBLEM}, unseen={"a": PROBLEM}))
    assert [one.name for one in document.intents] == ["a", "b", "store-0042"]
    assert document.summary.model_dump() == {
        "intents": 3,
        "toDo": 1,
        "oneWay": 1,
        "leadsOneWay": 1,
        "blocked": 1,
        "notKnown": 1,
        "refused": 0,
    }
    schema = json.loads(plan_schema())
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(document.data())) == []


def test_the_same_world_gives_the_same_plan() -> None:
    """Byte for byte; nothing in it ticks, and no order is by chance."""
    one, other = (plan_document(plan_of(decided(make_pending()))) for _ in range(2))
    assert json.dumps(one.data()) == json.dumps(other.data())


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "commit": lambda d: d.update(commit="d" * 40),
    "action": lambda d: d["intents"][0]["action"].update(isOneWay=False),
    "profile": lambda d: d["intents"][0]["action"]["profiles"][0].update(version="9"),
    "basis": lambda d: d["intents"][0]["basis"]["host"].update(endpoint="https://10.0.0.9"),
    "layer": lambda d: d["intents"][0]["basis"]["layers"].pop(),
    "message": lambda d: d["intents"][0].update(message="all is well"),
    "summary": lambda d: d["summary"].update(oneWay=0),
    "intent": lambda d: d["intents"].clear(),
}


@pytest.mark.parametrize("what", CHANGES)
def test_the_digest_covers_all_that_a_plan_says(what: str, tmp_path: Path) -> None:
    """Whatever is changed in the file, it is not the plan any more that was written."""
    file = tmp_path / "plan.json"
    write_plan(file, plan_document(plan_of(decided(make_pending()))), str)
    assert read_plan(file).digest
    document = json.loads(file.read_text())
    CHANGES[what](document)
    file.write_text(json.dumps(document))
    with pytest.raises(PlanRefused, match="another digest"):
        read_plan(file)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"nothing", b"\xff\xfe", b"[" * 100_000, b'{"kind": "Plan", "kind": "Plan"}'],
)
def test_what_is_no_plan_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    """Any bytes: an error of ours, and nothing of what stands there is shown."""
    file = tmp_path / "plan.json"
    file.write_bytes(content)
    with pytest.raises(PlanRefused) as refused:
        read_plan(file)
    assert "nothing" not in refused.value.problem.message
    assert "make it anew" in refused.value.problem.hint


def test_a_secret_is_in_no_text_and_in_the_digest_all_the_same() -> None:
    """What may not be shown is bound as well: a change of it is told without its words."""
    plan = plan_of(decided(tagged("hunter2 is old")))
    document = plan_document(plan, mask)
    assert "hunter2" not in json.dumps(document.data())
    assert document.intents[0].digest == decided(tagged("hunter2 is old")).basis.digest
    saved_plan = SavedPlan(document, mask)
    saved_plan.refuse_if_moved(plan)
    with pytest.raises(StalePlan, match=r"tag about: .*old -> .*new"):
        saved_plan.refuse_if_moved(plan_of(decided(tagged("hunter2 is new"))))
    with pytest.raises(StalePlan, match="where it may not be shown"):
        saved_plan.refuse_if_moved(plan_of(decided(tagged("[redacted] is old"))))


def test_a_plan_that_was_not_cleaned_cannot_be_used(tmp_path: Path) -> None:
    """The last filter breaks it rather than let a secret into a file."""
    file = tmp_path / "plan.json"
    write_plan(file, plan_document(plan_of(decided(tagged("hunter2")))), mask)
    assert "hunter2" not in file.read_text()
    with pytest.raises(PlanRefused, match="another digest"):
        read_plan(file)


def test_what_was_remembered_has_no_basis() -> None:
    """It was imagined, and could only be mistaken for something that was seen."""
    (intent,) = plan_document(plan_of(decided(), is_remembered=True)).intents
    assert (intent.basis, intent.digest) == (None, None)
    assert intent.action is not None


def moved(before: Plan, after: Plan) -> str:
    """Tell what a plan of one world says to another."""
    with pytest.raises(StalePlan) as refused:
        SavedPlan(plan_document(before)).refuse_if_moved(after)
    return refused.value.problem.message


def test_only_what_has_an_action_is_held_against_the_world() -> None:
    """What was blocked may be ready by now: it was not planned, and stops nobody."""
    blocked = make_observed(make_host(cluster=make_cluster(state="Error")))
    saved_plan = SavedPlan(plan_document(plan_of(decided(blocked))))
    saved_plan.refuse_if_moved(plan_of(decided()))
    assert saved_plan.names == frozenset()


def test_another_action_on_the_same_basis_is_another_plan() -> None:
    """Sent by somebody else meanwhile, claimed by somebody, or gone: each is told in words."""
    planned = plan_of(decided())
    sent = moved(planned, plan_of(decided(make_pending())))
    assert "planned was to send a pairing request" in sent
    assert "now it is to accept pairing request u1" in sent
    claim = Recorded(claims=(make_claim(),))
    held = decide(make_intent(), make_observed(), claim, now=NOW)
    assert "now it is Blocked: daemon-7 was about to request" in moved(planned, plan_of(held))
    assert "the commit has no such intent" in moved(planned, plan_of())


def test_a_long_difference_is_cut_and_counted() -> None:
    """An error is for people; all of it is in the new plan."""
    count = 30
    many = [decided(make_observed()) for _ in range(count)]
    renamed = [
        replace(one, case=replace(one.case, intent=replace(one.case.intent, name=f"s-{number}")))
        for number, one in enumerate(many)
    ]
    told = moved(plan_of(*renamed), plan_of())
    assert told.count("no such intent") == 20
    assert told.endswith("and 10 more")


def test_documents_of_plans_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Nothing is lost on the way through a file."""
    file = tmp_path / "plan.json"
    document: PlanDocument = plan_document(plan_of(decided(make_pending())))
    write_plan(file, document, str)
    write_plan(file, document, str)
    assert read_plan(file) == document
