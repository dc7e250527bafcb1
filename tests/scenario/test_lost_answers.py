"""An answer that is lost is never taken for a no: pairctl looks, and sends only what is missing."""

from pathlib import Path

import pytest

from endings import EndsAs
from pairctl.engine import PassResult, Reconciler, Settings
from pairctl.records import evidence_path, parse_evidence
from pairctl.sim import Effect, Fault
from scenario_factory import ACCEPT, PAIR, WITHDRAW, HurryingClock, World, world
from sim_factory import Document, host_document

APPLIED = {
    "applied, and the answer is dropped": Fault("drop-after"),
    "applied, and the answer is cut": Fault("cut"),
    "applied, and answered with 500": Fault("error-after"),
    "applied, and answered with 504": Fault("error-after", status=504),
    "applied, and the answer comes too late": Fault("delay", seconds=2.4),
}
LOST = {
    "never applied, and dropped": Fault("drop"),
    "never applied, and answered with 500": Fault("error"),
    "never applied, and a web page comes back": Fault("html"),
    "never applied, and redirected": Fault("redirect"),
    "dropped, and applied late": Fault("drop-late", seconds=0.6),
}
ROUTES = {"request": PAIR, "accept": ACCEPT}
REQUESTS = "/v1/dashboard/clusterpairs/metadata"
TIMING = {"requestSeconds": 1.8, "lookSeconds": 1.5, "actSeconds": 1.0, "settleSeconds": 0.2}


def clock_of(loss: str) -> HurryingClock | None:
    """Give the clock to wait for the end of a claim by: the machine's, where an effect is late."""
    return None if "late" in loss else HurryingClock()


def aimed(fault: Fault, path: str) -> Fault:
    """Let the first request to a route go wrong."""
    return Fault(fault.action, "*", "POST", path, seconds=fault.seconds, status=fault.status)


async def until_unknown(reconciler: Reconciler, settings: Settings) -> PassResult:
    """Do passes until something was sent whose answer was lost."""
    for _ in range(20):
        result = await reconciler.run_pass()
        if any(outcome.ending == "outcome unknown" for outcome in result.outcomes.values()):
            return result
        await settings.clock.sleep(0.05)
    raise AssertionError("no answer was lost")


def assert_paired_once(w: World) -> None:
    """Check that the world is as if no answer had been lost."""
    assert w.told() == ("Paired", "Paired"), w.status()
    assert w.kinds() == ["request", "accept"]
    assert w.claims == []


def test_after_three_unknown_outcomes_a_person_decides(tmp_path: Path) -> None:
    """Each is sent after the claim before has ended; the server's words are told from the first."""
    fault = Fault("error", "*", "POST", PAIR, times=3, message="no space left on the device")
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(fault)
        w.with_engine(until_unknown)
        assert w.told() == ("Blocked", "OutcomeUnknown")
        assert "no space left on the device" in w.status()["message"]
        assert w.status()["humanAction"]
        w.apply(clock=HurryingClock())
        assert w.told() == ("Blocked", "OutcomeUnknownAgain")
        assert "no space left on the device" in w.status()["message"]
        assert w.writes().count(("POST", PAIR)) == 3
        assert w.claims == []
        w.apply()
        assert w.writes().count(("POST", PAIR)) == 3
        w.commit(w.intent(attempt=2))
        w.apply()
        assert_paired_once(w)
        assert "unanswered" not in w.status()


@pytest.mark.parametrize(
    ("path", "body"), [(PAIR, {"pairingUid": "a" * 24}), (ACCEPT, {"uid": "a" * 24})]
)
def test_after_three_yeses_without_an_effect_a_person_decides(
    tmp_path: Path, path: str, body: Document
) -> None:
    """A server, or what answers in its place, may say yes for ever, and do nothing."""
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(Fault("answer", "*", "POST", path, times=3, body=body))
        w.apply(clock=HurryingClock())
        assert w.told() == ("Blocked", "OutcomeUnknownAgain")
        assert "yes" in w.status()["message"]
        assert w.status()["humanAction"]
        assert w.claims == []
        for holder in ("second", "third"):
            w.apply(holder=holder)
        assert [one for _, one in w.writes()].count(path) == 3
        w.commit(w.intent(attempt=2))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        assert "unanswered" not in w.status()


def test_a_yes_beside_the_refused_request_of_before_is_counted_too(tmp_path: Path) -> None:
    """The host goes on showing the old one: that is no effect of the new sending."""
    with world(tmp_path, timing=TIMING) as w:
        w.commit(w.intent(acknowledge=None))
        w.apply()
        uid = w.pairing_uid()
        w.running.call(lambda sim: sim.palette.reject(uid))
        w.apply()
        assert w.told() == ("Failed", "RequestRefused")
        w.plan_faults(Fault("answer", "*", "POST", PAIR, times=9, body={"pairingUid": "a" * 24}))
        w.commit(w.intent(attempt=2))
        w.apply(clock=HurryingClock())
        assert w.told() == ("Blocked", "OutcomeUnknownAgain")
        assert [one for _, one in w.writes()].count(PAIR) == 4


