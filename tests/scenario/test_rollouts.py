"""Rollouts carried out: waves one after the other, over real Git and real HTTPS."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from pairctl.engine import Acting, Decided, Event, Reconciler, Settings, SystemClock
from pairctl.engine.observe import lookers
from pairctl.sim import Effect, Fault
from pairctl.sim.palette_spec import HealthStep
from rollout_factory import fleet, rollout, rollout_approval, wave
from scenario_factory import World, on_a_branch, quick_palette, world
from sim_factory import Document, host_document

HOSTS = tuple(host_document(number) for number in (1, 2, 3))
WAVES = {1: "rest", 2: "canary", 3: "rest"}


def rollout_status(w: World, name: str = "emea") -> Document:
    """Give the `status` of a rollout as the status branch holds it."""
    return dict(YAML(typ="safe").load(w.files()[f"status/rollouts/{name}.yaml"])["status"])


def accepted(w: World) -> list[int]:
    """Give the numbers of the hosts whose clusters were accepted, in order."""
    by_uid = {w.cluster_uid(number): number for number in WAVES}
    return [by_uid[one.cluster_uid] for one in w.effects("accept") if isinstance(one, Effect)]


def test_the_rest_begins_when_the_canary_is_paired_and_healthy(tmp_path: Path) -> None:
    """Nothing is sent for a later wave before the wave before is paired; then it goes on."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, WAVES), rollout())
        w.one_pass()
        assert w.kinds(2) == ["request"]
        assert w.kinds(1) == w.kinds(3) == []
        assert w.told("store-1") == ("Blocked", "WaitingForWave")
        shown = rollout_status(w)
        assert (shown["phase"], shown["current"]) == ("Progressing", "canary")
        w.apply()
        assert [w.told(f"store-{n}") for n in WAVES] == [("Paired", "Paired")] * 3
        assert accepted(w)[0] == 2
        assert rollout_status(w)["phase"] == "Complete"
        tip = w.tip
        w.apply()
        assert w.tip == tip


class SetClock(SystemClock):
    """A wall clock that stands where the test sets it, and goes on from there."""

    def __init__(self, now: datetime) -> None:
        self.ahead = now - super().now()

    def now(self) -> datetime:
        return super().now() + self.ahead

    def agree(self, w: World) -> None:
        """Let it be the same time at Palette."""
        ahead_s = self.ahead.total_seconds()
        w.running.call(lambda sim: setattr(sim.palette.clock, "offset_s", ahead_s))


def test_nothing_is_sent_when_the_window_ends_between_claim_and_sending(tmp_path: Path) -> None:
    """The last look asks the windows again: the claim is there, and the request is not sent."""
    clock = SetClock(datetime(2026, 3, 3, 2, 59, tzinfo=UTC))
    night = {"from": "02:00", "to": "03:00", "timeZone": "UTC"}

    def end_of_the_window(event: Event) -> None:
        if isinstance(event, Acting):
            clock.ahead += timedelta(minutes=5)

    with world(tmp_path) as w:
        clock.agree(w)
        w.commit(*fleet(w, {1: "canary"}), rollout(windows=[night]))
        result = w.one_pass(clock=clock, listener=end_of_the_window)
        assert [one.ending for one in result.outcomes.values()] == ["not sent"]
        assert "window" in str(result.outcomes["store-1"].problem)
        assert w.kinds() == []
        assert w.claims == []
        clock.ahead += timedelta(hours=23)
        clock.agree(w)
        w.apply(clock=clock)
        assert w.told() == ("Paired", "Paired")


def test_what_was_accepted_is_seen_through_outside_of_its_window(tmp_path: Path) -> None:
    """The window ends after the acceptance: the status goes on to Paired all the same."""
    clock = SetClock(datetime(2026, 3, 3, 2, 30, tzinfo=UTC))
    night = {"from": "02:00", "to": "03:00", "timeZone": "UTC"}
    with world(tmp_path) as w:
        clock.agree(w)
        w.commit(*fleet(w, {1: "canary"}), rollout(windows=[night]))
        while "accept" not in w.kinds():
            w.one_pass(clock=clock)
        clock.ahead += timedelta(hours=3)
        clock.agree(w)
        w.apply(clock=clock)
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]


