"""A no is believed, and yet not each no proves that nothing comes of what was sent.

A gateway looks into answers too, and puts a page of its own in their place; a call that a proxy has
sent twice is told the second time what the first has come to.
"""

from pathlib import Path

import pytest

from pairctl.engine import Reconciler, Settings
from pairctl.sim import Effect, Fault
from scenario_factory import ACCEPT, EVERY_S, PAIR, HurryingClock, World, world
from sim_factory import host_document

TIMING = {"requestSeconds": 1.8, "lookSeconds": 1.5, "actSeconds": 1.0, "settleSeconds": 0.2}
HOSTS = (host_document(1), host_document(2))

SURE = {
    "the API's own words": Fault("error", status=400),
    "too large, in its own words": Fault("error", status=413, shape="message"),
    "not allowed": Fault("error", status=403),
}
DOUBTFUL = {
    "a page of a gateway that looks into answers": Fault("error", status=403, shape="page"),
    "a page of a proxy that says so before it has read all": Fault(
        "error", status=413, shape="page"
    ),
    "gone, as for a call that came twice": Fault("error", status=404),
    "another state, as for a call that came twice": Fault("error", status=409),
    "no word": Fault("error", status=400, shape="empty"),
}


PASSING = {
    "a page in place of the API's own 401": Fault("error", status=401, shape="page"),
    "a page in place of the API's own 429": Fault("error", status=429, shape="page"),
    "401 without a word": Fault("error", status=401, shape="empty"),
    "429 without a word": Fault("error", status=429, shape="empty"),
}
"""Answers that pass by themselves in the API's own words, and prove nothing in others'."""


def aimed(fault: Fault, path: str, *, applied: bool = False) -> Fault:
    """Let the first request to a route be refused; it may have been applied before."""
    action = "error-after" if applied else "error"
    return Fault(action, "*", "POST", path, status=fault.status, shape=fault.shape)


def grounds(w: World) -> list[bool]:
    """Tell of each evidence whether it says what the acceptance rested on."""
    files = w.files().items()
    return [b"grounds:" in text for path, text in files if path.startswith("evidence/")]


@pytest.mark.parametrize("path", [PAIR, ACCEPT])
@pytest.mark.parametrize("refusal", SURE | DOUBTFUL | PASSING)
def test_what_was_refused_and_is_seen_to_be_done_leaves_all_that_it_would(
    tmp_path: Path, refusal: str, path: str
) -> None:
    """The evidence is that of pairctl's own acceptance, and takes its place under the caps."""
    with world(tmp_path) as w:
        w.plan_faults(aimed((SURE | DOUBTFUL | PASSING)[refusal], path, applied=True))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert w.kinds() == ["request", "accept"]
        assert [one for _, one in w.writes()] == [PAIR, ACCEPT]
        assert w.claims == []
        assert grounds(w) == [True]


@pytest.mark.parametrize("refusal", DOUBTFUL)
def test_a_doubtful_refusal_keeps_its_claim_and_its_place_until_its_time_is_over(
    tmp_path: Path, refusal: str
) -> None:
    """It may take effect yet: nothing is sent for the cluster, and nothing in its place."""
    with world(tmp_path, *HOSTS, timing=TIMING, limits={"acceptancesAtOnce": 1}) as w:
        w.commit(w.intent(1))
        w.plan_faults(aimed(DOUBTFUL[refusal], ACCEPT))
        w.apply()
        assert w.told()[0] == "Blocked"
        assert "declined" in w.status()
        assert w.claims == [f"claims/{w.cluster_uid()}.yaml"]
        w.commit(w.intent(1, attempt=2), w.intent(2))
        w.one_pass(holder="second")
        w.one_pass(holder="third")
        assert w.told() == ("Blocked", "OutcomeUnknown")
        assert w.effects("accept") == ()
        assert w.told("store-2") != ("Paired", "Paired")
        w.apply(clock=HurryingClock())
        w.apply()
        assert [w.told(f"store-{number}") for number in (1, 2)] == [("Paired", "Paired")] * 2
        assert w.claims == []
        assert [path for _, path in w.writes()].count(ACCEPT) == 3
        assert all(grounds(w))


