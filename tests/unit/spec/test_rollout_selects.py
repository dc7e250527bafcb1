"""What a rollout selects is what Kubernetes selects, in the documents and in their index alike."""

import json
from typing import Any

import pytest

from pairctl.spec import RolloutSpec, SourceFile, load, parse_selector, read_file
from spec_factory import intent_at

LABELS = {
    "emea": {"region": "emea", "wave": "1"},
    "bare": {},
    "old": {"region": "us", "retired": "yes"},
}


def expression(key: str, operator: str, *values: str) -> dict[str, Any]:
    """Write what one label has to be."""
    return {"key": key, "operator": operator, **({"values": list(values)} if values else {})}


CASES = [
    ({"matchLabels": {"region": "emea"}}, "region=emea"),
    ({"matchLabels": {"region": "emea", "wave": "2"}}, "region=emea,wave=2"),
    ({"matchExpressions": [expression("region", "In", "emea", "us")]}, "region in (emea,us)"),
    ({"matchExpressions": [expression("region", "NotIn", "emea")]}, "region notin (emea)"),
    ({"matchExpressions": [expression("region", "Exists")]}, "region"),
    ({"matchExpressions": [expression("region", "DoesNotExist")]}, "!region"),
    (
        {
            "matchLabels": {"region": "us"},
            "matchExpressions": [expression("retired", "DoesNotExist")],
        },
        "region=us,!retired",
    ),
]


@pytest.mark.parametrize(("select", "text"), CASES, ids=[text for _, text in CASES])
def test_a_rollout_selects_as_a_selector_does(select: dict[str, Any], text: str) -> None:
    """Both forms mean the same; what several of them ask has to be so, all of it."""
    spec = RolloutSpec.model_validate({"select": select, "waves": [{"name": "all"}]}, strict=False)
    chosen = [name for name, labels in LABELS.items() if spec.select.selects(labels)]
    selector = parse_selector(text)
    assert chosen == [name for name, labels in LABELS.items() if selector.selects(labels)]


@pytest.mark.parametrize(("select", "text"), CASES, ids=[text for _, text in CASES])
def test_a_wave_is_empty_where_it_selects_nothing(select: dict[str, Any], text: str) -> None:
    """`validate` says so from the index: by the very same rule."""
    waves = [{"name": "first", "select": select}, {"name": "rest"}]
    everything = {"matchExpressions": [expression("nowhere", "DoesNotExist")]}
    rollout = {
        "apiVersion": "pairctl/v1alpha1",
        "kind": "Rollout",
        "metadata": {"name": "emea"},
        "spec": {"select": everything, "waves": waves},
    }
    selector = parse_selector(text)
    for name, labels in LABELS.items():
        intent = intent_at("https://10.0.0.1:5080", name)
        intent = {**intent, "metadata": {"name": name, "labels": labels}}
        both = f"{json.dumps(rollout)}\n---\n{json.dumps(intent)}\n"
        found = {one.code for one in load([SourceFile("a.yaml", both.encode())]).findings}
        assert ("EmptyWave" in found) is not selector.selects(labels)


def test_what_is_asked_is_in_the_index_as_plain_values() -> None:
    """A cache keeps it as JSON."""
    [entry] = read_file(SourceFile("a.yaml", ROLLOUT)).entries
    assert entry.references is not None
    assert json.loads(json.dumps(entry.references.selects)) == [
        [["fleet", ["emea"], False], ["region", ["pt", "es"], True]],
        [["rest", None]],
    ]


ROLLOUT = b"""\
apiVersion: pairctl/v1alpha1
kind: Rollout
metadata: {name: emea}
spec:
  select:
    matchLabels: {fleet: emea}
    matchExpressions: [{key: region, operator: NotIn, values: [pt, es]}]
  waves: [{name: rest}]
"""
