"""A large fleet waits for its turn, pass after pass: what that costs is counted in calls."""

from dataclasses import replace

from effort import calls
from fleet_worlds import Fleet, Member
from pairctl.pairing import Capacity, FleetLimits, FleetObservations, status_of
from pairctl.records import KnownFiles, Ledger, Record, changes_on, parse_ledger
from pairctl.repo import StatusTree
from pairctl.secrets import Redactor
from pairing_factory import NOW

ONE_AT_ONCE = FleetLimits(capacity=Capacity(at_hosts=1, at_palette=1, requests=9))


def waiting(size: int) -> Fleet:
    """Make a fleet whose requests wait to be accepted, one after the other."""
    names = [f"store-{number:03}" for number in range(size)]
    return Fleet(tuple(Member(name, f"c-{name}", sight="earlier") for name in names))


class Passes:
    """The passes of a run over a fleet in which nothing happens."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._observations: FleetObservations = fleet.observations
        self._ledger = Ledger()
        self._known = KnownFiles()
        self._redactor = Redactor()
        self._redactor.learn("hunter2-hunter2")

    def carry_out(self) -> int:
        """Decide for all and put it on the branch; return how many files that wrote."""
        records = replace(self._fleet.records, statuses=self._ledger.statuses)
        decided = self._fleet.decided(
            records=records, observations=self._observations, limits=ONE_AT_ONCE
        )
        # What is on record since was judged; that stands from now on.
        self._observations = replace(self._observations, standing=decided.judged)
        statuses = {
            name: status_of(one, self._ledger.statuses.get(name), commit="c", now=NOW)
            for name, one in decided.decisions.items()
        }
        record = Record("c", statuses)
        clean, state = self._redactor.redact, self._redactor.state
        changes = changes_on(self._ledger, record, clean, self._known, state)
        files = {path: body for path, body in changes.items() if body}
        if files:
            tree = StatusTree(f"tip-{len(files)}", {**self._ledger.files, **files})
            self._ledger = parse_ledger(tree, self._known)
        return len(files)


def calls_of_passes(size: int) -> list[int]:
    """Return how many calls each pass over a fleet takes, the first ones left out."""
    passes = Passes(waiting(size))
    assert passes.carry_out() == size + 1
    assert [passes.carry_out() for _ in range(2)] == [0, 0]
    return [calls(passes.carry_out) for _ in range(3)]


def test_one_more_that_waits_costs_a_pass_next_to_nothing() -> None:
    """It is judged, held back, shown and rendered once: that takes some thousand calls."""
    few, many = calls_of_passes(20), calls_of_passes(60)
    assert few[0] == few[1] == few[2]
    each = (many[0] - few[0]) / (60 - 20)
    assert each < 130
    assert calls(Passes(waiting(1)).carry_out) > 10 * each