@pytest.mark.parametrize("verb", ["request", "accept"])
def test_a_runner_with_a_wrong_clock_does_nothing_in_what_it_takes_for_the_window(
    tmp_path: Path, verb: str
) -> None:
    """By Palette's clock it is the middle of the day; where the two agree, it goes on by itself."""
    clock = SetClock(datetime(2026, 3, 3, 14, 30, tzinfo=UTC))
    night = {"from": "02:00", "to": "03:00", "timeZone": "UTC"}
    with world(tmp_path) as w:
        clock.agree(w)
        w.commit(*fleet(w, {1: "canary"}, acknowledge=None))
        if verb == "accept":
            w.apply(clock=clock)
        w.commit(*fleet(w, {1: "canary"}), rollout(windows=[night]))
        done = len(w.kinds())
        clock.ahead -= timedelta(hours=12)
        w.apply(clock=clock)
        assert w.told() == ("Blocked", "ClocksDiffer")
        tip = w.tip
        w.apply(clock=clock)
        assert w.tip == tip
        assert len(w.kinds()) == done
        clock.agree(w)
        w.apply(clock=clock)
        assert w.told() == ("Paired", "Paired")


def test_a_clock_that_jumps_after_the_claim_sends_nothing(tmp_path: Path) -> None:
    """The last look asks both clocks."""
    clock = SetClock(datetime(2026, 3, 3, 2, 30, tzinfo=UTC))
    night = {"from": "02:00", "to": "03:00", "timeZone": "UTC"}
    with world(tmp_path) as w:
        clock.agree(w)

        def later(event: Event) -> None:
            if isinstance(event, Acting):
                late_s = clock.ahead.total_seconds() + 7200
                w.running.call(lambda sim: setattr(sim.palette.clock, "offset_s", late_s))

        w.commit(*fleet(w, {1: "canary"}), rollout(windows=[night]))
        result = w.one_pass(clock=clock, listener=later)
        assert [one.ending for one in result.outcomes.values()] == ["not sent"]
        assert result.outcomes["store-1"].problem is not None
        assert result.outcomes["store-1"].problem.reason == "ClocksDiffer"
        assert (w.kinds(), w.claims) == ([], [])


def rollout_member_elsewhere(w: World) -> Document:
    """Write a suspended intent that is a canary, so that the wave is not empty."""
    (one,) = fleet(w, {1: "canary"}, suspend=True, acknowledge=None)
    one["metadata"]["name"] = "elsewhere"
    one["spec"]["localUI"] = {**one["spec"]["localUI"], "endpoint": "https://127.0.0.1:1"}
    return one


def test_taking_back_is_never_held(tmp_path: Path) -> None:
    """A suspended rollout holds no withdrawal of an intent that wants its cluster local."""
    with world(tmp_path, fleet=lambda w: fleet(w, {1: "canary"}, acknowledge=None)) as w:
        w.apply()
        assert w.kinds() == ["request"]
        held = rollout(suspend={"reason": "holidays", "by": "ops"})
        back = fleet(w, {1: "canary"}, desired="Local", registrationToken=None, profileMatch=None)
        w.commit(*back, rollout_member_elsewhere(w), held)
        w.apply()
        assert w.told() == ("Local", "Local")


def test_a_gate_waits_for_an_approval_that_covers_the_intent_as_it_is_now(tmp_path: Path) -> None:
    """An approval covers whom it names, in the generations that it was written for."""
    hosts = HOSTS[:2]
    waves = {1: "canary", 2: "canary"}
    gated = rollout(wave("canary", gate="Approval"))
    with world(tmp_path, *hosts) as w:
        w.commit(*fleet(w, waves), gated)
        w.apply()
        assert w.told("store-1") == ("Blocked", "WaitingForWaveApproval")
        assert rollout_status(w)["waves"][0]["unapproved"] == ["store-1", "store-2"]
        generations = {f"store-{n}": w.status(f"store-{n}")["generation"] for n in waves}
        first = {"store-1": generations["store-1"]}
        w.commit(*fleet(w, waves), gated, rollout_approval("canary", first))
        w.apply()
        assert w.told("store-1") == ("Paired", "Paired")
        assert w.told("store-2") == ("Blocked", "WaitingForWaveApproval")
        digest = rollout_status(w)["waves"][0]["digest"]
        rest = rollout_approval("canary", {"store-2": generations["store-2"]})
        assert rest["spec"]["digest"] == digest
        edited = fleet(w, waves)
        edited[1]["spec"]["cluster"] = {"description": "edited after the approval"}
        w.commit(*edited, gated, rest)
        w.apply()
        assert w.told("store-2") == ("Blocked", "WaitingForWaveApproval")
        w.commit(*fleet(w, waves), gated, rest)
        w.apply()
        assert w.told("store-2") == ("Paired", "Paired")


