"""The claim protocol against real Git: claim, look, act once, look."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pairctl.engine import Acted, Acting, Decided, Event, PassStarted, SystemClock
from pairctl.engine.apply.claiming import ClaimLost
from pairctl.records import claim_path
from pairctl.repo import PushRefused
from pairctl.sim import Effect, Entry
from repo_factory import git
from scenario_factory import ENDING, PAIR, World, world
from sim_factory import host_document


def claims_now(w: World) -> list[dict[str, Any]]:
    """Give the claims that stand at the bare repository."""
    yaml = YAML(typ="safe")
    return [
        yaml.load(body)["claim"] for path, body in w.files().items() if path.startswith("claims/")
    ]


@dataclass
class Heard:
    """A listener that keeps events, and does something at some of them, so many times at most."""

    wanted: Callable[[Event], bool]
    work: Callable[[], object]
    times: int = 1
    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if self.times and self.wanted(event):
            self.times -= 1
            self.work()

    def count(self, kind: type) -> int:
        """Count the events of a kind."""
        return sum(isinstance(event, kind) for event in self.events)


def is_decided(event: Event) -> bool:
    """Tell whether an intent was just decided on."""
    return isinstance(event, Decided)


def is_acted(event: Event) -> bool:
    """Tell whether an action is just over."""
    return isinstance(event, Acted)


def host_looks(w: World) -> int:
    """Count how often the hosts were looked at so far."""
    received = w.running.simulation.journal.received
    return sum(one.path == "/v1/edge-mgmt/settings" for one in received)


class ImpatientClock(SystemClock):
    """Pauses are not waited for; `ahead_s` lets time jump."""

    ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s

    async def sleep(self, delay_s: float) -> None:
        await super().sleep(min(delay_s, 0.01))


def test_when_an_effect_is_applied_its_claim_is_in_the_repository(tmp_path: Path) -> None:
    """Each effect finds an open claim that names cluster, action, attempt, holder and end."""
    with world(tmp_path, fleet=lambda w: [w.intent(attempt=3)]) as w:
        seen: list[tuple[Effect, list[dict[str, Any]]]] = []

        def hear(entry: Entry) -> None:
            if isinstance(entry, Effect) and entry.kind in ENDING:
                seen.append((entry, claims_now(w)))

        w.running.simulation.journal.listen(hear)
        w.apply(holder="the-holder")
        assert [effect.kind for effect, _ in seen] == ["request", "accept"]
        for effect, claims in seen:
            (claim,) = claims
            assert claim["cluster"] == effect.cluster_uid
            assert (claim["action"], claim["intent"]) == (effect.kind, "store-1")
            assert (claim["attempt"], claim["holder"]) == (3, "the-holder")
            dated = datetime.fromisoformat(str(claim["datedAt"])).replace(tzinfo=UTC)
            assert effect.at < dated + timedelta(seconds=claim["lifetimeSeconds"])
            assert len(claim["id"]) == 32
            assert claim["branch"] in w.files()["status-branch.yaml"].decode()


def test_all_claims_of_a_pass_are_one_commit(tmp_path: Path) -> None:
    """However many clusters act, a pass makes one claim commit and one record."""
    hosts = [host_document(number) for number in (1, 2, 3)]
    with world(tmp_path, *hosts) as w:
        w.one_pass()
        record, claim = w.box.status_log()
        paths = git(w.box.bare, "ls-tree", "-r", "--name-only", claim).split()
        claims = [f"claims/{w.cluster_uid(n)}.yaml" for n in (1, 2, 3)]
        assert sorted(paths) == sorted([*claims, "status-branch.yaml"])
        assert w.kinds() == ["request"] * 3
        assert git(w.box.bare, "rev-parse", f"{record}^") == claim


@pytest.mark.parametrize("holder", ["another", "first"])
def test_an_open_claim_binds_everybody_its_holder_too(tmp_path: Path, holder: str) -> None:
    """Until its end nothing is sent for the cluster; then pairctl looks, and goes on."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        w.apply()
        w.commit(w.intent())
        claim = w.claim("request", seconds=2.0, holder=holder)
        w.push_claim(claim)
        w.one_pass(holder="first")
        assert w.told() == ("Blocked", "OutcomeUnknown")
        assert w.writes() == []
        began_at = datetime.now(UTC)
        w.apply(holder="first")
        assert w.told() == ("Paired", "Paired")
        assert w.effects("request")[0].at >= began_at + timedelta(seconds=2)
        assert w.claims == []


def test_a_claim_binds_no_other_cluster(tmp_path: Path) -> None:
    """The cluster beside the claimed one goes on."""
    with world(tmp_path, host_document(1), host_document(2)) as w:
        w.one_pass()
        w.push_claim(w.claim("accept", seconds=60))
        w.one_pass()
        assert w.told("store-1") == ("Blocked", "OutcomeUnknown")
        assert w.kinds(2) == ["request", "accept"]


