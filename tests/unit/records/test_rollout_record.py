"""The status of a rollout on the status branch: stable bytes, which are read back."""

import json
from datetime import timedelta

from jsonschema import Draft202012Validator

from campaign_factory import rolled, spec
from pairctl.pairing import RolloutState
from pairctl.records import (
    Ledger,
    Record,
    changes_on,
    parse_ledger,
    parse_rollout,
    parse_yaml,
    rollout_path,
    rollout_schema,
)
from pairctl.repo import StatusTree
from pairing_factory import NOW

WAVES = {"a": "canary", "b": "canary", "c": "rest"}
NIGHT = {"days": ["mon"], "from": "02:00", "to": "03:00", "timeZone": "UTC"}


def state(later: timedelta = timedelta(0)) -> RolloutState:
    """Make the state of a rollout that waits for its window."""
    states = {"a": "ready", "b": "paired", "c": "ready"}
    of = spec(windows=[NIGHT], pace={"perHour": 2})
    return rolled(WAVES, states, of, now=NOW + later).states["emea"]


def written(*states: RolloutState, ledger: Ledger | None = None) -> dict[str, bytes | None]:
    """Write a record of rollouts, and give the files of theirs that change."""
    record = Record("1" * 40, {}, rollouts={one.name: one for one in states})
    changes = changes_on(ledger or Ledger(), record)
    return {path: body for path, body in changes.items() if path.startswith("status/")}


def test_it_is_read_back_and_holds_to_its_schema() -> None:
    """Waves with their members by state, but those that are paired, and what it waits for."""
    body = written(state())[rollout_path("emea")]
    assert body is not None
    found = parse_rollout(body)
    assert found is not None
    assert found.status.waits_for is not None
    assert found.status.waits_for.reason == "OutsideWindow"
    canary = found.status.waves[0]
    assert (canary.size, dict(canary.counts)) == (2, {"paired": 1, "held": 1})
    assert dict(canary.members) == {"held": ("a",)}
    schema = json.loads(rollout_schema())
    assert list(Draft202012Validator(schema).iter_errors(parse_yaml(body))) == []
    assert parse_rollout(b"kind: RolloutStatus\n") is None


def test_nothing_in_it_ticks() -> None:
    """While nothing happens, the same bytes come out an hour later."""
    assert written(state()) == written(state(timedelta(hours=1)))


def test_it_goes_with_its_rollout_and_is_no_status_of_an_intent() -> None:
    """What is not known of a rollout leaves its file; a rollout that is gone takes it along."""
    path = rollout_path("emea")
    body = written(state())[path]
    assert body is not None
    ledger = parse_ledger(StatusTree("1" * 40, {path: body}))
    assert (dict(ledger.statuses), ledger.unreadable_statuses) == ({}, ())
    assert written(ledger=ledger) == {path: None}
    assert written(state(), ledger=ledger) == {}
    unknown = Record("1" * 40, {}, rollouts={"emea": None})
    assert path not in changes_on(ledger, unknown)


def test_what_is_recorded_late_says_of_rollouts_what_is_on_record() -> None:
    """How far they were when it was made may be long ago: their files and STATUS.md stay."""
    record = Record("1" * 40, {}, rollouts={"emea": state()})
    files = {path: body for path, body in changes_on(Ledger(), record).items() if body}
    assert b"## Rollouts" in files["STATUS.md"]
    ledger = parse_ledger(StatusTree("1" * 40, files))
    assert changes_on(ledger, record.of_done) == {}