def test_only_approvals_in_the_guarded_folder_count(tmp_path: Path) -> None:
    """Where the forge guards a folder, an approval of a wave elsewhere lets nothing begin."""
    gated = rollout(wave("canary", gate="Approval"))
    with world(tmp_path, approvalsFolder="approvals") as w:
        documents = [*fleet(w, {1: "canary"}), gated]
        w.commit(*documents)
        w.apply()
        approval = rollout_approval("canary", {"store-1": w.status()["generation"]})
        w.commit(*documents, approval)
        w.apply()
        assert w.told() == ("Blocked", "WaitingForWaveApproval")
        w.commit(*documents, **{"approvals/canary.yaml": approval})
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_the_operator_may_ask_for_a_rollout(tmp_path: Path) -> None:
    """With `requireRollout` what is in none is held; one that selects it lets it go on."""
    with world(tmp_path, requireRollout=True, fleet=lambda w: [w.intent()]) as w:
        w.apply()
        assert w.told() == ("Blocked", "NoRollout")
        assert w.kinds() == []
        w.commit(*fleet(w, {1: "canary"}), rollout())
        w.apply()
        assert w.told() == ("Paired", "Paired")


def test_a_rollout_with_errors_frees_none_of_its_members(tmp_path: Path) -> None:
    """A slip of the pen in its document holds them; its status stays, and goes with the rollout."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, WAVES), rollout(suspend={"reason": "holidays", "by": "ops"}))
        w.apply()
        assert w.told("store-2") == ("Blocked", "RolloutSuspended")
        w.commit(*fleet(w, WAVES), rollout(wavs=[]))
        w.apply()
        assert w.told("store-2") == ("Blocked", "RolloutUnreadable")
        assert w.kinds() == []
        assert rollout_status(w)["phase"] == "Suspended"
        w.commit(*fleet(w, WAVES))
        w.apply()
        assert [w.told(f"store-{n}")[0] for n in WAVES] == ["Paired"] * 3
        assert not [path for path in w.files() if path.startswith("status/rollouts/")]


def test_a_run_for_some_intents_obeys_their_rollout(tmp_path: Path) -> None:
    """`apply NAME` of a later wave sends nothing while the canary is not paired."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, WAVES), rollout())
        done = w.run("apply", "store-1")
        assert w.kinds() == [], done.stdout + done.stderr
        assert "WaitingForWave" in w.run("plan", "store-1").stdout + done.stdout
        w.run("apply", "--wait", "store-2")
        assert w.told("store-2") == ("Paired", "Paired")
        w.run("apply", "--wait", "store-1")
        assert w.told("store-1") == ("Paired", "Paired")
        assert w.kinds(3) == []


def test_a_cluster_that_is_not_healthy_now_holds_the_next_wave(tmp_path: Path) -> None:
    """Paired is not enough, and a health of before is none: Palette's list of now counts."""
    unwell = quick_palette(pairing={"acceptSeconds": 0.0, "health": [{"state": "UnHealthy"}]})
    with world(tmp_path, *HOSTS, palette=unwell) as w:
        w.commit(*fleet(w, WAVES), rollout())
        w.apply()
        assert w.told("store-2") == ("Paired", "Paired")
        assert w.told("store-1") == ("Blocked", "WaitingForWave")
        assert rollout_status(w)["waves"][0]["unhealthy"] == ["store-2"]
        healthy = (HealthStep(state="Healthy"),)
        w.running.call(lambda sim: setattr(sim.palette, "health", healthy))
        w.apply()
        assert [w.told(f"store-{n}")[0] for n in WAVES] == ["Paired"] * 3