def test_a_claim_that_lost_its_race_is_not_rebased(tmp_path: Path) -> None:
    """A push between look and claim has all decided again, on the tip of then."""
    timing = {"actSeconds": 120}  # no look is too old on a busy machine
    with world(tmp_path, timing=timing, fleet=lambda w: [w.intent(suspend=True)]) as w:
        w.apply()
        w.commit(w.intent())
        looks: list[int] = []
        heard = Heard(is_decided, lambda: looks.append(host_looks(w)) or w.push_status({}))
        w.one_pass(listener=heard)
        assert heard.count(PassStarted) == 1
        assert heard.count(Acting) == 1
        assert w.kinds() == ["request"]
        record, claim, theirs = w.box.status_log()[:3]
        assert git(w.box.bare, "show", "--no-patch", "--format=%s", theirs) == "by hand"
        assert looks == [1]
        assert git(w.box.bare, "rev-parse", f"{claim}^") == theirs
        assert host_looks(w) == 3  # before the push that lost; before sending; after it
        assert record != claim


def test_the_claim_that_wins_meanwhile_is_respected(tmp_path: Path) -> None:
    """Where the push that came first was a claim on this cluster, the pass does not act at all."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        w.apply()
        w.commit(w.intent())
        claim = w.claim("request", seconds=60)
        heard = Heard(is_decided, lambda: w.push_claim(claim))
        w.one_pass(listener=heard)
        assert heard.count(Acting) == 0
        assert w.writes() == []
        assert w.told() == ("Blocked", "OutcomeUnknown")
        assert w.claims == [claim_path(claim.cluster)]


def test_against_a_writer_that_always_comes_first_it_gives_up_unsent(tmp_path: Path) -> None:
    """A pass that never gets its claim through ends with an error, and nothing was sent."""
    with world(tmp_path, fleet=lambda w: [w.intent(suspend=True)]) as w:
        w.apply()
        w.commit(w.intent())
        heard = Heard(is_decided, lambda: w.push_status({}), times=99)
        with pytest.raises(ClaimLost):
            w.one_pass(listener=heard, clock=ImpatientClock())
        assert w.writes() == []


def test_a_record_that_lost_its_race_is_rebuilt_on_the_new_tip(tmp_path: Path) -> None:
    """A push after the action loses nothing: neither theirs nor ours."""
    with world(tmp_path) as w:
        heard = Heard(is_acted, lambda: push_note(w))
        w.one_pass(listener=heard)
        assert heard.count(PassStarted) == 1
        assert w.told()[0] == "Requested"
        assert w.files()["observed/note.yaml"] == b"a note of somebody's\n"
        assert w.claims == []


def push_note(w: World) -> None:
    """Push a file of somebody else's to the status branch."""
    w.push_status({"observed/note.yaml": "a note of somebody's\n"})


def test_without_a_claim_in_the_repository_nothing_is_sent(tmp_path: Path) -> None:
    """A remote that takes no commit gets no action either."""
    with world(tmp_path) as w:
        w.box.hook("pre-receive", "echo not today >&2; exit 1")
        with pytest.raises(PushRefused):
            w.one_pass()
        assert w.writes() == []
        done = w.run("apply")
        assert done.returncode == 1
        assert "not today" in done.stderr


def test_an_outcome_that_could_not_be_recorded_is_seen_later(tmp_path: Path) -> None:
    """The record is refused after the request was sent: the next run sees the request."""
    with world(tmp_path) as w:
        count = tmp_path / "pushes"
        w.box.hook("pre-receive", f"echo x >> {count}; [ $(wc -l < {count}) -lt 2 ]")
        with pytest.raises(PushRefused):
            w.one_pass()
        assert w.kinds() == ["request"]
        assert w.claims == [f"claims/{w.cluster_uid()}.yaml"]
        (w.box.bare / "hooks" / "pre-receive").unlink()
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


def test_a_process_that_slept_past_its_claim_does_not_act(tmp_path: Path) -> None:
    """Whoever wakes after the claim's time sends nothing on it, and begins anew."""
    with world(tmp_path) as w:
        clock = ImpatientClock()

        def sleep_long() -> None:
            clock.ahead_s += 3600

        heard = Heard(lambda event: isinstance(event, Acting), sleep_long)
        result = w.one_pass(listener=heard, clock=clock)
        (outcome,) = result.outcomes.values()
        assert outcome.problem is not None
        assert (outcome.ending, outcome.problem.reason) == ("not sent", "ClaimTooOld")
        assert w.writes() == []
        assert w.claims == []
        w.apply(clock=clock)
        assert [path for _, path in w.writes()][:1] == [PAIR]
        assert w.kinds() == ["request", "accept"]


def test_the_branch_only_ever_grows(tmp_path: Path) -> None:
    """Every commit continues the one before it: a line from the first claim to the last record."""
    with world(tmp_path) as w:
        heard = Heard(is_acted, lambda: push_note(w), times=2)
        w.apply(listener=heard)
        told = git(w.box.bare, "log", "--format=%P", "pairctl-status").split("\n")
        assert all(len(parents.split()) <= 1 for parents in told)
        assert w.told() == ("Paired", "Paired")