@pytest.mark.parametrize("kind", ROUTES)
@pytest.mark.parametrize("loss", LOST)
def test_while_it_may_still_take_effect_it_is_not_sent_again(
    tmp_path: Path, loss: str, kind: str, ends_as: EndsAs
) -> None:
    """A lost answer leaves the claim open and says so; in the end all was done exactly once."""
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(aimed(LOST[loss], ROUTES[kind]))
        w.with_engine(until_unknown)
        assert w.told() == ("Blocked", "OutcomeUnknown")
        assert w.claims == [f"claims/{w.cluster_uid()}.yaml"]
        if loss.endswith("500"):  # the others differ in the words of the answer only
            ends_as(w, f"answer-to-{kind}-lost", is_settled=False)
        w.one_pass(holder="another")
        assert [path for _, path in w.writes()].count(ROUTES[kind]) == 1
        w.apply(clock=clock_of(loss))
        assert_paired_once(w)


@pytest.mark.parametrize("kind", ROUTES)
@pytest.mark.parametrize("loss", APPLIED)
def test_what_is_seen_to_have_happened_is_not_sent_again(
    tmp_path: Path, loss: str, kind: str
) -> None:
    """Where the look after shows the effect, pairctl goes on from it at once."""
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(aimed(APPLIED[loss], ROUTES[kind]))
        w.with_engine(until_unknown)
        w.apply()
        assert_paired_once(w)
        assert [path for _, path in w.writes()] == [PAIR, ACCEPT]


def test_no_hosts_word_closes_the_claim_of_an_acceptance(tmp_path: Path) -> None:
    """Palette's list alone ends it, in the commit that writes evidence, with the list's date."""
    with world(tmp_path, timing=TIMING) as w:
        unread = Fault("error", "palette", "POST", REQUESTS, times=1000)
        w.running.simulation.journal.listen(
            lambda entry: isinstance(entry, Effect) and entry.kind == "accept"
            and w.running.simulation.faults.add(unread)
        )  # fmt: skip
        for holder in ("first", *["another"] * 20):
            w.one_pass(holder=holder)
            if w.mode() == "central":
                break
        w.one_pass()
        assert w.claims == [f"claims/{w.cluster_uid()}.yaml"]
        assert w.told()[0] == "Blocked"
        w.running.call(lambda sim: sim.faults.clear())
        w.apply()
        assert_paired_once(w)
        evidence = parse_evidence(w.files()[evidence_path(w.cluster_uid())])
        assert evidence
        assert evidence.dated_at
        assert evidence.is_complete


def test_a_lost_answer_holds_up_no_other_cluster(tmp_path: Path) -> None:
    """One cluster's lost answer is its own affair."""
    hosts = [host_document(number) for number in (1, 2)]
    with world(tmp_path, *hosts, timing=TIMING) as w:
        w.plan_faults(Fault("drop", "store-1", "POST", PAIR))
        w.with_engine(until_unknown)
        assert w.told("store-1") == ("Blocked", "OutcomeUnknown")
        assert w.told("store-2")[0] == "Requested"
        w.apply(clock=HurryingClock())
        assert sorted(w.kinds()) == ["accept", "accept", "request", "request"]


def test_every_second_answer_may_be_lost(tmp_path: Path) -> None:
    """However often answers are lost, each effect happens once, and the end is the same."""
    with world(tmp_path, timing=TIMING) as w:
        for path in (PAIR, ACCEPT):
            w.plan_faults(Fault("drop", "*", "POST", path))
            w.plan_faults(Fault("drop-after", "*", "POST", path))
        w.apply(clock=HurryingClock())
        assert_paired_once(w)


def taken_back(w: World) -> str:
    """Bring a world to where a pending request is to be taken back; gives its pairing id."""
    w.commit(w.intent(acknowledge=None))
    w.apply()
    uid = w.pairing_uid()
    w.commit(w.intent(desired="Local", registrationToken=None, profileMatch=None, acknowledge=None))
    return uid


@pytest.mark.parametrize("loss", {**LOST, **APPLIED})
def test_a_withdrawal_whose_answer_is_lost_ends_on_both_sides(tmp_path: Path, loss: str) -> None:
    """The host is looked at, and Palette too: one withdrawal, and no request is left."""
    with world(tmp_path, timing=TIMING) as w:
        taken_back(w)
        w.plan_faults(aimed({**LOST, **APPLIED}[loss], WITHDRAW))
        w.with_engine(until_unknown)
        w.apply(clock=clock_of(loss))
        assert w.told() == ("Local", "Local"), w.status()
        assert w.kinds() == ["request", "withdraw"]
        assert w.running.simulation.palette.requests == ()
        assert w.claims == []


@pytest.mark.parametrize("loss", [loss for loss in (*LOST, *APPLIED) if "cut" not in loss])
def test_a_rejection_whose_answer_is_lost_is_done_once(tmp_path: Path, loss: str) -> None:
    """What the host could not tell Palette is rejected there once. No empty answer is cut."""
    fault = {**LOST, **APPLIED}[loss]
    with world(tmp_path, timing=TIMING) as w:
        uid = taken_back(w)
        w.running.simulation.hosts["store-1"].reaches_palette = False
        lost = Fault(
            fault.action,
            "palette",
            "DELETE",
            f"/v1/clusterpairs/{uid}",
            seconds=fault.seconds,
            status=fault.status,
        )
        w.plan_faults(lost)
        w.with_engine(until_unknown)
        w.apply(clock=clock_of(loss))
        assert w.told() == ("Local", "Local"), w.status()
        assert w.kinds() == ["request", "withdraw", "reject"]
        assert [r.is_rejected for r in w.running.simulation.palette.requests] == [True]
        assert w.claims == []