def test_a_canary_that_leads_elsewhere_now_is_judged_on_that(tmp_path: Path) -> None:
    """A wave is judged on the generation that is wanted now, never on an old Paired."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, {2: "canary", 3: "rest"}), rollout(wave("canary")))
        w.apply()
        assert w.told("store-2") == ("Paired", "Paired")
        assert w.kinds(3) == []
        moved = fleet(w, {2: "canary", 3: "rest"})
        moved[0]["spec"] |= {"localUI": w.local_ui(1), "suspend": True}
        w.commit(*moved, rollout())
        w.apply()
        assert w.told("store-3") == ("Blocked", "WaitingForWave")
        assert w.kinds(3) == []


def test_a_status_that_somebody_wrote_opens_no_wave(tmp_path: Path) -> None:
    """A record that says Paired of the canary, with another's cluster, lets nothing begin."""
    with world(tmp_path, *HOSTS) as w:
        alone = w.intent(3)
        held = rollout(suspend={"reason": "holidays", "by": "ops"})
        others = fleet(w, {1: "rest", 2: "canary"})
        w.commit(alone, *others, held)
        w.apply()
        assert w.told("store-3") == ("Paired", "Paired")
        forged = w.files()["status/store-2.yaml"].decode()
        forged = forged.replace("phase: Blocked", "phase: Paired")
        forged += f"  paletteUid: {w.status('store-3')['paletteUid']}\n"
        w.push_status({"status/store-2.yaml": forged})
        w.commit(alone, *others, rollout())
        w.apply()
        assert w.kinds(1) == []
        assert w.told("store-1") == ("Blocked", "WaitingForWave")


def test_approve_prints_what_a_gate_waits_for(tmp_path: Path) -> None:
    """Committed as it is, it covers the wave; then there is nothing left to approve."""
    gated = rollout(wave("canary", gate="Approval"), {"name": "rest"})
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, WAVES), gated)
        done = w.run("approve", "--wave", "emea/canary", "--reason", "CHG-1", rules=False)
        assert done.returncode == 0, done.stderr
        approval = dict(YAML(typ="safe").load(done.stdout))
        assert approval["spec"]["intents"] == ["store-2"]
        w.commit(*fleet(w, WAVES), gated, **{"approval.yaml": done.stdout})
        w.apply()
        assert w.told("store-2") == ("Paired", "Paired")
        again = w.run("approve", "--wave", "emea/canary", rules=False)
        assert "nothing waits for an approval" in again.stderr
        wrong = w.run("approve", "--wave", "emea/canry", rules=False)
        assert "did you mean canary?" in wrong.stderr
        assert "ROLLOUT/WAVE" in w.run("approve", "--wave", "emea", rules=False).stderr


def test_a_plan_without_credentials_knows_waves_and_what_a_change_of_a_rollout_comes_to(
    tmp_path: Path,
) -> None:
    """Held ones are shown as held; one that a pull request lets go is affected by it."""
    with world(tmp_path, *HOSTS) as w:
        w.commit(*fleet(w, WAVES), rollout(suspend={"reason": "holidays", "by": "ops"}))
        w.apply()
        on_a_branch(w, *fleet(w, WAVES), rollout())
        for more in (("--offline",), ()):
            done = w.run("plan", "--format", "json", "--base", "main", *more, rules=not more)
            intents = {one["name"]: one for one in json.loads(done.stdout)["intents"]}
            assert intents["store-2"]["change"] == "Affected", done.stdout
            assert intents["store-2"]["action"]["verb"] == "request"
            assert intents["store-1"]["reason"] == "WaitingForWave"


def test_the_pace_holds_in_a_new_process_that_has_not_seen_a_host_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its request is on its way by its status, and takes the one place; no other begins."""
    monkeypatch.setattr(lookers, "SLOW_S", 0.3)
    with world(tmp_path, *HOSTS, timing={"requestSeconds": 300}) as w:
        w.commit(*fleet(w, WAVES), rollout({"name": "all"}, pace={"atOnce": 1}))
        w.one_pass()
        assert w.told("store-1")[0] == "Requested"
        w.plan_faults(Fault("delay", "store-1", "GET", "/v1/edge-mgmt/settings", seconds=300))
        decided: set[str] = set()

        def hear(event: Event) -> None:
            if isinstance(event, Decided):
                decided.add(event.name)

        async def until_seen(reconciler: Reconciler, _: Settings) -> None:
            while not decided >= {"store-2", "store-3"}:
                await reconciler.run_pass(stays=True)
            await reconciler.aclose()

        w.with_engine(until_seen, listener=hear)
        assert decided == {"store-2", "store-3"}
        assert w.kinds() == ["request"]
        assert w.told("store-2") == ("Blocked", "PaceReached")
        w.apply()
        assert [w.told(f"store-{n}") for n in WAVES] == [("Paired", "Paired")] * 3
