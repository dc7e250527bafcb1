"""What the report says of a fleet, as plain data."""

from dataclasses import replace
from typing import Any

import pytest

from fleet_report_factory import (
    BLOCKED,
    DARK,
    HEADING,
    make_campaign,
    make_explanation,
    make_fleet,
    make_intent_record,
    make_page,
    make_record,
    make_status,
)
from layers_factory import INFRA
from pairctl.fleet_report import Campaign, Wave, WaveProgress, report_document
from pairctl.pairing import Phase
from pairctl.problem import Problem
from pairing_factory import NOW

SECRET = "correct-horse-battery"


def document(*intents: Any, **changes: Any) -> dict[str, Any]:
    """Return the report of these intents as data."""
    return report_document(make_record(*intents), HEADING, **changes)


def blocked(name: str, **changes: Any) -> Any:
    """Return an intent whose layers differ."""
    return make_intent_record(name, status=make_status(name, **{**BLOCKED, **changes}))


def test_phases_are_counted_those_that_need_somebody_first() -> None:
    """The counts are of all clusters, in the order in which people look at them."""
    found = document(make_intent_record("a"), blocked("b"), make_intent_record("c"))
    assert [(one["phase"], one["count"]) for one in found["phases"]] == [
        ("Blocked", 1),
        ("Paired", 2),
    ]


def test_a_cause_is_said_once_with_all_its_clusters() -> None:
    """What differs only in a cluster's own name is one cause; of most clusters first."""
    dark = (make_intent_record(f"d{n}", status=make_status(f"d{n}", **DARK)) for n in range(3))
    same = (blocked(name, message=f"the host of {name} differs") for name in ("store-1", "store-2"))
    found = document(*same, *dark, make_intent_record("settled"))
    assert [(one["reason"], one["count"], one["names"]) for one in found["problems"]] == [
        ("LocalUIUnreachable", 3, "d0 to d2"),
        ("LayersDiffer", 2, "store-1, store-2"),
    ]
    assert found["problems"][1]["message"] == "the host of … differs"


def test_a_cause_keeps_its_name() -> None:
    """A link to a cause holds for as long as the cause is the same, whoever joins it."""
    said = [blocked(name, message=f"the host of {name} differs") for name in ("s-1", "s-2")]
    (before,) = document(said[0])["problems"]
    (after,) = document(*said)["problems"]
    assert before["id"] == after["id"]
    (other,) = document(blocked("s-1", message="something else"))["problems"]
    assert other["id"] != before["id"]


def test_what_is_settled_is_no_problem() -> None:
    """Paired and healthy: it is counted, and listed in no cause."""
    found = document(make_intent_record("a"))
    assert found["problems"] == []
    assert found["clusters"][0]["problem"] == ""


def test_an_intent_without_a_status_is_shown() -> None:
    """A merged intent that no pass has seen is there, and what it waits for."""
    (one,) = document(make_intent_record("new", status=None))["clusters"]
    assert one["phase"] == "Unrecorded"
    assert "pairctl apply" in one["waitsFor"]


def test_a_refused_document_says_why() -> None:
    """What was never recorded, since its document is refused, has the finding as its cause."""
    problem = Problem("UnknownField", "`abc` is not known", "mend it")
    (one,) = document(make_intent_record("bad", status=None, refused=problem))["clusters"]
    assert (one["reason"], one["message"], one["action"]) == (
        "UnknownField",
        "`abc` is not known",
        "mend it",
    )


def test_layers_stand_side_by_side() -> None:
    """Each layer of the cluster beside that of the profiles, and what would make them match."""
    explained = make_explanation("a", *INFRA, "addon/prometheus-grafana 40.3.1")
    (one,) = document(make_intent_record("a", explanation=explained))["clusters"]
    (row,) = [row for row in one["match"]["rows"] if row["verdict"] != "same"]
    assert (row["cluster"], row["selection"], row["verdict"]) == (
        "prometheus-grafana 40.3.1",
        "prometheus-grafana 44.3.1",
        "wrong version",
    )
    assert one["match"]["nearest"][0]["distance"] == "1 layer apart"


def test_the_same_record_makes_the_same_bytes() -> None:
    """No clock and no order of a set shows in a page; a moment only where it is given."""
    record = make_fleet(40)
    assert make_page(record) == make_page(make_fleet(40))
    assert "page made" not in make_page(record)
    told = report_document(record, replace(HEADING, made_at=NOW))
    assert told["madeAt"] == "2026-03-01 12:00:00 UTC"


@pytest.mark.parametrize("field", ["message", "waiting_for", "human_action"])
def test_texts_are_cleaned(field: str) -> None:
    """The redactor sees each text from outside, before it becomes part of a page."""
    clean = lambda text: text.replace(SECRET, "***")  # noqa: E731
    one = blocked("a", **{field: f"it said {SECRET}"})
    assert SECRET not in str(document(one, clean=clean))
    assert "it said ***" in str(document(one, clean=clean))


def test_waves_are_counted_by_state() -> None:
    """A wave has its members by their states, and what draws all waves to one scale."""
    waves = [
        Wave("canary", WaveProgress.DONE, {"Paired": ["a", "b"]}),
        Wave("rest", WaveProgress.CURRENT, {"paired": ["c"], "underWay": ["d", "e"]}, "Tue 02:00"),
    ]
    found = document(
        *(make_intent_record(name) for name in "abcde"), campaigns=[Campaign("emea", waves)]
    )
    first, second = found["campaigns"][0]["waves"]
    assert (first["size"], second["size"], first["largest"]) == (2, 3, 3)
    assert second["members"] == [
        {"state": "paired", "style": "Paired", "count": 1},
        {"state": "under way", "style": "UnderWay", "count": 2},
    ]
    assert [(one["campaign"], one["wave"]) for one in found["clusters"][1:3]] == [
        ("emea", "canary"),
        ("emea", "rest"),
    ]


def test_every_phase_has_its_place() -> None:
    """A phase that the table of phases does not know would not be counted."""
    intents = [
        make_intent_record(phase.lower(), status=make_status(phase.lower(), phase))
        for phase in Phase
    ]
    assert sum(one["count"] for one in document(*intents)["phases"]) == len(Phase)


def test_a_fleet_of_five_thousand_is_a_page_of_some_megabytes() -> None:
    """A page of 5,000 clusters, each with layers, conditions and evidence, is below 6 MB."""
    record = make_fleet(5_000)
    assert len(make_page(record, [make_campaign(record)]).encode()) < 6_000_000