@pytest.mark.parametrize("refusal", PASSING)
def test_what_is_no_word_of_the_api_keeps_its_claim_and_is_sent_again_after_it(
    tmp_path: Path, refusal: str
) -> None:
    """A key or a limit would pass by itself: nobody has to change the intent."""
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(aimed(PASSING[refusal], ACCEPT))
        w.one_pass()
        w.one_pass()
        assert w.claims == [f"claims/{w.cluster_uid()}.yaml"]
        w.one_pass(holder="second")
        assert w.told() == ("Blocked", "OutcomeUnknown")
        assert f"it was answered with {PASSING[refusal].status}" in w.status()["message"]
        assert "declined" not in w.status()
        assert [path for _, path in w.writes()].count(ACCEPT) == 1
        w.apply(clock=HurryingClock())
        assert w.told() == ("Paired", "Paired")
        assert w.claims == []
        assert [path for _, path in w.writes()].count(ACCEPT) == 2


@pytest.mark.parametrize("status", [401, 429])
def test_the_apis_own_words_of_a_key_or_a_limit_end_the_claim_at_once(
    tmp_path: Path, status: int
) -> None:
    """Nothing was applied: it is sent again as soon as it may be."""
    with world(tmp_path) as w:
        w.plan_faults(aimed(Fault("error", status=status), ACCEPT))
        w.one_pass()
        w.one_pass()
        assert [path for _, path in w.writes()].count(ACCEPT) == 1
        assert w.claims == []
        w.apply()
        assert w.told() == ("Paired", "Paired")


@pytest.mark.parametrize("path", [PAIR, ACCEPT])
def test_a_key_that_is_refused_again_and_again_is_left_to_a_person(
    tmp_path: Path, path: str
) -> None:
    """For that action alone: it was said that others go first, and sent for ever."""
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(Fault("error", "*", "POST", path, times=9, status=401, message="we will not"))
        w.apply(clock=HurryingClock())
        assert w.told() == ("Blocked", "Unauthorized")
        assert "we will not" in w.status()["message"]
        assert "key" in w.status()["humanAction"]
        assert w.claims == []
        assert [one for _, one in w.writes()].count(path) == 3


def test_a_limit_that_is_met_again_and_again_is_told_and_nobody_has_to_see_to_it(
    tmp_path: Path,
) -> None:
    """It goes on by itself."""
    seen = set()
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(Fault("error", "*", "POST", ACCEPT, times=4, status=429, message="slowly"))

        async def passes(reconciler: Reconciler, settings: Settings) -> None:
            while w.told() != ("Paired", "Paired") if w.tip else True:
                await reconciler.run_pass()
                seen.add((*w.told(), w.status()["message"].rpartition(": ")[2]))
                await settings.stop.wait(EVERY_S, settings.clock)

        w.with_engine(passes, clock=HurryingClock())
        assert ("Requested", "RateLimited", "slowly") in seen
        assert not any(phase == "Blocked" for phase, *_ in seen)
        assert [one for _, one in w.writes()].count(ACCEPT) == 5


def test_a_doubtful_refusal_is_not_told_as_if_nothing_could_come_of_it(tmp_path: Path) -> None:
    """While its claim is open people are told that the outcome is not known."""
    with world(tmp_path, timing=TIMING) as w:
        w.plan_faults(aimed(DOUBTFUL["no word"], ACCEPT))
        result = w.apply()
        endings = [str(outcome.ending) for _, outcome in result.all_outcomes]
        assert endings == ["done", "refused, outcome unknown"]
        assert "it may still take effect" in w.status()["message"]
        assert "was declined" not in w.status()["message"]
        assert w.status()["waitingFor"].startswith("the claim of")
        assert "attempt" in w.status()["humanAction"]


@pytest.mark.parametrize("refusal", SURE)
def test_a_sure_refusal_frees_its_claim_at_once(tmp_path: Path, refusal: str) -> None:
    """Once a person has settled it, nobody waits for the end of a claim."""
    with world(tmp_path) as w:
        w.plan_faults(aimed(SURE[refusal], ACCEPT))
        w.apply()
        assert w.told()[0] == "Blocked"
        assert w.claims == []
        w.commit(w.intent(attempt=2))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert [path for _, path in w.writes()].count(ACCEPT) == 2


def test_a_click_while_the_claim_of_the_request_is_open_is_counted(tmp_path: Path) -> None:
    """That claim is no reason to leave the evidence of a person's acceptance out."""
    with world(tmp_path) as w:
        palette = w.running.simulation.palette
        w.commit(w.intent(suspend=True))
        w.apply()
        w.commit(w.intent())

        def click(entry: object) -> None:
            if isinstance(entry, Effect) and entry.kind == "request":
                palette.accept_in_console(entry.pairing_uid, "infra", "addons")

        w.running.call(lambda sim: sim.journal.listen(click))
        w.apply()
        assert w.told() == ("Paired", "Paired")
        assert [path for _, path in w.writes()] == [PAIR]
        assert grounds(w) == [False]
        assert w.run("evidence", "store-1", rules=False).returncode == 0
